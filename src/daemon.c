/*
 * Start, signals, reload, stop. Requests are the workers', of which the first runs here, in
 * the main thread, and hears the signals. A reload is made by a thread of its own, which
 * lives as long as that takes, and reaches the workers as one pointer each.
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
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

enum reload_state {
	RELOAD_IDLE,
	RELOAD_RUNNING,
	RELOAD_AGAIN, /* asked for while one was running */
};

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
	int signals; /* a signalfd */
	pthread_t loader;
	bool has_loader; /* to be joined */
	_Atomic(enum reload_state) reload;
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
	for (size_t i = 1; i < count; i++) {
		if (!worker_start(process->workers[i]))
			return false;
	}
	return true;
}

static void drain_workers(struct process *process, unsigned seconds)
{
	for (size_t i = 0; i < process->worker_count; i++)
		worker_drain(process->workers[i], seconds);
}

static void free_workers(struct process *process)
{
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

/* An administrator who changed one of these has to know that a reload is not enough. */
static void say_unchanged(const struct process *process, const struct options *options)
{
	for (size_t i = 0; i < option_row_count; i++) {
		const struct option_row *row = &option_rows[i];

		if ((row->places & OPTION_IN_FILE) && !(row->places & OPTION_RELOADABLE) &&
		    !options_agree(process->options, options, row))
			log_line(LOG_WARNING, "the setting \"%s\" has changed, which takes effect "
					      "at the next start", row->name);
	}
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
		snapshot = load_snapshot(&options, diags);
		diags_print(diags, print_finding, NULL);
		if (snapshot && log_level_parse(options.log_level, &level))
			log_set_level(level);
		if (snapshot)
			say_unchanged(process, &options);
		options_fini(&options);
	}
	if (snapshot) {
		for (size_t i = 0; i < process->worker_count; i++)
			worker_give(process->workers[i], snapshot);
		/* It is not done before nobody answers from the old one. */
		for (size_t i = 0; i < process->worker_count; i++)
			worker_wait(process->workers[i]);
		snapshot_unref(process->snapshot);
		process->snapshot = snapshot;
		log_line(LOG_INFO, "reloaded: %s", snapshot_summary(snapshot));
		sd_notify_state("READY=1\nSTATUS=Serving %s", snapshot_summary(snapshot));
	} else if (diags) {
		say_kept(process, diags);
	}
	diags_free(diags);
}

/* A second request while one is running makes it run once more, for what changed meanwhile. */
static void *run_reloads(void *closure)
{
	struct process *process = closure;
	enum reload_state running = RELOAD_RUNNING;

	for (;;) {
		reload(process);
		running = RELOAD_RUNNING;
		if (atomic_compare_exchange_strong(&process->reload, &running, RELOAD_IDLE))
			break;
		atomic_store(&process->reload, RELOAD_RUNNING);
	}
	log_flush(true);
	return NULL;
}

static void join_loader(struct process *process)
{
	if (process->has_loader)
		pthread_join(process->loader, NULL);
	process->has_loader = false;
}

static void ask_for_reload(struct process *process)
{
	if (atomic_exchange(&process->reload, RELOAD_AGAIN) != RELOAD_IDLE)
		return;
	join_loader(process);
	atomic_store(&process->reload, RELOAD_RUNNING);
	process->has_loader =
		pthread_create(&process->loader, NULL, run_reloads, process) == 0;
	if (!process->has_loader) {
		log_line(LOG_ERROR, "cannot reload: no thread for it; keeping what is loaded");
		atomic_store(&process->reload, RELOAD_IDLE);
	}
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
		ask_for_reload(process);
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
	join_loader(process);
	free_workers(process);
	for (size_t i = 0; i < process->listener_count; i++)
		listener_close(&process->listeners[i]);
	free(process->listeners);
	free(process->proxies);
	peers_free(process->limits.peers);
	snapshot_unref(process->snapshot);
	if (process->signals >= 0)
		close(process->signals);
}

int daemon_run(const struct options *options, int argc, char **argv)
{
	struct process process = { .options = options, .argc = argc, .argv = argv };
	bool good = open_signals(&process) && start(&process);

	if (good) {
		worker_watch(process.workers[0], process.signals, on_signal, &process);
		worker_run(process.workers[0]);
	} else {
		drain_workers(&process, 0);
	}
	release(&process);
	log_flush(true);
	return good ? 0 : 1;
}
