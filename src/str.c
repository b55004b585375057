/* Pieces of text: comparing, searching, splitting. Case means ASCII case throughout. */
#include "config.h"

#include "str.h"

#include <strings.h>

bool str_eq(struct str a, struct str b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.p, b.p, a.len) == 0);
}

bool str_eq_fold(struct str a, struct str b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++) {
		if (ascii_lower(a.p[i]) != ascii_lower(b.p[i]))
			return false;
	}
	return true;
}

int str_cmp(struct str a, struct str b)
{
	size_t shorter = a.len < b.len ? a.len : b.len;
	int order = shorter ? memcmp(a.p, b.p, shorter) : 0;

	if (order)
		return order;
	return (a.len > b.len) - (a.len < b.len);
}

bool str_starts(struct str s, struct str prefix)
{
	return s.len >= prefix.len && str_eq(str_first(s, prefix.len), prefix);
}

bool str_starts_fold(struct str s, struct str prefix)
{
	return s.len >= prefix.len && str_eq_fold(str_first(s, prefix.len), prefix);
}

bool str_ends(struct str s, struct str suffix)
{
	return s.len >= suffix.len && str_eq(str_from(s, s.len - suffix.len), suffix);
}

size_t str_find(struct str s, char c)
{
	const char *found = s.len ? memchr(s.p, c, s.len) : NULL;

	return found ? (size_t)(found - s.p) : s.len;
}

size_t str_find_last(struct str s, char c)
{
	const char *found = s.len ? memrchr(s.p, c, s.len) : NULL;

	return found ? (size_t)(found - s.p) : s.len;
}

struct str str_trim(struct str s)
{
	while (s.len && ascii_is_space(s.p[0]))
		s = str_from(s, 1);
	while (s.len && ascii_is_space(s.p[s.len - 1]))
		s.len--;
	return s;
}

bool str_split(struct str *rest, char separator, struct str *ret_piece)
{
	if (!rest->p)
		return false;

	size_t end = str_find(*rest, separator);

	*ret_piece = str_first(*rest, end);
	*rest = end < rest->len ? str_from(*rest, end + 1) : (struct str){ 0 };
	return true;
}

bool str_number(struct str s, unsigned long most, unsigned long *ret_number)
{
	unsigned long number = 0;

	if (s.len == 0)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		if (!ascii_is_digit(s.p[i]))
			return false;

		unsigned long digit = (unsigned long)(s.p[i] - '0');

		if (digit > most || number > (most - digit) / 10)
			return false;
		number = number * 10 + digit;
	}
	*ret_number = number;
	return true;
}
