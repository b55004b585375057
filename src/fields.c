/* Looking things up in the descriptions. */
#include "config.h"

#include "fields.h"

#include "suggest.h"

const struct field *record_field(const struct record *record, struct str name)
{
	for (size_t i = 0; i < record->field_count; i++) {
		if (str_eq(str_of(record->fields[i].name), name))
			return &record->fields[i];
	}
	return NULL;
}

struct str record_suggest(const struct record *record, struct str name, unsigned unwanted)
{
	for (size_t i = 0; i < record->field_count; i++) {
		struct str word = str_of(record->fields[i].name);

		if (!(record->fields[i].use & unwanted) && suggest_is_near(name, word))
			return word;
	}
	return STR("");
}
