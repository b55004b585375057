/* Loading what the options name. */
#include "config.h"

#include "load.h"

#include "documents.h"

#include <malloc.h>

struct snapshot *load_snapshot(const struct options *options, struct diags *diags)
{
	const struct snapshot_sources sources = {
		.tables = options->table.values,
		.table_count = options->table.count,
		.templates = options->templates,
		.documents = documents,
		.document_count = DOCUMENTS,
	};

	struct snapshot *snapshot = snapshot_load(&sources, diags);

	malloc_trim(0); /* the parsers took far more than what is left of it */
	return snapshot;
}
