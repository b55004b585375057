/*
 * Which names are exported: those of the command line, or all that the table has in full. What
 * a file cannot answer for is said on stderr.
 */
#ifndef MAILCONFD_EXPORT_NAMES_H
#define MAILCONFD_EXPORT_NAMES_H

#include "address.h"
#include "table.h"

struct export_names {
	struct str *domains, *exchangers; /* sorted, if of the table; the texts are borrowed */
	size_t domain_count, exchanger_count;
	struct domain *given; /* room for those of the command line */
};

/* False after a complaint, or when out of memory. export_names_fini() is needed either way. */
bool export_names_choose(struct export_names *names, const struct table *table, char **given,
			 size_t count);
void export_names_fini(struct export_names *names);

#endif
