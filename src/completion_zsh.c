/* zsh: specifications for _arguments. */
#include "config.h"

#include "completion.h"

#include <stdio.h>

/* Inside single quotes and brackets, where a colon or a bracket would end the description. */
static void print_help(const char *text)
{
	for (; *text; text++) {
		if (*text == '\'')
			printf("'\\''");
		else if (strchr("[]:\\", *text))
			printf("\\%c", *text);
		else
			putchar(*text);
	}
}

static void print_option(void *closure, const struct completion *completion)
{
	(void)closure;
	printf(" \\\n\t\t\t'*--%s%s[", completion->name,
	       completion->kind == COMPLETE_NOTHING ? "" : "=");
	print_help(completion->help);
	printf("]");
	switch (completion->kind) {
	case COMPLETE_NOTHING:
		break;
	case COMPLETE_TEXT:
		printf(":value: ");
		break;
	case COMPLETE_FILE:
		printf(":file:_files");
		break;
	case COMPLETE_FOLDER:
		printf(":folder:_files -/");
		break;
	case COMPLETE_WORDS:
		printf(":word:(%s)", completion->words);
		break;
	}
	printf("'");
}

static void print_subcommand(const struct command *command)
{
	printf("\t\t%s)\n\t\t_arguments", command->name);
	completion_each(command, print_option, NULL);
	if (command->operands[0])
		printf(" \\\n\t\t\t'*:%s: '", command->operands);
	printf("\n\t\t;;\n");
}

void completion_print_zsh(void)
{
	printf("#compdef mailconf mailconfd\n"
	       "# zsh completion for mailconf and mailconfd\n"
	       "_mailconf()\n{\n"
	       "\tif ((CURRENT == 2)); then\n"
	       "\t\tlocal -a subcommands=(");
	for (size_t i = 0; i < command_count; i++) {
		printf("\n\t\t\t'%s:", commands[i]->name);
		print_help(commands[i]->help);
		printf("'");
	}
	printf("\n\t\t)\n"
	       "\t\t_describe subcommand subcommands\n"
	       "\t\treturn\n"
	       "\tfi\n"
	       "\tlocal subcommand=$words[2]\n"
	       "\tshift words\n"
	       "\t((CURRENT--))\n"
	       "\tcase $subcommand in\n");
	for (size_t i = 0; i < command_count; i++)
		print_subcommand(commands[i]);
	printf("\tesac\n}\n"
	       "_mailconfd()\n{\n"
	       "\t_arguments");
	completion_each(NULL, print_option, NULL);
	printf("\n}\n"
	       "if [[ $service == mailconfd ]]; then\n"
	       "\t_mailconfd \"$@\"\n"
	       "else\n"
	       "\t_mailconf \"$@\"\n"
	       "fi\n");
}
