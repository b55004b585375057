/* mailconf completion: a script with which a shell completes both programs' options. */
#include "config.h"

#include "completion.h"

static const struct shell {
	const char *name;
	void (*print)(void);
} shells[] = {
	{ "bash", completion_print_bash },
	{ "fish", completion_print_fish },
	{ "zsh", completion_print_zsh },
};

enum { SHELLS = sizeof(shells) / sizeof(shells[0]) };

static int run(struct invocation *invocation)
{
	const char *name = invocation->operands[0];

	for (size_t i = 0; i < SHELLS; i++) {
		if (strcmp(shells[i].name, name) == 0) {
			shells[i].print();
			return 0;
		}
	}
	command_complain(invocation->command, "expected bash, fish or zsh; found \"%s\"", name);
	return 2;
}

const struct command cmd_completion = {
	.name = "completion",
	.help = "print a completion script for a shell",
	.operands = "SHELL",
	.about = "Prints a script with which bash, fish or zsh completes mailconf and mailconfd.",
	.least = 1,
	.most = 1,
	.run = run,
};
