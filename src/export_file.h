/*
 * Files below an open folder, `top`: each path is walked part by part, and a link in the way is
 * an error (ELOOP or ENOTDIR). What fails leaves its reason in errno.
 */
#ifndef MAILCONFD_EXPORT_FILE_H
#define MAILCONFD_EXPORT_FILE_H

#include "str.h"

enum {
	EXPORT_NAME = 256
}; /* bytes of one part of a path, with a NUL */

/* Where a file is written before it gets its name; in `top`. */
#define EXPORT_SCRATCH ".mailconf-export.new"

/*
 * Is it relative, and without "." and ".."? Names of hosts are normalised before they come here,
 * so this never says no to them; it does to a list that somebody edited.
 */
bool export_path_is_inside(struct str path);

/*
 * Opens the folder that the path's last part is in, making folders on the way if `create`.
 * Returns a descriptor to be closed, or -1; *ret_name is that last part.
 */
int export_file_parent(int top, struct str path, bool create, char ret_name[EXPORT_NAME]);

/* Is the file there already, with these bytes and mode 0644? */
bool export_file_is_same(int folder, const char *name, struct str bytes);

/* Writes a file, mode 0644, so that nobody ever sees half of it. */
bool export_file_replace(int top, int folder, const char *name, struct str bytes);

#endif
