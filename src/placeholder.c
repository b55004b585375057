/* Finding placeholders, and the mistakes that people make in them. */
#include "config.h"

#include "placeholder.h"

#include "suggest.h"

static const struct str words[] = {
	[PLACEHOLDER_ADDRESS] = { .p = "EMAILADDRESS", .len = 12 },
	[PLACEHOLDER_LOCAL_PART] = { .p = "EMAILLOCALPART", .len = 14 },
	[PLACEHOLDER_DOMAIN] = { .p = "EMAILDOMAIN", .len = 11 },
};

/* The placeholder that `text` starts with, its two "%" included. */
static enum placeholder match(struct str text, size_t *ret_len)
{
	for (enum placeholder kind = PLACEHOLDER_ADDRESS; kind <= PLACEHOLDER_DOMAIN; kind++) {
		size_t len = words[kind].len + 2;

		if (text.len >= len && text.p[0] == '%' && text.p[len - 1] == '%' &&
		    str_starts(str_from(text, 1), words[kind])) {
			*ret_len = len;
			return kind;
		}
	}
	return PLACEHOLDER_NONE;
}

bool placeholder_next(struct str *rest, struct str *ret_piece, enum placeholder *ret_kind)
{
	size_t len = 0;

	if (rest->len == 0)
		return false;
	*ret_kind = match(*rest, &len);
	if (*ret_kind == PLACEHOLDER_NONE) {
		size_t unused;

		for (len = 1; len < rest->len; len++) {
			if (match(str_from(*rest, len), &unused) != PLACEHOLDER_NONE)
				break;
		}
	}
	*ret_piece = str_first(*rest, len);
	*rest = str_from(*rest, len);
	return true;
}

static bool is_capital(char c)
{
	return c >= 'A' && c <= 'Z';
}

/* Three capitals of which one is no hexadecimal digit: "%C3%A6" is an escape, "%EMAIL" not. */
static bool is_word(struct str word)
{
	bool beyond_hex = false;

	for (size_t i = 0; i < word.len; i++)
		beyond_hex = beyond_hex || word.p[i] > 'F';
	return word.len >= 3 && (word.p[0] > 'F' || word.p[1] > 'F' || beyond_hex);
}

static bool is_letter(char c)
{
	return is_capital(c) || (c >= 'a' && c <= 'z');
}

/* The longest front of `text` of which each character `is` one. */
static struct str front(struct str text, bool (*is)(char c))
{
	size_t len = 0;

	while (len < text.len && is(text.p[len]))
		len++;
	return str_first(text, len);
}

/* Behind a "%". Programs compare placeholders with regard to case. */
static enum placeholder_mistake check_word(struct str text, struct str *ret_word)
{
	struct str word = front(text, is_letter);

	*ret_word = word;
	if (word.len < text.len && text.p[word.len] == '%' && placeholder_suggest(word).len)
		return PLACEHOLDER_UNKNOWN;
	word = front(text, is_capital);
	*ret_word = word;
	if (!is_word(word))
		return PLACEHOLDER_GOOD;
	if (word.len < text.len && text.p[word.len] == '%')
		return PLACEHOLDER_UNKNOWN;
	if (str_starts(word, STR("EMAIL")) || placeholder_suggest(word).len)
		return PLACEHOLDER_UNCLOSED;
	return PLACEHOLDER_GOOD;
}

enum placeholder_mistake placeholder_check(struct str text, struct str *ret_word)
{
	struct str piece;
	enum placeholder kind;

	while (placeholder_next(&text, &piece, &kind)) {
		for (size_t i = 0; kind == PLACEHOLDER_NONE && i < piece.len; i++) {
			enum placeholder_mistake mistake =
				piece.p[i] == '%' ? check_word(str_from(piece, i + 1), ret_word)
						  : PLACEHOLDER_GOOD;

			if (mistake != PLACEHOLDER_GOOD)
				return mistake;
		}
	}
	return PLACEHOLDER_GOOD;
}

bool placeholder_is_known(struct str word)
{
	for (enum placeholder kind = PLACEHOLDER_ADDRESS; kind <= PLACEHOLDER_DOMAIN; kind++) {
		if (str_eq_fold(word, words[kind]))
			return true;
	}
	return false;
}

struct str placeholder_suggest(struct str word)
{
	for (enum placeholder kind = PLACEHOLDER_ADDRESS; kind <= PLACEHOLDER_DOMAIN; kind++) {
		if (suggest_is_near(word, words[kind]))
			return words[kind];
	}
	return STR("");
}
