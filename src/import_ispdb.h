/* The elements of clientConfig and what they are in a table: import_elements.c. */
#ifndef MAILCONFD_IMPORT_ISPDB_H
#define MAILCONFD_IMPORT_ISPDB_H

/* What becomes of an element. */
enum shape {
	SHAPE_TEXT,   /* its text is a member */
	SHAPE_NUMBER, /* the same, a number */
	SHAPE_FLAG,   /* true or false */
	SHAPE_OBJECT, /* a member that is an object */
	SHAPE_ITEM,   /* one more object of a list */
	SHAPE_WORD,   /* one more text of a list */
	SHAPE_HERE,   /* nothing by itself: what it has belongs to what it is in */
};

struct attribute_rule {
	const char *name;
	const char *key; /* NULL: kept for the element's end */
	enum shape shape;
};

enum { ATTRIBUTES_MOST = 3 };

struct element_rule {
	const char *name;
	const char *key; /* in the table, of the member or the list; NULL of SHAPE_HERE */
	enum shape shape;
	const char *today;		   /* the word for it that is written now; NULL: this one */
	const struct element_rule *inside; /* ends with one without a name; NULL: text only */
	struct attribute_rule attributes[ATTRIBUTES_MOST];
	const char *text_key; /* of SHAPE_ITEM with a text: the member that it is */
};

/* The root. */
extern const struct element_rule element_client_config;

/* A word of an older draft, or one that is often written, and the table's. */
struct word_alias {
	const char *element; /* or attribute */
	const char *said, *meant;
};

extern const struct word_alias word_aliases[];

#endif
