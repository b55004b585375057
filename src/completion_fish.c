/* fish: a line for each option. */
#include "config.h"

#include "completion.h"

#include <stdio.h>

/* In single quotes, where fish knows a backslash before a quote or a backslash. */
static void print_quoted(const char *text)
{
	putchar('\'');
	for (; *text; text++) {
		if (*text == '\'' || *text == '\\')
			putchar('\\');
		putchar(*text);
	}
	putchar('\'');
}

static void print_option(void *closure, const struct completion *completion)
{
	(void)closure;
	if (completion->command)
		printf("complete -c mailconf -n '__fish_seen_subcommand_from %s'",
		       completion->command->name);
	else
		printf("complete -c mailconfd");
	printf(" -l %s", completion->name);
	switch (completion->kind) {
	case COMPLETE_NOTHING:
		break;
	case COMPLETE_TEXT:
		printf(" -x");
		break;
	case COMPLETE_FILE:
		printf(" -r -F");
		break;
	case COMPLETE_FOLDER:
		printf(" -x -a '(__fish_complete_directories)'");
		break;
	case COMPLETE_WORDS:
		printf(" -x -a '%s'", completion->words);
		break;
	}
	printf(" -d ");
	print_quoted(completion->help);
	printf("\n");
}

void completion_print_fish(void)
{
	printf("# fish completion for mailconf and mailconfd\n"
	       "complete -c mailconf -f\n"
	       "complete -c mailconf -n __fish_use_subcommand -l version -d 'the version'\n"
	       "complete -c mailconf -n __fish_use_subcommand -l help -d 'this help'\n");
	for (size_t i = 0; i < command_count; i++) {
		printf("complete -c mailconf -n __fish_use_subcommand -a %s -d ",
		       commands[i]->name);
		print_quoted(commands[i]->help);
		printf("\n");
		completion_each(commands[i], print_option, NULL);
	}
	printf("complete -c mailconfd -f\n");
	completion_each(NULL, print_option, NULL);
}
