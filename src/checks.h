/*
 * What a table says may be well-formed and still be wrong: a POP3 server without a port, a
 * calendar among the incoming servers.
 */
#ifndef MAILCONFD_CHECKS_H
#define MAILCONFD_CHECKS_H

#include "provider.h"
#include "reader.h"

/* Looks at one provider as read from `json`, before provider_complete(). Errors only. */
void check_provider(const struct reader *reader, const json_t *json,
		    const struct provider *provider);

/* The same of server number `index` of one list alone. */
struct server_section;
void check_server(const struct reader *reader, const json_t *json,
		  const struct provider *provider, const struct server_section *section,
		  size_t index);

/* And of all that is no server. */
void check_provider_itself(const struct reader *reader, const json_t *json,
			   const struct provider *provider);

/* The lists of servers in a provider: the key, the member, and the types that belong there. */
struct server_section {
	const char *key;
	size_t offset;
	const char *types[9]; /* NULL ends */
};

extern const struct server_section server_sections[];
extern const size_t server_section_count;

#endif
