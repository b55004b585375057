/*
 * The subcommands of mailconf. Each is a file cmd_NAME.c with one description, and stands in
 * the list of commands.c. Command line, usage and completion come from the descriptions.
 */
#ifndef MAILCONFD_COMMAND_H
#define MAILCONFD_COMMAND_H

#include "options.h"

enum { COMMAND_OWN_MOST = 8 };

/* An option of one subcommand, beside those of options.c. */
struct command_option {
	const char *name;
	const char *argument; /* what the usage calls it; NULL: none is taken */
	const char *standard; /* the default, where there is one */
	const char *help;
	/* The next word that it may be, after `word`, or the first after NULL; NULL ends.
	   NULL for an option that takes any text. */
	const char *(*next_word)(const char *word);
};

/* What the command line says. */
struct invocation {
	const struct command *command;
	struct options options;		   /* of a command that loads */
	const char *own[COMMAND_OWN_MOST]; /* by the command's own rows: the value, "" for one
					      without; NULL: not given, and no default */
	char **operands;
	int operand_count;
};

/* Returns the exit status: 0 good, 1 findings, 2 wrong usage. */
typedef int command_run(struct invocation *invocation);

struct command {
	const char *name;
	const char *help;     /* one line, for the list of all */
	const char *operands; /* as in a usage line; "" for none */
	const char *about;    /* a sentence or two */
	int least, most;      /* operands */
	bool loads;	      /* takes the options that say what to load */
	struct command_option own[COMMAND_OWN_MOST]; /* ends with one without a name */
	command_run *run;
};

/* All of them: commands.c. */
extern const struct command *const commands[];
extern const size_t command_count;

extern const struct command cmd_check;
extern const struct command cmd_completion;
extern const struct command cmd_dns;
extern const struct command cmd_export;
extern const struct command cmd_import;
extern const struct command cmd_messages;
extern const struct command cmd_names;
extern const struct command cmd_schema;
extern const struct command cmd_show;

/*
 * Reads the rest of the line, `argv[0]` being the program's name for complaints, and runs the
 * command or prints its usage. Returns the exit status.
 */
int command_main(const struct command *command, int argc, char **argv);

/* A complaint about the command line, on standard error, behind the command's name. */
void command_complain(const struct command *command, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
