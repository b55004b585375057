/*
 * A loop that answers, over its own sockets. Workers share nothing that needs a lock; a new
 * snapshot reaches each through a pointer of its own.
 *
 * The first one runs in the main thread: a process with one thread pays less for each call
 * to the kernel, and one worker is what most have.
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

/* Also watches `fd`: calls `ready` from the loop when it is readable. Before the loop runs. */
void worker_watch(struct worker *worker, int fd, void (*ready)(void *closure), void *closure);

/* Runs the loop, here or in a thread of its own, until worker_drain() and what it asks for. */
void worker_run(struct worker *worker);
bool worker_start(struct worker *worker);

/* Hands over a new snapshot, taking a reference. From one thread at a time. */
void worker_give(struct worker *worker, struct snapshot *snapshot);

/* Waits until what was given is in use, or the worker has ended. From another thread. */
void worker_wait(struct worker *worker);

/* Asks it to end: to finish what is in progress within `seconds`. */
void worker_drain(struct worker *worker, unsigned seconds);

/* Waits for its thread, if it has one, and frees it. NULL is fine. */
void worker_free(struct worker *worker);

#endif
