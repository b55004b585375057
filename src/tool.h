/* What the subcommands of mailconf have in common. */
#ifndef MAILCONFD_TOOL_H
#define MAILCONFD_TOOL_H

#include "options.h"
#include "snapshot.h"

/*
 * Completes the options from the settings file and loads. Findings go to stderr; *ret_summary
 * is their count in words, owned. NULL when nothing could be loaded.
 */
struct snapshot *tool_load(struct options *options, char **ret_summary);

#endif
