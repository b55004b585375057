/* The subcommands of mailconf: one file each, and one row in mailconf.c. */
#ifndef MAILCONFD_COMMAND_H
#define MAILCONFD_COMMAND_H

/*
 * `argv[0]` is the name of the subcommand. Returns the exit status: 0 good, 1 findings, 2
 * wrong usage.
 */
typedef int command(int argc, char **argv);

command cmd_check;
command cmd_schema;
command cmd_show;

#endif
