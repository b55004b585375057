/* The table of options, the command line, and the help. The file: settings.c. */
#include "config.h"

#include "options.h"

#include "address.h"
#include "listener.h"
#include "network.h"
#include "suggest.h"

#include <getopt.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#define AT(member) offsetof(struct options, member)

static bool is_network(const char *value)
{
	struct network network;

	return network_parse(str_of(value), &network);
}

static bool is_host(const char *value)
{
	struct domain domain;
	struct ip ip;

	return ip_parse(str_of(value), &ip) || domain_parse(str_of(value), &domain);
}

static bool is_one_of(const char *value, const char *words)
{
	struct str rest = str_of(words);
	struct str word;

	while (str_split(&rest, ' ', &word)) {
		if (str_eq(word, str_of(value)))
			return true;
	}
	return false;
}

static const char address_expected[] =
	"expected an address such as 127.0.0.1:8080, [::1]:8080, *:8080 or unix:/path";

const struct option_row option_rows[] = {
	{ .name = "config", .argument = "FILE", .type = OPTION_TEXT, .places = OPTION_OF_TOOL,
	  .offset = AT(config), .help = "the settings file" },
	{ .name = "table", .argument = "PATH", .type = OPTION_PATHS,
	  .places = OPTION_IN_FILE | OPTION_OF_TOOL | OPTION_RELOADABLE, .offset = AT(table),
	  .help = "a table of domains, or a folder of them; may be repeated" },
	{ .name = "templates", .argument = "DIR", .type = OPTION_PATH,
	  .places = OPTION_IN_FILE | OPTION_OF_TOOL | OPTION_RELOADABLE, .offset = AT(templates),
	  .help = "the folder of templates" },
	{ .name = "listen", .argument = "ADDR", .type = OPTION_LIST, .places = OPTION_IN_FILE,
	  .offset = AT(listen), .standard = "127.0.0.1:8080",
	  .is_good = listener_is_address, .expected = address_expected,
	  .help = "where a proxy in front reaches the daemon: 127.0.0.1:8080, [::1]:8080, "
		  "*:8080 or unix:/path; may be repeated" },
	{ .name = "listen-public-http", .argument = "ADDR", .type = OPTION_LIST,
	  .places = OPTION_IN_FILE, .offset = AT(listen_public_http),
	  .is_good = listener_is_address, .expected = address_expected,
	  .help = "where clients come directly, by plain http; may be repeated" },
	{ .name = "workers", .argument = "N", .type = OPTION_NUMBER, .places = OPTION_IN_FILE,
	  .offset = AT(workers), .least = 1, .most = 64, .standard = "1",
	  .help = "threads that answer" },
	{ .name = "trusted-proxy", .argument = "NETWORK", .type = OPTION_LIST,
	  .places = OPTION_IN_FILE, .offset = AT(trusted_proxy),
	  .is_good = is_network,
	  .expected = "expected an address or a network such as 192.0.2.0/24",
	  .help = "a proxy that is believed what it forwards, as 192.0.2.1 or 192.0.2.0/24; "
		  "loopback and unix sockets are; may be repeated" },
	{ .name = "max-connections", .argument = "N", .type = OPTION_NUMBER,
	  .places = OPTION_IN_FILE, .offset = AT(max_connections), .least = 1, .most = 1000000,
	  .standard = "4096", .help = "connections at once" },
	{ .name = "max-connections-per-address", .argument = "N", .type = OPTION_NUMBER,
	  .places = OPTION_IN_FILE, .offset = AT(max_connections_per_address), .least = 0,
	  .most = 60000, .standard = "128",
	  .help = "connections at once from one address, or one /64 of IPv6; 0 is no limit" },
	{ .name = "max-body", .argument = "BYTES", .type = OPTION_NUMBER,
	  .places = OPTION_IN_FILE, .offset = AT(max_body), .least = 512, .most = 1048576,
	  .standard = "8192", .help = "the largest posted body" },
	{ .name = "max-header", .argument = "BYTES", .type = OPTION_NUMBER,
	  .places = OPTION_IN_FILE, .offset = AT(max_header), .least = 1024, .most = 1048576,
	  .standard = "16384",
	  .help = "the largest request line and header fields together" },
	{ .name = "idle-timeout", .argument = "SECONDS", .type = OPTION_NUMBER,
	  .places = OPTION_IN_FILE, .offset = AT(idle_timeout), .least = 1, .most = 3600,
	  .standard = "10", .help = "after how long a silent connection is closed" },
	{ .name = "drain-timeout", .argument = "SECONDS", .type = OPTION_NUMBER,
	  .places = OPTION_IN_FILE, .offset = AT(drain_timeout), .least = 0, .most = 3600,
	  .standard = "10",
	  .help = "how long requests in progress may take when the daemon stops" },
	{ .name = "pacc-revision", .argument = "REVISION", .type = OPTION_TEXT,
	  .places = OPTION_IN_FILE | OPTION_OF_TOOL | OPTION_RELOADABLE,
	  .offset = AT(pacc_revision), .standard = "03", .words = "02 03 off",
	  .expected = "expected 02, 03 or off",
	  .help = "the revision of PACC's draft that is answered: 02, 03 or off" },
	{ .name = "profile-certificate", .argument = "FILE", .type = OPTION_PATH,
	  .places = OPTION_IN_FILE | OPTION_OF_TOOL | OPTION_RELOADABLE,
	  .offset = AT(profile_certificate),
	  .help = "a PEM file of certificates, to sign Apple's profiles with" },
	{ .name = "profile-key", .argument = "FILE", .type = OPTION_PATH,
	  .places = OPTION_IN_FILE | OPTION_OF_TOOL | OPTION_RELOADABLE,
	  .offset = AT(profile_key),
	  .help = "a PEM file of their private key, if it is not in the same one" },
	{ .name = "page", .argument = "SWITCH", .type = OPTION_TEXT,
	  .places = OPTION_IN_FILE | OPTION_OF_TOOL | OPTION_RELOADABLE, .offset = AT(page),
	  .standard = "on", .words = "on off", .expected = "expected on or off",
	  .help = "whether there is a page for people: on or off" },
	{ .name = "log-level", .argument = "LEVEL", .type = OPTION_TEXT,
	  .places = OPTION_IN_FILE | OPTION_RELOADABLE, .offset = AT(log_level),
	  .standard = "info", .words = "error warning info debug",
	  .expected = "expected error, warning, info or debug",
	  .help = "error, warning, info or debug" },
	/* Whoever publishes records reads it; to the daemon itself it makes no difference. */
	{ .name = "host", .argument = "NAME", .type = OPTION_LIST,
	  .places = OPTION_IN_FILE | OPTION_OF_TOOL | OPTION_RELOADABLE, .offset = AT(host),
	  .is_good = is_host,
	  .expected = "expected a host name such as config.example.net, or an IP address",
	  .help = "where the world reaches the daemon, for DNS records: its host name, or its "
		  "IP addresses; may be repeated" },
	{ .name = "check", .type = OPTION_SWITCH, .offset = AT(check),
	  .help = "load everything, print what is wrong, and exit" },
	{ .name = "help", .type = OPTION_SWITCH, .places = OPTION_OF_TOOL, .offset = AT(help),
	  .help = "this help" },
	{ .name = "version", .type = OPTION_SWITCH, .offset = AT(version),
	  .help = "the version" },
};

enum {
	ROWS = sizeof(option_rows) / sizeof(option_rows[0]),
	FIRST_VAL = 256, /* what getopt_long returns for the first row: no character */
};

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

static bool same_text(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static bool same_list(const struct option_list *a, const struct option_list *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++) {
		if (!same_text(a->values[i], b->values[i]))
			return false;
	}
	return true;
}

bool options_agree(const struct options *a, const struct options *b,
		   const struct option_row *row)
{
	const void *left = (const char *)a + row->offset;
	const void *right = (const char *)b + row->offset;

	switch (row->type) {
	case OPTION_SWITCH:
		return *(const bool *)left == *(const bool *)right;
	case OPTION_TEXT:
	case OPTION_PATH:
		return same_text(*(const char *const *)left, *(const char *const *)right);
	case OPTION_NUMBER:
		return *(const unsigned *)left == *(const unsigned *)right;
	case OPTION_LIST:
	case OPTION_PATHS:
		return same_list(left, right);
	}
	return false;
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

	if ((row->is_good && !row->is_good(value)) ||
	    (row->words && !is_one_of(value, row->words)))
		return row->expected;
	switch (row->type) {
	case OPTION_SWITCH:
		*(bool *)member_of(options, row) = true;
		break;
	case OPTION_TEXT:
	case OPTION_PATH:
		*(const char **)member_of(options, row) = copy;
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

static bool is_known(const struct option_row *row, enum options_scope scope)
{
	switch (scope) {
	case OPTIONS_OF_DAEMON:
		return true;
	case OPTIONS_OF_TOOL:
		return row->places & OPTION_OF_TOOL;
	case OPTIONS_OF_HELP:
		break;
	}
	return row->offset == AT(help);
}

/* getopt_long's own form of the table; `val` is the row. */
static void list_long_options(enum options_scope scope, struct option *list)
{
	for (size_t i = 0; i < ROWS; i++) {
		if (is_known(&option_rows[i], scope))
			*list++ = (struct option){
				.name = option_rows[i].name,
				.has_arg = option_rows[i].argument ? required_argument
								   : no_argument,
				.val = FIRST_VAL + (int)i,
			};
	}
	*list = (struct option){ 0 };
}

static void complain_unknown(const char *program, const char *argument,
			     enum options_scope scope)
{
	struct str name = str_of(argument);

	while (name.len && name.p[0] == '-')
		name = str_from(name, 1);
	name = str_first(name, str_find(name, '='));
	fprintf(stderr, "%s: unknown option \"%s\"\n", program, argument);
	for (size_t i = 0; i < ROWS; i++) {
		if (is_known(&option_rows[i], scope) &&
		    suggest_is_near(name, str_of(option_rows[i].name)))
			fprintf(stderr, "    did you mean \"--%s\"?\n", option_rows[i].name);
	}
}

/*
 * The word that getopt_long does not know: it is past a long option already, and still at one
 * with a single dash, of which it has looked at the first letter.
 */
static const char *unknown_word(int argc, char **argv)
{
	struct str before = str_of(argv[optind - 1]);
	bool is_past = str_starts(before, STR("--")) ||
		       (str_starts(before, STR("-")) && before.len > 1);

	return is_past || optind >= argc ? argv[optind - 1] : argv[optind];
}

bool options_parse(struct options *options, int argc, char **argv, enum options_scope scope,
		   int *ret_operand)
{
	struct option list[ROWS + 1];
	const char *program = argv[0];
	int found;

	list_long_options(scope, list);
	optind = 0; /* start afresh: a reload parses the line again */
	opterr = 0;
	while ((found = getopt_long(argc, argv, ":", list, NULL)) != -1) {
		const struct option_row *row;
		const char *error;

		if (found == '?') {
			complain_unknown(program, unknown_word(argc, argv), scope);
			return false;
		}
		if (found == ':') {
			fprintf(stderr, "%s: option \"%s\" lacks its value\n", program,
				argv[optind - 1]);
			return false;
		}
		row = &option_rows[found - FIRST_VAL];
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

void options_print_row(const char *name, const char *argument, const char *help,
		       const char *standard)
{
	enum { COLUMN = 26, WIDTH = 52 };
	struct str rest = str_of(help);
	int used = printf("  --%s%s%s", name, argument ? " " : "", argument ? argument : "");

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
	if (standard)
		printf(" [%s]", standard);
	printf("\n");
}

void options_print_help(bool tool)
{
	for (size_t i = 0; i < ROWS; i++) {
		const struct option_row *row = &option_rows[i];

		if (is_known(row, tool ? OPTIONS_OF_TOOL : OPTIONS_OF_DAEMON))
			options_print_row(row->name, row->argument, row->help, row->standard);
	}
}
