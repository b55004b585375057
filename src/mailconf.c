/* The administrator's tool; its subcommands: commands.c. */
#include "config.h"

#include "command.h"
#include "log.h"
#include "suggest.h"
#include "xml.h"

#include <stdio.h>

static void help(void)
{
	printf("Usage: mailconf SUBCOMMAND [OPTION]...\n"
	       "\n");
	for (size_t i = 0; i < command_count; i++)
		printf("  %-10s %s\n", commands[i]->name, commands[i]->help);
	printf("\n"
	       "\"mailconf SUBCOMMAND --help\" says more; so does mailconf(1).\n");
}

static int unknown(const char *name)
{
	fprintf(stderr, "mailconf: unknown subcommand \"%s\"\n", name);
	for (size_t i = 0; i < command_count; i++) {
		if (suggest_is_near(str_of(name), str_of(commands[i]->name)))
			fprintf(stderr, "    did you mean \"%s\"?\n", commands[i]->name);
	}
	fprintf(stderr, "Try \"mailconf --help\".\n");
	return 2;
}

/* Complaints about the command line begin with argv[0]. */
static int run_command(size_t i, int argc, char **argv)
{
	char title[32];

	snprintf(title, sizeof(title), "mailconf %s", commands[i]->name);
	argv[0] = title;
	return command_main(commands[i], argc, argv);
}

static int run(int argc, char **argv)
{
	if (argc < 2) {
		fprintf(stderr, "mailconf: expected a subcommand\nTry \"mailconf --help\".\n");
		return 2;
	}
	if (strcmp(argv[1], "--help") == 0) {
		help();
		return 0;
	}
	if (strcmp(argv[1], "--version") == 0) {
		printf("mailconf %s\n", PACKAGE_VERSION);
		return 0;
	}
	for (size_t i = 0; i < command_count; i++) {
		if (strcmp(argv[1], commands[i]->name) == 0)
			return run_command(i, argc - 1, argv + 1);
	}
	return unknown(argv[1]);
}

int main(int argc, char **argv)
{
	int status;

	log_init("mailconf");
	xml_init();
	status = run(argc, argv);
	xml_fini();
	return status;
}
