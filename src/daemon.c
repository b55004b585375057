/*
 * Start, signals, stop. Requests are the workers', of which the first runs here, in the main
 * thread, and hears the signals.
 */
#include "config.h"

#include "daemon.h"

#include "load.h"
#include "log.h"
#include "reload.h"
#include "sdnotify.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

struct process {
	const struct options *options;
	struct reloader reloader; /* the snapshot and the workers, too */
	struct listener *listeners;
	size_t listener_count;
	struct network *proxies;
	struct http_limits limits;
	int signals; /* a signalfd */
};

/* --- Sockets ------------------------------------------------------------------------- */

static bool add_listener(struct process *process, const char *address, bool public_http)
{
	struct listener *listener = &process->listeners[process->listener_count];
	const char *error;

	if (!listener_open(listener, address, process->options->workers, public_http, &error)) {
		log_line(LOG_ERROR, "%s", error);
		return false;
	}
	process->listener_count++;
	return true;
}

static bool take_passed(struct process *process, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const char *error;

		if (!listener_take(&process->listeners[i], PASSED_FIRST + (int)i,
				   sd_passed_name(i), process->options->workers, &error)) {
			log_line(LOG_ERROR, "%s", error);
			return false;
		}
		process->listener_count++;
	}
	return true;
}

/* Sockets that are passed take the place of those that the options name. */
static bool open_listeners(struct process *process)
{
	const struct options *options = process->options;
	size_t passed = sd_passed_sockets();
	size_t most = passed + options->listen.count + options->listen_public_http.count;

	process->listeners = calloc(most, sizeof(*process->listeners));
	if (!process->listeners) {
		log_line(LOG_ERROR, "out of memory");
		return false;
	}
	if (passed)
		return take_passed(process, passed);
	for (size_t i = 0; i < options->listen.count; i++) {
		if (!add_listener(process, options->listen.values[i], false))
			return false;
	}
	for (size_t i = 0; i < options->listen_public_http.count; i++) {
		if (!add_listener(process, options->listen_public_http.values[i], true))
			return false;
	}
	return true;
}

/* --- Limits -------------------------------------------------------------------------- */

static bool read_proxies(struct process *process)
{
	const struct option_list *list = &process->options->trusted_proxy;

	process->proxies = calloc(list->count + 1, sizeof(*process->proxies));
	if (!process->proxies)
		return false;
	for (size_t i = 0; i < list->count; i++)
		network_parse(str_of(list->values[i]), &process->proxies[i]); /* checked */
	process->limits.proxies = (struct proxies){
		.networks = process->proxies,
		.count = list->count,
	};
	return true;
}

/* Each connection is a descriptor; the soft limit is often 1024. */
static void allow_descriptors(const struct options *options)
{
	struct rlimit limit;
	rlim_t wanted = options->max_connections + 64 + (rlim_t)options->workers * 8;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted)
		return;
	limit.rlim_cur = wanted < limit.rlim_max ? wanted : limit.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur < wanted)
		log_line(LOG_WARNING, "at most %llu descriptors: max-connections (%u) cannot be "
				      "reached", (unsigned long long)limit.rlim_cur,
			 options->max_connections);
}

/* The table of connections is divided among the workers and their sockets. */
static bool set_limits(struct process *process)
{
	const struct options *options = process->options;
	unsigned servers = options->workers * (unsigned)process->listener_count;
	unsigned each = options->max_connections / (servers ? servers : 1);

	process->limits.connections = each ? each : 1;
	process->limits.body = options->max_body;
	process->limits.header = options->max_header;
	process->limits.idle = options->idle_timeout;
	if (options->max_connections_per_address) {
		process->limits.peers = peers_new(options->max_connections,
						  options->max_connections_per_address);
		if (!process->limits.peers)
			return false;
	}
	return read_proxies(process);
}

/* --- Workers ------------------------------------------------------------------------- */

static bool start_workers(struct process *process)
{
	struct reloader *reloader = &process->reloader;
	size_t count = process->options->workers;

	reloader->workers = calloc(count, sizeof(struct worker *));
	if (!reloader->workers)
		return false;
	for (size_t i = 0; i < count; i++) {
		reloader->workers[i] = worker_new(i, process->listeners, process->listener_count,
						  &process->limits, reloader->snapshot);
		if (!reloader->workers[i])
			return false;
		reloader->worker_count++;
	}
	for (size_t i = 1; i < count; i++) {
		if (!worker_start(reloader->workers[i]))
			return false;
	}
	return true;
}

static void drain_workers(struct process *process, unsigned seconds)
{
	for (size_t i = 0; i < process->reloader.worker_count; i++)
		worker_drain(process->reloader.workers[i], seconds);
}

static void free_workers(struct reloader *reloader)
{
	for (size_t i = 0; i < reloader->worker_count; i++)
		worker_free(reloader->workers[i]);
	free(reloader->workers);
	reloader->workers = NULL;
	reloader->worker_count = 0;
}

/* --- Signals ------------------------------------------------------------------------- */

static bool open_signals(struct process *process)
{
	sigset_t signals;

	sigemptyset(&signals);
	sigaddset(&signals, SIGHUP);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	/* Threads that are started later inherit it. */
	pthread_sigmask(SIG_BLOCK, &signals, NULL);
	signal(SIGPIPE, SIG_IGN);
	process->signals = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
	if (process->signals < 0)
		log_line(LOG_ERROR, "cannot listen to signals: %s", strerror(errno));
	return process->signals >= 0;
}

static void on_signal(void *closure)
{
	struct process *process = closure;
	struct signalfd_siginfo info;

	if (read(process->signals, &info, sizeof(info)) != sizeof(info))
		return;
	if (info.ssi_signo == SIGHUP) {
		reload_ask(&process->reloader);
		return;
	}
	sd_notify_state("STOPPING=1\nSTATUS=Finishing requests in progress");
	log_line(LOG_INFO, "stopping");
	drain_workers(process, process->options->drain_timeout);
}

static bool load_first(struct process *process)
{
	struct diags *diags = diags_new();

	if (!diags) {
		log_line(LOG_ERROR, "out of memory");
		return false;
	}
	process->reloader.snapshot = load_snapshot(process->options, diags);
	diags_print(diags, load_print_finding, NULL);
	if (!process->reloader.snapshot && diags_errors(diags) > 1) {
		char *summary = diags_summary(diags);

		log_line(LOG_ERROR, "%s; nothing is served", summary ? summary : "out of memory");
		free(summary);
	}
	diags_free(diags);
	return process->reloader.snapshot != NULL;
}

static bool start(struct process *process)
{
	if (!load_first(process) || !open_listeners(process))
		return false;
	allow_descriptors(process->options);
	if (!set_limits(process))
		return false;
	if (!start_workers(process)) {
		log_line(LOG_ERROR, "cannot start the workers: %s", strerror(errno));
		return false;
	}
	for (size_t i = 0; i < process->listener_count; i++)
		log_line(LOG_INFO, "listening on %s%s", process->listeners[i].name,
			 process->listeners[i].public_http ? " (public http)" : "");
	log_line(LOG_INFO, "ready: %s", snapshot_summary(process->reloader.snapshot));
	sd_notify_state("READY=1\nSTATUS=Serving %s", snapshot_summary(process->reloader.snapshot));
	return true;
}

static void release(struct process *process)
{
	reload_join(&process->reloader);
	free_workers(&process->reloader);
	for (size_t i = 0; i < process->listener_count; i++)
		listener_close(&process->listeners[i]);
	free(process->listeners);
	free(process->proxies);
	peers_free(process->limits.peers);
	snapshot_unref(process->reloader.snapshot);
	if (process->signals >= 0)
		close(process->signals);
}

int daemon_run(const struct options *options, int argc, char **argv)
{
	struct process process = {
		.options = options,
		.reloader = { .options = options, .argc = argc, .argv = argv },
	};
	bool good = open_signals(&process) && start(&process);

	if (good) {
		worker_watch(process.reloader.workers[0], process.signals, on_signal, &process);
		worker_run(process.reloader.workers[0]);
	} else {
		drain_workers(&process, 0);
	}
	release(&process);
	log_flush(true);
	return good ? 0 : 1;
}
