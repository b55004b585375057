/* Reading objects by description: keys, types, required members. Values: reader_value.c. */
#include "config.h"

#include "reader.h"

#include "buf.h"
#include "reader_value.h"
#include "suggest.h"

#include <stdint.h>
#include <stdlib.h>

struct str json_text(const json_t *value)
{
	if (!json_is_string(value))
		return STR("");
	return (struct str){ .p = json_string_value(value), .len = json_string_length(value) };
}

struct place reader_place(const struct reader *reader, struct json_at at)
{
	if (!at.parent)
		return json_root_place(reader->file);
	if (at.key)
		return json_value_place(reader->file, at.parent, at.key);
	return json_item_place(reader->file, at.parent, at.index);
}

void reader_expected(const struct reader *reader, struct json_at at, const char *key,
		     const char *expected, const json_t *found)
{
	struct place place = reader_place(reader, at);
	char *description = json_describe(found);

	diag_add(reader->diags, SEVERITY_ERROR, &place, "%s%s%sexpected %s, found %s",
		 key ? "\"" : "", key ? key : "", key ? "\": " : "", expected,
		 description ? description : "something else");
	free(description);
}

static void list_keys(struct buf *buf, const struct record *record)
{
	for (size_t i = 0; i < record->field_count; i++) {
		if (!(record->fields[i].use & FIELD_DERIVED))
			buf_addf(buf, "%s%s", buf->len ? ", " : "", record->fields[i].name);
	}
}

/* A table is public: whatever is in it is meant to be answered. */
static bool is_secret(struct str key)
{
	return suggest_is_near(key, STR("password")) || str_eq_fold(key, STR("clientSecret")) ||
	       str_eq_fold(key, STR("passwd")) || str_eq_fold(key, STR("secret"));
}

static void unknown_key(const struct reader *reader, const struct record *record,
			const json_t *json, const char *key)
{
	struct place place = json_key_place(reader->file, json, key);
	struct str near = record_suggest(record, str_of(key), FIELD_DERIVED);

	if (is_secret(str_of(key))) {
		diag_add(reader->diags, SEVERITY_ERROR, &place,
			 "\"%s\" has no place in a table: all of it may be read by everybody", key);
		diag_hint(reader->diags, "remove it; the user types the password");
		return;
	}
	diag_add(reader->diags, SEVERITY_ERROR, &place, "unknown key \"%s\" in %s", key,
		 record->name);
	if (near.len) {
		diag_suggest(reader->diags, near);
	} else {
		struct buf keys = BUF_EMPTY;

		list_keys(&keys, record);
		diag_hint(reader->diags, "expected one of %.*s", STR_ARGS(buf_str(&keys)));
		buf_fini(&keys);
	}
}

static void read_list(const struct reader *reader, const struct field *field,
		      const json_t *parent, const json_t *value, void *member)
{
	struct list *list = member;

	if (!json_is_array(value)) {
		struct json_at at = { .parent = parent, .key = field->name };

		reader_expected(reader, at, field->name, "a list", value);
		return;
	}
	list->total = list->count = json_array_size(value);
	list->items = arena_array(reader->arena, list->total, field->record->size);
	if (!list->items)
		list->total = list->count = 0;
	for (size_t i = 0; i < list->total; i++) {
		struct json_at at = { .parent = value, .index = i };

		reader_read(reader, field->record, json_array_get(value, i), at,
			    (char *)list->items + i * field->record->size);
	}
}

static void read_record(const struct reader *reader, const struct field *field,
			const json_t *parent, const json_t *value, void *member)
{
	void *object = arena_alloc(reader->arena, field->record->size);
	struct json_at at = { .parent = parent, .key = field->name };

	if (object)
		reader_read(reader, field->record, value, at, object);
	*(void **)member = object;
}

static void read_field(const struct reader *reader, const struct field *field,
		       const json_t *parent, const json_t *value, void *object)
{
	void *member = (char *)object + field->offset;

	if (field->type == FIELD_LIST)
		read_list(reader, field, parent, value, member);
	else if (field->type == FIELD_RECORD)
		read_record(reader, field, parent, value, member);
	else
		reader_value(reader, field, parent, value, member);
}

void reader_read(const struct reader *reader, const struct record *record, const json_t *json,
		 struct json_at at, void *object)
{
	if (!json_is_object(json)) {
		reader_expected(reader, at, at.key, "an object", json);
		return;
	}
	for (void *i = json_object_iter((json_t *)(uintptr_t)json); i;
	     i = json_object_iter_next((json_t *)(uintptr_t)json, i)) {
		const char *key = json_object_iter_key(i);
		const struct field *field = record_field(record, str_of(key));

		if (strcmp(key, "//") == 0)
			continue;
		if (!field || (field->use & FIELD_DERIVED))
			unknown_key(reader, record, json, key);
		else
			read_field(reader, field, json, json_object_iter_value(i), object);
	}
	for (size_t i = 0; i < record->field_count; i++) {
		const struct field *field = &record->fields[i];

		if ((field->use & FIELD_REQUIRED) && !json_object_get(json, field->name)) {
			struct place place = reader_place(reader, at);

			diag_add(reader->diags, SEVERITY_ERROR, &place, "%s lacks \"%s\"",
				 record->name, field->name);
		}
	}
}
