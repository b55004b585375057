/*
 * The one place where XML from outside is parsed: templates, and what mail programs post.
 *
 * UTF-8 only, whatever the document says of itself. No DOCTYPE, so no entities but XML's
 * own five, and nothing is ever fetched or included. Nothing is built: the caller gets the
 * elements and texts as they come, and stops when it has had enough.
 */
#ifndef MAILCONFD_XML_H
#define MAILCONFD_XML_H

#include "str.h"

struct xml_attribute {
	struct str prefix; /* empty: none */
	struct str name;
	struct str namespace;
	struct str value; /* references resolved */
};

/* All texts are borrowed until the handler returns. */
struct xml_element {
	struct str prefix;
	struct str name;
	struct str namespace;
	const struct xml_attribute *attributes;
	size_t attribute_count;
	const struct xml_attribute *declarations; /* xmlns: `name` is the prefix or empty */
	size_t declaration_count;
	size_t offset; /* of the "<" in the document */
};

/* Handlers return false to stop. Text may come in several pieces. */
struct xml_handlers {
	bool (*start)(void *closure, const struct xml_element *element);
	bool (*end)(void *closure);
	bool (*text)(void *closure, struct str text);
};

enum {
	XML_DEEPEST = 32,	 /* elements inside each other */
	XML_MOST_ATTRIBUTES = 32, /* of one element, declarations included */
};

/* The first thing that is wrong, in words of xml.c: libxml2's quote the document. */
struct xml_error {
	char text[160]; /* one line; never a piece of the document */
	unsigned line;
	unsigned column;
};

/* Once, before any thread parses; and at the end. */
void xml_init(void);
void xml_fini(void);

/*
 * Parses the whole document. False when it is not well-formed or refused, with *ret_error
 * filled, or when a handler stopped it, with an empty text in *ret_error.
 */
bool xml_parse(struct str document, const struct xml_handlers *handlers, void *closure,
	       struct xml_error *ret_error);

#endif
