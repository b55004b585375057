/*
 * Descriptions of what the table can say.
 *
 * Each kind of object in the table (a provider, a server, …) is a C struct, and a `struct
 * record` that lists its members once: the key in the JSON, the type, the member's place,
 * the limits, a sentence of help. The reader, the JSON Schema and the names that templates
 * may use are all taken from these lists, so the three cannot differ.
 */
#ifndef MAILCONFD_FIELDS_H
#define MAILCONFD_FIELDS_H

#include "str.h"

/* What a member is in C and in JSON. */
enum field_type {
	FIELD_TEXT,	      /* struct str: text for people */
	FIELD_PATTERN,	      /* struct str: text with placeholders */
	FIELD_HOSTNAME,	      /* struct str: a host name, normalised; may hold %EMAILDOMAIN% */
	FIELD_URL,	      /* struct str: a web address, http or https; may hold placeholders */
	FIELD_SECURE_URL,     /* struct str: https only */
	FIELD_WORD,	      /* struct str: one of a list */
	FIELD_NUMBER,	      /* unsigned; 0 is "not given" */
	FIELD_FLAG,	      /* enum flag: true, false or not given */
	FIELD_RECORD,	      /* pointer to a struct, or NULL */
	FIELD_LIST,	      /* struct list of structs */
	FIELD_AUTHENTICATION, /* struct list of struct authentication, from a list of words */
	FIELD_NAMES,	      /* const json_t *: list of domain names; the table takes it over */
	FIELD_PATH,	      /* struct str: a file, relative to the table's folder */
};

enum field_use {
	FIELD_OPTIONAL = 0,
	FIELD_REQUIRED = 1 << 0,
	FIELD_DERIVED = 1 << 1, /* computed at load: templates know it, the table does not */
	FIELD_HIDDEN = 1 << 2,	/* the table knows it, templates do not */
	FIELD_LITERAL = 1 << 3, /* a host name without placeholders */
	FIELD_HERE = 1 << 5, /* of texts by language, those that suit the page */
	FIELD_UNBROKEN = 1 << 4, /* no white space and nothing invisible, anywhere in it */
};

enum flag {
	FLAG_NOT_GIVEN = 0,
	FLAG_FALSE,
	FLAG_TRUE,
};

/* Items in the order of preference. */
struct list {
	void *items;
	size_t count; /* those that are answered */
	size_t total; /* and, behind them, those that are off */
};

struct record;

struct field {
	const char *name;
	enum field_type type;
	unsigned use;
	size_t offset;		     /* of the member, in its struct */
	const struct record *record; /* of FIELD_RECORD and FIELD_LIST */
	const char *const *words;    /* of FIELD_WORD and FIELD_AUTHENTICATION; NULL ends */
	unsigned most;		     /* largest number, or most characters; 0: no limit */
	const char *help;	     /* for the schema: one sentence */
};

struct record {
	const char *name; /* for messages: "server" */
	size_t size;
	const struct field *fields;
	size_t field_count;
};

/* The member itself. */
static inline const void *field_at(const struct field *field, const void *object)
{
	return (const char *)object + field->offset;
}

/* The field of that name, or NULL. */
const struct field *record_field(const struct record *record, struct str name);

/*
 * The name of a field that `name` is a typing mistake of, or the empty one; only of fields
 * without any of the `unwanted` uses.
 */
struct str record_suggest(const struct record *record, struct str name, unsigned unwanted);

#endif
