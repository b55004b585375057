/* The daemon's main(): options, --check, and off. */
#include "config.h"

#include "daemon.h"
#include "load.h"
#include "log.h"
#include "tool.h"
#include "xml.h"

#include <stdio.h>
#include <stdlib.h>

static int usage(void)
{
	fprintf(stderr, "Try \"mailconfd --help\".\n");
	return 2;
}

static void help(void)
{
	printf("Usage: mailconfd [OPTION]...\n"
	       "Tells mail programs how to reach a mailbox.\n"
	       "\n");
	options_print_help(false);
	printf("\nEach of them may stand in the settings file, under the same name, but not");
	for (size_t i = 0; i < option_row_count; i++) {
		if (!(option_rows[i].places & OPTION_IN_FILE))
			printf("%s--%s", i ? ", " : "\n", option_rows[i].name);
	}
	printf("; see mailconfd(8).\n");
}

/* Without sound settings the daemon does not start; what else is wrong is said at once. */
static void refuse(const struct options *options, struct diags *diags)
{
	char *summary;

	snapshot_unref(load_snapshot(options, diags));
	diags_print(diags, load_print_finding, NULL);
	summary = diags_summary(diags);
	if (diags_errors(diags) > 1)
		log_line(LOG_ERROR, "%s; nothing is served", summary ? summary : "out of memory");
	free(summary);
}

static bool load_options(struct options *options)
{
	struct diags *diags = diags_new();
	enum log_level level;
	bool good = false;

	if (diags) {
		options_load_settings(options, diags);
		good = diags_errors(diags) == 0;
		if (!good)
			refuse(options, diags);
	}
	diags_free(diags);
	if (log_level_parse(options->log_level, &level))
		log_set_level(level);
	return good;
}

static int run(struct options *options, int argc, char **argv)
{
	int operand;

	if (!options_parse(options, argc, argv, OPTIONS_OF_DAEMON, &operand))
		return usage();
	if (operand < argc) {
		fprintf(stderr, "mailconfd: unexpected \"%s\"\n", argv[operand]);
		return usage();
	}
	if (options->help) {
		help();
		return 0;
	}
	if (options->version) {
		printf("mailconfd %s\n", PACKAGE_VERSION);
		return 0;
	}
	if (options->check)
		return tool_check(options);
	return load_options(options) ? daemon_run(options, argc, argv) : 1;
}

int main(int argc, char **argv)
{
	struct options options;
	int status = 1;

	argv[0] = (char[]){ "mailconfd" };
	log_init("mailconfd");
	xml_init();
	if (options_init(&options))
		status = run(&options, argc, argv);
	options_fini(&options);
	xml_fini();
	return status;
}
