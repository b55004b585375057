/* UTF-8 decoding after table 3-7 of the Unicode standard. */
#include "config.h"

#include "utf8.h"

static bool is_continuation(unsigned char byte)
{
	return (byte & 0xc0) == 0x80;
}

size_t utf8_decode(struct str s, uint32_t *ret_character)
{
	if (s.len == 0)
		return 0;

	unsigned char first = (unsigned char)s.p[0];
	uint32_t character = first;
	uint32_t least;
	size_t len;

	if (first < 0x80) {
		*ret_character = first;
		return 1;
	} else if (first >= 0xc2 && first <= 0xdf) {
		len = 2;
		least = 0x80;
		character &= 0x1f;
	} else if (first >= 0xe0 && first <= 0xef) {
		len = 3;
		least = 0x800;
		character &= 0x0f;
	} else if (first >= 0xf0 && first <= 0xf4) {
		len = 4;
		least = 0x10000;
		character &= 0x07;
	} else {
		return 0;
	}
	if (s.len < len)
		return 0;
	for (size_t i = 1; i < len; i++) {
		unsigned char byte = (unsigned char)s.p[i];

		if (!is_continuation(byte))
			return 0;
		character = character << 6 | (byte & 0x3f);
	}
	if (character < least || character > 0x10ffff)
		return 0;
	if (character >= 0xd800 && character <= 0xdfff)
		return 0;
	*ret_character = character;
	return len;
}

bool utf8_valid(struct str s)
{
	while (s.len) {
		uint32_t character;
		size_t len = utf8_decode(s, &character);

		if (len == 0)
			return false;
		s = str_from(s, len);
	}
	return true;
}

size_t utf8_count(struct str s)
{
	size_t count = 0;

	while (s.len) {
		uint32_t character;
		size_t len = utf8_decode(s, &character);

		s = str_from(s, len ? len : 1);
		count++;
	}
	return count;
}

struct str utf8_first(struct str s, size_t most)
{
	struct str rest = s;

	for (size_t i = 0; i < most && rest.len; i++) {
		uint32_t character;
		size_t len = utf8_decode(rest, &character);

		rest = str_from(rest, len ? len : 1);
	}
	return str_first(s, s.len - rest.len);
}

bool utf8_is_control(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029 ||
	       (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) ||
	       c == 0xfffe || c == 0xffff;
}

static const struct {
	uint32_t character;
	const char *name;
} invisible_names[] = {
	{ ' ', "a space" },
	{ '\t', "a tab" },
	{ '\n', "a line feed" },
	{ '\r', "a carriage return" },
	{ 0xa0, "a no-break space" },
	{ 0xad, "a soft hyphen" },
	{ 0x61c, "an Arabic letter mark" },
	{ 0x1680, "an Ogham space mark" },
	{ 0x2000, "an en quad" },
	{ 0x2001, "an em quad" },
	{ 0x2002, "an en space" },
	{ 0x2003, "an em space" },
	{ 0x2004, "a three-per-em space" },
	{ 0x2005, "a four-per-em space" },
	{ 0x2006, "a six-per-em space" },
	{ 0x2007, "a figure space" },
	{ 0x2008, "a punctuation space" },
	{ 0x2009, "a thin space" },
	{ 0x200a, "a hair space" },
	{ 0x200b, "a zero width space" },
	{ 0x200c, "a zero width non-joiner" },
	{ 0x200d, "a zero width joiner" },
	{ 0x200e, "a left-to-right mark" },
	{ 0x200f, "a right-to-left mark" },
	{ 0x202f, "a narrow no-break space" },
	{ 0x205f, "a medium mathematical space" },
	{ 0x2060, "a word joiner" },
	{ 0x3000, "an ideographic space" },
	{ 0xfeff, "a byte order mark" },
};

const char *utf8_invisible_name(uint32_t character)
{
	size_t count = sizeof(invisible_names) / sizeof(invisible_names[0]);

	for (size_t i = 0; i < count; i++) {
		if (invisible_names[i].character == character)
			return invisible_names[i].name;
	}
	return utf8_is_control(character) ? "a control character" : NULL;
}

void utf8_show(struct buf *buf, struct str text)
{
	while (text.len) {
		uint32_t character;
		size_t len = utf8_decode(text, &character);

		if (len == 0)
			buf_addf(buf, "<0x%02X>", (unsigned)(unsigned char)text.p[0]);
		else if (character != ' ' && utf8_invisible_name(character))
			buf_addf(buf, "<U+%04X>", (unsigned)character);
		else
			buf_add(buf, str_first(text, len));
		text = str_from(text, len ? len : 1);
	}
}
