/*
 * Reading a file of ISPDB as it streams by. What it says goes where the rules of
 * import_elements.c say; whether it is right is the sieve's to judge, so here a port that is
 * no number is handed on as the text that it is.
 */
#include "config.h"

#include "import_ispdb.h"

#include "suggest.h"

#include <stdlib.h>

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
		level->parent = ispdb_list(ispdb, parent, rule->key, &level->place);
		ispdb_append(ispdb, level->parent, object, &level->place);
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
	struct str text = ispdb_squeeze(ispdb->import->arena, attribute->value);
	const struct attribute_rule *rule = level->rule->attributes;

	for (size_t i = 0; i < ATTRIBUTES_MOST && rule[i].name; i++) {
		if (!str_eq(attribute->name, str_of(rule[i].name)))
			continue;
		if (!rule[i].key) {
			level->mark = text;
			return;
		}
		if (ispdb_is(rule[i].key, "key"))
			text = ispdb_key(ispdb, text, &level->place);
		ispdb_set(ispdb, level->target, rule[i].name, rule[i].key, rule[i].shape, text,
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
	if (!ispdb_is(rule->name, "emailProvider"))
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
	struct str text = ispdb_squeeze(ispdb->import->arena, buf_str(&level->text));

	if (buf_failed(&level->text))
		ispdb->import->failed = true;
	switch (rule->shape) {
	case SHAPE_TEXT:
	case SHAPE_NUMBER:
	case SHAPE_FLAG:
		ispdb_set(ispdb, level->target, rule->name, rule->key, rule->shape, text,
			   &level->place);
		return;
	case SHAPE_WORD:
		ispdb_add_word(ispdb, level, text);
		return;
	case SHAPE_OBJECT:
	case SHAPE_ITEM:
	case SHAPE_HERE:
		break;
	}
	if (text.len && rule->text_key)
		ispdb_set(ispdb, level->target, rule->name, rule->text_key, SHAPE_TEXT, text,
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
