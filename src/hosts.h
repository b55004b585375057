/*
 * The host names under which the daemon is asked: which of them a domain needs, and whether
 * one is answered. Records, lists for certificates and on-demand TLS all ask here.
 */
#ifndef MAILCONFD_HOSTS_H
#define MAILCONFD_HOSTS_H

#include "address.h"
#include "reply.h"
#include "snapshot.h"

/*
 * Puts the domain in the place of %EMAILDOMAIN%. False when the result is no host name, or
 * depends on more of the address.
 */
bool host_fill(struct str pattern, struct str domain, struct domain *ret_host);

/* `label`, which ends with a dot, and the domain. False when that is too long. */
bool host_below(struct str label, struct str domain, struct domain *ret_host);

/* Where a protocol is asked for a domain of the provider. False when it is not answered. */
bool host_of_autoconfig(const struct snapshot *snapshot, const struct provider *provider,
			struct str domain, struct domain *ret_host);
bool host_of_autodiscover(const struct snapshot *snapshot, const struct provider *provider,
			  struct str domain, struct domain *ret_host);

/*
 * The reply with the PACC document of a domain, and the host that it is asked of. False when
 * there is none.
 */
bool host_of_pacc(const struct snapshot *snapshot, struct str domain, struct domain *ret_host,
		  struct reply *ret_reply);

/*
 * Would the daemon answer for this name over TLS? It would for a domain of the table, with
 * and without "www."; for its host of autoconfig, Autodiscover and PACC; and for autoconfig's
 * of a mail exchanger. A name that only "*" matches is none of them: whoever asks could have
 * certificates made for as many such names as there are.
 */
bool host_is_answered(const struct snapshot *snapshot, struct str host);

#endif
