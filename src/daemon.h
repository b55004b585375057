/* The daemon as a process: sockets, signals, reload, drain, exit. */
#ifndef MAILCONFD_DAEMON_H
#define MAILCONFD_DAEMON_H

#include "options.h"

/* Runs until it is told to stop. `argv` is read again at a reload. Returns the exit status. */
int daemon_run(const struct options *options, int argc, char **argv);

#endif
