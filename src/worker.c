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
	int taken; /* an eventfd: what was given is in use */
	int wake;  /* an eventfd: look at the two below */
	_Atomic(struct snapshot *) given;
	atomic_int drain_seconds; /* -1: not asked to end */
	struct snapshot *snapshot; /* in use; the thread's */
	size_t server_count;
	struct http **servers;
	struct pollfd *polled; /* WAKE, WATCHED, then the servers */
	void (*ready)(void *closure); /* of what is watched */
	void *closure;
};

enum {
	WAKE,
	WATCHED,
	SERVERS, /* where they begin */
};

static bool make_servers(struct worker *worker, size_t index, const struct listener *listeners,
			 const struct http_limits *limits)
{
	worker->polled[WAKE] = (struct pollfd){ .fd = worker->wake, .events = POLLIN };
	worker->polled[WATCHED] = (struct pollfd){ .fd = -1, .events = POLLIN };
	for (size_t i = 0; i < worker->server_count; i++) {
		worker->servers[i] = http_new(listeners[i].fds[index], listeners[i].public_http,
						limits, &worker->snapshot);
		if (!worker->servers[i])
			return false;
		worker->polled[SERVERS + i] = (struct pollfd){
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
	worker->polled = calloc(listener_count + SERVERS, sizeof(struct pollfd));
	worker->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	worker->taken = eventfd(0, EFD_CLOEXEC | EFD_SEMAPHORE);
	if (!worker->servers || !worker->polled || worker->wake < 0 || worker->taken < 0 ||
	    !make_servers(worker, index, listeners, limits)) {
		worker_free(worker);
		return NULL;
	}
	return worker;
}

void worker_watch(struct worker *worker, int fd, void (*ready)(void *closure), void *closure)
{
	worker->polled[WATCHED].fd = fd;
	worker->ready = ready;
	worker->closure = closure;
}

static void post(int event, uint64_t times)
{
	while (write(event, &times, sizeof(times)) < 0 && errno == EINTR)
		continue;
}

void worker_wait(struct worker *worker)
{
	uint64_t count;

	while (read(worker->taken, &count, sizeof(count)) < 0 && errno == EINTR)
		continue;
}

void worker_give(struct worker *worker, struct snapshot *snapshot)
{
	/* One that was given before and not taken yet is passed over. */
	snapshot_unref(atomic_exchange(&worker->given, snapshot_ref(snapshot)));
	post(worker->wake, 1);
}

void worker_drain(struct worker *worker, unsigned seconds)
{
	atomic_store(&worker->drain_seconds, (int)seconds);
	post(worker->wake, 1);
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
	post(worker->taken, 1);
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
	nfds_t count = worker->server_count + SERVERS;
	int ready = poll(worker->polled, count, next_timeout(worker, most));
	bool wake = ready > 0 && worker->polled[WAKE].revents;
	bool watched = ready > 0 && worker->polled[WATCHED].revents;

	if (wake)
		take_given(worker);
	if (watched)
		worker->ready(worker->closure);
	if (wake || watched)
		return; /* it may be time to drain, which is to be known before answering */
	for (size_t i = 0; i < worker->server_count; i++) {
		/* A server without an event may still have connections whose time is over. */
		if (ready <= 0 || worker->polled[SERVERS + i].revents ||
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

void worker_run(struct worker *worker)
{
	while (atomic_load(&worker->drain_seconds) < 0)
		turn(worker, -1);
	drain(worker, atomic_load(&worker->drain_seconds));
	log_flush(true);
	post(worker->taken, 1u << 30); /* nobody waits for one that has ended */
}

static void *run(void *closure)
{
	worker_run(closure);
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
	if (worker->taken >= 0)
		close(worker->taken);
	snapshot_unref(worker->snapshot);
	snapshot_unref(atomic_exchange(&worker->given, NULL));
	free(worker->servers);
	free(worker->polled);
	free(worker);
}
