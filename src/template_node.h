/* What template.c has while it reads a document, and reading one start tag into a node. */
#ifndef MAILCONFD_TEMPLATE_NODE_H
#define MAILCONFD_TEMPLATE_NODE_H

#include "buf.h"
#include "source.h"
#include "template.h"
#include "xml.h"

/* One element that is open while the document is read. */
struct open_node {
	struct node *node;
	struct node **end; /* where the next child goes */
	size_t offset;	   /* of its start tag */
	bool is_loop;	   /* it added a level to the scope */
	bool no_translate; /* what is inside stays as it is */
};

struct template_reader {
	struct source *source;
	struct arena *arena;
	struct diags *diags;
	struct scope scope;
	struct open_node open[XML_DEEPEST + 1];
	size_t depth;
	struct buf text; /* since the last tag: the parser hands it over in pieces */
	struct template *template; /* its root is the first node */
	struct node *root;
	struct node **root_end;
};

/*
 * Fills a fresh node, the one on top of reader->open, from its start tag. A loop adds its
 * name to the scope. Every mistake is a diagnostic.
 */
void template_node_read(struct template_reader *reader, const struct xml_element *element,
			struct node *node);

/*
 * The same for an element of a JSON document: template_json.c. Also: what is wrong with it
 * once all that is in it is known.
 */
void template_json_read(struct template_reader *reader, const struct xml_element *element,
			struct node *node);
void template_json_end(struct template_reader *reader, const struct open_node *open);

/* What is translated of a text node and of an element's attributes: template_text.c. */
void template_text_mark(struct template_reader *reader, struct node *text);
void template_text_mark_attributes(struct template_reader *reader, struct node *element);

/* Makes the sentence of a message from what is inside, at its end. */
void template_text_end_message(struct template_reader *reader, struct open_node *open);

/* A diagnostic at an attribute of the tag, or at the tag where it is the empty text. */
void template_node_report(struct template_reader *reader, const struct xml_element *element,
			  struct str attribute, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* The parts of an attribute's value: texts, and names in braces. */
void template_node_read_parts(struct template_reader *reader, const struct xml_element *element,
			      const struct xml_attribute *from, struct template_attribute *to);

#endif
