/* Texts of a file of ISPDB as values of a table, where they belong. */
#include "config.h"

#include "import_ispdb.h"

struct str ispdb_squeeze(struct arena *arena, struct str text)
{
	struct str all = str_trim(text);
	char *out = arena_alloc(arena, all.len + 1);
	size_t len = 0;

	for (size_t i = 0; out && i < all.len; i++) {
		bool space = ascii_is_space(all.p[i]);

		if (!space || !ascii_is_space(all.p[i - 1]))
			out[len++] = space ? ' ' : all.p[i];
	}
	return out ? (struct str){ .p = out, .len = len } : STR("");
}

static struct str replace_alias(struct ispdb *ispdb, const char *name, struct str text,
				const struct place *place)
{
	for (const struct word_alias *alias = word_aliases; alias->element; alias++) {
		if (!ispdb_is(name, alias->element) || !str_eq(text, str_of(alias->said)))
			continue;
		SAY(ispdb, WARNING, place, "\"%s\" is another spelling of \"%s\"", alias->said,
		    alias->meant);
		return str_of(alias->meant);
	}
	return text;
}

static json_t *make_value(enum shape shape, struct str text)
{
	unsigned long number;

	if (shape == SHAPE_NUMBER && str_number(text, 1000000000, &number))
		return json_integer((json_int_t)number);
	if (shape == SHAPE_FLAG && (str_eq(text, STR("true")) || str_eq(text, STR("false"))))
		return json_boolean(str_eq(text, STR("true")));
	return json_stringn(text.p, text.len);
}

void ispdb_set(struct ispdb *ispdb, json_t *object, const char *name, const char *key,
		       enum shape shape, struct str text, const struct place *place)
{
	json_t *value;

	if (text.len == 0) {
		SAY(ispdb, WARNING, place, "\"%s\" is empty: it is left out", name);
		return;
	}
	if (json_object_get(object, key)) {
		SAY(ispdb, WARNING, place, "another \"%s\": only the first one counts", name);
		return;
	}
	value = make_value(shape, replace_alias(ispdb, name, text, place));
	origins_note(ispdb->origins, object, value, *place);
	if (json_object_set_new(object, key, value) != 0)
		ispdb->import->failed = true;
}

json_t *ispdb_list(struct ispdb *ispdb, json_t *object, const char *key,
		       const struct place *place)
{
	json_t *array = json_object_get(object, key);

	if (array)
		return array;
	array = json_array();
	origins_note(ispdb->origins, object, array, *place);
	if (json_object_set_new(object, key, array) != 0) {
		ispdb->import->failed = true;
		return NULL;
	}
	return array;
}

void ispdb_append(struct ispdb *ispdb, json_t *array, json_t *value, const struct place *place)
{
	origins_note(ispdb->origins, array, value, *place);
	if (json_array_append_new(array, value) != 0)
		ispdb->import->failed = true;
}

/* A domain is a mail domain, or one of mail exchangers; a way to log in may name its system. */
void ispdb_add_word(struct ispdb *ispdb, const struct level *level, struct str text)
{
	const char *key = level->rule->key;
	const char *name = level->rule->name;
	struct arena *arena = ispdb->import->arena;

	if (text.len == 0) {
		SAY(ispdb, WARNING, &level->place, "\"%s\" is empty: it is left out", name);
		return;
	}
	if (ispdb_is(key, "authentication")) {
		if (level->mark.len)
			text = arena_printf(arena, "%.*s:%.*s", STR_ARGS(level->mark),
					    STR_ARGS(text));
		text = replace_alias(ispdb, name, text, &level->place);
	} else if (str_eq(level->mark, STR("mx"))) {
		key = "mailExchangers";
	} else if (level->mark.len) {
		SAY(ispdb, WARNING, &level->place,
		    "\"purpose\": expected \"mx\", found \"%.*s\"; it is taken for a mail domain",
		    STR_ARGS(level->mark));
	}
	ispdb_append(ispdb, ispdb_list(ispdb, level->target, key, &level->place),
	       json_stringn(text.p, text.len), &level->place);
}

/* A key is the word alone: the percent signs are where it is used. */
struct str ispdb_key(struct ispdb *ispdb, struct str text, const struct place *place)
{
	if (text.len < 3 || text.p[0] != '%' || text.p[text.len - 1] != '%')
		return text;
	SAY(ispdb, WARNING, place, "\"key\": it is written without its percent signs");
	return str_first(str_from(text, 1), text.len - 2);
}
