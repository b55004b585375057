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

/* The same, but "*" does not count: only names that somebody has thought of. */
struct provider *names_find_named(const struct names *names, struct str name,
				  struct str *ret_name);

/* How a name of the table matches. */
enum name_kind {
	NAME_EXACT,
	NAME_BELOW,  /* "example.com" stands for "*.example.com" */
	NAME_OTHERS, /* "*"; the name is empty */
};

typedef void names_visitor(void *closure, enum name_kind kind, struct str name,
			   const struct provider *provider);

/* Visits every name, in no order. */
void names_each(const struct names *names, names_visitor *visit, void *closure);

/* How many names were added. */
size_t names_count(const struct names *names);

void names_fini(struct names *names);

#endif
