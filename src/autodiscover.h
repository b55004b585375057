/* What the two versions of Autodiscover have in common. */
#ifndef MAILCONFD_AUTODISCOVER_H
#define MAILCONFD_AUTODISCOVER_H

#include "asked.h"
#include "reply.h"

/*
 * The answer to plain http: where the same is answered by https, and nothing else. `what` is
 * the path, and the query where it has one; what a Location cannot hold of it is left out.
 */
void autodiscover_to_https(const struct table *table, const struct request *request,
			   struct str path, struct str query, struct reply *reply);

#endif
