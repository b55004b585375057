/*
 * What a table would refuse goes out of an imported provider, with the table's own words for
 * it; what remains is brought into the table's order and spelling.
 *
 * A value that is wrong goes alone. Where an object cannot be without it, the object goes, and
 * a server that lacks something goes as a whole. Only a provider stays, whatever it lacks.
 */
#include "config.h"

#include "import.h"

#include "checks.h"
#include "lint.h"
#include "reader_value.h"

#include <stdlib.h>

struct sieve {
	struct import *import;
	struct reader reader;
	struct origins *origins;
	const char *path;
	json_t *provider;
};

/* Who has a name already. */
struct claim {
	struct str id;
	const char *path;
	size_t number; /* of the provider */
};

static size_t errors(const struct sieve *sieve)
{
	return diags_errors(sieve->reader.diags);
}

static struct str provider_id(const struct sieve *sieve)
{
	return json_text(json_object_get(sieve->provider, "id"));
}

/* --- Values --- */

/* What reader_value() may fill. */
union member {
	struct str text;
	unsigned number;
	enum flag flag;
	struct list list;
	const json_t *names;
};

/* Keeps the words that the reader took, by their places in the list. */
static void keep_words(json_t *array, const struct list *list)
{
	const struct authentication *methods = list->items;
	size_t taken = list->count;

	for (size_t i = json_array_size(array); i > 0; i--) {
		if (taken && methods[taken - 1].ordinal == i - 1)
			taken--;
		else
			json_array_remove(array, i - 1);
	}
}

/* A host name has one spelling, so that it is the same text in every file. */
static void respell(struct sieve *sieve, json_t *object, const char *key, struct str text)
{
	const json_t *old = json_object_get(object, key);
	struct place place = origins_find(sieve->origins, object, old);
	json_t *value;

	if (str_eq(json_text(old), text))
		return;
	value = json_stringn(text.p, text.len);
	origins_note(sieve->origins, object, value, place);
	if (json_object_set_new(object, key, value) != 0)
		sieve->import->failed = true;
}

static void sieve_value(struct sieve *sieve, const struct field *field, json_t *object,
			json_t *value)
{
	union member member = { .list = { 0 } };
	size_t before = errors(sieve);

	reader_value(&sieve->reader, field, object, value, &member);
	if (field->type == FIELD_AUTHENTICATION && json_is_array(value)) {
		keep_words(value, &member.list);
		if (member.list.count == 0)
			json_object_del(object, field->name);
	} else if (errors(sieve) > before) {
		json_object_del(object, field->name);
	} else if (field->type == FIELD_HOSTNAME) {
		respell(sieve, object, field->name, member.text);
	}
}

/* --- Names --- */

/* False, and said, when somebody has it already. */
static bool claim(struct sieve *sieve, const char *what, struct map *map, struct str name,
		  struct place place)
{
	struct claim *mine = arena_alloc(sieve->import->arena, sizeof(*mine));
	const struct claim *other;
	void *present = NULL;

	if (!mine)
		return false;
	*mine = (struct claim){
		.id = arena_str(sieve->import->arena, provider_id(sieve)),
		.path = arena_str(sieve->import->arena, str_of(sieve->path)).p,
		.number = json_array_size(sieve->import->providers),
	};
	if (!map_put(map, name, mine, &present))
		sieve->import->failed = true;
	other = present;
	if (other && other->number == mine->number)
		diag_add(sieve->reader.diags, SEVERITY_WARNING, &place,
			 "%s \"%.*s\" is named twice", what, STR_ARGS(name));
	else if (other)
		diag_add(sieve->reader.diags, SEVERITY_ERROR, &place,
			 "%s \"%.*s\" belongs to provider \"%.*s\" of %s already", what,
			 STR_ARGS(name), STR_ARGS(other->id), other->path);
	return !other;
}

static int by_text(const void *a, const void *b)
{
	const struct str *one = a, *two = b;

	return str_cmp(*one, *two);
}

/* The list anew: the provider's own name first, the others sorted. Files keep no order of them. */
static json_t *sorted_names(const struct sieve *sieve, struct str *names, size_t count)
{
	json_t *array = json_array();
	struct str id = provider_id(sieve);

	if (count)
		qsort(names, count, sizeof(*names), by_text);
	for (int turn = 0; turn < 2; turn++) {
		for (size_t i = 0; i < count; i++) {
			if (str_eq_fold(names[i], id) == (turn == 0))
				json_array_append_new(array,
						      json_stringn(names[i].p, names[i].len));
		}
	}
	return array;
}

static void sieve_names(struct sieve *sieve, const char *what, const char *key, struct map *map)
{
	json_t *array = json_object_get(sieve->provider, key);
	size_t size = json_array_size(array);
	struct str *names = arena_array(sieve->import->arena, size, sizeof(*names));
	size_t count = 0;

	if (!names)
		return; /* none, or out of memory, which the arena keeps */
	for (size_t i = 0; i < size; i++) {
		struct json_at at = { .parent = array, .index = i };
		struct str name = reader_domain(&sieve->reader, at, key, json_array_get(array, i));

		if (name.len && claim(sieve, what, map, name, reader_place(&sieve->reader, at)))
			names[count++] = name;
	}
	array = count ? sorted_names(sieve, names, count) : NULL;
	if (count == 0)
		json_object_del(sieve->provider, key);
	else if (json_array_size(array) != count ||
		 json_object_set(sieve->provider, key, array) != 0)
		sieve->import->failed = true;
	json_decref(array);
}

/* --- Objects --- */

static bool sieve_object(struct sieve *sieve, const struct record *record, json_t *object,
			 struct json_at at);

static void sieve_list(struct sieve *sieve, const struct field *field, json_t *object,
		       json_t *array)
{
	size_t size = json_array_size(array);

	/* Backwards, since places of the elements before stay then; findings are sorted. */
	for (size_t i = size; i > 0; i--) {
		struct json_at at = { .parent = array, .index = i - 1 };

		if (!sieve_object(sieve, field->record, json_array_get(array, i - 1), at))
			json_array_remove(array, i - 1);
	}
	if (json_array_size(array) == 0)
		json_object_del(object, field->name);
}

static void sieve_member(struct sieve *sieve, const struct field *field, json_t *object,
			 json_t *value)
{
	struct json_at at = { .parent = object, .key = field->name };

	switch (field->type) {
	case FIELD_LIST:
		sieve_list(sieve, field, object, value);
		break;
	case FIELD_RECORD:
		if (!sieve_object(sieve, field->record, value, at))
			json_object_del(object, field->name);
		break;
	case FIELD_NAMES:
		break; /* sieve_names(), which needs the id */
	default:
		sieve_value(sieve, field, object, value);
		break;
	}
}

static bool sieve_object(struct sieve *sieve, const struct record *record, json_t *object,
			 struct json_at at)
{
	bool whole = true;

	for (size_t i = 0; i < record->field_count; i++) {
		const struct field *field = &record->fields[i];
		json_t *value = json_object_get(object, field->name);

		if (field->use & FIELD_DERIVED)
			continue;
		if (value)
			sieve_member(sieve, field, object, value);
		if (!(field->use & FIELD_REQUIRED) || json_object_get(object, field->name) ||
		    record == &provider_record)
			continue;
		if (!value) {
			struct place place = reader_place(&sieve->reader, at);

			diag_add(sieve->reader.diags, SEVERITY_ERROR, &place, "%s lacks \"%s\"",
				 record->name, field->name);
		}
		if (whole)
			diag_hint(sieve->reader.diags, "so the whole %s is left out",
				  record->name);
		whole = false;
	}
	return whole;
}

/* --- Servers --- */

/* As good as it was said to be, only without a user name that means nothing? */
static bool is_good_without_username(const struct sieve *sieve, const struct provider *provider,
				     const struct server_section *section, size_t index)
{
	struct reader quiet = sieve->reader;
	json_t *json = json_array_get(json_object_get(sieve->provider, section->key), index);
	const struct list *list = (const void *)((const char *)provider + section->offset);
	struct server *server = (struct server *)list->items + index;
	bool good = false;

	quiet.diags = diags_new();
	if (quiet.diags && server->username.len) {
		server->username = STR("");
		json_object_del(json, "username");
		check_server(&quiet, sieve->provider, provider, section, index);
		good = diags_errors(quiet.diags) == 0;
	}
	diags_free(quiet.diags);
	return good;
}

static void sieve_servers(struct sieve *sieve, const struct provider *provider,
			  const struct server_section *section)
{
	json_t *array = json_object_get(sieve->provider, section->key);

	for (size_t i = json_array_size(array); i > 0; i--) {
		size_t before = errors(sieve);

		check_server(&sieve->reader, sieve->provider, provider, section, i - 1);
		if (errors(sieve) == before ||
		    is_good_without_username(sieve, provider, section, i - 1))
			continue;
		diag_hint(sieve->reader.diags, "so the whole server is left out");
		json_array_remove(array, i - 1);
	}
	if (json_array_size(array) == 0)
		json_object_del(sieve->provider, section->key);
}

/* What the provider has become, as the table will read it. NULL when out of memory. */
static struct provider *read_provider(const struct sieve *sieve, struct diags *diags)
{
	struct reader reader = sieve->reader;
	struct provider *provider = arena_alloc(reader.arena, sizeof(*provider));

	reader.diags = diags;
	if (provider && diags)
		reader_read(&reader, &provider_record, sieve->provider, (struct json_at){ 0 },
			    provider);
	/* Lists would be shorter than they are in the JSON. */
	return arena_failed(reader.arena) ? NULL : provider;
}

static void sieve_all_servers(struct sieve *sieve)
{
	struct diags *quiet = diags_new();
	struct provider *provider = read_provider(sieve, quiet);

	for (size_t i = 0; provider && quiet && i < server_section_count; i++)
		sieve_servers(sieve, provider, &server_sections[i]);
	if (!provider || !quiet)
		sieve->import->failed = true;
	diags_free(quiet);
}

/* --- The whole --- */

/* A copy with the keys in the order in which the table's descriptions list them. */
static json_t *in_order(const struct record *record, const json_t *object)
{
	json_t *sorted = json_object();

	for (size_t i = 0; i < record->field_count; i++) {
		const struct field *field = &record->fields[i];
		json_t *value = json_object_get(object, field->name);
		json_t *copy;

		if (!value || (field->use & FIELD_DERIVED))
			continue;
		if (field->type == FIELD_RECORD) {
			copy = in_order(field->record, value);
		} else if (field->type == FIELD_LIST) {
			copy = json_array();
			for (size_t j = 0; j < json_array_size(value); j++)
				json_array_append_new(copy, in_order(field->record,
								     json_array_get(value, j)));
			if (json_array_size(copy) != json_array_size(value)) {
				json_decref(copy);
				copy = NULL;
			}
		} else {
			copy = json_incref(value);
		}
		if (json_object_set_new(sorted, field->name, copy) != 0) {
			json_decref(sorted);
			return NULL;
		}
	}
	return sorted;
}

static void check_whole(struct sieve *sieve)
{
	struct provider *provider = read_provider(sieve, sieve->reader.diags);

	if (!provider)
		return;
	check_provider_itself(&sieve->reader, sieve->provider, provider);
	lint_provider(&sieve->reader, sieve->provider, (struct json_at){ 0 }, provider);
}

void import_provider(struct import *import, const char *path, json_t *json,
		     struct origins *origins)
{
	struct sieve sieve = {
		.import = import,
		.reader = { .arena = import->arena, .diags = import->diags },
		.origins = origins,
		.path = path,
		.provider = json,
	};

	sieve.reader.file = json_file_made(path, origins_find, origins);
	if (sieve.reader.file) {
		sieve_object(&sieve, &provider_record, json, (struct json_at){ 0 });
		sieve_names(&sieve, "domain", "domains", &import->domains);
		sieve_names(&sieve, "mail exchanger", "mailExchangers", &import->mail_exchangers);
		sieve_all_servers(&sieve);
		check_whole(&sieve);
	}
	if (!sieve.reader.file ||
	    json_array_append_new(import->providers, in_order(&provider_record, json)) != 0)
		import->failed = true;
	json_file_free(sieve.reader.file);
	json_decref(json);
}
