/*
 * Templates: XML documents in the vocabulary of their output, and three elements of their
 * own in the namespace TEMPLATE_NAMESPACE:
 *
 *   <t:value select="NAME"/>               the value, escaped
 *   <t:if test="TEST">…</t:if>             what is inside, if the test holds
 *   <t:for each="WORD" in="LIST">…</t:for> what is inside, for each item, called WORD
 *
 * and names in braces in attributes: id="{provider.id}". An attribute whose whole value is
 * one name that has no value is left out. So is an element, other than the root, that has
 * attributes or content here, none of which is left; one that is empty here stays.
 * expression.h describes names and tests.
 *
 * A loaded template is a tree in which every name is resolved. White space between elements,
 * comments and processing instructions are not part of it; the output is indented afresh.
 */
#ifndef MAILCONFD_TEMPLATE_H
#define MAILCONFD_TEMPLATE_H

#include "arena.h"
#include "diag.h"
#include "expression.h"

#define TEMPLATE_NAMESPACE "urn:mailconfd:template:1"

enum node_kind {
	NODE_ELEMENT,
	NODE_TEXT,
	NODE_VALUE,
	NODE_IF,
	NODE_FOR,
};

/* A text, or a value. */
struct template_part {
	struct str text;
	bool is_value;
	struct reference reference;
};

struct template_attribute {
	struct str name; /* with its prefix */
	struct template_part *parts;
	size_t part_count;
};

struct node {
	enum node_kind kind;
	struct node *next;  /* behind it, under the same parent */
	struct node *child; /* the first inside it */

	struct str name; /* of NODE_ELEMENT, with its prefix */
	struct template_attribute *attributes;
	size_t attribute_count;
	bool has_text; /* texts or values inside, so that its content is not broken into lines */

	struct str text;	    /* of NODE_TEXT */
	struct reference reference; /* of NODE_VALUE and NODE_FOR */
	struct test test;	    /* of NODE_IF */
};

/*
 * Loads a template. `root` describes what the name "provider" stands for. Returns the root
 * element, which lives in the arena, or NULL after diagnostics.
 */
const struct node *template_load(const char *path, const struct record *root,
				 struct arena *arena, struct diags *diags);

#endif
