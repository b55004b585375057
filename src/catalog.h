/*
 * The texts of one language: a catalogue in gettext's own form (a .po file), read as it is, so
 * that a translation needs no tool and takes effect with a reload.
 */
#ifndef MAILCONFD_CATALOG_H
#define MAILCONFD_CATALOG_H

#include "arena.h"
#include "diag.h"
#include "map.h"

struct catalog {
	struct str code; /* "de": the file's name */
	struct str name; /* "Deutsch": the header X-Language-Name, or the code */
	struct map messages; /* texts to struct str */
};

/*
 * Loads a catalogue, whose texts live in the arena. Texts that are not translated, or marked
 * as fuzzy, are not in it. False after diagnostics.
 */
bool catalog_load(struct catalog *ret_catalog, struct str code, const char *path,
		  struct arena *arena, struct diags *diags);

void catalog_fini(struct catalog *catalog);

/* The translation of a text, or the text itself. `catalog` may be NULL: the text's own language. */
struct str catalog_text(const struct catalog *catalog, struct str text);

#endif
