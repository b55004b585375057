/* The table of options, the command line, and the help. The file: settings.c. */
#include "config.h"

#include "options.h"

#include "suggest.h"

#include <getopt.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#define AT(member) offsetof(struct options, member)

const struct option_row option_rows[] = {
	{ "config", "FILE", OPTION_TEXT, OPTION_OF_TOOL, AT(config), 0, 0, NULL,
	  "the settings file" },
	{ "table", "PATH", OPTION_PATHS, OPTION_IN_FILE | OPTION_OF_TOOL | OPTION_RELOADABLE,
	  AT(table), 0, 0, NULL, "a table of domains, or a folder of them; may be repeated" },
	{ "templates", "DIR", OPTION_PATH, OPTION_IN_FILE | OPTION_OF_TOOL | OPTION_RELOADABLE,
	  AT(templates), 0, 0, NULL, "the folder of templates" },
	{ "listen", "ADDR", OPTION_LIST, OPTION_IN_FILE, AT(listen), 0, 0, "127.0.0.1:8080",
	  "where a proxy in front reaches the daemon: 127.0.0.1:8080, [::1]:8080, *:8080 or "
	  "unix:/path; may be repeated" },
	{ "listen-public-http", "ADDR", OPTION_LIST, OPTION_IN_FILE, AT(listen_public_http), 0,
	  0, NULL, "where clients come directly, by plain http; may be repeated" },
	{ "workers", "N", OPTION_NUMBER, OPTION_IN_FILE, AT(workers), 1, 64, "1",
	  "threads that answer" },
	{ "trusted-proxy", "NETWORK", OPTION_LIST, OPTION_IN_FILE, AT(trusted_proxy), 0, 0, NULL,
	  "a proxy that is believed what it forwards, as 192.0.2.1 or 192.0.2.0/24; loopback "
	  "and unix sockets are; may be repeated" },
	{ "max-connections", "N", OPTION_NUMBER, OPTION_IN_FILE, AT(max_connections), 1,
	  1000000, "4096", "connections at once" },
	{ "max-connections-per-address", "N", OPTION_NUMBER, OPTION_IN_FILE,
	  AT(max_connections_per_address), 0, 60000, "128",
	  "connections at once from one address, or one /64 of IPv6; 0 is no limit" },
	{ "max-body", "BYTES", OPTION_NUMBER, OPTION_IN_FILE, AT(max_body), 512, 1048576,
	  "8192", "the largest posted body" },
	{ "max-header", "BYTES", OPTION_NUMBER, OPTION_IN_FILE, AT(max_header), 1024, 1048576,
	  "16384", "the largest request line and header fields together" },
	{ "idle-timeout", "SECONDS", OPTION_NUMBER, OPTION_IN_FILE, AT(idle_timeout), 1, 3600,
	  "10", "after how long a silent connection is closed" },
	{ "drain-timeout", "SECONDS", OPTION_NUMBER, OPTION_IN_FILE, AT(drain_timeout), 0, 3600,
	  "10", "how long requests in progress may take when the daemon stops" },
	{ "log-level", "LEVEL", OPTION_TEXT, OPTION_IN_FILE | OPTION_RELOADABLE, AT(log_level),
	  0, 0, "info", "error, warning, info or debug" },
	{ "check", NULL, OPTION_SWITCH, 0, AT(check), 0, 0, NULL,
	  "load everything, print what is wrong, and exit" },
	{ "help", NULL, OPTION_SWITCH, OPTION_OF_TOOL, AT(help), 0, 0, NULL, "this help" },
	{ "version", NULL, OPTION_SWITCH, 0, AT(version), 0, 0, NULL, "the version" },
};

enum { ROWS = sizeof(option_rows) / sizeof(option_rows[0]) };

const size_t option_row_count = ROWS;

static void *member_of(struct options *options, const struct option_row *row)
{
	return (char *)options + row->offset;
}

static unsigned long bit_of(const struct option_row *row)
{
	return 1ul << (row - option_rows);
}

bool options_is_given(const struct options *options, const struct option_row *row)
{
	return options->given & bit_of(row);
}

bool options_init(struct options *options)
{
	*options = (struct options){ .arena = arena_new() };
	if (!options->arena)
		return false;
	for (size_t i = 0; i < ROWS; i++) {
		if (option_rows[i].standard)
			options_set(options, &option_rows[i], option_rows[i].standard);
	}
	options->given = 0;
	return !arena_failed(options->arena);
}

void options_fini(struct options *options)
{
	arena_free(options->arena);
	*options = (struct options){ 0 };
}

const struct option_row *options_find(const char *name)
{
	for (size_t i = 0; i < ROWS; i++) {
		if (strcmp(option_rows[i].name, name) == 0)
			return &option_rows[i];
	}
	return NULL;
}

/* The first value that is given replaces the default. */
static const char *add_to_list(struct options *options, const struct option_row *row,
			       const char *value)
{
	struct option_list *list = member_of(options, row);
	size_t kept = options_is_given(options, row) ? list->count : 0;
	const char **values = arena_array(options->arena, kept + 1, sizeof(*values));

	if (!values)
		return "out of memory";
	if (kept)
		memcpy(values, list->values, kept * sizeof(*values));
	values[kept] = value;
	list->values = values;
	list->count = kept + 1;
	return NULL;
}

static const char *set_number(struct options *options, const struct option_row *row,
			      const char *value)
{
	unsigned long number;

	if (!str_number(str_of(value), row->most, &number) || number < row->least)
		return arena_printf(options->arena, "expected a whole number from %u to %u",
				    row->least, row->most)
			.p;
	*(unsigned *)member_of(options, row) = (unsigned)number;
	return NULL;
}

const char *options_set(struct options *options, const struct option_row *row,
			const char *value)
{
	const char *error = NULL;
	const char *copy = value ? arena_str(options->arena, str_of(value)).p : NULL;
	enum log_level level;

	switch (row->type) {
	case OPTION_SWITCH:
		*(bool *)member_of(options, row) = true;
		break;
	case OPTION_TEXT:
	case OPTION_PATH:
		*(const char **)member_of(options, row) = copy;
		if (row->offset == AT(log_level) && !log_level_parse(value, &level))
			error = "expected error, warning, info or debug";
		break;
	case OPTION_NUMBER:
		error = set_number(options, row, value);
		break;
	case OPTION_LIST:
	case OPTION_PATHS:
		error = add_to_list(options, row, copy);
		break;
	}
	options->given |= bit_of(row);
	return error;
}

static bool is_known(const struct option_row *row, bool tool)
{
	return !tool || (row->places & OPTION_OF_TOOL);
}

/* getopt_long's own form of the table; `val` is the row. */
static void list_long_options(bool tool, struct option *list)
{
	for (size_t i = 0; i < ROWS; i++) {
		if (is_known(&option_rows[i], tool))
			*list++ = (struct option){
				.name = option_rows[i].name,
				.has_arg = option_rows[i].argument ? required_argument
								   : no_argument,
				.val = (int)i + 1,
			};
	}
	*list = (struct option){ 0 };
}

static void complain_unknown(const char *program, const char *argument, bool tool)
{
	struct str name = str_of(argument);

	while (name.len && name.p[0] == '-')
		name = str_from(name, 1);
	name = str_first(name, str_find(name, '='));
	fprintf(stderr, "%s: unknown option \"%s\"\n", program, argument);
	for (size_t i = 0; i < ROWS; i++) {
		if (is_known(&option_rows[i], tool) &&
		    suggest_is_near(name, str_of(option_rows[i].name)))
			fprintf(stderr, "    did you mean \"--%s\"?\n", option_rows[i].name);
	}
}

bool options_parse(struct options *options, int argc, char **argv, bool tool, int *ret_operand)
{
	struct option list[ROWS + 1];
	const char *program = argv[0];
	int found;

	list_long_options(tool, list);
	optind = 0; /* start afresh: a reload parses the line again */
	opterr = 0;
	while ((found = getopt_long(argc, argv, ":", list, NULL)) != -1) {
		const struct option_row *row = &option_rows[found - 1];
		const char *error;

		if (found == '?') {
			complain_unknown(program, argv[optind - 1], tool);
			return false;
		}
		if (found == ':') {
			fprintf(stderr, "%s: option \"%s\" lacks its value\n", program,
				argv[optind - 1]);
			return false;
		}
		error = options_set(options, row, optarg);
		if (error) {
			fprintf(stderr, "%s: --%s: %s, found \"%s\"\n", program, row->name, error,
				optarg);
			return false;
		}
	}
	*ret_operand = optind;
	return true;
}

/* One option: its name, and its description broken into lines beside it. */
static void print_row(const struct option_row *row)
{
	enum { COLUMN = 26, WIDTH = 52 };
	struct str rest = str_of(row->help);
	int used = printf("  --%s%s%s", row->name, row->argument ? " " : "",
			  row->argument ? row->argument : "");

	if (used >= COLUMN)
		printf("\n%*s", COLUMN, "");
	else
		printf("%*s", COLUMN - used, "");
	while (rest.len > WIDTH) {
		size_t end = str_find_last(str_first(rest, WIDTH), ' ');

		printf("%.*s\n%*s", (int)end, rest.p, COLUMN, "");
		rest = str_from(rest, end + 1);
	}
	printf("%.*s", STR_ARGS(rest));
	if (row->standard)
		printf(" [%s]", row->standard);
	printf("\n");
}

void options_print_help(bool tool)
{
	for (size_t i = 0; i < ROWS; i++) {
		if (is_known(&option_rows[i], tool))
			print_row(&option_rows[i]);
	}
}
