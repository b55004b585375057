/* Reading single values: texts, names, web addresses, words, numbers, flags. */
#ifndef MAILCONFD_READER_VALUE_H
#define MAILCONFD_READER_VALUE_H

#include "reader.h"

/* Reads `value`, the member `field->name` of `parent`, into the C member at `member`. */
void reader_value(const struct reader *reader, const struct field *field, const json_t *parent,
		  const json_t *value, void *member);

#endif
