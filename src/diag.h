/*
 * Diagnostics: what is wrong in a file of the administrator, and where.
 *
 * They are collected, so that one load says everything at once, and printed in the form
 * that editors and compilers share: FILE:LINE:COLUMN: error: TEXT.
 */
#ifndef MAILCONFD_DIAG_H
#define MAILCONFD_DIAG_H

#include "str.h"

#include <stdarg.h>
#include <stdio.h>

struct diags;

enum severity {
	SEVERITY_ERROR,   /* nothing is served from it */
	SEVERITY_WARNING, /* served, but some mail program will not like it */
	SEVERITY_NOTE,	  /* good to know; only where somebody asks */
};

/* Notes are collected only after this. They count as nothing. */
void diags_ask_for_notes(struct diags *diags);
bool diags_want_notes(const struct diags *diags);

/* Line and column count from 1, columns in characters; 0 is "not known". */
struct place {
	const char *file; /* borrowed; copied by diag_add() */
	unsigned line;
	unsigned column;
};

/* Returns owned, or NULL when out of memory. */
struct diags *diags_new(void);
void diags_free(struct diags *diags);

/*
 * Adds one finding. Never fails: when there is no memory for the text, the finding still
 * counts.
 */
void diag_add(struct diags *diags, enum severity severity, const struct place *place,
	      const char *format, ...) __attribute__((format(printf, 4, 5)));

/* The same for functions of this kind; in front of the text stands `key` in quotes, if any. */
void diag_vadd(struct diags *diags, enum severity severity, const struct place *place,
	       const char *key, const char *format, va_list args)
	__attribute__((format(printf, 5, 0)));

/* Adds a line of help below the newest finding. */
void diag_hint(struct diags *diags, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* "did you mean "WORD"?" below the newest finding. */
void diag_suggest(struct diags *diags, struct str word);

size_t diags_errors(const struct diags *diags);
size_t diags_warnings(const struct diags *diags);

/*
 * Hands each line (without its line end) to `print`, by file in the order in which the
 * files were first named, then by place. Severity is that of the finding the line is from.
 */
void diags_print(struct diags *diags,
		 void (*print)(void *closure, enum severity severity, const char *line),
		 void *closure);

/* For the tools: every line to a stdio stream, which is `closure`. */
void diags_print_line(void *closure, enum severity severity, const char *line);

/* "1 error", "3 errors and 1 warning", "no findings". Owned, or NULL. */
char *diags_summary(const struct diags *diags);

#endif
