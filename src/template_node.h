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
	bool is_loop;	   /* it added a level to the scope */
};

struct template_reader {
	struct source *source;
	struct arena *arena;
	struct diags *diags;
	struct scope scope;
	struct open_node open[XML_DEEPEST + 1];
	size_t depth;
	struct buf text; /* since the last tag: the parser hands it over in pieces */
	struct node *root;
	struct node **root_end;
};

/*
 * Fills a fresh node, the one on top of reader->open, from its start tag. A loop adds its
 * name to the scope. Every mistake is a diagnostic.
 */
void template_node_read(struct template_reader *reader, const struct xml_element *element,
			struct node *node);

#endif
