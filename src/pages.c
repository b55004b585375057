/* Loading what belongs to pages. */
#include "config.h"

#include "pages.h"

#include "compile.h"
#include "source.h"
#include "template_set.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>

static int is_catalog_name(const struct dirent *entry)
{
	struct str name = str_of(entry->d_name);

	return name.p[0] != '.' && str_ends(name, STR(".po")) && name.len > 3;
}

static bool has_code(const struct pages *pages, struct str code)
{
	for (size_t i = 0; i < pages->catalog_count; i++) {
		if (str_eq(pages->catalogs[i].code, code))
			return true;
	}
	return false;
}

static bool add_catalog(struct pages *pages, const char *path, struct str code,
			struct arena *arena, struct diags *diags)
{
	struct catalog *larger = reallocarray(pages->catalogs, pages->catalog_count + 1,
					      sizeof(*larger));

	if (!larger)
		return false;
	pages->catalogs = larger;
	return catalog_load(&larger[pages->catalog_count++], code, path, arena, diags);
}

/* A folder that is not there has no languages. What is there already is not loaded again. */
static bool load_folder(struct pages *pages, const char *folder, struct arena *arena,
			struct diags *diags)
{
	struct dirent **entries = NULL;
	int count = scandir(folder, &entries, is_catalog_name, alphasort);
	bool good = true;

	if (count < 0 && errno != ENOENT) {
		diag_add(diags, SEVERITY_ERROR, &(struct place){ .file = folder },
			 "cannot read the folder: %s", strerror(errno));
		return false;
	}
	for (int i = 0; i < count; i++) {
		struct str name = str_of(entries[i]->d_name);
		struct str code = arena_str(arena, str_first(name, name.len - 3));

		if (!has_code(pages, code))
			good &= add_catalog(pages,
					    arena_printf(arena, "%s/%s", folder, name.p).p, code,
					    arena, diags);
		free(entries[i]);
	}
	free(entries);
	return good;
}

static int compare_codes(const void *a, const void *b)
{
	const struct catalog *left = a, *right = b;

	return str_cmp(left->code, right->code);
}

static bool load_catalogs(struct pages *pages, const struct folders *folders,
			  struct arena *arena, struct diags *diags)
{
	bool good = load_folder(pages, arena_printf(arena, "%s/po", folders->own).p, arena, diags);

	if (folders->standard)
		good &= load_folder(pages, arena_printf(arena, "%s/po", folders->standard).p,
				    arena, diags);
	if (pages->catalog_count)
		qsort(pages->catalogs, pages->catalog_count, sizeof(*pages->catalogs),
		      compare_codes);
	return good;
}

static struct program *program_at(const struct pages *pages, size_t row, size_t language,
				  size_t document)
{
	return &pages->programs[(row * (pages->catalog_count + 1) + language) *
					pages->document_count +
				document];
}

static bool compile_page(const struct pages *pages, const struct provider *provider,
			 size_t language, size_t number, struct arena *arena,
			 struct program *ret_program)
{
	struct document document = pages->documents[number];

	document.catalog = language ? &pages->catalogs[language - 1] : NULL;
	document.site = &pages->site;
	return compile(pages->templates[number], provider, &document, arena, ret_program);
}

/* `provider` is NULL for the site, whose row is behind all others. */
static bool compile_row(struct pages *pages, const struct provider *provider, size_t row,
			struct arena *arena)
{
	for (size_t language = 0; language <= pages->catalog_count; language++) {
		for (size_t i = 0; i < pages->document_count; i++) {
			if (pages->documents[i].of_site == !provider &&
			    !compile_page(pages, provider, language, i, arena,
					  program_at(pages, row, language, i)))
				return false;
		}
	}
	return true;
}

static bool compile_all(struct pages *pages, const struct table *table, struct arena *arena)
{
	bool kept = table->provider_count <= PROVIDERS_KEPT;

	pages->kept_providers = kept ? table->provider_count : 0;
	pages->programs = arena_array(arena,
				      (pages->kept_providers + 1) * (pages->catalog_count + 1) *
					      pages->document_count,
				      sizeof(*pages->programs));
	if (!pages->programs)
		return false;
	for (size_t i = 0; i < pages->kept_providers; i++) {
		if (!compile_row(pages, table->providers[i], i, arena))
			return false;
	}
	return compile_row(pages, NULL, pages->kept_providers, arena);
}

static bool load_assets(struct pages *pages, const struct pages_sources *sources,
			const struct folders *folders, struct arena *arena, struct diags *diags)
{
	bool good = true;

	pages->assets = arena_array(arena, sources->asset_count, sizeof(*pages->assets));
	for (size_t i = 0; pages->assets && i < sources->asset_count; i++) {
		struct source *source =
			source_load(folders_find(folders, sources->assets[i], arena), diags);
		struct program_builder builder;

		good = good && source;
		if (!source)
			continue;
		program_builder_init(&builder, arena);
		program_builder_text(&builder, source->text);
		good = program_builder_finish(&builder, &pages->assets[i]) && good;
		source_free(source);
	}
	return good && pages->assets;
}

bool pages_load(struct pages *ret_pages, const struct pages_sources *sources,
		const struct folders *folders, const struct table *table, struct arena *arena,
		struct diags *diags)
{
	size_t errors = diags_errors(diags);
	bool good = load_catalogs(ret_pages, folders, arena, diags);

	ret_pages->documents = sources->documents;
	ret_pages->document_count = sources->document_count;
	good &= template_set_load(sources->documents, sources->document_count, folders,
				  &site_record, arena, diags, &ret_pages->templates);
	good &= load_assets(ret_pages, sources, folders, arena, diags);
	good = good && diags_errors(diags) == errors &&
	       site_make(&ret_pages->site, table, ret_pages->catalogs, ret_pages->catalog_count,
			 arena) &&
	       compile_all(ret_pages, table, arena);
	return good;
}

void pages_fini(struct pages *pages)
{
	for (size_t i = 0; i < pages->catalog_count; i++)
		catalog_fini(&pages->catalogs[i]);
	free(pages->catalogs);
	*pages = (struct pages){ 0 };
}

size_t pages_language_count(const struct pages *pages)
{
	return pages->catalog_count + 1;
}

struct str pages_language(const struct pages *pages, size_t language)
{
	return language ? pages->catalogs[language - 1].code : STR("en");
}

const struct program *pages_program(const struct pages *pages, const struct provider *provider,
				    size_t language, size_t document, struct arena *arena)
{
	struct program *program;

	if (!pages->programs)
		return NULL;
	if (provider && !pages->kept_providers) {
		program = arena_alloc(arena, sizeof(*program));
		if (!program || !compile_page(pages, provider, language, document, arena, program))
			return NULL;
	} else {
		program = program_at(pages, provider ? provider->number : pages->kept_providers,
				     language, document);
	}
	return program->pieces ? program : NULL;
}

const struct program *pages_asset(const struct pages *pages, size_t asset)
{
	return pages->assets && pages->assets[asset].pieces ? &pages->assets[asset] : NULL;
}
