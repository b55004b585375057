/*
 * A file that the administrator wrote, held as text while it is being loaded, so that a
 * finding can say where in it something stands.
 */
#ifndef MAILCONFD_SOURCE_H
#define MAILCONFD_SOURCE_H

#include "diag.h"
#include "str.h"

struct source {
	char *path;
	struct str text; /* NUL behind it */
	size_t *lines;	 /* offsets at which lines start; made at the first question */
	size_t line_count;
	size_t last_offset;   /* of the last place asked for, and its column; 0: none yet */
	unsigned last_column;
};

/* Reads the whole file. Returns owned, or NULL and the reason in errno. */
struct source *source_read(const char *path);

/* The same; the reason becomes a diagnostic. */
struct source *source_load(const char *path, struct diags *diags);

void source_free(struct source *source);

/* Line and column of the byte at `offset`. The place borrows the path. */
struct place source_place(struct source *source, size_t offset);

/* The offset of a line (from 1), or the end of the text. */
size_t source_line_offset(struct source *source, size_t line);

#endif
