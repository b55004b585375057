/*
 * mailconf export --ispdb: a file for each provider, with all its domains, as Thunderbird's
 * database has them. It is autoconfig's template, in a variant of its own; no placeholder is
 * replaced. Such a file has no way to say a wildcard, so these are left out, and said.
 */
#include "config.h"

#include "export_modes.h"

#include "address.h"
#include "compile.h"
#include "export_tree.h"
#include "folders.h"
#include "paths.h"

#include <stdio.h>
#include <stdlib.h>

/* The names of one provider: its part of the arrays of all. */
struct share {
	struct full_name *domains, *exchangers;
	size_t domain_count, exchanger_count;
	size_t wildcards;
	bool chosen;
};

struct ispdb_export {
	const struct export_task *task;
	const struct table *table;
	const struct template *template;
	struct arena *arena;
	struct share *shares; /* by the provider's number */
	struct export_tree *tree;
	size_t provider_count; /* that have a file */
	bool failed;	       /* out of memory */
};

static const struct document document = { .template = "autoconfig.xml", .variant = "ispdb" };

/* --- Names --- */

static struct share *share_of(const struct ispdb_export *export, const struct provider *provider)
{
	return &export->shares[provider->number];
}

static void count_domain(void *closure, enum name_kind kind, struct str name,
			 const struct provider *provider)
{
	struct share *share = share_of(closure, provider);

	(void)name;
	share->domain_count += kind == NAME_EXACT;
	share->wildcards += kind != NAME_EXACT;
}

static void count_exchanger(void *closure, enum name_kind kind, struct str name,
			    const struct provider *provider)
{
	struct share *share = share_of(closure, provider);

	(void)name;
	share->exchanger_count += kind == NAME_EXACT;
	share->wildcards += kind != NAME_EXACT;
}

/* The arrays are there, and the counts have begun again. */
static void add_domain(void *closure, enum name_kind kind, struct str name,
		       const struct provider *provider)
{
	struct share *share = share_of(closure, provider);

	if (kind == NAME_EXACT)
		share->domains[share->domain_count++].name = name;
}

static void add_exchanger(void *closure, enum name_kind kind, struct str name,
			  const struct provider *provider)
{
	struct share *share = share_of(closure, provider);

	if (kind == NAME_EXACT)
		share->exchangers[share->exchanger_count++].name = name;
}

static int by_name(const void *a, const void *b)
{
	const struct full_name *one = a, *two = b;

	return str_cmp(one->name, two->name);
}

/* Sorted, but for the domain that the provider is called by, which comes first. */
static void sort_share(struct share *share, const struct provider *provider)
{
	struct full_name *domains = share->domains;

	if (share->domain_count)
		qsort(domains, share->domain_count, sizeof(*domains), by_name);
	if (share->exchanger_count)
		qsort(share->exchangers, share->exchanger_count, sizeof(*domains), by_name);
	for (size_t i = 0; i < share->domain_count; i++) {
		struct full_name found = domains[i];

		if (!str_eq_fold(found.name, provider->id))
			continue;
		memmove(domains + 1, domains, i * sizeof(*domains));
		domains[0] = found;
		return;
	}
}

static bool share_out(struct ispdb_export *export)
{
	const struct table *table = export->table;
	size_t count = table->provider_count;

	export->shares = arena_array(export->arena, count, sizeof(*export->shares));
	if (!export->shares)
		return count == 0;
	names_each(&table->domains, count_domain, export);
	names_each(&table->mail_exchangers, count_exchanger, export);
	for (size_t i = 0; i < count; i++) {
		struct share *share = &export->shares[i];

		share->domains = arena_array(export->arena, share->domain_count,
					     sizeof(*share->domains));
		share->exchangers = arena_array(export->arena, share->exchanger_count,
						sizeof(*share->exchangers));
		share->domain_count = share->exchanger_count = 0;
	}
	if (arena_failed(export->arena))
		return false;
	names_each(&table->domains, add_domain, export);
	names_each(&table->mail_exchangers, add_exchanger, export);
	for (size_t i = 0; i < count; i++)
		sort_share(&export->shares[i], table->providers[i]);
	return true;
}

/* --- Which providers --- */

/* By a domain, or by the id, which need not be one and which several may have. */
static bool choose_name(struct ispdb_export *export, const char *name)
{
	struct domain domain;
	struct match match;
	bool found = false;

	if (domain_parse(str_of(name), &domain) &&
	    table_find_domain(export->table, domain_str(&domain), &match)) {
		share_of(export, match.provider)->chosen = true;
		found = true;
	}
	for (size_t i = 0; i < export->table->provider_count; i++) {
		if (str_eq_fold(export->table->providers[i]->id, str_of(name)))
			found = export->shares[i].chosen = true;
	}
	if (!found)
		fprintf(stderr, "mailconf export: %s: neither a domain nor an id of the table\n",
			name);
	return found;
}

static bool choose(struct ispdb_export *export)
{
	bool good = true;

	for (size_t i = 0; i < export->table->provider_count; i++)
		export->shares[i].chosen = export->task->name_count == 0;
	for (size_t i = 0; i < export->task->name_count; i++)
		good = choose_name(export, export->task->names[i]) && good;
	return good;
}

static void note(const struct provider *provider, const char *what)
{
	fprintf(stderr, "mailconf export: note: provider \"%.*s\" %s\n", STR_ARGS(provider->id),
		what);
}

/* What such a file cannot say. False when there is no file at all. */
static bool can_be_said(const struct share *share, const struct provider *provider)
{
	if (provider->incoming_servers.count == 0)
		note(provider, "is not exported: it has no incoming server that is on");
	else if (share->domain_count == 0)
		note(provider, "is not exported: it has no domain in full");
	else if (share->wildcards)
		note(provider, "is exported without its wildcards");
	return provider->incoming_servers.count && share->domain_count;
}

/* --- Files --- */

static bool make_path(struct buf *path, const struct share *share)
{
	buf_addf(path, "%.*s.xml", STR_ARGS(share->domains[0].name));
	return !buf_failed(path);
}

static struct list list_of(void *items, size_t count)
{
	return (struct list){ .items = items, .count = count, .total = count };
}

/* The document, owned; NULL when out of memory. */
static char *make_document(const struct ispdb_export *export, const struct share *share,
			   const struct provider *provider, size_t *ret_size)
{
	struct arena *arena = arena_new();
	struct provider copy = *provider;
	struct values values = { 0 };
	struct program program;
	char *bytes = NULL;

	copy.domain_names = list_of(share->domains, share->domain_count);
	copy.mail_exchanger_names = list_of(share->exchangers, share->exchanger_count);
	if (share->exchanger_count) /* purpose="mx" is of that version */
		copy.format_version = STR("1.2");
	values.hole[HOLE_DOMAIN] = share->domains[0].name;
	values.hole[HOLE_EMAIL_DOMAIN] = STR("%EMAILDOMAIN%");
	if (arena && compile(export->template, &copy, &document, arena, &program) &&
	    program.pieces) {
		*ret_size = program_size(&program, &values);
		bytes = malloc(*ret_size);
		if (bytes)
			program_run(&program, &values, bytes);
	}
	arena_free(arena);
	return bytes;
}

static void write_provider(struct ispdb_export *export, size_t number)
{
	const struct share *share = &export->shares[number];
	struct str bytes = { 0 };
	struct buf path = BUF_EMPTY;
	char *text = make_document(export, share, export->table->providers[number], &bytes.len);

	bytes.p = text;
	if (text && make_path(&path, share))
		export_tree_write(export->tree, buf_str(&path), bytes);
	else
		export->failed = true;
	buf_fini(&path);
	free(text);
}

static void plan_provider(struct ispdb_export *export, size_t number)
{
	struct share *share = &export->shares[number];
	struct buf path = BUF_EMPTY;

	share->chosen = can_be_said(share, export->table->providers[number]);
	if (!share->chosen)
		return;
	export->provider_count++;
	if (make_path(&path, share))
		export_tree_plan(export->tree, buf_str(&path));
	else
		export->failed = true;
	buf_fini(&path);
}

static void write_tree(struct ispdb_export *export)
{
	size_t count = export->table->provider_count;

	for (size_t i = 0; i < count; i++) {
		if (export->shares[i].chosen)
			plan_provider(export, i);
	}
	if (export->failed)
		return;
	export_tree_begin(export->tree);
	for (size_t i = 0; i < count; i++) {
		if (export->shares[i].chosen)
			write_provider(export, i);
	}
	if (!export->failed)
		export_tree_end(export->tree);
}

static int finish(const struct ispdb_export *export)
{
	struct export_count count = export_tree_count(export->tree);
	const char *problem = export_tree_problem(export->tree);

	if (problem || export->failed) {
		fprintf(stderr, "mailconf export: %s\n", problem ? problem : "out of memory");
		return 1;
	}
	printf("%s: %zu provider%s, %zu files: %zu written, %zu removed\n", export->task->folder,
	       export->provider_count, export->provider_count == 1 ? "" : "s", count.files,
	       count.written, count.removed);
	return 0;
}

/* --- The whole --- */

/*
 * The program's own template goes before one of the administrator's: it says what is answered,
 * which may be less than such a file has to say, or more.
 */
static bool load_template(struct ispdb_export *export)
{
	struct diags *diags = diags_new();
	const struct folders folders = { .own = default_templates(export->arena),
					 .standard = export->task->templates };
	const char *path = folders_find(&folders, document.template, export->arena);

	if (diags && path && !arena_failed(export->arena))
		export->template = template_load(path, &provider_record, NULL, export->arena,
						 diags);
	if (diags)
		diags_print(diags, diags_print_line, stderr);
	diags_free(diags);
	return export->template != NULL;
}

int export_ispdb(const struct export_task *task)
{
	struct ispdb_export export = {
		.task = task,
		.table = snapshot_table(task->snapshot),
		.arena = arena_new(),
	};
	int status = 1;

	if (!export.arena || !share_out(&export)) {
		fprintf(stderr, "mailconf export: out of memory\n");
	} else if (load_template(&export) && choose(&export)) {
		export.tree = export_tree_open(task->folder, "ispdb");
		if (export.tree) {
			write_tree(&export);
			status = finish(&export);
		} else {
			fprintf(stderr, "mailconf export: out of memory\n");
		}
	}
	export_tree_free(export.tree);
	arena_free(export.arena);
	return status;
}
