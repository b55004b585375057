/* mailconf check: says what is wrong, before a restart or reload does. */
#include "config.h"

#include "command.h"
#include "tool.h"

#include <stdio.h>
#include <stdlib.h>

static void help(void)
{
	printf("Usage: mailconf check [OPTION]...\n"
	       "Loads settings, tables and templates as the daemon would, and says what is wrong.\n"
	       "\n");
	options_print_help(true);
}

static int check(struct options *options)
{
	char *summary;
	struct snapshot *snapshot = tool_load(options, &summary);

	if (snapshot)
		printf("%s: %s\n", snapshot_summary(snapshot), summary ? summary : "");
	else
		fprintf(stderr, "%s\n", summary ? summary : "out of memory");
	free(summary);
	snapshot_unref(snapshot);
	return snapshot ? 0 : 1;
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
		status = check(&options);
	}
	options_fini(&options);
	return status;
}
