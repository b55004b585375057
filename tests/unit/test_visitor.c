/* What a browser says of its person: languages and the system. */
#include "unit.h"

#include "visitor.h"

static struct catalog catalogs[] = {
	{ .code = { .p = "de", .len = 2 } },
	{ .code = { .p = "es", .len = 2 } },
	{ .code = { .p = "pt-BR", .len = 5 } },
};

static const struct pages pages = { .catalogs = catalogs, .catalog_count = COUNT(catalogs) };

static void languages(void **state)
{
	static const struct {
		int line;
		const char *accepted, *language;
	} rows[] = {
		{ __LINE__, "", "en" },
		{ __LINE__, "de", "de" },
		{ __LINE__, "es", "es" },
		{ __LINE__, "en", "en" },
		{ __LINE__, "fr", "en" },
		{ __LINE__, "*", "en" },
		{ __LINE__, "DE", "de" },
		/* more and more of the range is left away */
		{ __LINE__, "de-AT", "de" },
		{ __LINE__, "de-AT-1996", "de" },
		{ __LINE__, "pt-br", "pt-BR" },
		{ __LINE__, "pt-BR-x-a", "pt-BR" },
		{ __LINE__, "pt", "en" },
		{ __LINE__, "pt-PT", "en" },
		{ __LINE__, "deu", "en" },
		{ __LINE__, "d", "en" },
		{ __LINE__, "de_AT", "en" },
		{ __LINE__, "-de", "en" },
		{ __LINE__, "-", "en" },
		/* by quality, of equals the first */
		{ __LINE__, "fr, de", "de" },
		{ __LINE__, "en, de", "en" },
		{ __LINE__, "de, en", "de" },
		{ __LINE__, "de;q=0.5, es", "es" },
		{ __LINE__, "en;q=0.5,de;q=0.6", "de" },
		{ __LINE__, "en;q=0.5,de;q=0.50", "en" },
		{ __LINE__, "en;q=0.5,de;q=0.501", "de" },
		{ __LINE__, "en;q=0.999,de;q=1", "de" },
		{ __LINE__, "en;q=0.999,de;q=1.000", "de" },
		{ __LINE__, "en;q=0.09,de;q=0.1", "de" },
		{ __LINE__, "en;Q=0.1,de;Q=0.2", "de" },
		{ __LINE__, "en ; q=0.1 , de ; q=0.2", "de" },
		{ __LINE__, "\ten;q=0.1,\tde;q=0.2\t", "de" },
		{ __LINE__, "de;q=0", "en" },
		{ __LINE__, "de;q=0.0, es;q=0.001", "es" },
		/* what cannot be read counts for nothing */
		{ __LINE__, "de;q=, es;q=0.1", "es" },
		{ __LINE__, "de;q=x, es;q=0.1", "es" },
		{ __LINE__, "de;q=-1, es;q=0.1", "es" },
		{ __LINE__, "de;q=2, es;q=0.1", "es" },
		{ __LINE__, "de;q=.5, es;q=0.1", "es" },
		{ __LINE__, ",,;,=;q=1,de", "de" },
		{ __LINE__, ";q=1", "en" },
		{ __LINE__, "\xff\xfe, de", "de" },
		/* Firefox, Safari, Chromium */
		{ __LINE__, "de,en-US;q=0.7,en;q=0.3", "de" },
		{ __LINE__, "es-419,es;q=0.9,en;q=0.8", "es" },
		{ __LINE__, "en-US,en;q=0.9,de;q=0.8", "en" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		size_t language = visitor_language(&pages, str_of(rows[i].accepted));

		ROW_STR(&rows[i], pages_language(&pages, language), rows[i].language);
	}
}

/* Only so many are read. */
static void many_languages(void **state)
{
	struct buf buf = BUF_EMPTY;

	(void)state;
	for (int i = 0; i < 31; i++)
		buf_add(&buf, STR("xx,"));
	buf_add(&buf, STR("de"));
	assert_int_equal(visitor_language(&pages, buf_str(&buf)), 1);
	buf_fini(&buf);
	for (int i = 0; i < 5000; i++)
		buf_add(&buf, STR("xx,"));
	buf_add(&buf, STR("de"));
	assert_int_equal(visitor_language(&pages, buf_str(&buf)), 0);
	buf_fini(&buf);
}

static void finding(void **state)
{
	size_t language = 7;

	(void)state;
	assert_true(visitor_find_language(&pages, STR("En"), &language));
	assert_int_equal(language, 0);
	assert_true(visitor_find_language(&pages, STR("ES"), &language));
	assert_int_equal(language, 2);
	/* a code as it is, without looking further */
	assert_false(visitor_find_language(&pages, STR("de-AT"), &language));
	assert_false(visitor_find_language(&pages, STR(""), &language));
	assert_int_equal(language, 2);
}

static void systems(void **state)
{
#define MOZILLA "Mozilla/5.0 ("
	static const struct {
		int line;
		const char *agent, *key;
	} rows[] = {
		{ __LINE__, "", "" },
		{ __LINE__, "curl/8.0", "" },
		{ __LINE__, MOZILLA "iPhone; CPU iPhone OS 18_1 like Mac OS X)", "ios" },
		{ __LINE__, MOZILLA "iPad; CPU OS 12_5 like Mac OS X)", "ios" },
		{ __LINE__, MOZILLA "iPod touch; CPU iPhone OS 12_5 like Mac OS X)", "ios" },
		{ __LINE__, MOZILLA "Macintosh; Intel Mac OS X 10_15_7)", "macos" },
		{ __LINE__, MOZILLA "Linux; Android 10; K)", "android" },
		{ __LINE__, MOZILLA "Android 15; Mobile; rv:132.0)", "android" },
		{ __LINE__, MOZILLA "Windows NT 10.0; Win64; x64)", "windows" },
		{ __LINE__, MOZILLA "X11; Linux x86_64; rv:132.0)", "linux" },
		{ __LINE__, MOZILLA "X11; FreeBSD amd64; rv:132.0)", "linux" },
		{ __LINE__, MOZILLA "X11; CrOS x86_64 14541.0.0)", "other" },
		{ __LINE__, MOZILLA "windows", "" },
		{ __LINE__, "Linu", "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		ROW_STR(&rows[i], visitor_system(str_of(rows[i].agent)), rows[i].key);
	assert_str(visitor_system((struct str){ 0 }), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(languages),
		cmocka_unit_test(many_languages),
		cmocka_unit_test(finding),
		cmocka_unit_test(systems),
	};

	return cmocka_run_group_tests_name("visitor", tests, NULL, NULL);
}
