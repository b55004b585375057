/* Reading single values: texts, names, web addresses, words, numbers, flags. */
#ifndef MAILCONFD_READER_VALUE_H
#define MAILCONFD_READER_VALUE_H

#include "reader.h"

#include <stdint.h>

/* Reads `value`, the member `field->name` of `parent`, into the C member at `member`. */
void reader_value(const struct reader *reader, const struct field *field, const json_t *parent,
		  const json_t *value, void *member);

/* One value being read: for reader_value.c and reader_name.c. */
struct value {
	const struct reader *reader;
	const struct field *field;
	struct json_at at;
	const json_t *json;
};

/* "KEY": expected WHAT, found … */
void value_expected(const struct value *value, const char *what);

/* "KEY": and what is wrong. */
void value_wrong(const struct value *value, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * The first character that cannot be seen: its number, or 0. Pages that people copy from are
 * full of no-break spaces; in a host name they would only show as a program that finds nothing.
 */
size_t find_invisible(struct str text, bool spaces_allowed, uint32_t *ret_character);

/* Is there one? It becomes an error. */
bool value_has_invisible(const struct value *value, struct str text, bool spaces_allowed);

/* Are all placeholders known ones? Each mistake becomes an error. */
bool value_has_good_placeholders(const struct value *value, struct str text);

/* reader_name.c: */
void read_hostname(const struct value *value, struct str *member);
void read_url(const struct value *value, bool secure_only, struct str *member);

#endif
