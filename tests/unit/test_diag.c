/* Diagnostics: their order, form and summary. */
#include "unit.h"

static void add(struct unit *unit, enum severity severity, const char *file, unsigned line,
		unsigned column, const char *text)
{
	struct place place = { .file = file, .line = line, .column = column };

	diag_add(unit->diags, severity, &place, "%s", text);
}

static void form(void **state)
{
	static const struct {
		int line;
		enum severity severity;
		struct place place;
		const char *printed;
	} rows[] = {
		{ __LINE__, SEVERITY_ERROR, { "a.json", 14, 21 }, "a.json:14:21: error: text\n" },
		{ __LINE__, SEVERITY_WARNING, { "a.json", 1, 2 }, "a.json:1:2: warning: text\n" },
		{ __LINE__, SEVERITY_ERROR, { "a.json", 14, 0 }, "a.json:14: error: text\n" },
		{ __LINE__, SEVERITY_ERROR, { "a.json", 0, 0 }, "a.json: error: text\n" },
		{ __LINE__, SEVERITY_ERROR, { "a.json", 0, 5 }, "a.json: error: text\n" },
		{ __LINE__, SEVERITY_ERROR, { NULL, 0, 0 }, "error: text\n" },
	};
	struct unit *unit = *state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		unit_fresh(unit);
		diag_add(unit->diags, rows[i].severity, &rows[i].place, "t%st", "ex");
		ROW_STR(&rows[i], str_of(unit_findings(unit)), rows[i].printed);
	}
}

/* By file as first named, then by place, then as they came. */
static void order(void **state)
{
	struct unit *unit = *state;

	add(unit, SEVERITY_ERROR, "z.json", 10, 1, "third of z");
	add(unit, SEVERITY_ERROR, "a.json", 2, 1, "of a");
	add(unit, SEVERITY_WARNING, "z.json", 2, 10, "second of z");
	add(unit, SEVERITY_ERROR, "z.json", 10, 1, "fourth of z");
	add(unit, SEVERITY_ERROR, "z.json", 2, 9, "first of z");
	add(unit, SEVERITY_ERROR, "a.json", 0, 0, "of a as a whole");
	add(unit, SEVERITY_WARNING, "z.json", 10, 1, "fifth of z");
	assert_string_equal(unit_findings(unit), "z.json:2:9: error: first of z\n"
						 "z.json:2:10: warning: second of z\n"
						 "z.json:10:1: error: third of z\n"
						 "z.json:10:1: error: fourth of z\n"
						 "z.json:10:1: warning: fifth of z\n"
						 "a.json: error: of a as a whole\n"
						 "a.json:2:1: error: of a\n");
}

static void many(void **state)
{
	struct unit *unit = *state;
	char expected[64];
	const char *printed;

	for (unsigned i = 500; i > 0; i--)
		add(unit, SEVERITY_ERROR, "f", i, 1, "x");
	assert_int_equal(diags_errors(unit->diags), 500);
	printed = unit_findings(unit);
	for (unsigned i = 1; i <= 500; i++) {
		int len = snprintf(expected, sizeof(expected), "f:%u:1: error: x\n", i);

		assert_memory_equal(printed, expected, (size_t)len);
		printed += len;
	}
	assert_string_equal(printed, "");
}

/* The place is the caller's only until the call returns. */
static void file_is_copied(void **state)
{
	struct unit *unit = *state;
	char file[] = "a.json";

	add(unit, SEVERITY_ERROR, file, 1, 1, "x");
	file[0] = 'b';
	assert_string_equal(unit_findings(unit), "a.json:1:1: error: x\n");
}

static void hints(void **state)
{
	struct unit *unit = *state;

	diag_hint(unit->diags, "of nothing");
	assert_string_equal(unit_findings(unit), "");
	add(unit, SEVERITY_ERROR, "f", 2, 1, "second");
	diag_suggest(unit->diags, STR("word"));
	add(unit, SEVERITY_WARNING, "f", 1, 1, "first");
	diag_hint(unit->diags, "expected %d of %s", 3, "them");
	add(unit, SEVERITY_ERROR, "f", 3, 1, "third");
	diag_hint(unit->diags, "replaced");
	diag_hint(unit->diags, "help");
	assert_string_equal(unit_findings(unit), "f:1:1: warning: first\n"
						 "    expected 3 of them\n"
						 "f:2:1: error: second\n"
						 "    did you mean \"word\"?\n"
						 "f:3:1: error: third\n"
						 "    help\n");
}

static void note_severity(void *closure, enum severity severity, const char *line)
{
	char *severities = closure;

	assert_non_null(line);
	assert_null(strchr(line, '\n'));
	strcat(severities, severity == SEVERITY_ERROR ? "E" : "W");
}

static void severity_of_lines(void **state)
{
	struct unit *unit = *state;
	char severities[16] = "";

	add(unit, SEVERITY_WARNING, "f", 1, 1, "a");
	diag_hint(unit->diags, "of a warning");
	add(unit, SEVERITY_ERROR, "f", 2, 1, "b");
	diag_hint(unit->diags, "of an error");
	diags_print(unit->diags, note_severity, severities);
	assert_string_equal(severities, "WWEE");
}

static void summary(void **state)
{
	static const struct {
		int line;
		unsigned errors, warnings;
		const char *summary;
	} rows[] = {
		{ __LINE__, 0, 0, "no findings" },
		{ __LINE__, 1, 0, "1 error" },
		{ __LINE__, 2, 0, "2 errors" },
		{ __LINE__, 0, 1, "1 warning" },
		{ __LINE__, 0, 12, "12 warnings" },
		{ __LINE__, 1, 1, "1 error and 1 warning" },
		{ __LINE__, 3, 1, "3 errors and 1 warning" },
	};
	struct unit *unit = *state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		char *text;

		unit_fresh(unit);
		for (unsigned j = 0; j < rows[i].errors; j++)
			add(unit, SEVERITY_ERROR, "f", 1, 1, "x");
		for (unsigned j = 0; j < rows[i].warnings; j++)
			add(unit, SEVERITY_WARNING, "f", 1, 1, "x");
		ROW_INT(&rows[i], diags_errors(unit->diags), rows[i].errors);
		ROW_INT(&rows[i], diags_warnings(unit->diags), rows[i].warnings);
		text = diags_summary(unit->diags);
		ROW_STR(&rows[i], str_of(text), rows[i].summary);
		free(text);
	}
}

/* Only where somebody asked; they count as nothing, but stand in their place. */
static void notes(void **state)
{
	struct unit *unit = *state;
	char *text;

	assert_false(diags_want_notes(unit->diags));
	add(unit, SEVERITY_NOTE, "f", 1, 1, "unasked");
	diag_hint(unit->diags, "of what is not there");
	assert_string_equal(unit_findings(unit), "");

	diags_ask_for_notes(unit->diags);
	assert_true(diags_want_notes(unit->diags));
	add(unit, SEVERITY_NOTE, "f", 2, 1, "asked");
	diag_hint(unit->diags, "of a note");
	add(unit, SEVERITY_WARNING, "f", 1, 1, "odd");
	assert_string_equal(unit_findings(unit), "f:1:1: warning: odd\n"
						 "f:2:1: note: asked\n"
						 "    of a note\n");
	/* with errors, they wait */
	add(unit, SEVERITY_ERROR, "f", 3, 1, "wrong");
	assert_string_equal(unit_findings(unit), "f:1:1: warning: odd\n"
						 "f:3:1: error: wrong\n");
	assert_int_equal(diags_errors(unit->diags), 1);
	assert_int_equal(diags_warnings(unit->diags), 1);
	text = diags_summary(unit->diags);
	assert_string_equal(text, "1 error and 1 warning");
	free(text);
}

/* A hint belongs to the finding before it, not to one before a note that was dropped. */
static void hints_of_dropped_notes(void **state)
{
	struct unit *unit = *state;

	add(unit, SEVERITY_WARNING, "f", 1, 1, "odd");
	add(unit, SEVERITY_NOTE, "f", 2, 1, "dropped");
	diag_hint(unit->diags, "of the note");
	assert_string_equal(unit_findings(unit), "f:1:1: warning: odd\n");
}

static void freeing_nothing(void **state)
{
	(void)state;
	diags_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_TEST(form),	      UNIT_TEST(order), UNIT_TEST(many),
		UNIT_TEST(file_is_copied),    UNIT_TEST(hints), UNIT_TEST(severity_of_lines),
		UNIT_TEST(summary),	      UNIT_TEST(notes),
		UNIT_TEST(hints_of_dropped_notes), cmocka_unit_test(freeing_nothing),
	};

	return cmocka_run_group_tests_name("diag", tests, NULL, NULL);
}
