/*
 * Reloading: tables and templates are loaded again beside those in use, by a thread that
 * lives as long as that takes, and reach the workers as one pointer each. After any error
 * the old ones stay.
 */
#ifndef MAILCONFD_RELOAD_H
#define MAILCONFD_RELOAD_H

#include "options.h"
#include "worker.h"

#include <pthread.h>

enum reload_state {
	RELOAD_IDLE,
	RELOAD_RUNNING,
	RELOAD_AGAIN, /* asked for while one was running */
};

struct reloader {
	const struct options *options; /* of the start */
	int argc;		       /* the command line, to be read again */
	char **argv;
	struct worker **workers; /* that are given what is loaded */
	size_t worker_count;
	struct snapshot *snapshot; /* in use; owned */

	pthread_t thread;
	bool has_thread; /* to be joined */
	_Atomic(enum reload_state) state;
};

/* Begins one, or has the one that is running be followed by another. From one thread. */
void reload_ask(struct reloader *reloader);

/* Waits for the one that is running. */
void reload_join(struct reloader *reloader);

#endif
