/*
 * Replies to libmicrohttpd. What depends on the domain alone is made once and kept as the
 * library wants it, with its header fields: the next request for it is a look-up.
 */
#ifndef MAILCONFD_HTTP_REPLY_H
#define MAILCONFD_HTTP_REPLY_H

#include "address.h"
#include "reply.h"

#include <microhttpd.h>

enum {
	KEPT_REPLIES = 256,    /* a power of two; some 3 kB each when all are in use */
	KEPT_SIZE_MOST = 4096, /* bytes of a body that is kept */
};

/* A prepared reply; `program` and `domain` say which. */
struct kept_reply {
	const struct program *program;
	struct domain domain;
	struct MHD_Response *response; /* NULL: free */
};

/* One worker's, for one snapshot. Zeroed, it is empty. */
struct reply_store {
	struct kept_reply kept[KEPT_REPLIES];
	struct MHD_Response *not_found; /* the most frequent answer of all */
};

/* Queues the answer; with `closing` the connection ends behind it. MHD_NO: it ends now. */
enum MHD_Result reply_store_send(struct reply_store *store, struct MHD_Connection *handle,
				 const struct reply *reply, bool closing);

/* Empties it: before another snapshot, and at the end. */
void reply_store_forget(struct reply_store *store);

#endif
