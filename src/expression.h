/*
 * The words of a template: names of values, and tests on them.
 *
 *   provider.displayName          a member of the provider
 *   server.port                   a member of what a loop calls "server"
 *   domain, address, localPart    what the request is about
 *   name, profileUUID, …          what a profile needs beside it
 *   variant                       which of the documents of this template it is
 *   language                      the code of the page's language
 *   site.domains                  what is of no provider: site.h
 *
 *   server.url                    is given, and is not false
 *   not server.url                the opposite
 *   server.type = 'imap'          is that text; != is not, also when nothing is given
 *                                 (not of what a request brings: there is none yet)
 *   A or B, A and B               of any number of these, but not mixed
 *
 * Names are resolved when the template is loaded, against the descriptions of fields.h, so
 * that a wrong name is found without any provider that would reach it.
 */
#ifndef MAILCONFD_EXPRESSION_H
#define MAILCONFD_EXPRESSION_H

#include "arena.h"
#include "fields.h"
#include "program.h"
#include "str.h"

enum {
	REFERENCE_DEEPEST = 4, /* names joined by dots, behind the first */
	SCOPE_DEEPEST = 8,     /* loops inside each other, and the provider */
	SCOPE_SITE = SCOPE_DEEPEST, /* the level of `site`, outside of all loops */
	SCOPE_LEVELS,
};

/* The names that are known at a place of the template: the provider, then loop by loop. */
struct scope {
	struct {
		struct str name;
		const struct record *record;
	} levels[SCOPE_DEEPEST];
	size_t depth;
	const struct record *site; /* what `site` stands for; NULL: nothing */
};

enum reference_kind {
	REFERENCE_FIELD,
	REFERENCE_REQUEST, /* what only a request brings */
	REFERENCE_VARIANT,
	REFERENCE_LANGUAGE,
};

/* A resolved name. */
struct reference {
	enum reference_kind kind;
	enum hole hole; /* of REFERENCE_REQUEST */
	size_t level; /* of the scope */
	const struct field *path[REFERENCE_DEEPEST];
	size_t path_len;
};

enum comparison {
	COMPARE_GIVEN,
	COMPARE_NOT_GIVEN,
	COMPARE_EQUAL,
	COMPARE_NOT_EQUAL,
};

struct test_term {
	struct reference reference;
	enum comparison comparison;
	struct str text; /* of COMPARE_EQUAL and COMPARE_NOT_EQUAL */
};

struct test {
	struct test_term *terms;
	size_t count;
	bool all; /* "and"; "or" otherwise */
};

/* What is wrong with a name or test, for a diagnostic. */
struct expression_error {
	char text[200];
	struct str suggestion; /* empty: none */
	char suggestion_text[120];
};

/* A name whose value is a text, number or flag. False with *ret_error filled. */
bool expression_value(struct str text, const struct scope *scope,
		      struct reference *ret_reference, struct expression_error *ret_error);

/* A name that stands for a list. *ret_record describes its items. */
bool expression_list(struct str text, const struct scope *scope, struct reference *ret_reference,
		     const struct record **ret_record, struct expression_error *ret_error);

/* A test; its terms go into the arena. */
bool expression_test(struct str text, const struct scope *scope, struct arena *arena,
		     struct test *ret_test, struct expression_error *ret_error);

#endif
