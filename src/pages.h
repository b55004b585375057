/*
 * Pages for people: documents in each language, of a provider or of none, and the files that
 * stand beside them. Part of a snapshot.
 *
 * They are long and seldom asked for. Up to PROVIDERS_KEPT they are made at load; with more,
 * when one is asked for, which takes a tenth of a millisecond instead of a hundred
 * kilobytes a provider.
 */
#ifndef MAILCONFD_PAGES_H
#define MAILCONFD_PAGES_H

#include "catalog.h"
#include "document.h"
#include "folders.h"
#include "program.h"
#include "site.h"

/* What there is to be loaded. All borrowed for the life of the pages. */
struct pages_sources {
	const struct document *documents; /* `with_address` and `variant` as for others */
	size_t document_count;
	const char *const *assets; /* files beside the templates, answered as they are */
	size_t asset_count;
};

struct pages {
	struct catalog *catalogs; /* of the languages but English */
	size_t catalog_count;
	struct site site;
	const struct document *documents;
	size_t document_count;
	const struct template *const *templates; /* by document */
	size_t kept_providers;		   /* all, or none */
	struct program *programs; /* by kept provider (behind them the site), language, document */
	struct program *assets;
};

/*
 * Loads catalogues (of the folders' "po"), templates and assets, and compiles. What is
 * made lives in the arena, the catalogues until pages_fini(). False after diagnostics, or out
 * of memory.
 */
bool pages_load(struct pages *ret_pages, const struct pages_sources *sources,
		const struct folders *folders, const struct table *table, struct arena *arena,
		struct diags *diags);

void pages_fini(struct pages *pages);

/* How many languages there are, and the code of one: "en" is the first. */
size_t pages_language_count(const struct pages *pages);
struct str pages_language(const struct pages *pages, size_t language);

/*
 * The page of a provider, or of the site where that is NULL. It lives with the pages, or in
 * `arena`. NULL where there is none, and when out of memory.
 */
const struct program *pages_program(const struct pages *pages, const struct provider *provider,
				    size_t language, size_t document, struct arena *arena);

/* One asset's bytes; NULL where there are no pages. */
const struct program *pages_asset(const struct pages *pages, size_t asset);

#endif
