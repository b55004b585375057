/*
 * What a proxy says of the client behind it: Forwarded (RFC 7239), and the X-Forwarded
 * fields that came before it. Only ever asked of a proxy that is trusted.
 */
#ifndef MAILCONFD_FORWARDED_H
#define MAILCONFD_FORWARDED_H

#include "network.h"
#include "str.h"

/* The fields as received; empty where not sent. */
struct forwarded_fields {
	struct str forwarded;
	struct str x_for;
	struct str x_host;
	struct str x_proto;
};

/* Who else is trusted: proxies may stand behind each other. */
struct proxies {
	const struct network *networks;
	size_t count;
};

struct forwarded {
	struct str host; /* empty: not said */
	bool insecure;	 /* said to be plain http */
	bool has_client;
	struct ip client;
};

bool proxies_trust(const struct proxies *proxies, const struct ip *ip);

/*
 * Reads them. `Forwarded` wins where both forms are sent. Of several steps the one counts
 * that the outermost trusted proxy wrote; of lists without addresses (host, proto) the last,
 * which the nearest proxy wrote.
 */
struct forwarded forwarded_read(const struct forwarded_fields *fields,
				const struct proxies *proxies);

#endif
