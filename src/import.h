/*
 * Tables made of what other programs keep: ISPDB, automx2, Postfix.
 *
 * A reader of such a file makes a provider as a table would say it, in whatever order, and
 * notes where each value came from. The rest is the table's own: its reader, checks and lint
 * look at the provider, and what they say stands at the place in the foreign file. What they
 * refuse is left out, so that the table which remains is a good one.
 */
#ifndef MAILCONFD_IMPORT_H
#define MAILCONFD_IMPORT_H

#include "arena.h"
#include "buf.h"
#include "json.h"
#include "map.h"

/* Where values came from. Lives in the arena, but for origins_fini(). */
struct origins {
	struct arena *arena;
	struct map map;
	struct place whole; /* of the provider */
};

/* The value, which is a member or an element of `parent`, stood there. */
void origins_note(struct origins *origins, const json_t *parent, const json_t *value,
		  struct place place);

/* A json_origin: of what was never noted it is the place of the whole. */
struct place origins_find(const void *closure, const json_t *parent, const json_t *value);

void origins_fini(struct origins *origins);

/* A table in the making. */
struct import {
	struct arena *arena;
	struct diags *diags;
	json_t *providers;
	struct map domains, mail_exchangers; /* who has a name: struct claim */
	bool failed;			     /* out of memory */
};

/* False when out of memory; import_fini() is needed either way. */
bool import_init(struct import *import, struct diags *diags);
void import_fini(struct import *import);

/*
 * Adds a provider that was read from the file at `path`: takes out what a table would refuse,
 * and says why, brings the rest in the table's order and spelling. The reference is taken over.
 */
void import_provider(struct import *import, const char *path, json_t *provider,
		     struct origins *origins);

/* Writes JSON as tables are written, with a line end. */
bool import_print(struct buf *buf, const json_t *table);

/* The whole table. False when out of memory. */
bool import_write(struct import *import, struct buf *buf);

/* --- Formats --- */

/* One file of ISPDB: a clientConfig of version 1.1 or 1.2 is one provider. */
void import_ispdb(struct import *import, const char *path);

/* What automx2 is fed with by POST to /initdb/, of either version: one provider. */
void import_automx2(struct import *import, const char *path);

/* What is read of Postfix: names, in the arena, in the order of the files. */
struct postfix {
	struct arena *arena;
	struct diags *diags;
	const char *parameter; /* of main.cf */
	struct map seen;
	struct buf names; /* of struct str */
};

/* A main.cf, or a map whose keys are domains. */
void import_postfix(struct postfix *postfix, const char *path);

#endif
