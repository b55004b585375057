/* Header fields, framing, and bodies in pieces. */
#include "unit.h"

#include "exchange.h"

static void notes(void **state)
{
	static const char *const names[] = {
		"Host", "If-None-Match", "Content-Length", "Forwarded", "X-Forwarded-For",
		"X-Forwarded-Host", "X-Forwarded-Proto", "Expect", "Transfer-Encoding",
		/* of the same lengths, or nearly one of them */
		"Hosts", "Hos", "Cook", "Accept", "Accepting", "Authorization", "Content-Langth",
		"X-Forwarded-Fox", "X-Forwarded-Hos", "X-Forwarded-Prota", "",
	};
	struct fields fields = { 0 };
	char upper[32];

	(void)state;
	for (size_t i = 0; i < COUNT(names); i++)
		fields_note(&fields, str_of(names[i]), str_of(names[i]));
	assert_str(fields.host, "Host");
	assert_str(fields.if_none_match, "If-None-Match");
	assert_str(fields.content_length, "Content-Length");
	assert_str(fields.forwarded.forwarded, "Forwarded");
	assert_str(fields.forwarded.x_for, "X-Forwarded-For");
	assert_str(fields.forwarded.x_host, "X-Forwarded-Host");
	assert_str(fields.forwarded.x_proto, "X-Forwarded-Proto");
	assert_int_equal(fields.hosts, 1);
	assert_int_equal(fields.content_lengths, 1);
	assert_true(fields.has_transfer_encoding);
	assert_false(fields.expects_continue); /* another expectation */

	/* names in any case; the last one stays, and they are counted */
	for (size_t i = 0; i < COUNT(names); i++) {
		size_t len = strlen(names[i]);

		for (size_t j = 0; j <= len; j++)
			upper[j] = (char)(names[i][j] >= 'a' ? names[i][j] - 32 : names[i][j]);
		fields_note(&fields, (struct str){ upper, len }, STR("later"));
	}
	assert_str(fields.host, "later");
	assert_str(fields.if_none_match, "later");
	assert_str(fields.content_length, "later");
	assert_str(fields.forwarded.forwarded, "later");
	assert_str(fields.forwarded.x_for, "later");
	assert_str(fields.forwarded.x_host, "later");
	assert_str(fields.forwarded.x_proto, "later");
	assert_int_equal(fields.hosts, 2);
	assert_int_equal(fields.content_lengths, 2);
}

static void expectations(void **state)
{
	static const struct {
		int line;
		const char *value;
		bool want;
	} rows[] = {
		{ __LINE__, "100-continue", true },
		{ __LINE__, "100-Continue", true },
		{ __LINE__, "100", false },
		{ __LINE__, "", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct fields fields = { 0 };

		fields_note(&fields, STR("expect"), str_of(rows[i].value));
		ROW_INT(&rows[i], fields.expects_continue, rows[i].want);
	}
}

/* A header as text, "Name: value" a line, to a verdict. */
static void verdicts(void **state)
{
	static const struct {
		int line;
		const char *header;
		unsigned want_1_0, want_1_1; /* with a limit of 100 */
	} rows[] = {
		{ __LINE__, "", 0, 400 },
		{ __LINE__, "Accept: x", 0, 400 },
		{ __LINE__, "Host: a", 0, 0 },
		{ __LINE__, "Host: ", 0, 0 },
		{ __LINE__, "Host: a\nHost: a", 400, 400 },
		{ __LINE__, "Host: a\nHost: b", 400, 400 },
		{ __LINE__, "Host: a\nContent-Length: 0", 0, 0 },
		{ __LINE__, "Host: a\nContent-Length: 00", 0, 0 },
		{ __LINE__, "Host: a\nContent-Length: 100", 0, 0 },
		/* read and dropped, and answered then */
		{ __LINE__, "Host: a\nContent-Length: 101", 0, 0 },
		{ __LINE__, "Host: a\nContent-Length: 1048576", 0, 0 },
		{ __LINE__, "Host: a\nContent-Length: 1048577", 413, 413 },
		{ __LINE__, "Host: a\nContent-Length: 99999999999999999999999999", 413, 413 },
		{ __LINE__, "Host: a\nContent-Length: 5\nContent-Length: 5", 400, 400 },
		{ __LINE__, "Host: a\nContent-Length: 5, 5", 400, 400 },
		{ __LINE__, "Host: a\nContent-Length: ", 400, 400 },
		{ __LINE__, "Host: a\nContent-Length: -1", 400, 400 },
		{ __LINE__, "Host: a\nContent-Length: +1", 400, 400 },
		{ __LINE__, "Host: a\nContent-Length: 1 1", 400, 400 },
		{ __LINE__, "Host: a\nContent-Length: 0x10", 400, 400 },
		{ __LINE__, "Host: a\nContent-Length: 1e3", 400, 400 },
		{ __LINE__, "Host: a\nTransfer-Encoding: chunked", 0, 0 },
		{ __LINE__, "Host: a\nContent-Length: 5\nTransfer-Encoding: chunked", 400, 400 },
		{ __LINE__, "Host: a\nTransfer-Encoding: identity\nContent-Length: 0", 400, 400 },
		/* nobody writes a body who waits for leave */
		{ __LINE__, "Host: a\nExpect: 100-continue", 0, 0 },
		{ __LINE__, "Host: a\nExpect: 100-continue\nContent-Length: 100", 0, 0 },
		{ __LINE__, "Host: a\nExpect: 100-continue\nContent-Length: 101", 413, 413 },
		{ __LINE__, "Content-Length: 101\nHost: a\nExpect: 100-continue", 413, 413 },
		{ __LINE__, "Content-Length: 1048577", 413, 400 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct str rest = str_of(rows[i].header);
		struct fields fields = { 0 };
		struct str line;

		while (str_split(&rest, '\n', &line)) {
			size_t colon = str_find(line, ':');

			if (colon < line.len)
				fields_note(&fields, str_first(line, colon),
					    str_trim(str_from(line, colon + 1)));
		}
		ROW_INT(&rows[i], fields_verdict(&fields, false, 100), rows[i].want_1_0);
		ROW_INT(&rows[i], fields_verdict(&fields, true, 100), rows[i].want_1_1);
	}
}

static void bodies(void **state)
{
	static const struct {
		int line;
		const char *pieces[4];
		const char *want;
		size_t seen;
	} rows[] = {
		{ __LINE__, { "abc" }, "abc", 3 },
		{ __LINE__, { "abc", "def" }, "abcdef", 6 },
		{ __LINE__, { "abcd", "efgh" }, "abcdefgh", 8 },
		{ __LINE__, { "abcdefgh" }, "abcdefgh", 8 },
		{ __LINE__, { "abcdefghi" }, "abcdefgh", 9 },
		{ __LINE__, { "abcdef", "ghi", "jkl", "m" }, "abcdefgh", 13 },
		{ __LINE__, { "", "a", "", "b" }, "ab", 2 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct body body = { 0 };

		for (size_t j = 0; j < COUNT(rows[i].pieces) && rows[i].pieces[j]; j++)
			ROW_TRUE(&rows[i], body_add(&body, str_of(rows[i].pieces[j]), 8));
		ROW_STR(&rows[i], ((struct str){ body.bytes, body.len }), rows[i].want);
		ROW_INT(&rows[i], body.seen, rows[i].seen);
		free(body.bytes);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(notes),
		cmocka_unit_test(expectations),
		cmocka_unit_test(verdicts),
		cmocka_unit_test(bodies),
	};

	return cmocka_run_group_tests_name("exchange", tests, NULL, NULL);
}
