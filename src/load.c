/* Loading what the options name. */
#include "config.h"

#include "load.h"

#include "documents.h"

struct snapshot *load_snapshot(const struct options *options, struct diags *diags)
{
	const struct snapshot_sources sources = {
		.tables = options->table.values,
		.table_count = options->table.count,
		.templates = options->templates,
		.documents = documents,
		.document_count = DOCUMENTS,
	};

	return snapshot_load(&sources, diags);
}
