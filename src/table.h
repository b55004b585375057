/*
 * The table of domains: providers, and which domain belongs to which. Loaded whole from
 * one or several files, then never changed.
 */
#ifndef MAILCONFD_TABLE_H
#define MAILCONFD_TABLE_H

#include "arena.h"
#include "diag.h"
#include "names.h"
#include "provider.h"

struct table {
	struct provider **providers;
	size_t provider_count;
	struct names domains;
	struct names mail_exchangers;
};

/*
 * Loads files and folders (their *.json files, by name). Everything that is wrong becomes a
 * diagnostic; the caller looks at those. What is loaded lives in `arena`, the maps until
 * table_fini(). The table at `ret_table` is empty before.
 */
void table_load(struct table *ret_table, struct arena *arena, const char *const *paths,
		size_t path_count, struct diags *diags);

void table_fini(struct table *table);

/* What a look-up found: the provider, and the name it was found by. */
struct match {
	const struct provider *provider;
	struct str domain; /* what is answered as the domain */
};

/* Of a normalised mail domain. False when it is not in the table. */
bool table_find_domain(const struct table *table, struct str domain, struct match *ret_match);

/* The same, by the name in full: wildcards do not count. */
bool table_find_exact(const struct table *table, struct str domain, struct match *ret_match);

/*
 * Of a host that a provider claims for its mail exchangers. The domain is then that name:
 * whoever asks knows it, and learns of none of the provider's domains.
 */
bool table_find_mail_exchanger(const struct table *table, struct str host,
			       struct match *ret_match);

/* The description of a table file as a whole: where schema.c starts. */
extern const struct record table_record;

#endif
