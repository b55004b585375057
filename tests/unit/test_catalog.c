/* Catalogues of texts: what is taken from a .po file, and the mistakes in one. */
#include "unit.h"

#include "catalog.h"

static bool load(struct unit *unit, struct arena *arena, struct str text, struct catalog *catalog)
{
	unit_fresh(unit);
	return catalog_load(catalog, STR("de"), unit_write_bytes(unit, "de.po", text), arena,
			    unit->diags);
}

struct text_row {
	int line;
	const char *po, *text, *translation;
};

static void check_texts(struct unit *unit, const struct text_row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct arena *arena = arena_new();
		struct catalog catalog;

		ROW_TRUE(&rows[i], load(unit, arena, str_of(rows[i].po), &catalog));
		ROW_STR(&rows[i], str_of(unit_findings(unit)), "");
		ROW_STR(&rows[i], catalog_text(&catalog, str_of(rows[i].text)),
			rows[i].translation);
		catalog_fini(&catalog);
		arena_free(arena);
	}
}

#define A_B "msgid \"a\"\nmsgstr \"b\"\n"

static void texts(void **state)
{
	static const struct text_row rows[] = {
		{ __LINE__, "", "a", "a" },
		{ __LINE__, A_B, "a", "b" },
		{ __LINE__, "msgid \"a\"\nmsgstr \"b\"", "a", "b" },
		{ __LINE__, A_B, "A", "A" },
		{ __LINE__, A_B, "a ", "a " },
		{ __LINE__, A_B "\nmsgid \"c\"\nmsgstr \"d\"\n", "a", "b" },
		{ __LINE__, A_B "\nmsgid \"c\"\nmsgstr \"d\"\n", "c", "d" },
		/* with nothing between them, or comments */
		{ __LINE__, A_B "msgid \"c\"\nmsgstr \"d\"\n", "a", "b" },
		{ __LINE__, A_B "msgid \"c\"\nmsgstr \"d\"\n", "c", "d" },
		{ __LINE__, A_B "# x\n#. y\n#: z\nmsgid \"c\"\nmsgstr \"d\"\n", "c", "d" },
		{ __LINE__, "#: page.xml\nmsgid \"a\"\n# between\nmsgstr \"b\"\n", "a", "b" },
		/* of several lines */
		{ __LINE__, "msgid \"\"\n\"one \"\n\"two\"\nmsgstr \"\"\n\"eins \"\n\"zwei\"\n",
		  "one two", "eins zwei" },
		{ __LINE__, "msgid \"one \"\n  \"two\"\nmsgstr \"eins \"\n\t\"zwei\"\n", "one two",
		  "eins zwei" },
		/* as other systems and editors write it */
		{ __LINE__, "msgid \"a\"\r\nmsgstr \"b\"\r\n", "a", "b" },
		{ __LINE__, "  msgid\t\"a\"  \n  msgstr   \"b\"\n", "a", "b" },
		/* escapes */
		{ __LINE__, "msgid \"a \\\"b\\\" \\\\n\"\nmsgstr \"c\\nd\\te\\\\\"\n",
		  "a \"b\" \\n", "c\nd\te\\" },
		{ __LINE__, "msgid \"a\"\nmsgstr \"\xc3\xbc<&>\"\n", "a", "\xc3\xbc<&>" },
		/* not translated yet */
		{ __LINE__, "msgid \"a\"\nmsgstr \"\"\n", "a", "a" },
		{ __LINE__, "#, fuzzy\n" A_B, "a", "a" },
		{ __LINE__, "#, c-format, fuzzy\n" A_B, "a", "a" },
		{ __LINE__, "#, c-format\n" A_B, "a", "b" },
		/* the mark is of one entry */
		{ __LINE__, "#, fuzzy\n" A_B "\nmsgid \"c\"\nmsgstr \"d\"\n", "c", "d" },
		{ __LINE__, "msgid \"c\"\nmsgstr \"d\"\n#, fuzzy\n" A_B, "c", "d" },
		{ __LINE__, "msgid \"c\"\nmsgstr \"d\"\n#, fuzzy\n" A_B, "a", "a" },
		/* given up, and kept for another day */
		{ __LINE__, "#~ msgid \"a\"\n#~ msgstr \"b\"\n", "a", "a" },
		/* the header is no text */
		{ __LINE__, "msgid \"\"\nmsgstr \"Language: de\\n\"\n\n" A_B, "", "" },
	};

	check_texts(*state, rows, COUNT(rows));
}

static void header(void **state)
{
	static const struct {
		int line;
		const char *po, *name;
	} rows[] = {
		{ __LINE__, "", "de" },
		{ __LINE__, A_B, "de" },
		{ __LINE__, "msgid \"\"\nmsgstr \"Language: de\\n\"\n", "de" },
		{ __LINE__,
		  "msgid \"\"\nmsgstr \"\"\n\"Language: x\\n\"\n\"X-Language-Name: Deutsch\\n\"\n",
		  "Deutsch" },
		{ __LINE__, "msgid \"\"\nmsgstr \"x-language-name:  Espa\xc3\xb1ol  \"\n",
		  "Espa\xc3\xb1ol" },
		/* msginit marks its header so, until somebody has looked at it */
		{ __LINE__, "#, fuzzy\nmsgid \"\"\nmsgstr \"X-Language-Name: Deutsch\\n\"\n",
		  "Deutsch" },
		{ __LINE__, "msgid \"a\"\nmsgstr \"X-Language-Name: Deutsch\\n\"\n", "de" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct arena *arena = arena_new();
		struct catalog catalog;

		ROW_TRUE(&rows[i], load(*state, arena, str_of(rows[i].po), &catalog));
		ROW_STR(&rows[i], catalog.name, rows[i].name);
		ROW_STR(&rows[i], catalog.code, "de");
		catalog_fini(&catalog);
		arena_free(arena);
	}
}

static void mistakes(void **state)
{
#define EXPECTED "error: expected msgid, msgstr or a text in quotes\n"
	/* what is missing is missed where the next entry begins, or the file ends */
	static const struct {
		int line;
		const char *po, *findings;
	} rows[] = {
		{ __LINE__, "msgid a\n", "de.po:1: " EXPECTED
					 "de.po:2: error: \"msgid\" without its \"msgstr\"\n" },
		{ __LINE__, A_B "msgid \"c\"\n",
		  "de.po:4: error: \"msgid\" without its \"msgstr\"\n" },
		{ __LINE__, "msgid \"a\"\nmsgid \"c\"\nmsgstr \"d\"\n",
		  "de.po:2: error: \"msgid\" without its \"msgstr\"\n" },
		{ __LINE__, "msgstr \"b\"\n",
		  "de.po:1: error: \"msgstr\" without its \"msgid\"\n" },
		{ __LINE__, A_B "msgstr \"c\"\n",
		  "de.po:3: error: \"msgstr\" without its \"msgid\"\n" },
		{ __LINE__, "\"a\"\n", "de.po:1: " EXPECTED },
		{ __LINE__, A_B "\n\"c\"\n", "de.po:4: " EXPECTED },
		{ __LINE__, "msgid \"a\"\nmsgstr \"b\n", "de.po:2: " EXPECTED },
		{ __LINE__, "msgid \"a\"\nmsgstr \"\n", "de.po:2: " EXPECTED },
		{ __LINE__, "msgid \"a\"\nmsgstr \"b\"c\"\n", "de.po:2: " EXPECTED },
		{ __LINE__, "msgid \"a\"\nmsgstr \"b\\\"\n", "de.po:2: " EXPECTED },
		{ __LINE__, "msgid \"a\"\nmsgstr \"b\\x\"\n", "de.po:2: " EXPECTED },
		{ __LINE__, A_B "\nmsgid \"a\"\nmsgstr \"c\"\n",
		  "de.po:6: error: the text above is there twice\n" },
		{ __LINE__, "msgid \"a\"\nmsgstr \"\xe9\"\n", "de.po: error: not UTF-8\n" },
		/* what no template needs */
		{ __LINE__, "msgctxt \"x\"\n" A_B, "de.po:1: " EXPECTED },
		{ __LINE__, "msgid \"a\"\nmsgid_plural \"b\"\nmsgstr \"c\"\n",
		  "de.po:2: " EXPECTED },
		{ __LINE__, "msgid \"a\"\nmsgstr[0] \"b\"\nmsgstr \"c\"\n", "de.po:2: " EXPECTED },
		{ __LINE__, "<html>\n", "de.po:1: " EXPECTED },
	};
	struct unit *unit = *state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct arena *arena = arena_new();
		struct catalog catalog;

		ROW_TRUE(&rows[i], !load(unit, arena, str_of(rows[i].po), &catalog));
		ROW_STR(&rows[i], str_of(unit_findings(unit)), rows[i].findings);
		catalog_fini(&catalog);
		arena_free(arena);
	}
}

static void missing_file(void **state)
{
	struct unit *unit = *state;
	struct arena *arena = arena_new();
	struct catalog catalog;
	char path[512];

	snprintf(path, sizeof(path), "%s/none.po", unit->folder);
	assert_false(catalog_load(&catalog, STR("none"), path, arena, unit->diags));
	assert_string_equal(unit_findings(unit),
			    "none.po: error: cannot read the file: No such file or directory\n");
	catalog_fini(&catalog);
	arena_free(arena);
}

static void no_catalog(void **state)
{
	(void)state;
	assert_str(catalog_text(NULL, STR("a")), "a");
}

/* Those that are shipped. */
static void own_catalogs(void **state)
{
	static const struct {
		int line;
		const char *path, *name;
	} rows[] = {
		{ __LINE__, "templates/po/de.po", "Deutsch" },
		{ __LINE__, "templates/po/es.po", "Espa\xc3\xb1ol" },
	};
	struct unit *unit = *state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct arena *arena = arena_new();
		struct catalog catalog;
		char path[1024];

		ROW_TRUE(&rows[i],
			 catalog_load(&catalog, STR("x"),
				      unit_source(rows[i].path, path, sizeof(path)), arena,
				      unit->diags));
		ROW_STR(&rows[i], str_of(unit_findings(unit)), "");
		ROW_STR(&rows[i], catalog.name, rows[i].name);
		ROW_TRUE(&rows[i], catalog.messages.count > 150);
		catalog_fini(&catalog);
		arena_free(arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_TEST(texts),	 UNIT_TEST(header),	UNIT_TEST(mistakes),
		UNIT_TEST(missing_file), UNIT_TEST(no_catalog), UNIT_TEST(own_catalogs),
	};

	return cmocka_run_group_tests_name("catalog", tests, NULL, NULL);
}
