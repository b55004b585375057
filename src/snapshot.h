/*
 * All that has been loaded, as one constant whole: the table, and a program for each
 * provider and document. A reload makes another one beside it; requests see one or the
 * other, never half of both.
 */
#ifndef MAILCONFD_SNAPSHOT_H
#define MAILCONFD_SNAPSHOT_H

#include "document.h"
#include "folders.h"
#include "pages.h"
#include "program.h"
#include "signer.h"
#include "table.h"

#include <time.h>

/* Where to load from. All borrowed. */
struct snapshot_sources {
	const char *const *tables;
	size_t table_count;
	struct folders templates;
	const struct document *documents; /* needed for the load only */
	size_t document_count;
	const struct pages_sources *pages; /* NULL: no pages for people */
	const char *certificate; /* to sign profiles with; NULL: they are not signed */
	const char *key;	 /* its private key */
};

struct snapshot;

/*
 * Loads everything. What is wrong becomes a diagnostic. Returns owned, with one reference,
 * or NULL when there was an error.
 */
struct snapshot *snapshot_load(const struct snapshot_sources *sources, struct diags *diags);

/* References are counted, so that a thread may keep the old one until it looks again. */
struct snapshot *snapshot_ref(struct snapshot *snapshot);
void snapshot_unref(struct snapshot *snapshot);

const struct table *snapshot_table(const struct snapshot *snapshot);

/*
 * The program of a provider for document number `document`; NULL where the provider lacks
 * what the document needs.
 */
const struct program *snapshot_program(const struct snapshot *snapshot,
				       const struct provider *provider, size_t document);

/*
 * The same for a document that is seldom asked for: with many providers it is made now, in the
 * arena. NULL when out of memory, too.
 */
const struct program *snapshot_seldom_program(const struct snapshot *snapshot,
					      const struct provider *provider, size_t document,
					      struct arena *arena);

/* The pages for people. */
const struct pages *snapshot_pages(const struct snapshot *snapshot);

/* Who signs profiles; NULL: nobody. */
const struct signer *snapshot_signer(const struct snapshot *snapshot);

/* When it was loaded. */
time_t snapshot_loaded_at(const struct snapshot *snapshot);

/* "18 domains of 2 providers". Lives with the snapshot. */
const char *snapshot_summary(const struct snapshot *snapshot);

#endif
