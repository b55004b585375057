/*
 * All that can be completed on a command line of the two programs, walked through once for
 * each shell that asks: cmd_completion.c.
 */
#ifndef MAILCONFD_COMPLETION_H
#define MAILCONFD_COMPLETION_H

#include "command.h"

/* What stands behind an option. */
enum completion_kind {
	COMPLETE_NOTHING, /* no value */
	COMPLETE_TEXT,	  /* one that nobody can guess */
	COMPLETE_FILE,
	COMPLETE_FOLDER,
	COMPLETE_WORDS,
};

struct completion {
	const struct command *command; /* NULL: of mailconfd */
	const char *name;
	const char *help;
	enum completion_kind kind;
	const char *words; /* of COMPLETE_WORDS: with spaces between them */
};

/* Calls `visit` for each option of a subcommand, or of mailconfd where it is NULL. */
void completion_each(const struct command *command,
		     void (*visit)(void *closure, const struct completion *completion),
		     void *closure);

/* One script for each shell, on standard output. */
void completion_print_bash(void);
void completion_print_fish(void);
void completion_print_zsh(void);

#endif
