/*
 * The main thread. It loads, and it waits for signals; requests are the workers'. A reload
 * happens here, beside them, and reaches them as one pointer each.
 */
#include "config.h"

#include "daemon.h"

#include "load.h"
#include "log.h"
#include "sdnotify.h"
#include "worker.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

struct process {
	const struct options *options;
	int argc;
	char **argv;
	struct snapshot *snapshot;
	struct listener *listeners;
	size_t listener_count;
	struct network *proxies;
	struct http_limits limits;
	struct worker **workers;
	size_t worker_count;
};

static void print_finding(void *closure, enum severity severity, const char *line)
{
	(void)closure;
	log_verbatim(severity == SEVERITY_ERROR ? LOG_ERROR : LOG_WARNING, line);
}

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
	size_t count = process->options->workers;

	process->workers = calloc(count, sizeof(struct worker *));
	if (!process->workers)
		return false;
	for (size_t i = 0; i < count; i++) {
		process->workers[i] = worker_new(i, process->listeners, process->listener_count,
						 &process->limits, process->snapshot);
		if (!process->workers[i])
			return false;
		process->worker_count++;
	}
	for (size_t i = 0; i < count; i++) {
		if (!worker_start(process->workers[i]))
			return false;
	}
	return true;
}

static void stop_workers(struct process *process, unsigned seconds)
{
	for (size_t i = 0; i < process->worker_count; i++)
		worker_drain(process->workers[i], seconds);
	for (size_t i = 0; i < process->worker_count; i++)
		worker_free(process->workers[i]);
	free(process->workers);
	process->workers = NULL;
	process->worker_count = 0;
}

/* --- Reload -------------------------------------------------------------------------- */

static void say_kept(const struct process *process, const struct diags *diags)
{
	time_t loaded_at = snapshot_loaded_at(process->snapshot);
	char *summary = diags_summary(diags);
	struct tm tm;
	char at[16] = "";

	if (localtime_r(&loaded_at, &tm))
		strftime(at, sizeof(at), "%H:%M:%S", &tm);
	log_line(LOG_ERROR, "%s; keeping the configuration loaded at %s",
		 summary ? summary : "out of memory", at);
	sd_notify_state("READY=1\nSTATUS=Reload failed; serving what was loaded at %s", at);
	free(summary);
}

/* What was asked for at start is asked for again; the sockets and limits stay. */
static void reload(struct process *process)
{
	struct options options;
	struct diags *diags = diags_new();
	struct snapshot *snapshot = NULL;
	enum log_level level;
	int operand;

	sd_notify_reloading();
	if (diags && options_init(&options)) {
		if (options_parse(&options, process->argc, process->argv, false, &operand))
			options_load_settings(&options, diags);
		if (!diags_errors(diags))
			snapshot = load_snapshot(&options, diags);
		diags_print(diags, print_finding, NULL);
		if (snapshot && log_level_parse(options.log_level, &level))
			log_set_level(level);
		options_fini(&options);
	}
	if (snapshot) {
		for (size_t i = 0; i < process->worker_count; i++)
			worker_give(process->workers[i], snapshot);
		snapshot_unref(process->snapshot);
		process->snapshot = snapshot;
		log_line(LOG_INFO, "reloaded: %s", snapshot_summary(snapshot));
		sd_notify_state("READY=1\nSTATUS=Serving %s", snapshot_summary(snapshot));
	} else if (diags) {
		say_kept(process, diags);
	}
	diags_free(diags);
}

/* --- Signals ------------------------------------------------------------------------- */

static void block_signals(sigset_t *ret_signals)
{
	sigemptyset(ret_signals);
	sigaddset(ret_signals, SIGHUP);
	sigaddset(ret_signals, SIGTERM);
	sigaddset(ret_signals, SIGINT);
	/* Threads that are started later inherit it. */
	pthread_sigmask(SIG_BLOCK, ret_signals, NULL);
	signal(SIGPIPE, SIG_IGN);
}

static void wait_for_the_end(struct process *process, const sigset_t *signals)
{
	const struct timespec second = { .tv_sec = 1 };

	for (;;) {
		int received = sigtimedwait(signals, NULL, &second);

		if (received == SIGHUP)
			reload(process);
		else if (received == SIGTERM || received == SIGINT)
			return;
		log_flush(false);
	}
}

static bool load_first(struct process *process)
{
	struct diags *diags = diags_new();

	if (!diags) {
		log_line(LOG_ERROR, "out of memory");
		return false;
	}
	process->snapshot = load_snapshot(process->options, diags);
	diags_print(diags, print_finding, NULL);
	if (!process->snapshot && diags_errors(diags) > 1) {
		char *summary = diags_summary(diags);

		log_line(LOG_ERROR, "%s; nothing is served", summary ? summary : "out of memory");
		free(summary);
	}
	diags_free(diags);
	return process->snapshot != NULL;
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
	log_line(LOG_INFO, "ready: %s", snapshot_summary(process->snapshot));
	sd_notify_state("READY=1\nSTATUS=Serving %s", snapshot_summary(process->snapshot));
	return true;
}

static void release(struct process *process)
{
	for (size_t i = 0; i < process->listener_count; i++)
		listener_close(&process->listeners[i]);
	free(process->listeners);
	free(process->proxies);
	peers_free(process->limits.peers);
	snapshot_unref(process->snapshot);
}

int daemon_run(const struct options *options, int argc, char **argv)
{
	struct process process = { .options = options, .argc = argc, .argv = argv };
	sigset_t signals;
	bool good;

	block_signals(&signals);
	good = start(&process);
	if (good) {
		wait_for_the_end(&process, &signals);
		sd_notify_state("STOPPING=1\nSTATUS=Finishing requests in progress");
		log_line(LOG_INFO, "stopping");
	}
	stop_workers(&process, good ? options->drain_timeout : 0);
	release(&process);
	log_flush(true);
	return good ? 0 : 1;
}
