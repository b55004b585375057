/*
 * Autodiscover redirects of the table: well-formed, and never in a circle. Programs give up
 * after two or ten of them; here one is the most.
 */
#ifndef MAILCONFD_REDIRECTS_H
#define MAILCONFD_REDIRECTS_H

#include "reader.h"
#include "table.h"

/* Those of a load, with their places. They live in the arena. */
struct redirects {
	struct redirect *first;
};

/* Checks what a provider says, as read from `json`, and remembers it. Errors only. */
void redirects_note(struct redirects *redirects, const struct reader *reader, const json_t *json,
		    const struct provider *provider, struct str file);

/* Once all tables are read: where do they lead? Errors only. */
void redirects_check(const struct redirects *redirects, const struct table *table,
		     struct diags *diags);

#endif
