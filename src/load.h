/* From options to a snapshot, and how findings are said: shared by the daemon and the tool. */
#ifndef MAILCONFD_LOAD_H
#define MAILCONFD_LOAD_H

#include "options.h"
#include "snapshot.h"

/* Loads what the options name. NULL after diagnostics. Returns owned. */
struct snapshot *load_snapshot(const struct options *options, struct diags *diags);

#endif
