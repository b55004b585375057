/* Loading for the tools: the same words as the daemon's. */
#include "config.h"

#include "tool.h"

#include "load.h"

#include <stdio.h>
#include <stdlib.h>

/* *ret_summary is the count of the findings in words, owned. */
static struct snapshot *load(struct options *options, bool notes, char **ret_summary)
{
	struct diags *diags = diags_new();
	struct snapshot *snapshot;

	*ret_summary = NULL;
	if (!diags)
		return NULL;
	if (notes)
		diags_ask_for_notes(diags);
	options_load_settings(options, diags);
	snapshot = load_snapshot(options, diags);
	diags_print(diags, diags_print_line, stderr);
	*ret_summary = diags_summary(diags);
	diags_free(diags);
	return snapshot;
}

struct snapshot *tool_load(struct options *options)
{
	char *summary;
	struct snapshot *snapshot = load(options, false, &summary);

	if (!snapshot)
		fprintf(stderr, "%s\n", summary ? summary : "out of memory");
	free(summary);
	return snapshot;
}

int tool_check(struct options *options)
{
	char *summary;
	struct snapshot *snapshot = load(options, true, &summary);

	if (snapshot)
		printf("%s: %s\n", snapshot_summary(snapshot), summary ? summary : "");
	else
		fprintf(stderr, "%s\n", summary ? summary : "out of memory");
	free(summary);
	snapshot_unref(snapshot);
	return snapshot ? 0 : 1;
}
