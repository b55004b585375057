/* From a subcommand's description to its command line and its usage. */
#include "config.h"

#include "command.h"

#include "buf.h"
#include "suggest.h"

#include <stdarg.h>
#include <stdio.h>

void command_complain(const struct command *command, const char *format, ...)
{
	va_list args;

	fprintf(stderr, "mailconf %s: ", command->name);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fprintf(stderr, "\n");
}

/* Behind the help of an option stand the words that it may have. */
static void print_own(const struct command_option *row)
{
	struct buf help = BUF_EMPTY;
	const char *separator = ": ";

	buf_addf(&help, "%s", row->help);
	for (const char *word = row->next_word ? row->next_word(NULL) : NULL; word;
	     word = row->next_word(word)) {
		buf_addf(&help, "%s%s", separator, word);
		separator = ", ";
	}
	buf_addc(&help, '\0');
	options_print_row(row->name, row->argument, buf_failed(&help) ? row->help : help.p,
			  row->standard);
	buf_fini(&help);
}

static void print_usage(const struct command *command)
{
	bool has_options = command->loads || command->own[0].name;

	printf("Usage: mailconf %s%s%s%s\n%s\n\n", command->name, command->operands[0] ? " " : "",
	       command->operands, has_options ? " [OPTION]..." : "", command->about);
	for (const struct command_option *row = command->own; row->name; row++)
		print_own(row);
	if (command->loads)
		options_print_help(true);
	else
		options_print_row("help", NULL, "this help", NULL);
}

/* The words that an option may have, as far as they are near to `value`, or all of them. */
static void print_words(const struct command_option *row, const char *value)
{
	const char *separator = "expected one of ";

	for (const char *word = row->next_word(NULL); word; word = row->next_word(word)) {
		fprintf(stderr, "%s%s", separator, word);
		separator = ", ";
	}
	fprintf(stderr, "; found \"%s\"\n", value);
	for (const char *word = row->next_word(NULL); word; word = row->next_word(word)) {
		if (suggest_is_near(str_of(value), str_of(word)))
			fprintf(stderr, "    did you mean \"%s\"?\n", word);
	}
}

static bool is_good(const struct command *command, const struct command_option *row,
		    const char *value)
{
	if (!value) {
		command_complain(command, "option \"--%s\" lacks its value", row->name);
		return false;
	}
	if (!row->next_word)
		return true;
	for (const char *word = row->next_word(NULL); word; word = row->next_word(word)) {
		if (strcmp(word, value) == 0)
			return true;
	}
	fprintf(stderr, "mailconf %s: --%s: ", command->name, row->name);
	print_words(row, value);
	return false;
}

/* Does the word name that option? *ret_value is what stands behind its "=", or NULL. */
static bool names_option(const char *word, const struct command_option *row,
			 const char **ret_value)
{
	size_t len = strlen(row->name);

	if (strncmp(word, "--", 2) != 0 || strncmp(word + 2, row->name, len) != 0)
		return false;
	*ret_value = word[2 + len] == '=' ? word + 2 + len + 1 : NULL;
	return *ret_value || word[2 + len] == '\0';
}

/* Takes the options that only this command has out of the line. False for a wrong one. */
static bool take_own(struct invocation *invocation, int *argc, char **argv)
{
	const struct command *command = invocation->command;
	int kept = 1;

	for (int i = 1; i < *argc; i++) {
		const struct command_option *row = command->own;
		const char *value = NULL;

		if (strcmp(argv[i], "--") == 0) {
			while (i < *argc)
				argv[kept++] = argv[i++];
			break;
		}
		while (row->name && !names_option(argv[i], row, &value))
			row++;
		if (!row->name) {
			argv[kept++] = argv[i];
			continue;
		}
		if (!value)
			value = row->argument ? argv[++i] : "";
		if (!is_good(command, row, value))
			return false;
		invocation->own[row - command->own] = value;
	}
	argv[kept] = NULL;
	*argc = kept;
	return true;
}

static bool parse(struct invocation *invocation, int argc, char **argv)
{
	const struct command *command = invocation->command;
	int operand;

	for (size_t i = 0; command->own[i].name; i++)
		invocation->own[i] = command->own[i].standard;
	if (!take_own(invocation, &argc, argv) ||
	    !options_parse(&invocation->options, argc, argv,
			   command->loads ? OPTIONS_OF_TOOL : OPTIONS_OF_HELP, &operand))
		return false;
	if (invocation->options.help)
		return true;
	invocation->operands = argv + operand;
	invocation->operand_count = argc - operand;
	if (invocation->operand_count < command->least)
		command_complain(command, "expected %s", command->operands);
	else if (command->most >= 0 && invocation->operand_count > command->most)
		command_complain(command, "unexpected \"%s\"", argv[operand + command->most]);
	else
		return true;
	return false;
}

int command_main(const struct command *command, int argc, char **argv)
{
	struct invocation invocation = { .command = command };
	int status = 2;

	if (!options_init(&invocation.options))
		return 1;
	if (!parse(&invocation, argc, argv)) {
		fprintf(stderr, "Try \"mailconf %s --help\".\n", command->name);
	} else if (invocation.options.help) {
		print_usage(command);
		status = 0;
	} else {
		status = command->run(&invocation);
	}
	options_fini(&invocation.options);
	return status;
}
