/* mailconf check: says what is wrong, before a restart or reload does. */
#include "config.h"

#include "command.h"
#include "tool.h"

#include <stdio.h>

static void help(void)
{
	printf("Usage: mailconf check [OPTION]...\n"
	       "Loads settings, tables and templates as the daemon would, and says what is wrong.\n"
	       "\n");
	options_print_help(true);
}

int cmd_check(int argc, char **argv)
{
	struct options options;
	int operand;
	int status = 2;

	if (!options_init(&options))
		return 1;
	if (!options_parse(&options, argc, argv, true, &operand)) {
		fprintf(stderr, "Try \"mailconf check --help\".\n");
	} else if (options.help) {
		help();
		status = 0;
	} else if (operand < argc) {
		fprintf(stderr, "mailconf check: unexpected \"%s\"\n", argv[operand]);
	} else {
		status = tool_check(&options);
	}
	options_fini(&options);
	return status;
}
