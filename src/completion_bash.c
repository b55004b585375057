/* bash: a function that looks at the word before, and at the subcommand. */
#include "config.h"

#include "completion.h"

#include <stdio.h>

static void print_name(void *closure, const struct completion *completion)
{
	(void)closure;
	printf(" --%s", completion->name);
}

/* What to do behind an option that has a value. */
static void print_value(void *closure, const struct completion *completion)
{
	const char *name = completion->command ? completion->command->name : "";

	(void)closure;
	if (completion->kind == COMPLETE_NOTHING)
		return;
	printf("\t'%s --%s')\n", name, completion->name);
	switch (completion->kind) {
	case COMPLETE_WORDS:
		printf("\t\twords='%s'\n", completion->words);
		break;
	case COMPLETE_FILE:
		printf("\t\tfiles=-f\n");
		break;
	case COMPLETE_FOLDER:
		printf("\t\tfiles=-d\n");
		break;
	case COMPLETE_TEXT:
	case COMPLETE_NOTHING:
		printf("\t\treturn\n");
		break;
	}
	printf("\t\t;;\n");
}

static void print_options(const struct command *command)
{
	printf("\t'%s '*)\n\t\twords='", command ? command->name : "");
	completion_each(command, print_name, NULL);
	printf("'\n\t\t;;\n");
}

static void print_function(const char *program, bool with_subcommands)
{
	printf("_%s()\n{\n"
	       "\tlocal current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}\n"
	       "\tlocal command=%s words= files=\n\n",
	       program, with_subcommands ? "${COMP_WORDS[1]}" : "");
	if (with_subcommands) {
		printf("\t((COMP_CWORD > 1)) || command=\n");
		printf("\tcase \"$command $previous\" in\n");
		for (size_t i = 0; i < command_count; i++)
			completion_each(commands[i], print_value, NULL);
		for (size_t i = 0; i < command_count; i++)
			print_options(commands[i]);
		printf("\t' '*)\n\t\twords='");
		for (size_t i = 0; i < command_count; i++)
			printf(" %s", commands[i]->name);
		printf(" --help --version'\n\t\t;;\n");
	} else {
		printf("\tcase \"$command $previous\" in\n");
		completion_each(NULL, print_value, NULL);
		print_options(NULL);
	}
	printf("\tesac\n"
	       "\tif [[ $files ]]; then\n"
	       "\t\tcompopt -o filenames\n"
	       "\t\tmapfile -t COMPREPLY < <(compgen \"$files\" -- \"$current\")\n"
	       "\telse\n"
	       "\t\tmapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$current\")\n"
	       "\tfi\n"
	       "}\n"
	       "complete -F _%s %s\n",
	       program, program);
}

void completion_print_bash(void)
{
	printf("# bash completion for mailconf and mailconfd\n");
	print_function("mailconf", true);
	print_function("mailconfd", false);
}
