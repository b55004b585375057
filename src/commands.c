/* The list of subcommands, in the order in which they are shown. */
#include "config.h"

#include "command.h"

const struct command *const commands[] = {
	&cmd_check,
	&cmd_show,
	&cmd_dns,
	&cmd_export,
	&cmd_import,
	&cmd_names,
	&cmd_schema,
	&cmd_messages,
	&cmd_completion,
};

const size_t command_count = sizeof(commands) / sizeof(commands[0]);
