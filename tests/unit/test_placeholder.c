/* Placeholders, and the mistakes in them. */
#include "unit.h"

#include "placeholder.h"

static void splitting(void **state)
{
	static const struct {
		int line;
		const char *text;
		const char *pieces; /* joined by "|", each with a letter for its kind */
	} rows[] = {
		{ __LINE__, "", "" },
		{ __LINE__, "plain", "-plain|" },
		{ __LINE__, "%EMAILADDRESS%", "A%EMAILADDRESS%|" },
		{ __LINE__, "%EMAILLOCALPART%", "L%EMAILLOCALPART%|" },
		{ __LINE__, "%EMAILDOMAIN%", "D%EMAILDOMAIN%|" },
		{ __LINE__, "a%EMAILDOMAIN%b", "-a|D%EMAILDOMAIN%|-b|" },
		{ __LINE__, "%EMAILLOCALPART%@%EMAILDOMAIN%",
		  "L%EMAILLOCALPART%|-@|D%EMAILDOMAIN%|" },
		{ __LINE__, "%EMAILDOMAIN%%EMAILDOMAIN%", "D%EMAILDOMAIN%|D%EMAILDOMAIN%|" },
		{ __LINE__, "%%EMAILDOMAIN%%", "-%|D%EMAILDOMAIN%|-%|" },
		{ __LINE__, "%", "-%|" },
		{ __LINE__, "100%", "-100%|" },
		{ __LINE__, "%EMAILADDRESS", "-%EMAILADDRESS|" },
		{ __LINE__, "EMAILADDRESS%", "-EMAILADDRESS%|" },
		{ __LINE__, "%emailaddress%", "-%emailaddress%|" },
		{ __LINE__, "%EMAILADDRESSES%", "-%EMAILADDRESSES%|" },
		{ __LINE__, "%OTHER%", "-%OTHER%|" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct str rest = str_of(rows[i].text);
		struct str piece;
		enum placeholder kind;
		char joined[200] = "";
		size_t len = 0;

		while (placeholder_next(&rest, &piece, &kind)) {
			ROW_TRUE(&rows[i], piece.len > 0);
			len += (size_t)snprintf(joined + len, sizeof(joined) - len, "%c%.*s|",
						"-ALD"[kind], STR_ARGS(piece));
		}
		ROW_STR(&rows[i], str_of(joined), rows[i].pieces);
		ROW_INT(&rows[i], rest.len, 0);
	}
}

static void mistakes(void **state)
{
	static const struct {
		int line;
		const char *text;
		enum placeholder_mistake mistake;
		const char *word;
	} rows[] = {
		{ __LINE__, "", PLACEHOLDER_GOOD, NULL },
		{ __LINE__, "plain", PLACEHOLDER_GOOD, NULL },
		{ __LINE__, "%EMAILADDRESS%", PLACEHOLDER_GOOD, NULL },
		{ __LINE__, "a.%EMAILLOCALPART%.b.%EMAILDOMAIN%", PLACEHOLDER_GOOD, NULL },
		{ __LINE__, "100 %", PLACEHOLDER_GOOD, NULL },
		{ __LINE__, "100% GOOD", PLACEHOLDER_GOOD, NULL },
		{ __LINE__, "%20%C3%A6%E2%82%AC", PLACEHOLDER_GOOD, NULL },
		{ __LINE__, "%ABBA%20", PLACEHOLDER_GOOD, NULL },
		{ __LINE__, "%ab%", PLACEHOLDER_GOOD, NULL },
		{ __LINE__, "%%", PLACEHOLDER_GOOD, NULL },
		{ __LINE__, "%EMAILADDRESS", PLACEHOLDER_UNCLOSED, "EMAILADDRESS" },
		{ __LINE__, "a %EMAILDOMAIN b", PLACEHOLDER_UNCLOSED, "EMAILDOMAIN" },
		{ __LINE__, "%EMAILADDRESS@x", PLACEHOLDER_UNCLOSED, "EMAILADDRESS" },
		{ __LINE__, "%EMAILADRESS", PLACEHOLDER_UNCLOSED, "EMAILADRESS" },
		{ __LINE__, "%EMAIL", PLACEHOLDER_UNCLOSED, "EMAIL" },
		{ __LINE__, "%EMAILADRESS%", PLACEHOLDER_UNKNOWN, "EMAILADRESS" },
		{ __LINE__, "%EMAILADDRESSS%", PLACEHOLDER_UNKNOWN, "EMAILADDRESSS" },
		{ __LINE__, "%emailaddress%", PLACEHOLDER_UNKNOWN, "emailaddress" },
		{ __LINE__, "x%EmailDomian%", PLACEHOLDER_UNKNOWN, "EmailDomian" },
		{ __LINE__, "%USER%", PLACEHOLDER_UNKNOWN, "USER" },
		{ __LINE__, "%EMAILDOMAIN%/%REALNAME%", PLACEHOLDER_UNKNOWN, "REALNAME" },
		{ __LINE__, "%20%USER%", PLACEHOLDER_UNKNOWN, "USER" },
		{ __LINE__, "%EMAILDOMAIN%EMAILADDRESS%", PLACEHOLDER_GOOD, NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct str word;

		ROW_INT(&rows[i], placeholder_check(str_of(rows[i].text), &word),
			rows[i].mistake);
		if (rows[i].word)
			ROW_STR(&rows[i], word, rows[i].word);
	}
}

static void suggestions(void **state)
{
	static const struct {
		int line;
		const char *word, *suggestion;
	} rows[] = {
		{ __LINE__, "EMAILADRESS", "EMAILADDRESS" },
		{ __LINE__, "EMAILADDRESSS", "EMAILADDRESS" },
		{ __LINE__, "EMIALADDRESS", "EMAILADDRESS" },
		{ __LINE__, "EMAILLOCALPRAT", "EMAILLOCALPART" },
		{ __LINE__, "EMAILDOMIAN", "EMAILDOMAIN" },
		{ __LINE__, "MAILDOMAIN", "EMAILDOMAIN" },
		{ __LINE__, "DOMAIN", "" },
		{ __LINE__, "USER", "" },
		{ __LINE__, "", "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		ROW_STR(&rows[i], placeholder_suggest(str_of(rows[i].word)),
			rows[i].suggestion);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(splitting),
		cmocka_unit_test(mistakes),
		cmocka_unit_test(suggestions),
	};

	return cmocka_run_group_tests_name("placeholder", tests, NULL, NULL);
}
