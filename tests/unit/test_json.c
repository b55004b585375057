/* Strict JSON, and where everything in it stands. */
#include "unit.h"

#include "json.h"

static struct json_file *load(struct unit *unit, const char *text)
{
	struct json_file *file = json_file_load(unit_write(unit, "t.json", text), unit->diags);

	assert_string_equal(unit_findings(unit), "");
	assert_non_null(file);
	return file;
}

#define assert_place(got, at_line, at_column)                                         \
	do {                                                                          \
		struct place place_ = (got);                                          \
		unit_row_int(__LINE__, place_.line, (at_line), #got " line");         \
		unit_row_int(__LINE__, place_.column, (at_column), #got " column");   \
	} while (0)

static void keys_and_values(void **state)
{
	struct json_file *file = load(*state, "\n"
					      "  {\n"
					      "    \"a\": 1,\n"
					      "    \"b\" : \"x\", \"c\":true,\n"
					      "\t\"d\"\n"
					      "\t\t:\n"
					      "\t\tnull\n"
					      "}\n");
	const json_t *root = json_file_root(file);

	assert_place(json_root_place(file), 2, 3);
	assert_place(json_key_place(file, root, "a"), 3, 5);
	assert_place(json_value_place(file, root, "a"), 3, 10);
	assert_place(json_key_place(file, root, "b"), 4, 5);
	assert_place(json_value_place(file, root, "b"), 4, 11);
	assert_place(json_key_place(file, root, "c"), 4, 16);
	assert_place(json_value_place(file, root, "c"), 4, 20);
	assert_place(json_key_place(file, root, "d"), 5, 2);
	assert_place(json_value_place(file, root, "d"), 7, 3);
	json_file_free(file);
}

/* Strings with all that could mislead the walk. */
static void misleading_strings(void **state)
{
	struct json_file *file =
		load(*state, "{\"q\\\"}\": \"]\\\\\", \"\\\\\": \"\\\"\",\n"
			     " \"\\u0022,\": \"{:,[\", \"end\": \"\\\\\\\"\",\n"
			     " \"last\": 0}");
	const json_t *root = json_file_root(file);

	assert_place(json_key_place(file, root, "q\"}"), 1, 2);
	assert_place(json_value_place(file, root, "q\"}"), 1, 10);
	assert_place(json_key_place(file, root, "\\"), 1, 17);
	assert_place(json_value_place(file, root, "\\"), 1, 23);
	assert_place(json_key_place(file, root, "\","), 2, 2);
	assert_place(json_value_place(file, root, "\","), 2, 13);
	assert_place(json_key_place(file, root, "end"), 2, 21);
	assert_place(json_value_place(file, root, "end"), 2, 28);
	assert_place(json_key_place(file, root, "last"), 3, 2);
	assert_place(json_value_place(file, root, "last"), 3, 10);
	json_file_free(file);
}

static void containers(void **state)
{
	struct json_file *file = load(*state, "{\"list\": [1, [], [ ],\n"
					      "  {}, { }, [\"a\", [true, -1.5e3]],\n"
					      "  {\"k\": {\"l\": [\"deep\"]}}],\n"
					      " \"after\": {}}");
	const json_t *root = json_file_root(file);
	const json_t *list = json_object_get(root, "list");
	const json_t *fifth = json_array_get(list, 5);
	const json_t *numbers = json_array_get(fifth, 1);
	const json_t *sixth = json_array_get(list, 6);
	const json_t *inner = json_object_get(sixth, "k");
	const json_t *deep = json_object_get(inner, "l");

	assert_place(json_value_place(file, root, "list"), 1, 10);
	assert_place(json_item_place(file, list, 0), 1, 11);
	assert_place(json_item_place(file, list, 1), 1, 14);
	assert_place(json_item_place(file, list, 2), 1, 18);
	assert_place(json_item_place(file, list, 3), 2, 3);
	assert_place(json_item_place(file, list, 4), 2, 7);
	assert_place(json_item_place(file, list, 5), 2, 12);
	assert_place(json_item_place(file, fifth, 0), 2, 13);
	assert_place(json_item_place(file, fifth, 1), 2, 18);
	assert_place(json_item_place(file, numbers, 0), 2, 19);
	assert_place(json_item_place(file, numbers, 1), 2, 25);
	assert_place(json_item_place(file, list, 6), 3, 3);
	assert_place(json_key_place(file, sixth, "k"), 3, 4);
	assert_place(json_value_place(file, sixth, "k"), 3, 9);
	assert_place(json_key_place(file, inner, "l"), 3, 10);
	assert_place(json_value_place(file, inner, "l"), 3, 15);
	assert_place(json_item_place(file, deep, 0), 3, 16);
	assert_place(json_key_place(file, root, "after"), 4, 2);
	assert_place(json_value_place(file, root, "after"), 4, 11);
	json_file_free(file);
}

static void carriage_returns(void **state)
{
	struct json_file *file = load(*state, "{\r\n \"a\": 1,\r\n \"b\":\r\n  [2,\r\n3]}\r\n");
	const json_t *root = json_file_root(file);

	assert_place(json_key_place(file, root, "a"), 2, 2);
	assert_place(json_key_place(file, root, "b"), 3, 2);
	assert_place(json_value_place(file, root, "b"), 4, 3);
	assert_place(json_item_place(file, json_object_get(root, "b"), 0), 4, 4);
	assert_place(json_item_place(file, json_object_get(root, "b"), 1), 5, 1);
	json_file_free(file);
}

/* Columns count characters, not bytes. */
static void wide_characters(void **state)
{
	struct json_file *file =
		load(*state, "{\"\xc3\xa4\": \"\xe2\x82\xac\xf0\x9f\x98\x80\", \"b\": 1}");
	const json_t *root = json_file_root(file);

	assert_place(json_value_place(file, root, "\xc3\xa4"), 1, 7);
	assert_place(json_key_place(file, root, "b"), 1, 13);
	assert_place(json_value_place(file, root, "b"), 1, 18);
	json_file_free(file);
}

static void many_items(void **state)
{
	struct unit *unit = *state;
	struct json_file *file;
	FILE *stream;
	const json_t *root;

	snprintf(unit->path, sizeof(unit->path), "%s/many.json", unit->folder);
	stream = fopen(unit->path, "w");
	assert_non_null(stream);
	fputs("[", stream);
	for (unsigned i = 0; i < 50000; i++)
		fprintf(stream, "%s\n{\"n\": %u}", i ? "," : "", i);
	fputs("]", stream);
	assert_int_equal(fclose(stream), 0);
	file = json_file_load(unit->path, unit->diags);
	assert_non_null(file);
	root = json_file_root(file);
	for (unsigned i = 0; i < 50000; i += 7) {
		const json_t *item = json_array_get(root, i);

		assert_place(json_item_place(file, root, i), i + 2, 1);
		assert_place(json_value_place(file, item, "n"), i + 2, 7);
	}
	json_file_free(file);
}

/* What is not there is said of the document. */
static void absent(void **state)
{
	struct json_file *file = load(*state, " {\"a\": [1]}");
	const json_t *root = json_file_root(file);

	assert_place(json_key_place(file, root, "b"), 1, 2);
	assert_place(json_value_place(file, root, "b"), 1, 2);
	assert_place(json_item_place(file, json_object_get(root, "a"), 5), 1, 2);
	json_file_free(file);
}

static void path_is_kept(void **state)
{
	struct unit *unit = *state;
	struct json_file *file = load(unit, "{}");

	assert_string_equal(json_file_path(file), unit->path);
	assert_true(json_is_object(json_file_root(file)));
	json_file_free(file);
}

/* The place is checked exactly, the words behind "not valid JSON" are jansson's. */
static void refused(void **state)
{
	static const struct {
		int line;
		struct str text;
		const char *finding; /* how it begins */
		const char *word;    /* what it holds */
	} rows[] = {
		{ __LINE__, STR(""), "t.json:1", "error: not valid JSON: " },
		{ __LINE__, STR("{\n \"a\": 1,\n \"a\": 2}"), "t.json:3:", "duplicate" },
		{ __LINE__, STR("{\"x\": {\"a\": 1, \"a\": 1}}"), "t.json:1:16:", "duplicate" },
		{ __LINE__, STR("{\"a\": \"\xff\"}"), "t.json:1:8:", "unable to decode" },
		{ __LINE__, STR("{\"a\": \"\xc0\x80\"}"), "t.json:1:", "unable to decode" },
		{ __LINE__, STR("{\"a\": \"\xed\xa0\x80\"}"), "t.json:1:8:", "unable to decode" },
		{ __LINE__, STR("{}\n{}"), "t.json:2:", "end of file" },
		{ __LINE__, STR("{}x"), "t.json:1:", "end of file" },
		{ __LINE__, STR("{}\0"), "t.json:1:", "not valid JSON" },
		{ __LINE__, STR("{\"a\": 1,}"), "t.json:1:", "not valid JSON" },
		{ __LINE__, STR("{\"a\": 1"), "t.json:1:", "not valid JSON" },
		{ __LINE__, STR("{'a': 1}"), "t.json:1:", "not valid JSON" },
		{ __LINE__, STR("// no comments\n{}"), "t.json:1:", "not valid JSON" },
		{ __LINE__, STR("{\"a\": \"\\u0000\"}"), "t.json:1:7:",
		  "U+0000 is not allowed near" },
		{ __LINE__, STR("{\"a\": \"line\nend\"}"), "t.json:1:12:", "not valid JSON" },
		{ __LINE__, STR("{\"a\": 01}"), "t.json:1:", "not valid JSON" },
		{ __LINE__, STR("{\"a\": 99999999999999999999}"), "t.json:1:", "too big" },
		{ __LINE__, STR("{\"a\": NaN}"), "t.json:1:", "not valid JSON" },
		{ __LINE__, STR("\xef\xbb\xbf{}"), "t.json:1:1:", "byte order mark" },
		{ __LINE__, STR("7"), "t.json:1:", "not valid JSON" },
	};
	struct unit *unit = *state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		const char *findings;

		unit_fresh(unit);
		unit_write_bytes(unit, "t.json", rows[i].text);
		ROW_TRUE(&rows[i], json_file_load(unit->path, unit->diags) == NULL);
		ROW_INT(&rows[i], diags_errors(unit->diags), 1);
		findings = unit_findings(unit);
		ROW_STR(&rows[i], str_first(str_of(findings), strlen(rows[i].finding)),
			rows[i].finding);
		if (!strstr(findings, rows[i].word))
			fail_msg("row of line %d: %s", rows[i].line, findings);
	}
}

static void deep(void **state)
{
	struct unit *unit = *state;
	char text[100001];

	memset(text, '[', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	assert_null(json_file_load(unit_write(unit, "t.json", text), unit->diags));
	assert_int_equal(diags_errors(unit->diags), 1);
}

static void missing_file(void **state)
{
	struct unit *unit = *state;
	char path[512];

	snprintf(path, sizeof(path), "%s/none.json", unit->folder);
	assert_null(json_file_load(path, unit->diags));
	assert_string_equal(unit_findings(unit), "none.json: error: cannot read the file: "
						 "No such file or directory\n");
}

static void describing(void **state)
{
#define TEN "0123456789"
	static const struct {
		int line;
		const char *json, *description;
	} rows[] = {
		{ __LINE__, "{\"a\": 1}", "an object" },
		{ __LINE__, "[1, 2]", "a list" },
		{ __LINE__, "\"imap\"", "\"imap\"" },
		{ __LINE__, "\"\"", "\"\"" },
		{ __LINE__, "42", "42" },
		{ __LINE__, "-9007199254740993", "-9007199254740993" },
		{ __LINE__, "1.5", "1.5" },
		{ __LINE__, "993.0", "993.0" },
		{ __LINE__, "1e300", "1e300" },
		{ __LINE__, "true", "true" },
		{ __LINE__, "false", "false" },
		{ __LINE__, "null", "null" },
		{ __LINE__, "\"two words\"", "\"two words\"" },
		{ __LINE__, "\"a\\u00a0b\"", "\"a<U+00A0>b\"" },
		{ __LINE__, "\"\\u200bx\\n\"", "\"<U+200B>x<U+000A>\"" },
		{ __LINE__, "\"\\u202e\"", "\"<U+202E>\"" },
		{ __LINE__, "\"b\xc3\xbc" "cher\"", "\"b\xc3\xbc" "cher\"" },
		{ __LINE__, "\"" TEN TEN TEN TEN TEN TEN "\"",
		  "\"" TEN TEN TEN TEN TEN TEN "\"" },
		{ __LINE__, "\"" TEN TEN TEN TEN TEN TEN "x\"",
		  "\"" TEN TEN TEN TEN TEN TEN "\xe2\x80\xa6\"" },
	};
#undef TEN

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		json_t *value = json_loads(rows[i].json, JSON_DECODE_ANY, NULL);
		char *description;

		ROW_TRUE(&rows[i], value != NULL);
		description = json_describe(value);
		ROW_STR(&rows[i], str_of(description), rows[i].description);
		free(description);
		json_decref(value);
	}
}

static void freeing_nothing(void **state)
{
	(void)state;
	json_file_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_TEST(keys_and_values),  UNIT_TEST(misleading_strings),
		UNIT_TEST(containers),	     UNIT_TEST(carriage_returns),
		UNIT_TEST(wide_characters),  UNIT_TEST(many_items),
		UNIT_TEST(absent),	     UNIT_TEST(path_is_kept),
		UNIT_TEST(refused),	     UNIT_TEST(deep),
		UNIT_TEST(missing_file),     cmocka_unit_test(describing),
		cmocka_unit_test(freeing_nothing),
	};

	return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
