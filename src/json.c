/* Strict JSON with places; see the header. */
#include "config.h"

#include "json.h"

#include "arena.h"
#include "buf.h"
#include "map.h"
#include "source.h"
#include "utf8.h"

#include <pthread.h>
#include <stdlib.h>

/* One child of an object or array, and where its key and value start. */
struct spot {
	struct spot_id {
		const json_t *parent;
		size_t ordinal;
	} id;
	size_t key_offset;
	size_t value_offset;
};

struct json_file {
	struct source *source;
	json_t *root;
	struct arena *spots;
	struct map index; /* spot_id to spot */
	bool indexed;
	const char *path;
	json_origin *origin; /* NULL: it was parsed, and the rest is filled */
	const void *origin_closure;
};

/*
 * Without memory jansson may leave something out and go on, so what it was refused is noted.
 * A load stays in one thread.
 */
static _Thread_local bool refused;
static json_malloc_t allocate_before;
static json_free_t free_before;

static void *allocate(size_t size)
{
	void *memory = allocate_before(size);

	refused = refused || !memory;
	return memory;
}

static void watch_allocations(void)
{
	json_get_alloc_funcs(&allocate_before, &free_before);
	json_set_alloc_funcs(allocate, free_before);
}

/* The end of the token that starts at `start`, as far as it can be one. */
static size_t token_end(struct str text, size_t start)
{
	size_t end = start + 1;

	if (text.p[start] == '"') {
		while (end < text.len && text.p[end] != '"' && text.p[end] != '\n')
			end += text.p[end] == '\\' ? 2 : 1;
		return end + 1;
	}
	if (memchr("{}[]:,", text.p[start], 6))
		return end;
	while (end < text.len && !memchr("{}[]:,\" \t\r\n", text.p[end], 11))
		end++;
	return end;
}

/* The start of the token that holds the byte before `offset`; `offset` when none does. */
static size_t token_start(struct str text, size_t offset)
{
	size_t at = 0;

	while (at < offset && at < text.len) {
		size_t end = ascii_is_space(text.p[at]) ? at + 1 : token_end(text, at);

		if (end >= offset)
			return ascii_is_space(text.p[at]) ? offset : at;
		at = end;
	}
	return offset;
}

/* jansson says where it had got to: behind the token, or before a byte it cannot take. */
static struct place error_place(struct source *source, const json_error_t *error)
{
	struct str message = str_of(error->text);
	size_t offset = error->position > 0 ? (size_t)error->position : 0;

	if (str_ends(message, STR("near end of file")))
		return (struct place){
			.file = source->path,
			.line = (unsigned)(error->line > 0 ? error->line : 0),
			.column = (unsigned)(error->column > 0 ? error->column : 1),
		};
	if (!str_starts(message, STR("unable to decode")) &&
	    !str_starts(message, STR("unexpected newline")) &&
	    !str_starts(message, STR("control character")))
		offset = token_start(source->text, offset);
	return source_place(source, offset);
}

static void add_syntax_error(struct source *source, const json_error_t *error,
			     struct diags *diags)
{
	static const char nul[] = "\\u0000 is not allowed without JSON_ALLOW_NUL";
	struct place place = error_place(source, error);
	struct str message = str_of(error->text);

	if (str_starts(message, str_of(nul)))
		diag_add(diags, SEVERITY_ERROR, &place, "not valid JSON: U+0000 is not allowed%s",
			 error->text + sizeof(nul) - 1);
	else
		diag_add(diags, SEVERITY_ERROR, &place, "not valid JSON: %s", error->text);
}

/* Returns NULL after a diagnostic. */
static json_t *parse(struct source *source, struct diags *diags)
{
	struct place start = source_place(source, 0);
	static pthread_once_t watched = PTHREAD_ONCE_INIT;
	json_error_t error = { .text = "" };
	json_t *root;

	if (str_starts(source->text, STR("\xef\xbb\xbf"))) {
		diag_add(diags, SEVERITY_ERROR, &start,
			 "not valid JSON: the file begins with a byte order mark");
		return NULL;
	}
	pthread_once(&watched, watch_allocations);
	refused = false;
	root = json_loadb(source->text.p, source->text.len, JSON_REJECT_DUPLICATES, &error);
	if (refused) {
		json_decref(root);
		diag_add(diags, SEVERITY_ERROR, &(struct place){ .file = source->path },
			 "out of memory");
		return NULL;
	}
	if (!root)
		add_syntax_error(source, &error, diags);
	return root;
}

struct json_file *json_file_load(const char *path, struct diags *diags)
{
	struct json_file *file = calloc(1, sizeof(*file));

	if (!file) {
		diag_add(diags, SEVERITY_ERROR, &(struct place){ .file = path }, "out of memory");
		return NULL;
	}
	file->source = source_load(path, diags);
	if (!file->source)
		goto failed;
	file->root = parse(file->source, diags);
	if (!file->root)
		goto failed;
	file->path = file->source->path;
	return file;

failed:
	json_file_free(file);
	return NULL;
}

struct json_file *json_file_made(const char *path, json_origin *origin, const void *closure)
{
	struct json_file *file = calloc(1, sizeof(*file));

	if (file)
		*file = (struct json_file){ .path = path, .origin = origin,
					    .origin_closure = closure };
	return file;
}

void json_file_free(struct json_file *file)
{
	if (!file)
		return;
	json_decref(file->root);
	source_free(file->source);
	map_fini(&file->index);
	arena_free(file->spots);
	free(file);
}

const json_t *json_file_root(const struct json_file *file)
{
	return file->root;
}

const char *json_file_path(const struct json_file *file)
{
	return file->path;
}

/* The walk. The text has been parsed before, so it is known to be well-formed. */

struct walk {
	struct json_file *file;
	struct str text;
	size_t at;
};

static char peek(struct walk *walk)
{
	while (walk->at < walk->text.len && ascii_is_space(walk->text.p[walk->at]))
		walk->at++;
	return walk->at < walk->text.len ? walk->text.p[walk->at] : '\0';
}

static void skip_string(struct walk *walk)
{
	walk->at++;
	while (walk->at < walk->text.len && walk->text.p[walk->at] != '"')
		walk->at += walk->text.p[walk->at] == '\\' ? 2 : 1;
	walk->at++;
}

static void skip_scalar(struct walk *walk)
{
	if (peek(walk) == '"') {
		skip_string(walk);
		return;
	}
	while (walk->at < walk->text.len && !memchr(",]} \t\r\n", walk->text.p[walk->at], 7))
		walk->at++;
}

static void note(struct walk *walk, const json_t *parent, size_t ordinal, size_t key_offset)
{
	struct spot *spot = arena_alloc(walk->file->spots, sizeof(*spot));
	void *present;

	peek(walk);
	if (!spot)
		return;
	*spot = (struct spot){
		.id = { .parent = parent, .ordinal = ordinal },
		.key_offset = key_offset,
		.value_offset = walk->at,
	};
	map_put(&walk->file->index,
		(struct str){ .p = (const char *)&spot->id, .len = sizeof(spot->id) }, spot,
		&present);
}

static void walk_value(struct walk *walk, const json_t *value);

static void walk_object(struct walk *walk, const json_t *object)
{
	size_t ordinal = 0;

	walk->at++;
	for (void *i = json_object_iter((json_t *)(uintptr_t)object); i;
	     i = json_object_iter_next((json_t *)(uintptr_t)object, i)) {
		peek(walk);

		size_t key_offset = walk->at;

		skip_string(walk);
		if (peek(walk) == ':')
			walk->at++;
		note(walk, object, ordinal++, key_offset);
		walk_value(walk, json_object_iter_value(i));
		if (peek(walk) == ',')
			walk->at++;
	}
	if (peek(walk) == '}')
		walk->at++;
}

static void walk_array(struct walk *walk, const json_t *array)
{
	walk->at++;
	for (size_t i = 0; i < json_array_size(array); i++) {
		peek(walk);
		note(walk, array, i, walk->at);
		walk_value(walk, json_array_get(array, i));
		if (peek(walk) == ',')
			walk->at++;
	}
	if (peek(walk) == ']')
		walk->at++;
}

static void walk_value(struct walk *walk, const json_t *value)
{
	peek(walk);
	if (json_is_object(value))
		walk_object(walk, value);
	else if (json_is_array(value))
		walk_array(walk, value);
	else
		skip_scalar(walk);
}

static const struct spot *find_spot(struct json_file *file, const json_t *parent, size_t ordinal)
{
	struct spot_id id;

	if (!file->indexed) {
		struct walk walk = { .file = file, .text = file->source->text };

		file->indexed = true;
		file->spots = arena_new();
		if (file->spots)
			walk_value(&walk, file->root);
	}
	memset(&id, 0, sizeof(id));
	id.parent = parent;
	id.ordinal = ordinal;

	const struct map_slot *slot = map_find(
		&file->index, (struct str){ .p = (const char *)&id, .len = sizeof(id) });

	return slot ? slot->value : NULL;
}

/* jansson keeps the keys of an object in the order of the text. */
static const struct spot *find_key(struct json_file *file, const json_t *object, const char *key)
{
	size_t ordinal = 0;

	for (void *i = json_object_iter((json_t *)(uintptr_t)object); i;
	     i = json_object_iter_next((json_t *)(uintptr_t)object, i)) {
		if (strcmp(json_object_iter_key(i), key) == 0)
			return find_spot(file, object, ordinal);
		ordinal++;
	}
	return NULL;
}

static struct place ask_origin(const struct json_file *file, const json_t *parent,
			       const json_t *value)
{
	return file->origin(file->origin_closure, parent, value);
}

struct place json_root_place(struct json_file *file)
{
	struct walk walk = { .file = file };

	if (file->origin)
		return ask_origin(file, NULL, NULL);
	walk.text = file->source->text;
	peek(&walk);
	return source_place(file->source, walk.at);
}

struct place json_key_place(struct json_file *file, const json_t *object, const char *key)
{
	if (file->origin)
		return ask_origin(file, object, json_object_get(object, key));

	const struct spot *spot = find_key(file, object, key);

	return spot ? source_place(file->source, spot->key_offset) : json_root_place(file);
}

struct place json_value_place(struct json_file *file, const json_t *object, const char *key)
{
	if (file->origin)
		return ask_origin(file, object, json_object_get(object, key));

	const struct spot *spot = find_key(file, object, key);

	return spot ? source_place(file->source, spot->value_offset) : json_root_place(file);
}

struct place json_item_place(struct json_file *file, const json_t *array, size_t index)
{
	if (file->origin)
		return ask_origin(file, array, json_array_get(array, index));

	const struct spot *spot = find_spot(file, array, index);

	return spot ? source_place(file->source, spot->value_offset) : json_root_place(file);
}

void json_describe_text(struct buf *buf, struct str text)
{
	enum { MOST = 60 };
	struct str shown = utf8_first(text, MOST);

	buf_addc(buf, '"');
	utf8_show(buf, shown);
	buf_add(buf, shown.len < text.len ? STR("…\"") : STR("\""));
}

/* "993.0" is not what was asked for, and has to look so. */
static void describe_real(struct buf *buf, const json_t *value)
{
	char text[64];
	size_t len = json_dumpb(value, text, sizeof(text),
				JSON_ENCODE_ANY | JSON_REAL_PRECISION(15));

	buf_add(buf, (struct str){ .p = text, .len = len < sizeof(text) ? len : 0 });
}

char *json_describe(const json_t *value)
{
	struct buf buf = BUF_EMPTY;

	switch (json_typeof(value)) {
	case JSON_OBJECT:
		buf_add(&buf, STR("an object"));
		break;
	case JSON_ARRAY:
		buf_add(&buf, STR("a list"));
		break;
	case JSON_STRING:
		json_describe_text(&buf, (struct str){ .p = json_string_value(value),
						  .len = json_string_length(value) });
		break;
	case JSON_INTEGER:
		buf_addf(&buf, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
		break;
	case JSON_REAL:
		describe_real(&buf, value);
		break;
	case JSON_TRUE:
		buf_add(&buf, STR("true"));
		break;
	case JSON_FALSE:
		buf_add(&buf, STR("false"));
		break;
	case JSON_NULL:
		buf_add(&buf, STR("null"));
		break;
	}
	return buf_take(&buf, NULL);
}
