/* mailconf check: says what is wrong, before a restart or reload does. */
#include "config.h"

#include "command.h"
#include "tool.h"

static int run(struct invocation *invocation)
{
	return tool_check(&invocation->options);
}

const struct command cmd_check = {
	.name = "check",
	.help = "say what is wrong in settings, tables and templates",
	.operands = "",
	.about = "Loads settings, tables and templates as the daemon would, and says what is wrong.",
	.loads = true,
	.run = run,
};
