/*
 * The settings file: a JSON object whose keys are the names of options. What the command
 * line says wins over it.
 */
#include "config.h"

#include "buf.h"
#include "json.h"
#include "options.h"
#include "paths.h"
#include "reader.h"
#include "suggest.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

struct settings {
	struct options *options;
	struct diags *diags;
	struct json_file *file;
	struct str folder; /* of the file, with its slash, for relative paths; may be empty */
};

static void unknown_setting(struct settings *settings, const json_t *root, const char *key)
{
	struct place place = json_key_place(settings->file, root, key);

	struct buf known = BUF_EMPTY;

	diag_add(settings->diags, SEVERITY_ERROR, &place, "unknown setting \"%s\"", key);
	for (size_t i = 0; i < option_row_count; i++) {
		if (!(option_rows[i].places & OPTION_IN_FILE))
			continue;
		if (suggest_is_near(str_of(key), str_of(option_rows[i].name))) {
			diag_suggest(settings->diags, str_of(option_rows[i].name));
			goto out;
		}
		buf_addf(&known, "%s%s", known.len ? ", " : "", option_rows[i].name);
	}
	diag_hint(settings->diags, "expected one of %.*s", STR_ARGS(buf_str(&known)));
out:
	buf_fini(&known);
}

/* `row` is NULL for the file as a whole. */
static void expected(struct settings *settings, const struct option_row *row,
		     const struct place *place, const char *what, const json_t *found)
{
	char *description = json_describe(found);

	diag_add(settings->diags, SEVERITY_ERROR, place, "%s%s%sexpected %s, found %s",
		 row ? "\"" : "", row ? row->name : "", row ? "\": " : "", what,
		 description ? description : "something else");
	free(description);
}

static bool is_path(const struct option_row *row)
{
	return row->type == OPTION_PATH || row->type == OPTION_PATHS;
}

static void set_text(struct settings *settings, const struct option_row *row,
		     const json_t *value, const struct place *place)
{
	const char *text = json_string_value(value);
	const char *error;

	if (!text || !text[0]) {
		expected(settings, row, place, "a text", value);
		return;
	}
	if (is_path(row) && text[0] != '/')
		text = arena_printf(settings->options->arena, "%.*s%s",
				    STR_ARGS(settings->folder), text)
			       .p;
	error = options_set(settings->options, row, text);
	if (error)
		diag_add(settings->diags, SEVERITY_ERROR, place, "\"%s\": %s, found \"%s\"",
			 row->name, error, json_string_value(value));
}

static void set_number(struct settings *settings, const struct option_row *row,
		       const json_t *value, const struct place *place)
{
	char text[32];
	char what[64];

	snprintf(text, sizeof(text), "%" JSON_INTEGER_FORMAT, json_integer_value(value));
	if (json_is_integer(value) && !options_set(settings->options, row, text))
		return;
	snprintf(what, sizeof(what), "a whole number from %u to %u", row->least, row->most);
	expected(settings, row, place, what, value);
}

static void set_list(struct settings *settings, const struct option_row *row,
		     const json_t *value, const struct place *place)
{
	if (!json_is_array(value)) {
		expected(settings, row, place, "a list", value);
		return;
	}
	for (size_t i = 0; i < json_array_size(value); i++) {
		struct place item = json_item_place(settings->file, value, i);

		set_text(settings, row, json_array_get(value, i), &item);
	}
}

static void set_one(struct settings *settings, const json_t *root, const char *key,
		    unsigned long given_before)
{
	const struct option_row *row = options_find(key);
	const json_t *value = json_object_get(root, key);
	struct place place;

	if (strcmp(key, "//") == 0 || strcmp(key, "$schema") == 0)
		return;
	if (!row || !(row->places & OPTION_IN_FILE)) {
		unknown_setting(settings, root, key);
		return;
	}
	if (given_before & 1ul << (row - option_rows))
		return;
	place = json_value_place(settings->file, root, key);
	switch (row->type) {
	case OPTION_LIST:
	case OPTION_PATHS:
		set_list(settings, row, value, &place);
		break;
	case OPTION_NUMBER:
		set_number(settings, row, value, &place);
		break;
	case OPTION_TEXT:
	case OPTION_PATH:
		set_text(settings, row, value, &place);
		break;
	case OPTION_SWITCH:
		break; /* none of them stands in the file */
	}
}

static void read_file(struct settings *settings, const char *path)
{
	unsigned long given_before = settings->options->given;
	size_t slash = str_find_last(str_of(path), '/');
	const json_t *root;

	settings->folder = path[slash] ? str_first(str_of(path), slash + 1) : STR("");
	settings->file = json_file_load(path, settings->diags);
	if (!settings->file)
		return;
	root = json_file_root(settings->file);
	if (!json_is_object(root)) {
		struct place place = json_root_place(settings->file);

		expected(settings, NULL, &place, "an object", root);
	}
	for (void *i = json_object_iter((json_t *)(uintptr_t)root); i;
	     i = json_object_iter_next((json_t *)(uintptr_t)root, i))
		set_one(settings, root, json_object_iter_key(i), given_before);
	json_file_free(settings->file);
}

void options_load_settings(struct options *options, struct diags *diags)
{
	struct settings settings = { .options = options, .diags = diags };
	const char *path = options->config;

	if (!path)
		path = default_settings(options->arena);
	/* Who says where the table and the templates are needs no settings. */
	if (options->config || options->table.count == 0 || path_exists(path))
		read_file(&settings, path);
	/* After an error nobody knows whether other templates were meant. */
	if (!options->templates && diags_errors(diags) == 0)
		options->templates = default_templates(options->arena);
	if (options->table.count == 0 && diags_errors(diags) == 0)
		diag_add(diags, SEVERITY_ERROR, &(struct place){ .file = path },
			 "no table: expected a setting \"table\", or the option --table");
	if (arena_failed(options->arena))
		diag_add(diags, SEVERITY_ERROR, &(struct place){ 0 }, "out of memory");
}
