/* From options to a snapshot, and how findings are said: shared by the daemon and the tool. */
#ifndef MAILCONFD_LOAD_H
#define MAILCONFD_LOAD_H

#include "options.h"
#include "snapshot.h"

/*
 * Loads what the options name. After errors in the settings it looks for more of them in what
 * is known of tables and templates. NULL when there are errors, old or new. Returns owned.
 */
struct snapshot *load_snapshot(const struct options *options, struct diags *diags);

/* For diags_print() in the daemon: each line becomes one of the log. */
void load_print_finding(void *closure, enum severity severity, const char *line);

#endif
