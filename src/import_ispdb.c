/*
 * Reading a file of ISPDB as it streams by. What it says goes where the rules of
 * import_elements.c say; whether it is right is the sieve's to judge, so here a port that is
 * no number is handed on as the text that it is.
 */
#include "config.h"

#include "import_ispdb.h"

#include "import.h"
#include "reader.h"
#include "source.h"
#include "suggest.h"
#include "xml.h"

#include <stdlib.h>

/* An element that is open. */
struct level {
	const struct element_rule *rule;
	json_t *target;	 /* the object that its members belong to; borrowed */
	json_t *parent;	 /* of SHAPE_OBJECT and SHAPE_ITEM: what the target stands in */
	struct buf text;
	struct place place;
	struct str mark; /* the attribute that is kept for the end */
};

struct ispdb {
	struct import *import;
	struct source *source;
	struct origins *origins;
	json_t *provider;
	struct level levels[XML_DEEPEST];
	size_t depth;
	size_t passed_over; /* elements that are open within one that is not taken */
	size_t providers;   /* elements emailProvider */
};

static bool is(const char *text, const char *word)
{
	return text && strcmp(text, word) == 0;
}

#define SAY(ispdb, severity, place, ...) \
	diag_add((ispdb)->import->diags, SEVERITY_##severity, (place), __VA_ARGS__)

/* --- Values --- */

/* White space is how a file is laid out: one space each, and none at the ends. */
static struct str squeeze(struct arena *arena, struct str text)
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
		if (!is(name, alias->element) || !str_eq(text, str_of(alias->said)))
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

/* `name` is that of the element or attribute. */
static void set_member(struct ispdb *ispdb, json_t *object, const char *name, const char *key,
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

/* The list of that name; made when it is not there. */
static json_t *list_of(struct ispdb *ispdb, json_t *object, const char *key,
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

static void append(struct ispdb *ispdb, json_t *array, json_t *value, const struct place *place)
{
	origins_note(ispdb->origins, array, value, *place);
	if (json_array_append_new(array, value) != 0)
		ispdb->import->failed = true;
}

/* A domain is a mail domain, or one of mail exchangers; a way to log in may name its system. */
static void add_word(struct ispdb *ispdb, const struct level *level, struct str text)
{
	const char *key = level->rule->key;
	const char *name = level->rule->name;
	struct arena *arena = ispdb->import->arena;

	if (text.len == 0) {
		SAY(ispdb, WARNING, &level->place, "\"%s\" is empty: it is left out", name);
		return;
	}
	if (is(key, "authentication")) {
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
	append(ispdb, list_of(ispdb, level->target, key, &level->place),
	       json_stringn(text.p, text.len), &level->place);
}

/* A key is the word alone: the percent signs are where it is used. */
static struct str strip_percents(struct ispdb *ispdb, struct str text, const struct place *place)
{
	if (text.len < 3 || text.p[0] != '%' || text.p[text.len - 1] != '%')
		return text;
	SAY(ispdb, WARNING, place, "\"key\": it is written without its percent signs");
	return str_first(str_from(text, 1), text.len - 2);
}

/* --- Elements --- */

static struct level *top(struct ispdb *ispdb)
{
	return &ispdb->levels[ispdb->depth - 1];
}

static void unknown_element(struct ispdb *ispdb, const struct element_rule *inside,
			    struct str name, struct place place)
{
	const struct element_rule *near = inside;

	SAY(ispdb, WARNING, &place, "unknown element \"%.*s\" in \"%s\": it is left out",
	    STR_ARGS(name), top(ispdb)->rule->name);
	while (near && near->name &&
	       (near->today || !suggest_is_near(name, str_of(near->name))))
		near++;
	if (near && near->name)
		diag_suggest(ispdb->import->diags, str_of(near->name));
}

static const struct element_rule *find_rule(const struct element_rule *inside, struct str name)
{
	for (const struct element_rule *rule = inside; rule && rule->name; rule++) {
		if (str_eq(name, str_of(rule->name)))
			return rule;
	}
	return NULL;
}

/* Where the members of the element go. NULL when it is not taken, which has been said. */
static json_t *open_target(struct ispdb *ispdb, const struct element_rule *rule, json_t *parent,
			   struct level *level)
{
	json_t *object;

	if (rule->shape != SHAPE_OBJECT && rule->shape != SHAPE_ITEM)
		return parent;
	if (rule->shape == SHAPE_OBJECT && json_object_get(parent, rule->key)) {
		SAY(ispdb, WARNING, &level->place, "another \"%s\": only the first one counts",
		    rule->name);
		return NULL;
	}
	object = json_object();
	if (rule->shape == SHAPE_ITEM) {
		level->parent = list_of(ispdb, parent, rule->key, &level->place);
		append(ispdb, level->parent, object, &level->place);
	} else {
		level->parent = parent;
		origins_note(ispdb->origins, parent, object, level->place);
		if (json_object_set_new(parent, rule->key, object) != 0)
			ispdb->import->failed = true;
	}
	return ispdb->import->failed ? NULL : object;
}

static void take_attribute(struct ispdb *ispdb, struct level *level,
			   const struct xml_attribute *attribute)
{
	struct str text = squeeze(ispdb->import->arena, attribute->value);
	const struct attribute_rule *rule = level->rule->attributes;

	for (size_t i = 0; i < ATTRIBUTES_MOST && rule[i].name; i++) {
		if (!str_eq(attribute->name, str_of(rule[i].name)))
			continue;
		if (!rule[i].key) {
			level->mark = text;
			return;
		}
		if (is(rule[i].key, "key"))
			text = strip_percents(ispdb, text, &level->place);
		set_member(ispdb, level->target, rule[i].name, rule[i].key, rule[i].shape, text,
			   &level->place);
		return;
	}
	SAY(ispdb, WARNING, &level->place, "unknown attribute \"%.*s\" of \"%s\": it is left out",
	    STR_ARGS(attribute->name), level->rule->name);
}

/* Programs read the first; what stands at the root would belong to both. */
static bool is_second_provider(struct ispdb *ispdb, const struct element_rule *rule,
			       const struct place *place)
{
	if (!is(rule->name, "emailProvider"))
		return false;
	ispdb->origins->whole = ispdb->providers ? ispdb->origins->whole : *place;
	if (ispdb->providers++ == 0)
		return false;
	SAY(ispdb, ERROR, place, "another \"emailProvider\": a file has one, and programs read the "
				 "first");
	diag_hint(ispdb->import->diags, "put it into a file of its own");
	return true;
}

static bool push(struct ispdb *ispdb, const struct element_rule *rule, json_t *parent,
		 const struct xml_element *element)
{
	struct level *level = &ispdb->levels[ispdb->depth];

	*level = (struct level){
		.rule = rule,
		.place = source_place(ispdb->source, element->offset),
	};
	if (is_second_provider(ispdb, rule, &level->place))
		return false;
	level->target = open_target(ispdb, rule, parent, level);
	if (!level->target)
		return false;
	if (rule->today)
		SAY(ispdb, WARNING, &level->place, "\"%s\" is an old spelling of \"%s\"",
		    rule->name, rule->today);
	ispdb->depth++;
	for (size_t i = 0; i < element->attribute_count; i++)
		take_attribute(ispdb, level, &element->attributes[i]);
	return true;
}

static bool start_root(struct ispdb *ispdb, const struct xml_element *element)
{
	struct place place = source_place(ispdb->source, element->offset);
	struct str version;

	if (!str_eq(element->name, str_of(element_client_config.name))) {
		SAY(ispdb, ERROR, &place, "expected the element \"clientConfig\", found \"%.*s\"",
		    STR_ARGS(element->name));
		return false;
	}
	push(ispdb, &element_client_config, ispdb->provider, element);
	version = ispdb->levels[0].mark;
	if (!str_eq(version, STR("1.1")) && !str_eq(version, STR("1.2")))
		SAY(ispdb, WARNING, &place, "version: expected 1.1 or 1.2, found \"%.*s\"; it is "
					    "read as these",
		    STR_ARGS(version));
	return true;
}

static bool on_start(void *closure, const struct xml_element *element)
{
	struct ispdb *ispdb = closure;
	const struct element_rule *rule;

	if (ispdb->depth == 0)
		return start_root(ispdb, element);
	if (ispdb->passed_over) {
		ispdb->passed_over++;
		return true;
	}
	rule = find_rule(top(ispdb)->rule->inside, element->name);
	if (!rule) {
		unknown_element(ispdb, top(ispdb)->rule->inside, element->name,
				source_place(ispdb->source, element->offset));
		ispdb->passed_over = 1;
	} else if (!push(ispdb, rule, top(ispdb)->target, element)) {
		ispdb->passed_over = 1;
	}
	return !ispdb->import->failed;
}

/* An element without anything in it says nothing. */
static void drop_empty(struct ispdb *ispdb, const struct level *level)
{
	if (json_object_size(level->target))
		return;
	SAY(ispdb, WARNING, &level->place, "\"%s\" is empty: it is left out", level->rule->name);
	if (level->rule->shape == SHAPE_OBJECT)
		json_object_del(level->parent, level->rule->key);
	else
		json_array_remove(level->parent, json_array_size(level->parent) - 1);
}

static void end_element(struct ispdb *ispdb, struct level *level)
{
	const struct element_rule *rule = level->rule;
	struct str text = squeeze(ispdb->import->arena, buf_str(&level->text));

	if (buf_failed(&level->text))
		ispdb->import->failed = true;
	switch (rule->shape) {
	case SHAPE_TEXT:
	case SHAPE_NUMBER:
	case SHAPE_FLAG:
		set_member(ispdb, level->target, rule->name, rule->key, rule->shape, text,
			   &level->place);
		return;
	case SHAPE_WORD:
		add_word(ispdb, level, text);
		return;
	case SHAPE_OBJECT:
	case SHAPE_ITEM:
	case SHAPE_HERE:
		break;
	}
	if (text.len && rule->text_key)
		set_member(ispdb, level->target, rule->name, rule->text_key, SHAPE_TEXT, text,
			   &level->place);
	else if (text.len)
		SAY(ispdb, WARNING, &level->place,
		    "text in \"%s\", outside of the elements that it has: it is left out",
		    rule->name);
	if (rule->shape != SHAPE_HERE)
		drop_empty(ispdb, level);
}

static bool on_end(void *closure)
{
	struct ispdb *ispdb = closure;

	if (ispdb->passed_over) {
		ispdb->passed_over--;
		return true;
	}
	end_element(ispdb, top(ispdb));
	buf_fini(&top(ispdb)->text);
	ispdb->depth--;
	return !ispdb->import->failed;
}

static bool on_text(void *closure, struct str text)
{
	struct ispdb *ispdb = closure;

	if (!ispdb->passed_over && ispdb->depth)
		buf_add(&top(ispdb)->text, text);
	return true;
}

/* --- The file --- */

/* False when there is no provider to be had, which has been said. */
static bool read_file(struct ispdb *ispdb)
{
	static const struct xml_handlers handlers = {
		.start = on_start,
		.end = on_end,
		.text = on_text,
	};
	struct place place = { .file = ispdb->source->path };
	struct xml_error error;
	bool good = xml_parse(ispdb->source->text, &handlers, ispdb, &error);

	while (ispdb->depth)
		buf_fini(&ispdb->levels[--ispdb->depth].text);
	if (!good && error.text[0]) {
		place.line = error.line;
		place.column = error.column;
		SAY(ispdb, ERROR, &place, "%s", error.text);
		diag_hint(ispdb->import->diags, "so the whole file is left out");
	} else if (good && ispdb->providers == 0) {
		place.line = place.column = 1;
		SAY(ispdb, ERROR, &place, "the file has no \"emailProvider\"");
	}
	return good && ispdb->providers;
}

void import_ispdb(struct import *import, const char *path)
{
	struct origins origins = { .arena = import->arena };
	struct ispdb ispdb = {
		.import = import,
		.source = source_load(path, import->diags),
		.origins = &origins,
	};

	if (!ispdb.source)
		return;
	ispdb.provider = json_object();
	if (!ispdb.provider)
		import->failed = true;
	else if (read_file(&ispdb) && !import->failed)
		import_provider(import, path, json_incref(ispdb.provider), &origins);
	json_decref(ispdb.provider);
	origins_fini(&origins);
	source_free(ispdb.source);
}
