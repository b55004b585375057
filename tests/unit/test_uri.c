/* Request targets and their parameters. */
#include "unit.h"

#include "uri.h"

static void targets(void **state)
{
	static const struct {
		int line;
		const char *target;
		const char *path; /* NULL: refused */
		const char *query, *authority;
	} rows[] = {
		{ __LINE__, "/", "/", "", "" },
		{ __LINE__, "/a/b.xml", "/a/b.xml", "", "" },
		{ __LINE__, "/a/", "/a/", "", "" },
		{ __LINE__, "/a?b=c", "/a", "b=c", "" },
		{ __LINE__, "/a?", "/a", "", "" },
		{ __LINE__, "/a?b?c", "/a", "b?c", "" },
		{ __LINE__, "/?/../", "/", "/../", "" },
		{ __LINE__, "/a%2Eb%2eC", "/a.b.C", "", "" },
		{ __LINE__, "/a%20b?c%20d", "/a b", "c%20d", "" },
		{ __LINE__, "/a+b", "/a+b", "", "" },
		{ __LINE__, "/a%3Fb?c", "/a?b", "c", "" },
		{ __LINE__, "/%2561", "/%61", "", "" },
		{ __LINE__, "/%C3%A9", "/\xc3\xa9", "", "" },
		{ __LINE__, "/...", "/...", "", "" },
		{ __LINE__, "/.a", "/.a", "", "" },
		{ __LINE__, "/a..", "/a..", "", "" },
		/* the absolute form */
		{ __LINE__, "http://h.example/a?b", "/a", "b", "h.example" },
		{ __LINE__, "HTTPS://H.example:443/a", "/a", "", "H.example:443" },
		{ __LINE__, "http://h.example", "/", "", "h.example" },
		{ __LINE__, "http://h.example?b", "/", "b", "h.example" },
		{ __LINE__, "http://h.example/?b/c", "/", "b/c", "h.example" },
		{ __LINE__, "http:///a", "/a", "", "" },
		{ __LINE__, "http://", NULL, "", "" },
		{ __LINE__, "http://?a", NULL, "", "" },
		{ __LINE__, "ftp://h.example/a", NULL, "", "" },
		{ __LINE__, "http:/a", NULL, "", "" },
		/* no path */
		{ __LINE__, "", NULL, "", "" },
		{ __LINE__, "*", NULL, "", "" },
		{ __LINE__, "?a", NULL, "", "" },
		{ __LINE__, "a", NULL, "", "" },
		{ __LINE__, "%2Fa", NULL, "", "" },
		{ __LINE__, "h.example:443", NULL, "", "" },
		/* bad escapes */
		{ __LINE__, "/%", NULL, "", "" },
		{ __LINE__, "/%4", NULL, "", "" },
		{ __LINE__, "/%4g", NULL, "", "" },
		{ __LINE__, "/%g4", NULL, "", "" },
		{ __LINE__, "/%%41", NULL, "", "" },
		{ __LINE__, "/%-1", NULL, "", "" },
		{ __LINE__, "/%00", NULL, "", "" },
		{ __LINE__, "/a%00b", NULL, "", "" },
		{ __LINE__, "/%?41", NULL, "", "" },
		/* dot and empty segments */
		{ __LINE__, "/.", NULL, "", "" },
		{ __LINE__, "/..", NULL, "", "" },
		{ __LINE__, "/./a", NULL, "", "" },
		{ __LINE__, "/a/../b", NULL, "", "" },
		{ __LINE__, "/a/..", NULL, "", "" },
		{ __LINE__, "/a/%2e%2E/b", NULL, "", "" },
		{ __LINE__, "/a%2F..%2Fb", NULL, "", "" },
		{ __LINE__, "//", NULL, "", "" },
		{ __LINE__, "//a", NULL, "", "" },
		{ __LINE__, "/a//b", NULL, "", "" },
		{ __LINE__, "/a/%2Fb", NULL, "", "" },
		{ __LINE__, "http://h.example//a", NULL, "", "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct uri uri;
		bool good = uri_parse(str_of(rows[i].target), &uri);

		ROW_INT(&rows[i], good, rows[i].path != NULL);
		if (!good)
			continue;
		ROW_STR(&rows[i], uri.path, rows[i].path);
		ROW_STR(&rows[i], uri.query, rows[i].query);
		ROW_STR(&rows[i], uri.authority, rows[i].authority);
	}
	assert_false(uri_parse(STR("/a\0b"), &(struct uri){ 0 }));
}

/* As it was sent, where it is to be sent on. */
static void raw_paths(void **state)
{
	static const struct {
		int line;
		const char *target, *raw_path;
	} rows[] = {
		{ __LINE__, "/a%2Eb%2eC?d", "/a%2Eb%2eC" },
		{ __LINE__, "/A%40b", "/A%40b" },
		{ __LINE__, "https://h.example/A%40?b", "/A%40" },
		{ __LINE__, "https://h.example?b", "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct uri uri;

		ROW_TRUE(&rows[i], uri_parse(str_of(rows[i].target), &uri));
		ROW_STR(&rows[i], uri.raw_path, rows[i].raw_path);
	}
}

/* What counts is how long it is decoded. */
static void long_paths(void **state)
{
	char plain[URI_PATH_MOST + 1];
	char escaped[3 * URI_PATH_MOST];
	struct uri uri;

	(void)state;
	memset(plain, 'a', sizeof(plain));
	plain[0] = '/';
	assert_true(uri_parse((struct str){ plain, URI_PATH_MOST }, &uri));
	assert_int_equal(uri.path.len, URI_PATH_MOST);
	assert_memory_equal(uri.path.p, plain, URI_PATH_MOST);
	assert_false(uri_parse((struct str){ plain, URI_PATH_MOST + 1 }, &uri));

	escaped[0] = '/';
	for (size_t i = 0; i + 1 < URI_PATH_MOST; i++)
		memcpy(escaped + 1 + 3 * i, "%61", 3);
	assert_true(uri_parse((struct str){ escaped, 3 * URI_PATH_MOST - 2 }, &uri));
	assert_int_equal(uri.path.len, URI_PATH_MOST);
	assert_memory_equal(uri.path.p, plain, URI_PATH_MOST);
}

static void parameters(void **state)
{
	static const struct {
		int line;
		const char *query;
		const char *want; /* of "Email"; NULL: none */
	} rows[] = {
		{ __LINE__, "Email=a@b.example", "a@b.example" },
		{ __LINE__, "Email=a%40b.example", "a@b.example" },
		{ __LINE__, "Email=a+b", "a+b" },
		{ __LINE__, "Email=a%2Bb", "a+b" },
		{ __LINE__, "Email=a%20b", "a b" },
		{ __LINE__, "Email=a=b", "a=b" },
		{ __LINE__, "Email=a%26b&c", "a&b" },
		{ __LINE__, "x=1&Email=a&y=2", "a" },
		{ __LINE__, "Email=a&Email=b", "a" },
		{ __LINE__, "Email=&Email=b", "b" },
		{ __LINE__, "Email&Email=b", "b" },
		{ __LINE__, "Email=%&Email=b", "b" },
		{ __LINE__, "Email=%4&Email=b", "b" },
		{ __LINE__, "Email=a%00&Email=b", "b" },
		{ __LINE__, "Email=%ff&Email=b", "b" },
		{ __LINE__, "Email=%C3&Email=b", "b" },
		{ __LINE__, "Email=%C3%A9", "\xc3\xa9" },
		{ __LINE__, "&&Email=b&&", "b" },
		{ __LINE__, "=x&Email=b", "b" },
		{ __LINE__, "email=a", NULL },
		{ __LINE__, "EMAIL=a", NULL },
		{ __LINE__, "xEmail=a", NULL },
		{ __LINE__, "Emailx=a", NULL },
		{ __LINE__, "E%6Dail=a", NULL },
		{ __LINE__, "Email", NULL },
		{ __LINE__, "Email=", NULL },
		{ __LINE__, "Email=%zz", NULL },
		{ __LINE__, "x=Email=a", NULL },
		{ __LINE__, "", NULL },
		{ __LINE__, "&", NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		char buffer[URI_VALUE_MOST];
		struct str value = STR("untouched");
		bool found = uri_parameter(str_of(rows[i].query), STR("Email"), buffer, &value);

		ROW_INT(&rows[i], found, rows[i].want != NULL);
		ROW_STR(&rows[i], value, rows[i].want ? rows[i].want : "untouched");
	}
}

static void long_values(void **state)
{
	static const char end[] = "&a=b";
	char query[2 + URI_VALUE_MOST + 1 + sizeof(end)] = "a=";
	char buffer[URI_VALUE_MOST];
	struct str value;

	(void)state;
	memset(query + 2, 'x', URI_VALUE_MOST + 1);
	memcpy(query + 2 + URI_VALUE_MOST, end, sizeof(end));
	assert_true(uri_parameter(str_of(query), STR("a"), buffer, &value));
	assert_int_equal(value.len, URI_VALUE_MOST);
	/* one more: passed over */
	query[2 + URI_VALUE_MOST] = 'x';
	memcpy(query + 2 + URI_VALUE_MOST + 1, end, sizeof(end));
	assert_true(uri_parameter(str_of(query), STR("a"), buffer, &value));
	assert_str(value, "b");
}

static void parameters_once(void **state)
{
	static const struct {
		int line;
		const char *query;
		enum uri_presence presence;
		const char *want;
	} rows[] = {
		{ __LINE__, "Email=a@b", URI_PRESENT, "a@b" },
		{ __LINE__, "EMAIL=a", URI_PRESENT, "a" },
		{ __LINE__, "x=1&eMail=a%40b&y", URI_PRESENT, "a@b" },
		{ __LINE__, "Email=a+b", URI_PRESENT, "a+b" },
		{ __LINE__, "Email=a=b", URI_PRESENT, "a=b" },
		{ __LINE__, "Email=%C3%A9", URI_PRESENT, "\xc3\xa9" },
		{ __LINE__, "&&Email=b&&", URI_PRESENT, "b" },
		{ __LINE__, "", URI_ABSENT, "" },
		{ __LINE__, "&", URI_ABSENT, "" },
		{ __LINE__, "Email=", URI_ABSENT, "" },
		{ __LINE__, "Emailx=a&xEmail=b", URI_ABSENT, "" },
		{ __LINE__, "E%6Dail=a", URI_ABSENT, "" },
		{ __LINE__, "x=Email=a", URI_ABSENT, "" },
		/* an empty one is none, wherever it stands */
		{ __LINE__, "Email=&Email=a", URI_PRESENT, "a" },
		{ __LINE__, "Email=a&Email=a", URI_AMBIGUOUS, "" },
		{ __LINE__, "Email=a&EMAIL=b", URI_AMBIGUOUS, "" },
		{ __LINE__, "Email=a&x=y&Email=", URI_AMBIGUOUS, "" },
		{ __LINE__, "Email", URI_AMBIGUOUS, "" },
		{ __LINE__, "Email=a&email", URI_AMBIGUOUS, "" },
		{ __LINE__, "Email=%", URI_AMBIGUOUS, "" },
		{ __LINE__, "Email=%4", URI_AMBIGUOUS, "" },
		{ __LINE__, "Email=%zz", URI_AMBIGUOUS, "" },
		{ __LINE__, "Email=a%00", URI_AMBIGUOUS, "" },
		{ __LINE__, "Email=%ff", URI_AMBIGUOUS, "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		char buffer[URI_VALUE_MOST];
		struct str value = STR("untouched");

		ROW_INT(&rows[i],
			uri_parameter_once(str_of(rows[i].query), STR("Email"), buffer, &value),
			rows[i].presence);
		ROW_STR(&rows[i], value, rows[i].want);
	}
}

static void long_values_once(void **state)
{
	char query[2 + URI_VALUE_MOST + 1] = "a=";
	char buffer[URI_VALUE_MOST];
	struct str value;

	(void)state;
	memset(query + 2, 'x', URI_VALUE_MOST + 1);
	assert_int_equal(uri_parameter_once((struct str){ query, 2 + URI_VALUE_MOST }, STR("a"),
					    buffer, &value),
			 URI_PRESENT);
	assert_int_equal(value.len, URI_VALUE_MOST);
	assert_int_equal(uri_parameter_once((struct str){ query, sizeof(query) }, STR("a"), buffer,
					    &value),
			 URI_AMBIGUOUS);
	assert_int_equal(value.len, 0);
}

/* Exactly the characters of RFC 3986: unreserved, reserved, and the percent sign. */
static void clean(void **state)
{
	static const char good[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
				   "-._~:/?#[]@!$&'()*+,;=%";

	(void)state;
	for (int c = 0; c < 256; c++) {
		char text[3] = { 'a', (char)c, 'b' };

		if (uri_is_clean((struct str){ text, 3 }) != (c && strchr(good, c)))
			fail_msg("character %d", c);
	}
	assert_true(uri_is_clean(STR("")));
	assert_true(uri_is_clean(str_of(good)));
	assert_false(uri_is_clean(STR("a\r\nX: y")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(targets),
		cmocka_unit_test(raw_paths),
		cmocka_unit_test(long_paths),
		cmocka_unit_test(parameters),
		cmocka_unit_test(long_values),
		cmocka_unit_test(parameters_once),
		cmocka_unit_test(long_values_once),
		cmocka_unit_test(clean),
	};

	return cmocka_run_group_tests_name("uri", tests, NULL, NULL);
}
