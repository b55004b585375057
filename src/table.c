/* Loading tables: files, folders, lists of domains; and the look-ups. */
#include "config.h"

#include "table.h"

#include "checks.h"
#include "json.h"
#include "lint.h"
#include "notes.h"
#include "reader.h"
#include "redirects.h"
#include "source.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

/* What stands at the top of a table file. */
struct table_file {
	struct str schema;
	struct list providers;
};

static const struct field table_fields[] = {
	{ .name = "$schema", .type = FIELD_TEXT, .offset = offsetof(struct table_file, schema),
	  .help = "The schema of this file, for editors." },
	{ .name = "providers", .type = FIELD_LIST, .use = FIELD_REQUIRED,
	  .offset = offsetof(struct table_file, providers), .record = &provider_record,
	  .help = "The providers, in any order." },
};

const struct record table_record = {
	.name = "the table",
	.size = sizeof(struct table_file),
	.fields = table_fields,
	.field_count = sizeof(table_fields) / sizeof(table_fields[0]),
};

/* One load in progress. */
struct loading {
	struct table *table;
	struct arena *arena;
	struct diags *diags;
	struct redirects redirects;
	struct str file;      /* of the provider in hand, in the arena */
	const char **origins; /* by provider number: the file it is from */
	size_t size;	      /* of table->providers and origins */
	size_t errors_before; /* the file in hand */
};

static bool add_provider(struct loading *loading, struct provider *provider)
{
	struct table *table = loading->table;

	if (table->provider_count == loading->size) {
		size_t size = loading->size ? loading->size * 2 : 16;
		struct provider **providers =
			reallocarray(table->providers, size, sizeof(struct provider *));

		if (providers)
			table->providers = providers;

		const char **origins = reallocarray(loading->origins, size, sizeof(char *));

		if (origins)
			loading->origins = origins;
		if (!providers || !origins)
			return false;
		loading->size = size;
	}
	provider->number = table->provider_count++;
	table->providers[provider->number] = provider;
	loading->origins[provider->number] = loading->file.p;
	return true;
}

static void out_of_memory(struct loading *loading)
{
	diag_add(loading->diags, SEVERITY_ERROR, &(struct place){ .file = loading->file.p },
		 "out of memory");
}

/* Puts a checked name in. A name has one provider; to say it twice for the same is harmless. */
static void claim(struct loading *loading, struct names *names, const char *what,
		  struct str name, struct provider *provider, const struct place *place)
{
	struct provider *present;

	if (!names_add(names, name, provider, &present))
		out_of_memory(loading);
	else if (present == provider)
		diag_add(loading->diags, SEVERITY_WARNING, place,
			 "%s \"%.*s\" is named twice for provider \"%.*s\"", what,
			 STR_ARGS(name), STR_ARGS(provider->id));
	else if (present)
		diag_add(loading->diags, SEVERITY_ERROR, place,
			 "%s \"%.*s\" belongs to provider \"%.*s\" of %s already", what,
			 STR_ARGS(name), STR_ARGS(present->id),
			 loading->origins[present->number]);
}

static void claim_list(struct loading *loading, const struct reader *reader, struct names *names,
		       const char *what, const char *key, const json_t *array,
		       struct provider *provider)
{
	for (size_t i = 0; i < json_array_size(array); i++) {
		struct json_at at = { .parent = array, .index = i };
		struct str name = reader_domain(reader, at, key, json_array_get(array, i));

		if (name.len == 0)
			continue;

		/* The place costs a walk through the text: only for what needs one. */
		struct str unused;
		struct place place = { .file = loading->file.p };

		if (names_find(names, name, &unused))
			place = reader_place(reader, at);
		claim(loading, names, what, name, provider, &place);
	}
}

static void claim_line(struct loading *loading, struct source *source, struct str line,
		       struct provider *provider)
{
	struct str text = str_trim(str_first(line, str_find(line, '#')));
	struct place place = source_place(source, (size_t)(text.p - source->text.p));
	struct str mistake = STR("");
	struct str name;

	if (text.len == 0)
		return;
	name = reader_domain_text(loading->arena, text, &mistake);
	if (mistake.len)
		diag_add(loading->diags, SEVERITY_ERROR, &place, "%.*s", STR_ARGS(mistake));
	if (name.len == 0)
		return;
	claim(loading, &loading->table->domains, "domain", name, provider, &place);
}

/* "domainsFile" is relative to the folder of the table. */
static void claim_file(struct loading *loading, const struct reader *reader, const json_t *json,
		       struct provider *provider)
{
	struct str path = provider->domains_file;
	size_t slash = str_find_last(loading->file, '/');
	bool relative = path.p[0] != '/' && slash < loading->file.len;
	struct str full = relative ? arena_printf(loading->arena, "%.*s/%.*s", (int)slash,
						  loading->file.p, STR_ARGS(path))
				   : path;
	struct source *source = source_read(full.p);
	struct str rest = source ? source->text : (struct str){ 0 };
	struct str line;

	if (!source) {
		const char *reason = errno == ENOMEM ? "out of memory" : strerror(errno);
		struct place place = json_value_place(reader->file, json, "domainsFile");

		diag_add(loading->diags, SEVERITY_ERROR, &place,
			 "\"domainsFile\": cannot read %.*s: %s", STR_ARGS(full), reason);
	}
	while (str_split(&rest, '\n', &line))
		claim_line(loading, source, line, provider);
	source_free(source);
}

static void load_provider(struct loading *loading, const struct reader *reader,
			  const json_t *array, size_t index, struct provider *provider)
{
	struct json_at at = { .parent = array, .index = index };
	const json_t *json = json_array_get(array, index);

	check_provider(reader, json, provider);
	redirects_note(&loading->redirects, reader, json, provider, loading->file);
	/* What follows from a mistake is no news. */
	if (diags_errors(loading->diags) == loading->errors_before)
		lint_provider(reader, json, at, provider);
	if (!add_provider(loading, provider)) {
		out_of_memory(loading);
		return;
	}
	claim_list(loading, reader, &loading->table->domains, "domain", "domains",
		   provider->domains, provider);
	claim_list(loading, reader, &loading->table->mail_exchangers, "mail exchanger",
		   "mailExchangers", provider->mail_exchangers, provider);
	if (provider->domains_file.len)
		claim_file(loading, reader, json, provider);
	provider->domains = NULL;
	provider->mail_exchangers = NULL;
	provider->domains_file = STR("");
	provider_complete(provider, loading->arena);
	if (diags_errors(loading->diags) == loading->errors_before)
		note_provider(reader, at, provider);
}

static void load_file(struct loading *loading, const char *path)
{
	size_t errors_before = diags_errors(loading->diags);
	struct json_file *file = json_file_load(path, loading->diags);
	struct table_file top = { 0 };
	struct reader reader = { .file = file, .arena = loading->arena, .diags = loading->diags };

	if (!file)
		return;
	loading->file = arena_str(loading->arena, str_of(path));
	loading->errors_before = errors_before;
	reader_read(&reader, &table_record, json_file_root(file), (struct json_at){ 0 }, &top);

	const json_t *array = json_object_get(json_file_root(file), "providers");
	struct provider *providers = top.providers.items;

	if (json_is_array(array) && top.providers.count == 0 &&
	    diags_errors(loading->diags) == errors_before) {
		struct place place = json_value_place(file, json_file_root(file), "providers");

		diag_add(loading->diags, SEVERITY_WARNING, &place,
			 "\"providers\": the list is empty: nothing is answered from this table");
	}

	for (size_t i = 0; i < top.providers.count; i++)
		load_provider(loading, &reader, array, i, &providers[i]);
	json_file_free(file);
}

static int is_table_name(const struct dirent *entry)
{
	struct str name = str_of(entry->d_name);

	return name.p[0] != '.' && str_ends(name, STR(".json")) &&
	       !str_ends(name, STR(".schema.json"));
}

static void load_folder(struct loading *loading, const char *path)
{
	struct dirent **entries = NULL;
	struct place place = { .file = path };
	int count = scandir(path, &entries, is_table_name, alphasort);

	if (count < 0)
		diag_add(loading->diags, SEVERITY_ERROR, &place, "cannot read the folder: %s",
			 strerror(errno));
	if (count == 0)
		diag_add(loading->diags, SEVERITY_ERROR, &place,
			 "no table in this folder: expected files that end in .json");
	for (int i = 0; i < count; i++) {
		char *file = NULL;

		if (asprintf(&file, "%s/%s", path, entries[i]->d_name) < 0)
			out_of_memory(loading);
		else
			load_file(loading, file);
		free(file);
		free(entries[i]);
	}
	free(entries);
}

void table_load(struct table *ret_table, struct arena *arena, const char *const *paths,
		size_t path_count, struct diags *diags)
{
	struct loading loading = { .table = ret_table, .arena = arena, .diags = diags };

	for (size_t i = 0; i < path_count; i++) {
		struct stat st;

		loading.file = str_of(paths[i]);
		if (stat(paths[i], &st) == 0 && S_ISDIR(st.st_mode))
			load_folder(&loading, paths[i]);
		else
			load_file(&loading, paths[i]);
	}
	redirects_check(&loading.redirects, ret_table, diags);
	free(loading.origins);
	if (arena_failed(arena))
		out_of_memory(&loading);
}

void table_fini(struct table *table)
{
	free(table->providers);
	names_fini(&table->domains);
	names_fini(&table->mail_exchangers);
	*table = (struct table){ 0 };
}

bool table_find_domain(const struct table *table, struct str domain, struct match *ret_match)
{
	ret_match->provider = names_find(&table->domains, domain, &ret_match->domain);
	return ret_match->provider != NULL;
}

bool table_find_exact(const struct table *table, struct str domain, struct match *ret_match)
{
	const struct map_slot *slot = map_find(&table->domains.exact, domain);

	if (slot)
		*ret_match = (struct match){
			.provider = slot->value,
			.domain = { .p = slot->key, .len = slot->key_len },
		};
	return slot != NULL;
}

bool table_find_mail_exchanger(const struct table *table, struct str host,
			       struct match *ret_match)
{
	ret_match->provider = names_find(&table->mail_exchangers, host, &ret_match->domain);
	return ret_match->provider != NULL;
}
