/* Pieces of text. */
#include "unit.h"

static void equality(void **state)
{
	static const struct {
		int line;
		struct str a, b;
		bool equal, equal_fold;
	} rows[] = {
		{ __LINE__, { "", 0 }, { "", 0 }, true, true },
		{ __LINE__, { NULL, 0 }, { "", 0 }, true, true },
		{ __LINE__, { "abc", 3 }, { "abc", 3 }, true, true },
		{ __LINE__, { "abc", 3 }, { "abd", 3 }, false, false },
		{ __LINE__, { "abc", 3 }, { "ab", 2 }, false, false },
		{ __LINE__, { "abc", 3 }, { "aBC", 3 }, false, true },
		{ __LINE__, { "a\0c", 3 }, { "a\0d", 3 }, false, false },
		{ __LINE__, { "a\0C", 3 }, { "a\0c", 3 }, false, true },
		{ __LINE__, { "@", 1 }, { "`", 1 }, false, false },
		{ __LINE__, { "[", 1 }, { "{", 1 }, false, false },
		{ __LINE__, { "\xc3\x84", 2 }, { "\xc3\xa4", 2 }, false, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		ROW_INT(&rows[i], str_eq(rows[i].a, rows[i].b), rows[i].equal);
		ROW_INT(&rows[i], str_eq(rows[i].b, rows[i].a), rows[i].equal);
		ROW_INT(&rows[i], str_eq_fold(rows[i].a, rows[i].b), rows[i].equal_fold);
		ROW_INT(&rows[i], str_eq_fold(rows[i].b, rows[i].a), rows[i].equal_fold);
	}
}

static int sign(int number)
{
	return (number > 0) - (number < 0);
}

static void order(void **state)
{
	static const struct {
		int line;
		struct str a, b;
		int order;
	} rows[] = {
		{ __LINE__, { "", 0 }, { NULL, 0 }, 0 },
		{ __LINE__, { "", 0 }, { "a", 1 }, -1 },
		{ __LINE__, { "a", 1 }, { "b", 1 }, -1 },
		{ __LINE__, { "ab", 2 }, { "b", 1 }, -1 },
		{ __LINE__, { "b", 1 }, { "ba", 2 }, -1 },
		{ __LINE__, { "a", 1 }, { "a\0", 2 }, -1 },
		{ __LINE__, { "B", 1 }, { "a", 1 }, -1 },
		{ __LINE__, { "z", 1 }, { "\x80", 1 }, -1 },
		{ __LINE__, { "same", 4 }, { "same", 4 }, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		ROW_INT(&rows[i], sign(str_cmp(rows[i].a, rows[i].b)), rows[i].order);
		ROW_INT(&rows[i], sign(str_cmp(rows[i].b, rows[i].a)), -rows[i].order);
	}
}

static void front_and_back(void **state)
{
	static const struct {
		int line;
		const char *text, *part;
		bool starts, starts_fold, ends;
	} rows[] = {
		{ __LINE__, "", "", true, true, true },
		{ __LINE__, "abc", "", true, true, true },
		{ __LINE__, "abc", "abc", true, true, true },
		{ __LINE__, "abc", "ab", true, true, false },
		{ __LINE__, "abc", "AB", false, true, false },
		{ __LINE__, "abc", "bc", false, false, true },
		{ __LINE__, "abc", "BC", false, false, false },
		{ __LINE__, "abc", "abcd", false, false, false },
		{ __LINE__, "", "a", false, false, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct str text = str_of(rows[i].text);
		struct str part = str_of(rows[i].part);

		ROW_INT(&rows[i], str_starts(text, part), rows[i].starts);
		ROW_INT(&rows[i], str_starts_fold(text, part), rows[i].starts_fold);
		ROW_INT(&rows[i], str_ends(text, part), rows[i].ends);
	}
}

static void finding(void **state)
{
	static const struct {
		int line;
		struct str text;
		char wanted;
		size_t first, last;
	} rows[] = {
		{ __LINE__, { NULL, 0 }, 'a', 0, 0 },
		{ __LINE__, { "", 0 }, 'a', 0, 0 },
		{ __LINE__, { "bcd", 3 }, 'a', 3, 3 },
		{ __LINE__, { "abca", 4 }, 'a', 0, 3 },
		{ __LINE__, { "xay", 3 }, 'a', 1, 1 },
		{ __LINE__, { "x\0a\0", 4 }, '\0', 1, 3 },
		{ __LINE__, { "xyz", 2 }, 'z', 2, 2 },
		{ __LINE__, { "a\xff", 2 }, '\xff', 1, 1 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		ROW_INT(&rows[i], str_find(rows[i].text, rows[i].wanted), rows[i].first);
		ROW_INT(&rows[i], str_find_last(rows[i].text, rows[i].wanted), rows[i].last);
	}
}

static void trimming(void **state)
{
	static const struct {
		int line;
		const char *text, *trimmed;
	} rows[] = {
		{ __LINE__, "", "" },
		{ __LINE__, " \t\r\n", "" },
		{ __LINE__, "a", "a" },
		{ __LINE__, "  a b\t", "a b" },
		{ __LINE__, "\r\na\r\n", "a" },
		{ __LINE__, "\va\f", "\va\f" },
		{ __LINE__, "\xc2\xa0x", "\xc2\xa0x" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		ROW_STR(&rows[i], str_trim(str_of(rows[i].text)), rows[i].trimmed);
	assert_int_equal(str_trim((struct str){ 0 }).len, 0);
}

static void splitting(void **state)
{
	static const struct {
		int line;
		const char *text;
		const char *pieces[5];
		size_t count;
	} rows[] = {
		{ __LINE__, "", { "" }, 1 },
		{ __LINE__, "a", { "a" }, 1 },
		{ __LINE__, "a,", { "a", "" }, 2 },
		{ __LINE__, ",a", { "", "a" }, 2 },
		{ __LINE__, ",", { "", "" }, 2 },
		{ __LINE__, "a,b,,c", { "a", "b", "", "c" }, 4 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct str rest = str_of(rows[i].text);
		struct str piece;
		size_t count = 0;

		while (str_split(&rest, ',', &piece)) {
			ROW_TRUE(&rows[i], count < rows[i].count);
			ROW_STR(&rows[i], piece, rows[i].pieces[count]);
			count++;
		}
		ROW_INT(&rows[i], count, rows[i].count);
		ROW_TRUE(&rows[i], rest.p == NULL);
	}
}

static void splitting_nothing(void **state)
{
	struct str rest = { 0 };
	struct str piece = STR("untouched");

	(void)state;
	assert_false(str_split(&rest, ',', &piece));
	assert_str(piece, "untouched");
}

static void numbers(void **state)
{
	static const struct {
		int line;
		const char *text;
		unsigned long most;
		bool good;
		unsigned long number;
	} rows[] = {
		{ __LINE__, "0", 0, true, 0 },
		{ __LINE__, "1", 0, false, 0 },
		{ __LINE__, "5", 4, false, 0 },
		{ __LINE__, "4", 4, true, 4 },
		{ __LINE__, "65535", 65535, true, 65535 },
		{ __LINE__, "65536", 65535, false, 0 },
		{ __LINE__, "655350", 65535, false, 0 },
		{ __LINE__, "99999", 65535, false, 0 },
		{ __LINE__, "007", 10, true, 7 },
		{ __LINE__, "", 10, false, 0 },
		{ __LINE__, "+1", 10, false, 0 },
		{ __LINE__, "-1", 10, false, 0 },
		{ __LINE__, " 1", 10, false, 0 },
		{ __LINE__, "1 ", 10, false, 0 },
		{ __LINE__, "0x1", 10, false, 0 },
		{ __LINE__, "1.0", 10, false, 0 },
		{ __LINE__, "18446744073709551615", ULONG_MAX, true, ULONG_MAX },
		{ __LINE__, "18446744073709551616", ULONG_MAX, false, 0 },
		{ __LINE__, "99999999999999999999", ULONG_MAX, false, 0 },
		{ __LINE__, "184467440737095516150", ULONG_MAX, false, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		unsigned long number = 12345;

		ROW_INT(&rows[i], str_number(str_of(rows[i].text), rows[i].most, &number),
			rows[i].good);
		if (rows[i].good)
			ROW_TRUE(&rows[i], number == rows[i].number);
		else
			ROW_TRUE(&rows[i], number == 12345); /* a failed call leaves it alone */
	}
}

static void from_strings(void **state)
{
	(void)state;
	assert_int_equal(str_of(NULL).len, 0);
	assert_int_equal(str_of("abc").len, 3);
	assert_int_equal(STR("a\0b").len, 3);
	assert_str(str_from(STR("abc"), 1), "bc");
	assert_str(str_from(STR("abc"), 3), "");
	assert_str(str_first(STR("abc"), 2), "ab");
	assert_str(str_first(STR("abc"), 0), "");
}

static void ascii(void **state)
{
	(void)state;
	for (int i = -128; i < 128; i++) {
		char c = (char)i;
		bool upper = i >= 'A' && i <= 'Z';
		bool lower = i >= 'a' && i <= 'z';
		bool digit = i >= '0' && i <= '9';

		assert_int_equal(ascii_lower(c), upper ? i + 32 : i);
		assert_int_equal(ascii_is_digit(c), digit);
		assert_int_equal(ascii_is_alnum(c), upper || lower || digit);
		assert_int_equal(ascii_is_space(c),
				 i == ' ' || i == '\t' || i == '\n' || i == '\r');
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(equality),	     cmocka_unit_test(order),
		cmocka_unit_test(front_and_back),    cmocka_unit_test(finding),
		cmocka_unit_test(trimming),	     cmocka_unit_test(splitting),
		cmocka_unit_test(splitting_nothing), cmocka_unit_test(numbers),
		cmocka_unit_test(from_strings),	     cmocka_unit_test(ascii),
	};

	return cmocka_run_group_tests_name("str", tests, NULL, NULL);
}
