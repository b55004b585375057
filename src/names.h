/*
 * Names to providers, with one order of precedence: the exact name; else the longest
 * "*.NAME" that it lies below; else "*". Nothing else matches: a subdomain is another
 * domain.
 */
#ifndef MAILCONFD_NAMES_H
#define MAILCONFD_NAMES_H

#include "map.h"
#include "str.h"

struct provider;

struct names {
	struct map exact;
	struct map below;	   /* "example.com" for "*.example.com" */
	struct provider *all_others; /* of "*" */
};

#define NAMES_EMPTY ((struct names){ .exact = MAP_EMPTY })

/*
 * Adds a name, which is normalised, has been checked and outlives this. When it is there
 * already, nothing changes and *ret_present is its provider. False when out of memory.
 */
bool names_add(struct names *names, struct str name, struct provider *provider,
	       struct provider **ret_present);

/* The provider of a normalised name, or NULL. *ret_name is the name, in `names` if exact. */
struct provider *names_find(const struct names *names, struct str name, struct str *ret_name);

/*
 * Hands every name to `visit`, with its provider, in no useful order. A name is as it was
 * added, "*.example.com" and "*", too, and lives as long.
 */
void names_each(const struct names *names,
		void (*visit)(void *closure, struct str name, void *provider), void *closure);

/* How many names were added. */
size_t names_count(const struct names *names);

void names_fini(struct names *names);

#endif
