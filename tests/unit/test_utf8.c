/* UTF-8, strictly. */
#include "unit.h"

#include "utf8.h"

static void decoding(void **state)
{
	static const struct {
		int line;
		struct str text;
		size_t len; /* 0: refused */
		uint32_t character;
	} rows[] = {
		{ __LINE__, { "", 0 }, 0, 0 },
		{ __LINE__, { NULL, 0 }, 0, 0 },
		{ __LINE__, { "\0", 1 }, 1, 0 },
		{ __LINE__, { "a", 1 }, 1, 'a' },
		{ __LINE__, { "\x7f", 1 }, 1, 0x7f },
		{ __LINE__, { "\xc2\x80", 2 }, 2, 0x80 },
		{ __LINE__, { "\xdf\xbf", 2 }, 2, 0x7ff },
		{ __LINE__, { "\xe0\xa0\x80", 3 }, 3, 0x800 },
		{ __LINE__, { "\xed\x9f\xbf", 3 }, 3, 0xd7ff },
		{ __LINE__, { "\xee\x80\x80", 3 }, 3, 0xe000 },
		{ __LINE__, { "\xef\xbf\xbf", 3 }, 3, 0xffff },
		{ __LINE__, { "\xf0\x90\x80\x80", 4 }, 4, 0x10000 },
		{ __LINE__, { "\xf4\x8f\xbf\xbf", 4 }, 4, 0x10ffff },
		{ __LINE__, { "\xc3\xbcx", 3 }, 2, 0xfc },
		/* cut short */
		{ __LINE__, { "\xc3", 1 }, 0, 0 },
		{ __LINE__, { "\xe2\x82", 2 }, 0, 0 },
		{ __LINE__, { "\xf0\x9f\x98", 3 }, 0, 0 },
		{ __LINE__, { "\xe2\x82\xac", 2 }, 0, 0 },
		/* no lead byte, no continuation */
		{ __LINE__, { "\x80", 1 }, 0, 0 },
		{ __LINE__, { "\xbf", 1 }, 0, 0 },
		{ __LINE__, { "\xc3(", 2 }, 0, 0 },
		{ __LINE__, { "\xe2(\xa1", 3 }, 0, 0 },
		{ __LINE__, { "\xe2\x82(", 3 }, 0, 0 },
		{ __LINE__, { "\xc3\xc3", 2 }, 0, 0 },
		{ __LINE__, { "\xfe", 1 }, 0, 0 },
		{ __LINE__, { "\xff", 1 }, 0, 0 },
		/* overlong */
		{ __LINE__, { "\xc0\x80", 2 }, 0, 0 },
		{ __LINE__, { "\xc1\xbf", 2 }, 0, 0 },
		{ __LINE__, { "\xe0\x9f\xbf", 3 }, 0, 0 },
		{ __LINE__, { "\xf0\x8f\xbf\xbf", 4 }, 0, 0 },
		/* surrogates, and beyond U+10FFFF */
		{ __LINE__, { "\xed\xa0\x80", 3 }, 0, 0 },
		{ __LINE__, { "\xed\xbf\xbf", 3 }, 0, 0 },
		{ __LINE__, { "\xf4\x90\x80\x80", 4 }, 0, 0 },
		{ __LINE__, { "\xf5\x80\x80\x80", 4 }, 0, 0 },
		{ __LINE__, { "\xf8\x88\x80\x80\x80", 5 }, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		uint32_t character = 0xdead;

		ROW_INT(&rows[i], utf8_decode(rows[i].text, &character), rows[i].len);
		ROW_INT(&rows[i], character, rows[i].len ? rows[i].character : 0xdead);
		if (rows[i].len)
			ROW_TRUE(&rows[i], utf8_valid(str_first(rows[i].text, rows[i].len)));
		else if (rows[i].text.len)
			ROW_TRUE(&rows[i], !utf8_valid(rows[i].text));
	}
}

static size_t encode(uint32_t character, char *out)
{
	if (character < 0x80) {
		out[0] = (char)character;
		return 1;
	}
	if (character < 0x800) {
		out[0] = (char)(0xc0 | character >> 6);
		out[1] = (char)(0x80 | (character & 0x3f));
		return 2;
	}
	if (character < 0x10000) {
		out[0] = (char)(0xe0 | character >> 12);
		out[1] = (char)(0x80 | (character >> 6 & 0x3f));
		out[2] = (char)(0x80 | (character & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | character >> 18);
	out[1] = (char)(0x80 | (character >> 12 & 0x3f));
	out[2] = (char)(0x80 | (character >> 6 & 0x3f));
	out[3] = (char)(0x80 | (character & 0x3f));
	return 4;
}

static void every_character(void **state)
{
	(void)state;
	for (uint32_t character = 0; character <= 0x110000; character++) {
		char bytes[4];
		struct str text = { .p = bytes, .len = encode(character, bytes) };
		bool surrogate = character >= 0xd800 && character <= 0xdfff;
		bool good = !surrogate && character <= 0x10ffff;
		uint32_t decoded = 0;
		size_t len = utf8_decode(text, &decoded);

		if (len != (good ? text.len : 0) || (good && decoded != character))
			fail_msg("U+%04X: %zu bytes, U+%04X", (unsigned)character, len,
				 (unsigned)decoded);
	}
}

static void validity(void **state)
{
	(void)state;
	assert_true(utf8_valid(STR("")));
	assert_true(utf8_valid((struct str){ 0 }));
	assert_true(utf8_valid(STR("gr\xc3\xbc\xc3\x9f Gott \xf0\x9f\x98\x80\0")));
	assert_false(utf8_valid(STR("good until \xc3")));
	assert_false(utf8_valid(STR("\xff good from here")));
}

static void counting(void **state)
{
	static const struct {
		int line;
		const char *text;
		size_t count;
	} rows[] = {
		{ __LINE__, "", 0 },
		{ __LINE__, "abc", 3 },
		{ __LINE__, "b\xc3\xbc" "cher", 6 },
		{ __LINE__, "\xe2\x82\xac\xf0\x9f\x98\x80", 2 },
		{ __LINE__, "e\xcc\x81", 2 },
		{ __LINE__, "\xff\xff", 2 },
		{ __LINE__, "\xe2\x82", 2 },
		{ __LINE__, "a\xc3", 2 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		ROW_INT(&rows[i], utf8_count(str_of(rows[i].text)), rows[i].count);
}

static void cutting(void **state)
{
	static const struct {
		int line;
		const char *text;
		size_t most;
		const char *front;
	} rows[] = {
		{ __LINE__, "", 3, "" },
		{ __LINE__, "abc", 0, "" },
		{ __LINE__, "abc", 2, "ab" },
		{ __LINE__, "abc", 3, "abc" },
		{ __LINE__, "abc", 4, "abc" },
		{ __LINE__, "\xc3\xa4\xc3\xb6\xc3\xbc", 2, "\xc3\xa4\xc3\xb6" },
		{ __LINE__, "\xe2\x82\xac" "5", 1, "\xe2\x82\xac" },
		{ __LINE__, "\xff\xff", 1, "\xff" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		ROW_STR(&rows[i], utf8_first(str_of(rows[i].text), rows[i].most), rows[i].front);
}

static void controls(void **state)
{
	static const struct {
		int line;
		uint32_t first, last;
		bool control;
	} rows[] = {
		{ __LINE__, 0x00, 0x1f, true },	      { __LINE__, 0x20, 0x7e, false },
		{ __LINE__, 0x7f, 0x9f, true },	      { __LINE__, 0xa0, 0x2000, false },
		{ __LINE__, 0x2028, 0x202e, true },   { __LINE__, 0x202f, 0x205f, false },
		{ __LINE__, 0x2066, 0x2069, true },   { __LINE__, 0x3000, 0xd7ff, false },
		{ __LINE__, 0xfffe, 0xffff, true },   { __LINE__, 0x10000, 0x10ffff, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		for (uint32_t c = rows[i].first; c <= rows[i].last; c++)
			ROW_INT(&rows[i], utf8_is_control(c), rows[i].control);
	}
}

/* Each character that looks like nothing, or like a space. */
static void invisible(void **state)
{
	static const struct {
		int line;
		uint32_t character;
		const char *name; /* NULL: any */
	} rows[] = {
		{ __LINE__, ' ', "a space" },
		{ __LINE__, '\t', "a tab" },
		{ __LINE__, '\n', "a line feed" },
		{ __LINE__, '\r', "a carriage return" },
		{ __LINE__, 0x00, "a control character" },
		{ __LINE__, 0x1b, "a control character" },
		{ __LINE__, 0x85, "a control character" },
		{ __LINE__, 0xa0, "a no-break space" },
		{ __LINE__, 0xad, "a soft hyphen" },
		{ __LINE__, 0x200b, "a zero width space" },
		{ __LINE__, 0x200c, "a zero width non-joiner" },
		{ __LINE__, 0x200d, "a zero width joiner" },
		{ __LINE__, 0x200e, "a left-to-right mark" },
		{ __LINE__, 0x200f, "a right-to-left mark" },
		{ __LINE__, 0x2028, "a control character" },
		{ __LINE__, 0x202e, "a control character" },
		{ __LINE__, 0x202f, "a narrow no-break space" },
		{ __LINE__, 0x2060, "a word joiner" },
		{ __LINE__, 0x2066, "a control character" },
		{ __LINE__, 0x3000, "an ideographic space" },
		{ __LINE__, 0xfeff, "a byte order mark" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		ROW_STR(&rows[i], str_of(utf8_invisible_name(rows[i].character)), rows[i].name);
}

/* The rest of Unicode's white space (White_Space=yes in PropList.txt). */
static void unusual_spaces(void **state)
{
	static const uint32_t spaces[] = {
		0x1680, 0x2000, 0x2001, 0x2002, 0x2003, 0x2004, 0x2005,
		0x2006, 0x2007, 0x2008, 0x2009, 0x200a, 0x205f,
	};

	(void)state;
	for (size_t i = 0; i < COUNT(spaces); i++) {
		if (!utf8_invisible_name(spaces[i]))
			fail_msg("U+%04X looks like a space and has no name",
				 (unsigned)spaces[i]);
	}
}

static void visible(void **state)
{
	static const uint32_t characters[] = {
		'!', 'a', '~', 0xa1, 0xe4, 0x3b1, 0x4e00, 0x1f600,
	};

	(void)state;
	for (size_t i = 0; i < COUNT(characters); i++)
		assert_null(utf8_invisible_name(characters[i]));
}

static void showing(void **state)
{
	static const struct {
		int line;
		struct str text;
		const char *shown;
	} rows[] = {
		{ __LINE__, STR(""), "" },
		{ __LINE__, STR("two words"), "two words" },
		{ __LINE__, STR("b\xc3\xbc" "cher"), "b\xc3\xbc" "cher" },
		{ __LINE__, STR("a\xe2\x80\xae" "b"), "a<U+202E>b" },
		{ __LINE__, STR("\x1b[0m\n"), "<U+001B>[0m<U+000A>" },
		{ __LINE__, STR("\xff\xc3"), "<0xFF><0xC3>" },
		{ __LINE__, STR("a\0b"), "a<U+0000>b" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct buf buf = BUF_EMPTY;

		utf8_show(&buf, rows[i].text);
		ROW_STR(&rows[i], buf_str(&buf), rows[i].shown);
		buf_fini(&buf);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(decoding),	  cmocka_unit_test(every_character),
		cmocka_unit_test(validity),	  cmocka_unit_test(counting),
		cmocka_unit_test(cutting),	  cmocka_unit_test(controls),
		cmocka_unit_test(invisible),	  cmocka_unit_test(unusual_spaces),
		cmocka_unit_test(visible),	  cmocka_unit_test(showing),
	};

	return cmocka_run_group_tests_name("utf8", tests, NULL, NULL);
}
