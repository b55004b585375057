/*
 * From a request to its reply. All protocols stand in one table: path, methods, function.
 * Pure: no socket, no clock, no memory but the reply's.
 */
#ifndef MAILCONFD_ROUTE_H
#define MAILCONFD_ROUTE_H

#include "reply.h"
#include "request.h"
#include "snapshot.h"

/*
 * Answers. The reply borrows from the snapshot, and from nothing of the request. Returns the
 * name of the protocol, for logs and counters: "autoconfig", "none" where no path matched.
 */
const char *route(const struct snapshot *snapshot, const struct request *request,
		  struct reply *ret_reply);

#endif
