/* The daemon's main(): options, --check, and off. */
#include "config.h"

#include "daemon.h"
#include "load.h"
#include "log.h"
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
	printf("\nEach option may stand in the settings file, under the same name; see "
	       "mailconfd(8).\n");
}

static void print_finding(void *closure, enum severity severity, const char *line)
{
	(void)closure;
	log_verbatim(severity == SEVERITY_ERROR ? LOG_ERROR : LOG_WARNING, line);
}

/* Loads everything that a start would, and nothing more. */
static int check(const struct options *options)
{
	struct diags *diags = diags_new();
	struct snapshot *snapshot = diags ? load_snapshot(options, diags) : NULL;
	char *summary = diags ? diags_summary(diags) : NULL;

	if (diags)
		diags_print(diags, print_finding, NULL);
	if (snapshot)
		printf("%s: %s\n", snapshot_summary(snapshot), summary ? summary : "");
	else
		fprintf(stderr, "%s\n", summary ? summary : "out of memory");

	int status = snapshot ? 0 : 1;

	free(summary);
	snapshot_unref(snapshot);
	diags_free(diags);
	return status;
}

static int load_options(struct options *options)
{
	struct diags *diags = diags_new();
	enum log_level level;
	int status = 1;

	if (diags) {
		options_load_settings(options, diags);
		diags_print(diags, print_finding, NULL);
		status = diags_errors(diags) ? 1 : 0;
	}
	diags_free(diags);
	if (log_level_parse(options->log_level, &level))
		log_set_level(level);
	return status;
}

static int run(struct options *options, int argc, char **argv)
{
	int operand;

	if (!options_parse(options, argc, argv, false, &operand))
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
	if (load_options(options) != 0)
		return 1;
	return options->check ? check(options) : daemon_run(options, argc, argv);
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
