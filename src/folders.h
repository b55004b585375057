/*
 * Where templates, catalogues and assets are: the administrator's folder, and behind it the
 * program's own, for what that one does not have. Who wants another style sheet copies one file.
 */
#ifndef MAILCONFD_FOLDERS_H
#define MAILCONFD_FOLDERS_H

#include "arena.h"
#include "diag.h"

struct folders {
	const char *own;
	const char *standard; /* NULL: there is no other */
};

/* False, and said, when there is no such folder at all: nobody means that. */
bool folders_check(const struct folders *folders, struct diags *diags);

/* The path of a file, in the first folder that has it, or else where it should be. */
const char *folders_find(const struct folders *folders, const char *name, struct arena *arena);

#endif
