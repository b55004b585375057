/* Files and the places in them. */
#include "unit.h"

#include "source.h"

static void loading(void **state)
{
	struct unit *unit = *state;
	struct source *source;

	unit_write_bytes(unit, "f", STR("a\0b\n"));
	source = source_load(unit->path, unit->diags);
	assert_non_null(source);
	assert_int_equal(source->text.len, 4);
	assert_memory_equal(source->text.p, "a\0b\n", 5);
	assert_string_equal(source->path, unit->path);
	assert_string_equal(unit_findings(unit), "");
	source_free(source);
}

static void large(void **state)
{
	enum { SIZE = 300001 };
	struct unit *unit = *state;
	char *text = malloc(SIZE);
	struct source *source;

	assert_non_null(text);
	for (size_t i = 0; i < SIZE; i++)
		text[i] = (char)('a' + i % 25);
	unit_write_bytes(unit, "f", (struct str){ text, SIZE });
	source = source_load(unit->path, unit->diags);
	assert_non_null(source);
	assert_int_equal(source->text.len, SIZE);
	assert_memory_equal(source->text.p, text, SIZE);
	source_free(source);
	free(text);
}

static void empty(void **state)
{
	struct unit *unit = *state;
	struct source *source = source_load(unit_write(unit, "f", ""), unit->diags);
	struct place place;

	assert_non_null(source);
	assert_int_equal(source->text.len, 0);
	place = source_place(source, 0);
	assert_int_equal(place.line, 1);
	assert_int_equal(place.column, 1);
	source_free(source);
}

static void unreadable(void **state)
{
	struct unit *unit = *state;
	char path[512];

	snprintf(path, sizeof(path), "%s/missing", unit->folder);
	assert_null(source_load(path, unit->diags));
	assert_string_equal(unit_findings(unit),
			    "missing: error: cannot read the file: No such file or directory\n");
	unit_fresh(unit);
	snprintf(path, sizeof(path), "%s/.", unit->folder);
	assert_null(source_load(path, unit->diags));
	assert_string_equal(unit_findings(unit),
			    ".: error: cannot read the file: Is a directory\n");
}

/* Lines end at line feeds; columns count characters, also malformed ones. */
static void places(void **state)
{
	static const char text[] = "ab\n"	       /* 0 */
				   "\n"		       /* 3 */
				   "\xc3\xa4\xe2\x82\xacx\r\n" /* 4: ä €x */
				   "\tq\n"	       /* 12 */
				   "\xff\xffz";	       /* 15 */
	static const struct {
		int line;
		size_t offset;
		unsigned at_line, at_column;
	} rows[] = {
		{ __LINE__, 0, 1, 1 },	{ __LINE__, 1, 1, 2 },	{ __LINE__, 2, 1, 3 },
		{ __LINE__, 3, 2, 1 },	{ __LINE__, 4, 3, 1 },	{ __LINE__, 6, 3, 2 },
		{ __LINE__, 9, 3, 3 },	{ __LINE__, 10, 3, 4 }, { __LINE__, 12, 4, 1 },
		{ __LINE__, 13, 4, 2 }, { __LINE__, 15, 5, 1 }, { __LINE__, 17, 5, 3 },
		{ __LINE__, 18, 5, 4 }, { __LINE__, 999, 5, 4 },
	};
	struct unit *unit = *state;
	struct source *source = source_load(unit_write(unit, "f", text), unit->diags);

	assert_non_null(source);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct place place = source_place(source, rows[i].offset);

		ROW_INT(&rows[i], place.line, rows[i].at_line);
		ROW_INT(&rows[i], place.column, rows[i].at_column);
		ROW_TRUE(&rows[i], place.file == source->path);
	}
	source_free(source);
}

static void line_offsets(void **state)
{
	struct unit *unit = *state;
	struct source *source = source_load(unit_write(unit, "f", "ab\n\nc\n"), unit->diags);

	assert_non_null(source);
	assert_int_equal(source_line_offset(source, 1), 0);
	assert_int_equal(source_line_offset(source, 2), 3);
	assert_int_equal(source_line_offset(source, 3), 4);
	assert_int_equal(source_line_offset(source, 4), 6);
	assert_int_equal(source_line_offset(source, 5), 6);
	assert_int_equal(source_line_offset(source, 0), 6);
	source_free(source);
}

static void freeing_nothing(void **state)
{
	(void)state;
	source_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_TEST(loading),	 UNIT_TEST(large),  UNIT_TEST(empty),
		UNIT_TEST(unreadable),	 UNIT_TEST(places), UNIT_TEST(line_offsets),
		cmocka_unit_test(freeing_nothing),
	};

	return cmocka_run_group_tests_name("source", tests, NULL, NULL);
}
