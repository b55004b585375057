/* What the subcommands of mailconf, and mailconfd --check, have in common. */
#ifndef MAILCONFD_TOOL_H
#define MAILCONFD_TOOL_H

#include "options.h"
#include "snapshot.h"

/*
 * Completes the options from the settings file and loads. Findings go to stderr. NULL when
 * nothing could be loaded, which is said as well.
 */
struct snapshot *tool_load(struct options *options);

/*
 * "mailconf check", and "mailconfd --check": loads everything that a start would, and says
 * what was found, all of it whatever the log's level is. Returns the exit status.
 */
int tool_check(struct options *options);

#endif
