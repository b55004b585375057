/* What a page says that is of no provider: which domains there are, in which languages. */
#ifndef MAILCONFD_SITE_H
#define MAILCONFD_SITE_H

#include "arena.h"
#include "catalog.h"
#include "fields.h"
#include "table.h"

struct site_domain {
	struct str name;  /* as it is looked up */
	struct str title; /* as people write it */
};

struct site_language {
	struct str code;
	struct str name; /* in itself */
};

struct site {
	struct list domains; /* of struct site_domain, by title; only public ones */
	struct list languages; /* of struct site_language; English first */
	enum flag qr_codes;    /* the program can draw them */
};

extern const struct record site_record;

/* Everything lives in the arena, or with the table. False when out of memory. */
bool site_make(struct site *ret_site, const struct table *table, const struct catalog *catalogs,
	       size_t catalog_count, struct arena *arena);

#endif
