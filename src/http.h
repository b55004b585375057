/*
 * HTTP on one listening socket, for one worker. Only this and http_reply.c know libmicrohttpd:
 * everything else can be tested without a socket.
 *
 * The library's own thread and loop are not used: the worker waits on http_fd() and calls
 * http_run(), so everything here happens in the worker's thread.
 */
#ifndef MAILCONFD_HTTP_H
#define MAILCONFD_HTTP_H

#include "connection.h"
#include "snapshot.h"

struct http;

/* What all sockets of the daemon share. Constant, but for the counters in `peers`. */
struct http_limits {
	unsigned connections; /* of this socket */
	unsigned body;	      /* bytes */
	unsigned header;      /* bytes */
	unsigned idle;	      /* seconds */
	struct peers *peers;  /* NULL: no limit by address */
	struct proxies proxies;
};

/*
 * Starts to serve on `fd`, which stays the caller's. `snapshot` is where the worker keeps
 * its current snapshot; it is read for each request. Returns owned, or NULL.
 */
struct http *http_new(int fd, bool public_http, const struct http_limits *limits,
			  struct snapshot *const *snapshot);

/* Ends all connections. NULL is fine. */
void http_free(struct http *http);

/* Readable when there is something to do; to be polled. */
int http_fd(const struct http *http);

/* Does what there is to do, and never waits. */
void http_run(struct http *http);

/* Milliseconds until http_run() wants to be called in any case; -1: never. */
int http_timeout(const struct http *http);

/* After a new snapshot: forgets what was made from the old one. */
void http_forget(struct http *http);

/*
 * Begins to stop: takes what waits in the socket's queue, then no more; every answer from
 * now on closes its connection; connections without a request are closed after a second.
 */
void http_drain(struct http *http);

/* Connections that are open. */
size_t http_connections(const struct http *http);

#endif
