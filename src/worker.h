/*
 * A thread that answers: one loop over its own sockets. Workers share nothing that needs a
 * lock; a new snapshot reaches each through a pointer of its own.
 */
#ifndef MAILCONFD_WORKER_H
#define MAILCONFD_WORKER_H

#include "listener.h"
#include "http.h"

struct worker;

/*
 * Prepares worker number `index` on its sockets of the listeners. Takes a reference of the
 * snapshot. Returns owned, or NULL.
 */
struct worker *worker_new(size_t index, const struct listener *listeners, size_t listener_count,
			  const struct http_limits *limits, struct snapshot *snapshot);

/* Starts the thread. */
bool worker_start(struct worker *worker);

/* Hands over a new snapshot, taking a reference. From any one thread. */
void worker_give(struct worker *worker, struct snapshot *snapshot);

/* Asks it to end: to finish what is in progress within `seconds`. */
void worker_drain(struct worker *worker, unsigned seconds);

/* Waits for its thread, and frees it. NULL is fine. */
void worker_free(struct worker *worker);

#endif
