/*
 * What the three parts of the reader of ISPDB's files share: the elements that there are
 * (import_elements.c), their values (import_values.c), and the walk (import_ispdb.c).
 */
#ifndef MAILCONFD_IMPORT_ISPDB_H
#define MAILCONFD_IMPORT_ISPDB_H

#include "import.h"
#include "source.h"
#include "xml.h"

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

/* An element that is open. */
struct level {
	const struct element_rule *rule;
	json_t *target;	 /* the object that its members belong to; borrowed */
	json_t *parent;	 /* of SHAPE_OBJECT and SHAPE_ITEM: what the target stands in */
	struct buf text;
	struct place place;
	struct str mark; /* the attribute that is kept for the end */
};

struct ispdb {
	struct import *import;
	struct source *source;
	struct origins *origins;
	json_t *provider;
	struct level levels[XML_DEEPEST];
	size_t depth;
	size_t passed_over; /* elements that are open within one that is not taken */
	size_t providers;   /* elements emailProvider */
};

static inline bool ispdb_is(const char *text, const char *word)
{
	return text && strcmp(text, word) == 0;
}

#define SAY(ispdb, severity, place, ...) \
	diag_add((ispdb)->import->diags, SEVERITY_##severity, (place), __VA_ARGS__)

/* White space is how a file is laid out: one space each, and none at the ends. In the arena. */
struct str ispdb_squeeze(struct arena *arena, struct str text);

/*
 * Sets the member of an object unless it is there, or the text is empty, which is said. `name` is
 * that of the element or attribute.
 */
void ispdb_set(struct ispdb *ispdb, json_t *object, const char *name, const char *key,
	       enum shape shape, struct str text, const struct place *place);

/* The list of that name; made when it is not there. NULL when out of memory. */
json_t *ispdb_list(struct ispdb *ispdb, json_t *object, const char *key,
		   const struct place *place);

/* Takes the value over. */
void ispdb_append(struct ispdb *ispdb, json_t *array, json_t *value, const struct place *place);

/* The end of an element that is one more text of a list. */
void ispdb_add_word(struct ispdb *ispdb, const struct level *level, struct str text);

/* The key of an input field. */
struct str ispdb_key(struct ispdb *ispdb, struct str text, const struct place *place);

#endif
