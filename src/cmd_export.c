/* mailconf export: the loaded configuration in forms that others serve. */
#include "config.h"

#include "command.h"
#include "export_modes.h"
#include "tool.h"

enum {
	OWN_STATIC,
	OWN_ISPDB,
	OWN_ROOT
};

/* Exactly one of them, and what belongs to it. False after a complaint. */
static bool choose_mode(const struct invocation *invocation, const char **ret_folder)
{
	const char *pages = invocation->own[OWN_STATIC];
	const char *ispdb = invocation->own[OWN_ISPDB];

	*ret_folder = ispdb ? ispdb : pages;
	if (!*ret_folder || !(*ret_folder)[0] || (pages && ispdb))
		command_complain(invocation->command,
				 "expected either --static FOLDER or --ispdb FOLDER");
	else if (ispdb && invocation->own[OWN_ROOT])
		command_complain(invocation->command, "--root is for --static");
	else
		return true;
	return false;
}

static int run(struct invocation *invocation)
{
	struct export_task task = {
		.names = invocation->operands,
		.name_count = (size_t)invocation->operand_count,
		.root = invocation->own[OWN_ROOT],
	};
	struct snapshot *snapshot;
	int status = 1;

	if (!choose_mode(invocation, &task.folder))
		return 2;
	snapshot = tool_load(&invocation->options);
	task.snapshot = snapshot;
	task.templates = invocation->options.templates;
	if (snapshot)
		status = invocation->own[OWN_ISPDB] ? export_ispdb(&task) : export_static(&task);
	snapshot_unref(snapshot);
	return status;
}

const struct command cmd_export = {
	.name = "export",
	.help = "write the answers as files",
	.operands = "[DOMAIN...]",
	.about = "Writes what the daemon answers as files, with the rules for web servers, or each "
		 "provider\nas a file for Thunderbird's database.",
	.most = -1,
	.loads = true,
	.own = {
		[OWN_STATIC] = { .name = "static", .argument = "FOLDER",
				 .help = "for web servers: a folder that is new, empty, or an "
					 "earlier export" },
		[OWN_ISPDB] = { .name = "ispdb", .argument = "FOLDER",
				.help = "for Thunderbird's database: such a folder; DOMAIN may be "
					"an id" },
		[OWN_ROOT] = { .name = "root", .argument = "PATH",
			       .help = "where web servers will find it, if not there" },
	},
	.run = run,
};
