/*
 * From descriptions to JSON Schema (draft 2020-12). The schema helps while one types; the
 * program's own check goes further.
 */
#include "config.h"

#include "schema.h"

#include "table.h"

#include <jansson.h>
#include <stdio.h>

/* A record is described once, under its name. */
static json_t *reference_to(json_t *definitions, const struct record *record);

static json_t *text_schema(const struct field *field, const char *pattern)
{
	json_t *schema = json_pack("{s:s, s:i}", "type", "string", "minLength", 1);

	if (pattern)
		json_object_set_new(schema, "pattern", json_string(pattern));
	if (field->most)
		json_object_set_new(schema, "maxLength", json_integer((json_int_t)field->most));
	return schema;
}

/* "sasl:" stands for itself and a name. */
static json_t *word_schema(const struct field *field)
{
	json_t *words = json_array();
	json_t *choices = json_array();

	for (size_t i = 0; field->words[i]; i++) {
		struct str word = str_of(field->words[i]);
		char pattern[64];

		if (!str_ends(word, STR(":"))) {
			json_array_append_new(words, json_stringn(word.p, word.len));
			continue;
		}
		snprintf(pattern, sizeof(pattern), "^%.*s.", STR_ARGS(word));
		json_array_append_new(choices, json_pack("{s:s, s:s}", "type", "string",
							 "pattern", pattern));
	}
	if (json_array_size(choices) == 0) {
		json_decref(choices);
		return json_pack("{s:o}", "enum", words);
	}
	json_array_insert_new(choices, 0, json_pack("{s:o}", "enum", words));
	return json_pack("{s:o}", "anyOf", choices);
}

static json_t *list_of(json_t *items)
{
	return json_pack("{s:s, s:o}", "type", "array", "items", items);
}

static json_t *field_schema(json_t *definitions, const struct field *field)
{
	switch (field->type) {
	case FIELD_TEXT:
	case FIELD_PATTERN:
	case FIELD_PATH:
		return text_schema(field, field->use & FIELD_UNBROKEN ? "^\\S+$" : NULL);
	case FIELD_HOSTNAME:
		return text_schema(field, field->use & FIELD_LITERAL ? "^[^\\s/:@%]+$"
								     : "^[^\\s/:@]+$");
	case FIELD_URL:
		return text_schema(field, "^https?://\\S+$");
	case FIELD_SECURE_URL:
		return text_schema(field, "^https://\\S+$");
	case FIELD_WORD:
		return word_schema(field);
	case FIELD_NUMBER:
		return json_pack("{s:s, s:i, s:I}", "type", "integer", "minimum", 1, "maximum",
				 (json_int_t)field->most);
	case FIELD_FLAG:
		return json_pack("{s:s}", "type", "boolean");
	case FIELD_RECORD:
		return reference_to(definitions, field->record);
	case FIELD_LIST:
		return list_of(reference_to(definitions, field->record));
	case FIELD_AUTHENTICATION:
		return list_of(word_schema(field));
	case FIELD_NAMES:
		return list_of(json_pack("{s:s, s:s}", "type", "string", "pattern",
					 "^(\\*|(\\*\\.)?[^\\s*/:@]+)$"));
	}
	return NULL;
}

/* Required lists would have the editor complain about half-typed objects, rightly. */
static json_t *record_schema(json_t *definitions, const struct record *record)
{
	json_t *properties = json_object();
	json_t *required = json_array();

	json_object_set_new(properties, "//", json_pack("{s:s}", "description", "A comment."));
	for (size_t i = 0; i < record->field_count; i++) {
		const struct field *field = &record->fields[i];
		json_t *schema;

		if (field->use & FIELD_DERIVED)
			continue;
		schema = field_schema(definitions, field);
		json_object_set_new(schema, "description", json_string(field->help));
		json_object_set_new(properties, field->name, schema);
		if (field->use & FIELD_REQUIRED)
			json_array_append_new(required, json_string(field->name));
	}
	return json_pack("{s:s, s:o, s:o, s:b}", "type", "object", "properties", properties,
			 "required", required, "additionalProperties", 0);
}

static json_t *reference_to(json_t *definitions, const struct record *record)
{
	char pointer[80];

	if (!json_object_get(definitions, record->name)) {
		/* A place first, so that the order is that of the first mention. */
		json_object_set_new(definitions, record->name, json_null());
		json_object_set_new(definitions, record->name,
				    record_schema(definitions, record));
	}
	snprintf(pointer, sizeof(pointer), "#/$defs/%s", record->name);
	return json_pack("{s:s}", "$ref", pointer);
}

char *table_schema(void)
{
	json_t *definitions = json_object();
	json_t *table = record_schema(definitions, &table_record);
	json_t *schema = json_pack("{s:s, s:s}", "$schema",
				   "https://json-schema.org/draft/2020-12/schema", "title",
				   "mailconfd: a table of mail domains");
	char *text = NULL;

	if (schema && table && definitions && json_object_update(schema, table) == 0 &&
	    json_object_set(schema, "$defs", definitions) == 0)
		text = json_dumps(schema, JSON_INDENT(2));
	json_decref(definitions);
	json_decref(table);
	json_decref(schema);
	return text;
}
