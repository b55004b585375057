/* The command line and the settings file. */
#include "unit.h"

#include "options.h"

#include <fcntl.h>

/* Parses words (one space between them); complaints are in *ret_said. */
static bool parse(struct unit *unit, struct options *options, const char *line, bool tool,
		  const char **ret_said)
{
	static char said[1000];
	char copy[1000];
	char *argv[20] = { 0 };
	int argc = 0;
	int operand;
	int kept = dup(STDERR_FILENO);
	int fd;
	bool good;
	ssize_t len;

	snprintf(copy, sizeof(copy), "%s", line);
	for (char *word = strtok(copy, " "); word; word = strtok(NULL, " "))
		argv[argc++] = word;
	unit_write(unit, "stderr", "");
	fd = open(unit->path, O_RDWR | O_CLOEXEC);
	assert_true(kept >= 0 && fd >= 0 && dup2(fd, STDERR_FILENO) >= 0);
	good = options_parse(options, argc, argv,
			     tool ? OPTIONS_OF_TOOL : OPTIONS_OF_DAEMON, &operand);
	fflush(stderr);
	dup2(kept, STDERR_FILENO);
	close(kept);
	len = pread(fd, said, sizeof(said) - 1, 0);
	close(fd);
	said[len > 0 ? len : 0] = '\0';
	*ret_said = said;
	return good;
}

static void check_list(const struct option_list *list, const char *want)
{
	char text[500] = "";

	for (size_t i = 0; i < list->count; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%s", i ? " " : "",
			 list->values[i]);
	assert_string_equal(text, want);
}

static void defaults(void **state)
{
	struct options options;

	(void)state;
	assert_true(options_init(&options));
	check_list(&options.listen, "127.0.0.1:8080");
	check_list(&options.listen_public_http, "");
	check_list(&options.table, "");
	check_list(&options.trusted_proxy, "");
	assert_int_equal(options.workers, 1);
	assert_int_equal(options.max_connections, 4096);
	assert_int_equal(options.max_connections_per_address, 128);
	assert_int_equal(options.max_body, 8192);
	assert_int_equal(options.max_header, 16384);
	assert_int_equal(options.idle_timeout, 10);
	assert_int_equal(options.drain_timeout, 10);
	assert_string_equal(options.log_level, "info");
	assert_null(options.config);
	assert_null(options.templates);
	assert_false(options.check || options.help || options.version);
	assert_int_equal(options.given, 0);
	options_fini(&options);
}

/* Twice: a reload reads the same line again. */
static void command_line(void **state)
{
	static const char line[] =
		"p --listen *:80 --workers=3 --listen unix:/x --table a --table b --templates t "
		"--trusted-proxy 192.0.2.0/24 --check --config c --log-level debug";

	for (int i = 0; i < 2; i++) {
		struct options options;
		const char *said;

		assert_true(options_init(&options));
		assert_true(parse(*state, &options, line, false, &said));
		assert_string_equal(said, "");
		check_list(&options.listen, "*:80 unix:/x");
		check_list(&options.table, "a b");
		check_list(&options.trusted_proxy, "192.0.2.0/24");
		assert_int_equal(options.workers, 3);
		assert_string_equal(options.templates, "t");
		assert_string_equal(options.config, "c");
		assert_string_equal(options.log_level, "debug");
		assert_true(options.check);
		assert_false(options.help);
		assert_true(options_is_given(&options, options_find("workers")));
		assert_false(options_is_given(&options, options_find("max-body")));
		options_fini(&options);
	}
}

static void refused(void **state)
{
	static const struct {
		int line;
		const char *words;
		bool tool;
		const char *said; /* "": it is good */
	} rows[] = {
		{ __LINE__, "p", false, "" },
		{ __LINE__, "p --workers 64", false, "" },
		{ __LINE__, "p --max-connections-per-address 0", false, "" },
		{ __LINE__, "p --workers 0", false,
		  "p: --workers: expected a whole number from 1 to 64, found \"0\"\n" },
		{ __LINE__, "p --workers 65", false,
		  "p: --workers: expected a whole number from 1 to 64, found \"65\"\n" },
		{ __LINE__, "p --workers x", false,
		  "p: --workers: expected a whole number from 1 to 64, found \"x\"\n" },
		{ __LINE__, "p --workers", false, "p: option \"--workers\" lacks its value\n" },
		{ __LINE__, "p --worker-s 1", false,
		  "p: unknown option \"--worker-s\"\n    did you mean \"--workers\"?\n" },
		{ __LINE__, "p --zzzzzzzz", false, "p: unknown option \"--zzzzzzzz\"\n" },
		{ __LINE__, "p -x", false, "p: unknown option \"-x\"\n" },
		{ __LINE__, "p -table t", false,
		  "p: unknown option \"-table\"\n    did you mean \"--table\"?\n" },
		{ __LINE__, "p --listen x", false,
		  "p: --listen: expected an address such as 127.0.0.1:8080, [::1]:8080, *:8080 or "
		  "unix:/path, found \"x\"\n" },
		{ __LINE__, "p --trusted-proxy x", false,
		  "p: --trusted-proxy: expected an address or a network such as 192.0.2.0/24, "
		  "found \"x\"\n" },
		{ __LINE__, "p --log-level loud", false,
		  "p: --log-level: expected error, warning, info or debug, found \"loud\"\n" },
		/* the tools know some only */
		{ __LINE__, "p --table a --config b --help", true, "" },
		{ __LINE__, "p --zorkers 1", true, "p: unknown option \"--zorkers\"\n" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct options options;
		const char *said;
		bool good;

		ROW_TRUE(&rows[i], options_init(&options));
		good = parse(*state, &options, rows[i].words, rows[i].tool, &said);
		ROW_STR(&rows[i], str_of(said), rows[i].said);
		ROW_INT(&rows[i], good, !rows[i].said[0]);
		options_fini(&options);
	}
}

/* The command line wins; a list replaces the file's; paths count from the file's folder. */
static void settings_file(void **state)
{
	struct unit *unit = *state;
	struct options options;
	const char *said;
	char line[600];
	char want[700];

	unit_write(unit, "s.json",
		   "{\"//\": \"x\", \"table\": [\"a.json\", \"/b.json\"], \"templates\": \"t\",\n"
		   " \"workers\": 2, \"max-body\": 1000, \"listen\": [\"*:1\", \"*:2\"],\n"
		   " \"trusted-proxy\": [\"192.0.2.1\"], \"log-level\": \"error\"}");
	snprintf(line, sizeof(line), "p --config %s --workers 5 --listen *:3", unit->path);
	assert_true(options_init(&options));
	assert_true(parse(unit, &options, line, false, &said));
	options_load_settings(&options, unit->diags);
	assert_string_equal(unit_findings(unit), "");
	assert_int_equal(options.workers, 5);
	check_list(&options.listen, "*:3");
	assert_int_equal(options.max_body, 1000);
	assert_int_equal(options.max_header, 16384);
	check_list(&options.trusted_proxy, "192.0.2.1");
	assert_string_equal(options.log_level, "error");
	snprintf(want, sizeof(want), "%s/a.json /b.json", unit->folder);
	check_list(&options.table, want);
	snprintf(want, sizeof(want), "%s/t", unit->folder);
	assert_string_equal(options.templates, want);
	options_fini(&options);
}

static void wrong_settings(void **state)
{
	static const struct {
		int line;
		const char *text, *findings;
	} rows[] = {
		{ __LINE__, "{}", "s.json: error: no table: expected a setting \"table\", or the "
				  "option --table\n" },
		{ __LINE__, "[]", "s.json:1:1: error: expected an object, found a list\n" },
		{ __LINE__, "{\"workers\": 0}",
		  "s.json:1:13: error: \"workers\": expected a whole number from 1 to 64, "
		  "found 0\n" },
		{ __LINE__, "{\"workers\": \"2\"}",
		  "s.json:1:13: error: \"workers\": expected a whole number from 1 to 64, "
		  "found \"2\"\n" },
		{ __LINE__, "{\"listen\": \"*:80\"}",
		  "s.json:1:12: error: \"listen\": expected a list, found \"*:80\"\n" },
		{ __LINE__, "{\"check\": true}",
		  "s.json:1:2: error: unknown setting \"check\"\n"
		  "    expected one of table, templates, listen, listen-public-http, workers, "
		  "trusted-proxy, max-connections, max-connections-per-address, max-body, "
		  "max-header, idle-timeout, drain-timeout, pacc-revision, profile-certificate, "
		  "profile-key, page, log-level, host\n" },
	};
	struct unit *unit = *state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct options options;

		unit_fresh(unit);
		ROW_TRUE(&rows[i], options_init(&options));
		options.config = unit_write(unit, "s.json", rows[i].text);
		options_load_settings(&options, unit->diags);
		ROW_STR(&rows[i], str_of(unit_findings(unit)), rows[i].findings);
		options_fini(&options);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(defaults), UNIT_TEST(command_line),   UNIT_TEST(refused),
		UNIT_TEST(settings_file),   UNIT_TEST(wrong_settings),
	};

	return cmocka_run_group_tests_name("options", tests, NULL, NULL);
}
