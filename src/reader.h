/*
 * From JSON to the structs, by their descriptions (fields.h). Every mistake becomes a
 * diagnostic at its place, and the reading goes on, so that one run finds them all.
 */
#ifndef MAILCONFD_READER_H
#define MAILCONFD_READER_H

#include "arena.h"
#include "diag.h"
#include "fields.h"
#include "json.h"

struct reader {
	struct json_file *file;
	struct arena *arena; /* what is read lives there */
	struct diags *diags;
};

/* An object's or a value's own place: the key of `parent`, or its element. */
struct json_at {
	const json_t *parent; /* NULL: the document itself */
	const char *key;      /* NULL: an element */
	size_t index;
};

struct place reader_place(const struct reader *reader, struct json_at at);

/*
 * Fills the struct at `object`, zeroed before, from `json`. What is wrong stays zeroed, and
 * the diagnostics have grown.
 */
void reader_read(const struct reader *reader, const struct record *record, const json_t *json,
		 struct json_at at, void *object);

/* Adds an error: "KEY": expected EXPECTED, found VALUE. Without a key where there is none. */
void reader_expected(const struct reader *reader, struct json_at at, const char *key,
		     const char *expected, const json_t *found);

/* A string's bytes; empty when `value` is none. */
struct str json_text(const json_t *value);

/*
 * Checks and normalises a name of a list: a domain, "*.NAME" or "*". Returns a copy in the
 * arena, or the empty string and in *ret_mistake, in the arena too, what is wrong.
 */
struct str reader_domain_text(struct arena *arena, struct str text, struct str *ret_mistake);

/* The same of a JSON value; what is wrong becomes an error. */
struct str reader_domain(const struct reader *reader, struct json_at at, const char *key,
			 const json_t *value);

#endif
