/* Where files are when nobody says so: as installed, or beside a build in the source tree. */
#ifndef MAILCONFD_PATHS_H
#define MAILCONFD_PATHS_H

#include "arena.h"

/* The settings file. */
const char *default_settings(struct arena *arena);

/* The folder of templates. */
const char *default_templates(struct arena *arena);

bool path_exists(const char *path);

#endif
