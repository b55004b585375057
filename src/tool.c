/* Loading for the tools: the same words as the daemon's. */
#include "config.h"

#include "tool.h"

#include "load.h"

struct snapshot *tool_load(struct options *options, char **ret_summary)
{
	struct diags *diags = diags_new();
	struct snapshot *snapshot;

	*ret_summary = NULL;
	if (!diags)
		return NULL;
	options_load_settings(options, diags);
	snapshot = load_snapshot(options, diags);
	diags_print(diags, diags_print_line, stderr);
	*ret_summary = diags_summary(diags);
	diags_free(diags);
	return snapshot;
}
