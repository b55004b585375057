/*
 * Which domain is asked for: the address's, if it is in the table; else that of the host
 * that was asked, as it is or without the label that made it the host of a service; else a
 * provider's own, where the host is one it claims for its mail exchangers.
 */
#ifndef MAILCONFD_ASKED_H
#define MAILCONFD_ASKED_H

#include "address.h"
#include "table.h"

struct asked {
	const struct provider *provider;
	struct str domain;	 /* to be answered as the domain */
	struct str email_domain; /* what %EMAILDOMAIN% stands for, or that word itself */
	struct domain name;	 /* room for them, where they are not in the table */
	struct domain email_name;
};

/* By a domain of an address, normalised. False: it is not in the table, or not answered. */
bool asked_by_domain(const struct table *table, const struct domain *domain,
		     struct asked *ret_asked);

/*
 * By a host, as in the Host field. `email_domain` is the domain of an address that is not
 * in the table, or NULL: it matters where the host is that of a mail exchanger.
 */
bool asked_by_host(const struct table *table, struct str host, const struct domain *email_domain,
		   struct asked *ret_asked);

#endif
