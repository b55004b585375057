/*
 * A piece of text by pointer and length: not terminated, never owned here.
 * Everything from outside is carried in one, so that a NUL is a byte like others.
 */
#ifndef MAILCONFD_STR_H
#define MAILCONFD_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct str {
	const char *p;
	size_t len;
};

/* A constant for a string literal. */
#define STR(literal) ((struct str){ .p = (literal), .len = sizeof(literal) - 1 })

/* For printf: ("%.*s", STR_ARGS(s)). */
#define STR_ARGS(s) (int)(s).len, (s).p

/* Borrows a terminated string; NULL gives the empty one. */
static inline struct str str_of(const char *text)
{
	return (struct str){ .p = text, .len = text ? strlen(text) : 0 };
}

static inline char ascii_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static inline bool ascii_is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static inline bool ascii_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool ascii_is_alnum(char c)
{
	return ascii_is_digit(c) || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z');
}

/* The rest of `s` from byte `from` on; `from` is at most s.len. */
static inline struct str str_from(struct str s, size_t from)
{
	return (struct str){ .p = s.p + from, .len = s.len - from };
}

/* The first `len` bytes of `s`; `len` is at most s.len. */
static inline struct str str_first(struct str s, size_t len)
{
	return (struct str){ .p = s.p, .len = len };
}

bool str_eq(struct str a, struct str b);

/* Equal without regard to ASCII case. */
bool str_eq_fold(struct str a, struct str b);

/* Less, equal or greater than zero, byte by byte, the shorter first. */
int str_cmp(struct str a, struct str b);

bool str_starts(struct str s, struct str prefix);
bool str_starts_fold(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);

/* The place of the first (last) `c`, or s.len when there is none. */
size_t str_find(struct str s, char c);
size_t str_find_last(struct str s, char c);

/* Without ASCII white space at both ends. */
struct str str_trim(struct str s);

/*
 * Takes the next piece up to `separator` off the front of *rest, and the separator with it.
 * False when *rest has been used up (its p is NULL then). "a," gives "a" and "".
 */
bool str_split(struct str *rest, char separator, struct str *ret_piece);

/* Reads a whole decimal number of at most `most`; no sign, no white space, no empty text. */
bool str_number(struct str s, unsigned long most, unsigned long *ret_number);

#endif
