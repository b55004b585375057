/*
 * The folder of an export, and which files in it are ours: ".mailconf-export" there lists
 * them. Nothing else is touched, and no link is followed: not even one that somebody put where
 * a folder of ours was. Files appear whole (rename), and one that would not change stays.
 *
 * In this order: open, plan each file, begin, write each file, end. The first problem sticks;
 * later calls do nothing.
 */
#ifndef MAILCONFD_EXPORT_TREE_H
#define MAILCONFD_EXPORT_TREE_H

#include "str.h"

struct export_tree;

/*
 * `folder` is new (its parent is not), empty, or an earlier export of the same kind, NULL for the
 * static one, and nobody else's who is writing just now. Returns owned, with the problem in it if
 * there is one; NULL when out of memory.
 */
struct export_tree *export_tree_open(const char *folder, const char *kind);

/* Closes; what has been written stays. NULL is fine. */
void export_tree_free(struct export_tree *tree);

/* "PATH: what: reason" of the first problem, or NULL. */
const char *export_tree_problem(const struct export_tree *tree);

/* A file that the export has; `path` is relative and copied. To say one twice is harmless. */
void export_tree_plan(struct export_tree *tree, struct str path);

/* Looks for foreign files in the way, and lists what is going to be written. */
void export_tree_begin(struct export_tree *tree);

void export_tree_write(struct export_tree *tree, struct str path, struct str bytes);

/* Removes what an earlier export left and this one has not, with folders that are empty then. */
void export_tree_end(struct export_tree *tree);

/* How many files this export has, how many of them changed, how many went. */
struct export_count {
	size_t files, written, removed;
};
struct export_count export_tree_count(const struct export_tree *tree);

#endif
