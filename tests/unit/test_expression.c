/* Names and tests of templates. */
#include "unit.h"

#include "expression.h"
#include "provider.h"

static struct scope scope;

/* The provider, and a server of it. */
static int setup(void **state)
{
	scope = (struct scope){
		.levels = { { .name = STR("provider"), .record = &provider_record },
			    { .name = STR("server"), .record = &server_record } },
		.depth = 2,
	};
	return unit_setup(state);
}

static struct str joined_path(const struct reference *reference, char *out, size_t size)
{
	size_t len = (size_t)snprintf(out, size, "%zu", reference->level);

	for (size_t i = 0; i < reference->path_len; i++)
		len += (size_t)snprintf(out + len, size - len, ".%s", reference->path[i]->name);
	return str_of(out);
}

static void values(void **state)
{
	static const struct {
		int line;
		const char *text;
		enum reference_kind kind;
		const char *path;
	} rows[] = {
		{ __LINE__, "provider.id", REFERENCE_FIELD, "0.id" },
		{ __LINE__, " provider.id\t", REFERENCE_FIELD, "0.id" },
		{ __LINE__, "provider.formatVersion", REFERENCE_FIELD, "0.formatVersion" },
		{ __LINE__, "provider.oAuth2.scope", REFERENCE_FIELD, "0.oAuth2.scope" },
		{ __LINE__, "provider.webMail.loginPageInfo.usernameField.id", REFERENCE_FIELD,
		  "0.webMail.loginPageInfo.usernameField.id" },
		{ __LINE__, "server.port", REFERENCE_FIELD, "1.port" },
		{ __LINE__, "server.pop3.checkInterval", REFERENCE_FIELD,
		  "1.pop3.checkInterval" },
		{ __LINE__, "server.sameLogin", REFERENCE_FIELD, "1.sameLogin" },
		{ __LINE__, "address", REFERENCE_REQUEST, "0" },
		{ __LINE__, "localPart", REFERENCE_REQUEST, "0" },
		{ __LINE__, "domain", REFERENCE_REQUEST, "0" },
		{ __LINE__, "profileUUID", REFERENCE_REQUEST, "0" },
		{ __LINE__, "variant", REFERENCE_VARIANT, "0" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct reference reference;
		struct expression_error error;
		char path[100];

		ROW_TRUE(&rows[i],
			 expression_value(str_of(rows[i].text), &scope, &reference, &error));
		ROW_INT(&rows[i], reference.kind, rows[i].kind);
		ROW_STR(&rows[i], joined_path(&reference, path, sizeof(path)), rows[i].path);
	}
}

struct refused_row {
	int line;
	const char *text, *error, *suggestion;
};

static void check_error(const struct refused_row *row, const struct expression_error *error)
{
	ROW_STR(row, str_of(error->text), row->error);
	ROW_STR(row, error->suggestion, row->suggestion);
}

static void refused_values(void **state)
{
	static const struct refused_row rows[] = {
		{ __LINE__, "", "expected the name of a variable, found nothing", "" },
		{ __LINE__, " ", "expected the name of a variable, found nothing", "" },
		{ __LINE__, "provider",
		  "\"provider\" stands for a whole object: expected \"provider.\" and the name of "
		  "a member",
		  "" },
		{ __LINE__, "provider.hots", "unknown variable \"provider.hots\"", "" },
		{ __LINE__, "provider.", "unknown variable \"provider.\"", "" },
		{ __LINE__, ".id", "unknown variable \".id\"", "" },
		{ __LINE__, "provider..id", "unknown variable \"provider..id\"", "" },
		{ __LINE__, "server.prot", "unknown variable \"server.prot\"", "server.port" },
		{ __LINE__, "server.Hostname", "unknown variable \"server.Hostname\"",
		  "server.hostname" },
		{ __LINE__, "sever.port", "unknown variable \"sever.port\"", "server.port" },
		{ __LINE__, "adress", "unknown variable \"adress\"", "address" },
		{ __LINE__, "Domain", "unknown variable \"Domain\"", "domain" },
		{ __LINE__, "user", "unknown variable \"user\"", "" },
		{ __LINE__, "server.pop3.chekInterval",
		  "unknown variable \"server.pop3.chekInterval\"", "server.pop3.checkInterval" },
		{ __LINE__, "server.port.x", "unknown variable \"server.port.x\"", "" },
		{ __LINE__, "address.x", "unknown variable \"address.x\"", "address.x" },
		{ __LINE__, "server.pop3", "\"server.pop3\" is an object: expected a text, number "
					   "or flag", "" },
		{ __LINE__, "provider.incomingServers",
		  "\"provider.incomingServers\" is a list: expected a text, number or flag", "" },
		{ __LINE__, "server.authentication",
		  "\"server.authentication\" is a list: expected a text, number or flag", "" },
		/* the table's own */
		{ __LINE__, "server.off", "unknown variable \"server.off\"", "" },
		{ __LINE__, "server.of", "unknown variable \"server.of\"", "" },
		{ __LINE__, "provider.domains", "unknown variable \"provider.domains\"", "" },
		{ __LINE__, "provider.domainsFile", "unknown variable \"provider.domainsFile\"",
		  "" },
		{ __LINE__, "provider.mailExchangers",
		  "unknown variable \"provider.mailExchangers\"", "" },
		/* inside a list there is nothing without a loop */
		{ __LINE__, "provider.notes.text", "unknown variable \"provider.notes.text\"", "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct reference reference;
		struct expression_error error;

		ROW_TRUE(&rows[i],
			 !expression_value(str_of(rows[i].text), &scope, &reference, &error));
		check_error(&rows[i], &error);
	}
}

static void innermost_level(void **state)
{
	struct reference reference;
	struct expression_error error;

	(void)state;
	scope.levels[2].name = STR("server");
	scope.levels[2].record = &server_record;
	scope.depth = 3;
	assert_true(expression_value(STR("server.port"), &scope, &reference, &error));
	assert_int_equal(reference.level, 2);
}

static void lists(void **state)
{
	struct reference reference;
	const struct record *record = NULL;
	struct expression_error error;

	(void)state;
	assert_true(expression_list(STR("provider.incomingServers"), &scope, &reference, &record,
				    &error));
	assert_ptr_equal(record, &server_record);
	assert_true(expression_list(STR("server.authentication"), &scope, &reference, &record,
				    &error));
	assert_string_equal(record->name, "authentication");
	assert_int_equal(reference.level, 1);
	assert_true(expression_list(STR("server.notes"), &scope, &reference, &record, &error));
	assert_string_equal(record->name, "text");
}

static void refused_lists(void **state)
{
	static const struct refused_row rows[] = {
		{ __LINE__, "server.port",
		  "\"server.port\" is no list: there is nothing to repeat for", "" },
		{ __LINE__, "server.pop3",
		  "\"server.pop3\" is no list: there is nothing to repeat for", "" },
		{ __LINE__, "address", "\"address\" is no list: there is nothing to repeat for",
		  "" },
		{ __LINE__, "provider.incomingServer",
		  "unknown variable \"provider.incomingServer\"", "provider.incomingServers" },
		{ __LINE__, "provider.domains", "unknown variable \"provider.domains\"", "" },
		{ __LINE__, "", "expected the name of a variable, found nothing", "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct reference reference;
		const struct record *record;
		struct expression_error error;

		ROW_TRUE(&rows[i], !expression_list(str_of(rows[i].text), &scope, &reference,
						    &record, &error));
		check_error(&rows[i], &error);
	}
}

static struct str describe_test(const struct test *test, char *out, size_t size)
{
	size_t len = 0;

	out[0] = '\0';
	for (size_t i = 0; i < test->count; i++) {
		const struct test_term *term = &test->terms[i];
		char path[100];

		joined_path(&term->reference, path, sizeof(path));
		len += (size_t)snprintf(out + len, size - len, "%s%s%s:%.*s",
					i == 0	    ? ""
					: test->all ? " and "
						    : " or ",
					((const char *[]){ "+", "-", "=", "!" })[term->comparison],
					path, STR_ARGS(term->text));
	}
	return str_of(out);
}

static void tests_of_values(void **state)
{
	static const struct {
		int line;
		const char *text, *meaning;
	} rows[] = {
		{ __LINE__, "server.url", "+1.url:" },
		{ __LINE__, "  server.url ", "+1.url:" },
		{ __LINE__, "not server.url", "-1.url:" },
		{ __LINE__, "not   server.url", "-1.url:" },
		{ __LINE__, "server.pop3", "+1.pop3:" },
		{ __LINE__, "server.notes", "+1.notes:" },
		{ __LINE__, "not server.notes", "-1.notes:" },
		{ __LINE__, "server.type = 'imap'", "=1.type:imap" },
		{ __LINE__, "server.type='imap'", "=1.type:imap" },
		{ __LINE__, "server.type = \"imap\"", "=1.type:imap" },
		{ __LINE__, "server.type != 'imap'", "!1.type:imap" },
		{ __LINE__, "server.type!='imap'", "!1.type:imap" },
		{ __LINE__, "server.username = ''", "=1.username:" },
		{ __LINE__, "server.username = 'a = b'", "=1.username:a = b" },
		{ __LINE__, "server.username = 'a != \"b\"'", "=1.username:a != \"b\"" },
		{ __LINE__, "server.username = \"it's\"", "=1.username:it's" },
		{ __LINE__, "server.username = ' or '", "=1.username: or " },
		{ __LINE__, "server.username = 'x and y' or server.url",
		  "=1.username:x and y or +1.url:" },
		{ __LINE__, "server.url or server.port", "+1.url: or +1.port:" },
		{ __LINE__, "server.url and not server.port", "+1.url: and -1.port:" },
		{ __LINE__, "server.type = 'a' or server.type = 'b' or server.type = 'c'",
		  "=1.type:a or =1.type:b or =1.type:c" },
		{ __LINE__, "server.type = 'a' and server.type != 'b' and provider.id",
		  "=1.type:a and !1.type:b and +0.id:" },
		{ __LINE__, "not address", "-0:" },
		{ __LINE__, "server.url\nor\tnot\nserver.port", "+1.url: or -1.port:" },
	};
	struct arena *arena = arena_new();

	(void)state;
	assert_non_null(arena);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct test test;
		struct expression_error error;
		char meaning[300];
		char text[100];

		snprintf(text, sizeof(text), "%s", rows[i].text);
		ROW_TRUE(&rows[i], expression_test(str_of(text), &scope, arena, &test, &error));
		memset(text, 'x', sizeof(text)); /* nothing may point into it */
		ROW_STR(&rows[i], describe_test(&test, meaning, sizeof(meaning)),
			rows[i].meaning);
	}
	arena_free(arena);
}

static void refused_tests(void **state)
{
	static const struct refused_row rows[] = {
		{ __LINE__, "", "expected the name of a variable, found nothing", "" },
		{ __LINE__, "server.url or ", "expected the name of a variable, found nothing",
		  "" },
		{ __LINE__, " or server.url", "expected the name of a variable, found nothing",
		  "" },
		{ __LINE__, "server.url or  or server.port",
		  "expected the name of a variable, found nothing", "" },
		{ __LINE__, "server.url or server.port and server.type",
		  "\"and\" and \"or\" in one test: expected one of them; use a test inside a test",
		  "" },
		{ __LINE__, "server.type = imap",
		  "expected a text in single quotes, found \"imap\"", "" },
		{ __LINE__, "server.type =", "expected a text in single quotes, found \"\"", "" },
		{ __LINE__, "server.type = '", "expected a text in single quotes, found \"'\"",
		  "" },
		{ __LINE__, "server.type = 'imap",
		  "expected a text in single quotes, found \"'imap\"", "" },
		{ __LINE__, "server.type = 'imap\"",
		  "expected a text in single quotes, found \"'imap\"\"", "" },
		{ __LINE__, "server.type = 'a' 'b'",
		  "expected a text in single quotes, found \"'a' 'b'\"", "" },
		{ __LINE__, "server.type == 'imap'",
		  "expected a text in single quotes, found \"= 'imap'\"", "" },
		{ __LINE__, "provider.id and", "expected the name of a variable, found nothing",
		  "" },
		{ __LINE__, "and provider.id", "expected the name of a variable, found nothing",
		  "" },
		{ __LINE__, "or", "expected the name of a variable, found nothing", "" },
		{ __LINE__, "not", "expected the name of a variable, found nothing", "" },
		{ __LINE__, "server.url and not", "expected the name of a variable, found nothing",
		  "" },
		{ __LINE__, "server.url\nserver.port",
		  "unknown variable \"server.url server.port\"", "" },
		{ __LINE__, "server.type = 'a\nb", "expected a text in single quotes, found "
						   "\"'a b\"", "" },
		{ __LINE__, "= 'imap'", "expected the name of a variable, found nothing", "" },
		{ __LINE__, "!= 'imap'", "expected the name of a variable, found nothing", "" },
		{ __LINE__, "server.pop3 = 'x'",
		  "\"server.pop3\" is an object: expected a text, number or flag", "" },
		{ __LINE__, "server.notes != 'x'",
		  "\"server.notes\" is a list: expected a text, number or flag", "" },
		{ __LINE__, "not server.type = 'imap'", "unknown variable \"not server.type\"",
		  "" },
		{ __LINE__, "server.tpye = 'imap'", "unknown variable \"server.tpye\"",
		  "server.type" },
		{ __LINE__, "server", "\"server\" stands for a whole object: expected \"server.\" "
				      "and the name of a member", "" },
		{ __LINE__, "server.url or server.hots", "unknown variable \"server.hots\"", "" },
	};
	struct arena *arena = arena_new();

	(void)state;
	assert_non_null(arena);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct test test;
		struct expression_error error;

		ROW_TRUE(&rows[i], !expression_test(str_of(rows[i].text), &scope, arena, &test,
						    &error));
		check_error(&rows[i], &error);
	}
	arena_free(arena);
}

/*
 * Tests are decided at load, for all requests of a provider: what only a request says cannot
 * be compared with a text.
 */
static void comparing_the_request(void **state)
{
	static const char *const texts[] = {
		"domain = 'example.com'",
		"domain != 'example.com'",
		"address = 'ann@example.com'",
		"localPart = 'ann'",
	};
	struct arena *arena = arena_new();
	size_t taken = 0;

	(void)state;
	assert_non_null(arena);
	for (size_t i = 0; i < COUNT(texts); i++) {
		struct test test;
		struct expression_error error;

		taken += expression_test(str_of(texts[i]), &scope, arena, &test, &error);
		if (!strstr(error.text, "cannot be compared"))
			fail_msg("%s: %s", texts[i], error.text);
	}
	arena_free(arena);
	assert_int_equal(taken, 0);
}

static void long_names(void **state)
{
	static char name[2000];
	struct reference reference;
	struct expression_error error;

	(void)state;
	memset(name, 'x', sizeof(name) - 1);
	assert_false(expression_value(str_of(name), &scope, &reference, &error));
	assert_memory_equal(error.text, "unknown variable \"xxx", 21);
	assert_int_equal(error.suggestion.len, 0);
	memcpy(name, "sever.", 6);
	assert_false(expression_value(str_of(name), &scope, &reference, &error));
	assert_int_equal(error.suggestion.len, 0); /* none that is cut */
}

#define EXPRESSION_TEST(function) \
	cmocka_unit_test_setup_teardown(function, setup, unit_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		EXPRESSION_TEST(values),	  EXPRESSION_TEST(refused_values),
		EXPRESSION_TEST(innermost_level), EXPRESSION_TEST(lists),
		EXPRESSION_TEST(refused_lists),	  EXPRESSION_TEST(tests_of_values),
		EXPRESSION_TEST(refused_tests),	  EXPRESSION_TEST(comparing_the_request),
		EXPRESSION_TEST(long_names),
	};

	return cmocka_run_group_tests_name("expression", tests, NULL, NULL);
}
