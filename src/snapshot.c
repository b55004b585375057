/* Loading the whole. */
#include "config.h"

#include "snapshot.h"

#include "compile.h"
#include "template_set.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

struct snapshot {
	atomic_uint references;
	struct arena *arena;
	struct table table;
	struct signer *signer;
	struct pages pages;
	const struct program *programs; /* documents of provider 0, of provider 1, … */
	const struct template *const *templates; /* by document */
	const struct document *documents; /* its own copy */
	size_t document_count;
	time_t loaded_at;
	struct str summary;
};

static bool is_later(const struct snapshot *snapshot, const struct document *document)
{
	return document->seldom && snapshot->table.provider_count > PROVIDERS_KEPT;
}

/* What compiling later needs, too. */
static bool keep_documents(struct snapshot *snapshot, const struct snapshot_sources *sources)
{
	size_t count = sources->document_count;
	struct document *documents = arena_array(snapshot->arena, count, sizeof(*documents));

	if (documents && count)
		memcpy(documents, sources->documents, count * sizeof(*documents));
	snapshot->documents = documents;
	return documents != NULL;
}

static bool compile_all(struct snapshot *snapshot)
{
	const struct table *table = &snapshot->table;
	size_t count = snapshot->document_count;
	struct program *programs =
		arena_array(snapshot->arena, table->provider_count * count, sizeof(*programs));

	if (!programs)
		return false;
	for (size_t i = 0; i < table->provider_count; i++) {
		for (size_t j = 0; j < count; j++) {
			if (is_later(snapshot, &snapshot->documents[j]))
				continue;
			if (!compile(snapshot->templates[j], table->providers[i],
				     &snapshot->documents[j], snapshot->arena,
				     &programs[i * count + j]))
				return false;
		}
	}
	snapshot->programs = programs;
	return true;
}

/* Of a table with mistakes there are no providers to make pages of. */
static bool load_pages(struct snapshot *snapshot, const struct snapshot_sources *sources,
		       size_t errors, struct diags *diags)
{
	static const struct table none = { 0 };

	return pages_load(&snapshot->pages, sources->pages, &sources->templates,
			  diags_errors(diags) == errors ? &snapshot->table : &none,
			  snapshot->arena, diags);
}

static struct str summarise(struct snapshot *snapshot)
{
	size_t domains = names_count(&snapshot->table.domains);
	size_t providers = snapshot->table.provider_count;

	return arena_printf(snapshot->arena, "%zu domain%s of %zu provider%s", domains,
			    domains == 1 ? "" : "s", providers, providers == 1 ? "" : "s");
}

struct snapshot *snapshot_load(const struct snapshot_sources *sources, struct diags *diags)
{
	struct snapshot *snapshot = calloc(1, sizeof(*snapshot));
	size_t errors = diags_errors(diags);
	bool good = false;

	if (snapshot)
		snapshot->arena = arena_new();
	if (snapshot && snapshot->arena) {
		atomic_init(&snapshot->references, 1);
		snapshot->document_count = sources->document_count;
		snapshot->loaded_at = time(NULL);
		table_load(&snapshot->table, snapshot->arena, sources->tables,
			   sources->table_count, diags);
		if (sources->certificate)
			snapshot->signer = signer_load(sources->certificate, sources->key,
						       snapshot->loaded_at, diags);
		bool has_folder = !sources->document_count ||
				  folders_check(&sources->templates, diags);

		good = has_folder && keep_documents(snapshot, sources) &&
		       template_set_load(snapshot->documents, snapshot->document_count,
					 &sources->templates, NULL, snapshot->arena, diags,
					 &snapshot->templates) &&
		       diags_errors(diags) == errors;
		good = good && compile_all(snapshot);
		if (sources->pages && has_folder)
			good &= load_pages(snapshot, sources, errors, diags);
		snapshot->summary = summarise(snapshot);
		good = good && !arena_failed(snapshot->arena);
	}
	if (good)
		return snapshot;
	if (diags_errors(diags) == errors)
		diag_add(diags, SEVERITY_ERROR, &(struct place){ 0 }, "out of memory");
	snapshot_unref(snapshot);
	return NULL;
}

struct snapshot *snapshot_ref(struct snapshot *snapshot)
{
	atomic_fetch_add_explicit(&snapshot->references, 1, memory_order_relaxed);
	return snapshot;
}

void snapshot_unref(struct snapshot *snapshot)
{
	if (!snapshot ||
	    atomic_fetch_sub_explicit(&snapshot->references, 1, memory_order_acq_rel) > 1)
		return;
	table_fini(&snapshot->table);
	signer_free(snapshot->signer);
	pages_fini(&snapshot->pages);
	arena_free(snapshot->arena);
	free(snapshot);
}

const struct table *snapshot_table(const struct snapshot *snapshot)
{
	return &snapshot->table;
}

const struct program *snapshot_program(const struct snapshot *snapshot,
				       const struct provider *provider, size_t document)
{
	const struct program *program =
		&snapshot->programs[provider->number * snapshot->document_count + document];

	return program->pieces ? program : NULL;
}

const struct program *snapshot_seldom_program(const struct snapshot *snapshot,
					      const struct provider *provider, size_t document,
					      struct arena *arena)
{
	struct program *program;

	if (!is_later(snapshot, &snapshot->documents[document]))
		return snapshot_program(snapshot, provider, document);
	program = arena_alloc(arena, sizeof(*program));
	if (!program || !compile(snapshot->templates[document], provider,
				 &snapshot->documents[document], arena, program))
		return NULL;
	return program->pieces ? program : NULL;
}

const struct pages *snapshot_pages(const struct snapshot *snapshot)
{
	return &snapshot->pages;
}

const struct signer *snapshot_signer(const struct snapshot *snapshot)
{
	return snapshot->signer;
}

time_t snapshot_loaded_at(const struct snapshot *snapshot)
{
	return snapshot->loaded_at;
}

const char *snapshot_summary(const struct snapshot *snapshot)
{
	return snapshot->summary.p;
}
