/* UTF-8, strictly: no overlong forms, no surrogates, nothing above U+10FFFF. */
#ifndef MAILCONFD_UTF8_H
#define MAILCONFD_UTF8_H

#include "buf.h"
#include "str.h"

#include <stdint.h>

/*
 * Reads the first character of `s`. Returns its length in bytes, or 0 when `s` is empty
 * or does not start with a well-formed character.
 */
size_t utf8_decode(struct str s, uint32_t *ret_character);

bool utf8_valid(struct str s);

/* Characters (code points) in well-formed `s`; each malformed byte counts as one. */
size_t utf8_count(struct str s);

/* The longest front of `s` with at most `most` characters. */
struct str utf8_first(struct str s, size_t most);

/* C0 and C1 controls, DEL, and the characters that only change how text is laid out. */
bool utf8_is_control(uint32_t character);

/* A short English name of a character that looks like nothing or like a space, or NULL. */
const char *utf8_invisible_name(uint32_t character);

/*
 * Adds text for people: what they could not see is written out, as "<U+202E>" or, where it is
 * no character, "<0xFF>". Plain spaces stay.
 */
void utf8_show(struct buf *buf, struct str text);

#endif
