/* The loop. */
#include "config.h"

#include "worker.h"

#include "log.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

struct worker {
	pthread_t thread;
	bool started;
	int wake; /* an eventfd: look at the two below */
	_Atomic(struct snapshot *) given;
	atomic_int drain_seconds; /* -1: not asked to end */
	struct snapshot *snapshot; /* in use; the thread's */
	size_t server_count;
	struct http **servers;
	struct pollfd *polled; /* `wake` first, then the servers */
};

static bool make_servers(struct worker *worker, size_t index, const struct listener *listeners,
			 const struct http_limits *limits)
{
	worker->polled[0] = (struct pollfd){ .fd = worker->wake, .events = POLLIN };
	for (size_t i = 0; i < worker->server_count; i++) {
		worker->servers[i] = http_new(listeners[i].fds[index], listeners[i].public_http,
						limits, &worker->snapshot);
		if (!worker->servers[i])
			return false;
		worker->polled[i + 1] = (struct pollfd){
			.fd = http_fd(worker->servers[i]),
			.events = POLLIN,
		};
	}
	return true;
}

struct worker *worker_new(size_t index, const struct listener *listeners, size_t listener_count,
			  const struct http_limits *limits, struct snapshot *snapshot)
{
	struct worker *worker = calloc(1, sizeof(*worker));

	if (!worker)
		return NULL;
	atomic_init(&worker->given, NULL);
	atomic_init(&worker->drain_seconds, -1);
	worker->snapshot = snapshot_ref(snapshot);
	worker->server_count = listener_count;
	worker->servers = calloc(listener_count, sizeof(struct http *));
	worker->polled = calloc(listener_count + 1, sizeof(struct pollfd));
	worker->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (!worker->servers || !worker->polled || worker->wake < 0 ||
	    !make_servers(worker, index, listeners, limits)) {
		worker_free(worker);
		return NULL;
	}
	return worker;
}

static void wake(struct worker *worker)
{
	uint64_t one = 1;

	while (write(worker->wake, &one, sizeof(one)) < 0 && errno == EINTR)
		continue;
}

void worker_give(struct worker *worker, struct snapshot *snapshot)
{
	/* One that was given before and not taken yet is passed over. */
	snapshot_unref(atomic_exchange(&worker->given, snapshot_ref(snapshot)));
	wake(worker);
}

void worker_drain(struct worker *worker, unsigned seconds)
{
	atomic_store(&worker->drain_seconds, (int)seconds);
	wake(worker);
}

/* Between two events nothing refers to the old snapshot: replies are copies. */
static void take_given(struct worker *worker)
{
	uint64_t count;
	ssize_t n = read(worker->wake, &count, sizeof(count));
	struct snapshot *given = atomic_exchange(&worker->given, NULL);

	(void)n;
	if (!given)
		return;
	for (size_t i = 0; i < worker->server_count; i++)
		http_forget(worker->servers[i]);
	snapshot_unref(worker->snapshot);
	worker->snapshot = given;
}

/* The nearest time at which a server wants to be run, `most` milliseconds away at the most. */
static int next_timeout(const struct worker *worker, int most)
{
	if (most < 0 && log_is_folding())
		most = 1000;
	for (size_t i = 0; i < worker->server_count; i++) {
		int timeout = http_timeout(worker->servers[i]);

		if (timeout >= 0 && (most < 0 || timeout < most))
			most = timeout;
	}
	return most;
}

/* One round: waits, and does what there is to do. */
static void turn(struct worker *worker, int most)
{
	int ready = poll(worker->polled, worker->server_count + 1, next_timeout(worker, most));

	if (ready > 0 && worker->polled[0].revents) {
		take_given(worker);
		return; /* it may be time to drain, which is to be known before answering */
	}
	for (size_t i = 0; i < worker->server_count; i++) {
		/* A server without an event may still have connections whose time is over. */
		if (ready <= 0 || worker->polled[i + 1].revents ||
		    http_timeout(worker->servers[i]) == 0)
			http_run(worker->servers[i]);
	}
	log_flush(false);
}

static size_t connections(const struct worker *worker)
{
	size_t count = 0;

	for (size_t i = 0; i < worker->server_count; i++)
		count += http_connections(worker->servers[i]);
	return count;
}

static long milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Serves on until the last connection is gone, or the time is over. */
static void drain(struct worker *worker, long seconds)
{
	long end = milliseconds() + seconds * 1000;
	long left;

	for (size_t i = 0; i < worker->server_count; i++)
		http_drain(worker->servers[i]);
	while (connections(worker) && (left = end - milliseconds()) > 0)
		turn(worker, left < 100 ? (int)left : 100);
	if (connections(worker))
		log_line(LOG_WARNING, "stopping with requests in progress: the time to finish "
				      "them is over");
}

static void *run(void *closure)
{
	struct worker *worker = closure;

	while (atomic_load(&worker->drain_seconds) < 0)
		turn(worker, -1);
	drain(worker, atomic_load(&worker->drain_seconds));
	log_flush(true);
	return NULL;
}

bool worker_start(struct worker *worker)
{
	worker->started = pthread_create(&worker->thread, NULL, run, worker) == 0;
	return worker->started;
}

void worker_free(struct worker *worker)
{
	if (!worker)
		return;
	if (worker->started)
		pthread_join(worker->thread, NULL);
	for (size_t i = 0; worker->servers && i < worker->server_count; i++)
		http_free(worker->servers[i]);
	if (worker->wake >= 0)
		close(worker->wake);
	snapshot_unref(worker->snapshot);
	snapshot_unref(atomic_exchange(&worker->given, NULL));
	free(worker->servers);
	free(worker->polled);
	free(worker);
}
