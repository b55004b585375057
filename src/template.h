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
 * The root may have two attributes of that namespace: t:needs, a test without which there is
 * no such document for a provider, and t:doctype, what stands in the document's DOCTYPE.
 *
 * A template whose root is in the namespace JSON_NAMESPACE is one of a JSON document, in the
 * form that XSLT 3.0 and XPath 3.1 have for it (XPath functions, section 17.4.2): elements
 * map, array, string, number, boolean and null, and in a map each with an attribute key.
 *
 * A template whose root is in the namespace HTML_NAMESPACE is a page for people, written as
 * HTML, and its texts are translated: all between tags that have a letter, and some attributes,
 * unless an element around them has translate="no". Beside the elements above there are
 *
 *   <t:message>… <t:value …/> …</t:message>   one sentence, in which "{NAME}" is the value
 *   <t:parts><t:part key="KEY">…</t:part>…</t:parts>  what may be asked for in another order
 *
 * A loaded template is a tree in which every name is resolved. White space between elements,
 * comments and processing instructions are not part of it; the output is laid out afresh.
 */
#ifndef MAILCONFD_TEMPLATE_H
#define MAILCONFD_TEMPLATE_H

#include "arena.h"
#include "diag.h"
#include "expression.h"
#include "program.h"

#define TEMPLATE_NAMESPACE "urn:mailconfd:template:1"
#define HTML_NAMESPACE "http://www.w3.org/1999/xhtml"
#define JSON_NAMESPACE "http://www.w3.org/2005/xpath-functions"

enum node_kind {
	NODE_ELEMENT,
	NODE_TEXT,
	NODE_VALUE,
	NODE_IF,
	NODE_FOR,
	NODE_MESSAGE, /* a sentence with values in it, translated as one */
	NODE_PART,    /* a stretch that may come first among its neighbours */
};

/* What an element stands for in a JSON document. */
enum json_kind {
	JSON_KIND_MAP,
	JSON_KIND_ARRAY,
	JSON_KIND_STRING,
	JSON_KIND_NUMBER,
	JSON_KIND_BOOLEAN,
	JSON_KIND_NULL,
};

/* A text, or a value. */
struct template_part {
	struct str text;
	bool is_value;
	struct reference reference;
};

struct template_attribute {
	struct str name; /* with its prefix */
	bool is_translated; /* it is one text */
	struct template_part *parts;
	size_t part_count;
};

struct node {
	enum node_kind kind;
	struct node *next;  /* behind it, under the same parent */
	struct node *child; /* the first inside it */

	struct str name; /* of NODE_ELEMENT, with its prefix */
	enum json_kind json;
	struct template_attribute *attributes; /* of JSON: the key, if there is one */
	size_t attribute_count;
	bool has_text; /* texts or values inside, so that its content is not broken into lines */

	struct str text;	    /* of NODE_TEXT and NODE_MESSAGE; of NODE_VALUE its name,
				       of NODE_PART its key */
	bool is_translated;	    /* of NODE_TEXT */
	struct reference reference; /* of NODE_VALUE and NODE_FOR */
	struct test test;	    /* of NODE_IF */
};

struct template {
	const struct node *root;
	enum output_method method;
	struct str doctype; /* what stands behind "<!DOCTYPE "; empty: none */
	struct test needs;
};

/* Calls `visit` for each text that is translated, in their order. */
void template_each_message(const struct template *template,
			   void (*visit)(void *closure, struct str text), void *closure);

/*
 * Loads a template. `root` describes what the name "provider" stands for. Returns one that
 * lives in the arena, or NULL after diagnostics.
 */
const struct template *template_load(const char *path, const struct record *root,
				     const struct record *site, struct arena *arena,
				     struct diags *diags);

#endif
