/*
 * Options: one table of all, from which the command line, the settings file and the help
 * are made. mailconfd(8) describes each; a test compares it with the table.
 */
#ifndef MAILCONFD_OPTIONS_H
#define MAILCONFD_OPTIONS_H

#include "arena.h"
#include "diag.h"
#include "log.h"

/* Values in the order in which they were given. */
struct option_list {
	const char **values;
	size_t count;
};

struct options {
	struct arena *arena; /* everything below lives there */

	const char *config; /* NULL: the default one */
	struct option_list table;
	const char *templates;
	struct option_list listen;
	struct option_list listen_public_http;
	unsigned workers;
	struct option_list trusted_proxy;
	unsigned max_connections;
	unsigned max_connections_per_address; /* 0: no limit */
	unsigned max_body;		      /* bytes */
	unsigned max_header;		      /* bytes */
	unsigned idle_timeout;		      /* seconds */
	unsigned drain_timeout;		      /* seconds */
	const char *pacc_revision;
	const char *profile_certificate; /* NULL: profiles are not signed */
	const char *profile_key;	 /* NULL: in the certificate's file */
	const char *page; /* "on" or "off" */
	const char *log_level;
	struct option_list host;
	bool check;
	bool help;
	bool version;

	unsigned long given; /* a bit for each row of the table that has been set */
};

enum option_type {
	OPTION_SWITCH, /* bool */
	OPTION_TEXT,   /* const char * */
	OPTION_PATH,   /* the same: in the settings file relative to its folder */
	OPTION_NUMBER, /* unsigned */
	OPTION_LIST,   /* struct option_list: may be repeated */
	OPTION_PATHS,  /* the same, each as OPTION_PATH */
};

enum option_place {
	OPTION_IN_FILE = 1 << 0,    /* may stand in the settings file */
	OPTION_OF_TOOL = 1 << 1,    /* mailconf's subcommands know it, too */
	OPTION_RELOADABLE = 1 << 2, /* SIGHUP picks up a new value */
};

struct option_row {
	const char *name;
	const char *argument; /* what the help calls it; NULL: none */
	enum option_type type;
	unsigned places;
	size_t offset;
	unsigned least, most; /* of OPTION_NUMBER */
	const char *standard; /* the default, as one would write it; NULL: none */
	bool (*is_good)(const char *value); /* NULL: any text is, but for `words` */
	const char *words;		    /* all that it may be, with spaces between them */
	const char *expected;		    /* what it must be, for messages */
	const char *help;
};

extern const struct option_row option_rows[];
extern const size_t option_row_count;

/* Sets the defaults. False when out of memory. */
bool options_init(struct options *options);
void options_fini(struct options *options);

/* Which rows a command line may have. */
enum options_scope {
	OPTIONS_OF_DAEMON, /* all */
	OPTIONS_OF_TOOL,   /* those with OPTION_OF_TOOL */
	OPTIONS_OF_HELP,   /* --help alone: a subcommand that loads nothing */
};

/*
 * Reads a command line. Complaints go to stderr. *ret_operand is the index of the first
 * operand. False for a wrong one.
 */
bool options_parse(struct options *options, int argc, char **argv, enum options_scope scope,
		   int *ret_operand);

/*
 * Completes the options from the settings file, and where it says nothing with where the
 * installed files, or those of the source tree, are. After errors `templates` may be NULL.
 */
void options_load_settings(struct options *options, struct diags *diags);

/* Sets one option from text; an error's words, or NULL when good. Lists grow. */
const char *options_set(struct options *options, const struct option_row *row,
			const char *value);

/* The row of that name, or NULL. */
const struct option_row *options_find(const char *name);

/* Have both the same value for one option? */
bool options_agree(const struct options *a, const struct options *b,
		   const struct option_row *row);

bool options_is_given(const struct options *options, const struct option_row *row);

/* The lines of the help that describe options. */
void options_print_help(bool tool);

/* One of them; `argument` and `standard` may be NULL. */
void options_print_row(const char *name, const char *argument, const char *help,
		       const char *standard);

#endif
