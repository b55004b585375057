/* What can be exported, each from a file of its own: cmd_export.c chooses. */
#ifndef MAILCONFD_EXPORT_MODES_H
#define MAILCONFD_EXPORT_MODES_H

#include "snapshot.h"

/* All borrowed. */
struct export_task {
	const struct snapshot *snapshot;
	const char *folder;
	char **names; /* of the command line; none: all that there is */
	size_t name_count;
	const char *root;      /* of the static export; NULL: where the folder is */
	const char *templates; /* the folder */
};

/* These say what they have done, or what is wrong, and return the exit status. */

/* The daemon's answers, for web servers. */
int export_static(const struct export_task *task);

/* A file for Thunderbird's database for each provider. */
int export_ispdb(const struct export_task *task);

#endif
