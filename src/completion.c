/* Walking through options and subcommands. */
#include "config.h"

#include "completion.h"

#include "buf.h"

static enum completion_kind kind_of(const struct option_row *row)
{
	if (!row->argument)
		return COMPLETE_NOTHING;
	if (row->words)
		return COMPLETE_WORDS;
	if (strcmp(row->argument, "DIR") == 0)
		return COMPLETE_FOLDER;
	if (strcmp(row->argument, "FILE") == 0 || strcmp(row->argument, "PATH") == 0)
		return COMPLETE_FILE;
	return COMPLETE_TEXT;
}

static enum completion_kind kind_of_own(const struct command_option *row)
{
	if (!row->argument)
		return COMPLETE_NOTHING;
	if (row->next_word)
		return COMPLETE_WORDS;
	return strcmp(row->argument, "DIR") == 0 ? COMPLETE_FOLDER : COMPLETE_TEXT;
}

static void visit_own(const struct command *command, const struct command_option *row,
		      void (*visit)(void *closure, const struct completion *completion),
		      void *closure)
{
	struct completion completion = {
		.command = command,
		.name = row->name,
		.help = row->help,
		.kind = kind_of_own(row),
	};
	struct buf words = BUF_EMPTY;

	for (const char *word = row->next_word ? row->next_word(NULL) : NULL; word;
	     word = row->next_word(word))
		buf_addf(&words, "%s%s", words.len ? " " : "", word);
	buf_addc(&words, '\0');
	completion.words = buf_failed(&words) ? "" : words.p;
	visit(closure, &completion);
	buf_fini(&words);
}

void completion_each(const struct command *command,
		     void (*visit)(void *closure, const struct completion *completion),
		     void *closure)
{
	for (size_t i = 0; command && command->own[i].name; i++)
		visit_own(command, &command->own[i], visit, closure);
	for (size_t i = 0; i < option_row_count; i++) {
		const struct option_row *row = &option_rows[i];
		bool is_help = strcmp(row->name, "help") == 0;
		bool taken = !command || is_help ||
			     (command->loads && (row->places & OPTION_OF_TOOL));

		if (taken)
			visit(closure, &(struct completion){
					       .command = command,
					       .name = row->name,
					       .help = row->help,
					       .kind = kind_of(row),
					       .words = row->words,
				       });
	}
}
