/* Loading again. */
#include "config.h"

#include "reload.h"

#include "load.h"
#include "log.h"
#include "sdnotify.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

static void say_kept(const struct reloader *reloader, const struct diags *diags)
{
	time_t loaded_at = snapshot_loaded_at(reloader->snapshot);
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
static void say_unchanged(const struct reloader *reloader, const struct options *options)
{
	for (size_t i = 0; i < option_row_count; i++) {
		const struct option_row *row = &option_rows[i];

		if ((row->places & OPTION_IN_FILE) && !(row->places & OPTION_RELOADABLE) &&
		    !options_agree(reloader->options, options, row))
			log_line(LOG_WARNING, "the setting \"%s\" has changed, which takes effect "
					      "at the next start", row->name);
	}
}

/* What was asked for at start is asked for again; the sockets and limits stay. */
static void reload(struct reloader *reloader)
{
	struct options options;
	struct diags *diags = diags_new();
	struct snapshot *snapshot = NULL;
	enum log_level level;
	int operand;

	sd_notify_reloading();
	if (diags && options_init(&options)) {
		if (options_parse(&options, reloader->argc, reloader->argv, OPTIONS_OF_DAEMON, &operand))
			options_load_settings(&options, diags);
		snapshot = load_snapshot(&options, diags);
		diags_print(diags, load_print_finding, NULL);
		if (snapshot && log_level_parse(options.log_level, &level))
			log_set_level(level);
		if (snapshot)
			say_unchanged(reloader, &options);
		options_fini(&options);
	}
	if (snapshot) {
		for (size_t i = 0; i < reloader->worker_count; i++)
			worker_give(reloader->workers[i], snapshot);
		/* It is not done before nobody answers from the old one. */
		for (size_t i = 0; i < reloader->worker_count; i++)
			worker_wait(reloader->workers[i]);
		snapshot_unref(reloader->snapshot);
		reloader->snapshot = snapshot;
		log_line(LOG_INFO, "reloaded: %s", snapshot_summary(snapshot));
		sd_notify_state("READY=1\nSTATUS=Serving %s", snapshot_summary(snapshot));
	} else if (diags) {
		say_kept(reloader, diags);
	}
	diags_free(diags);
}

/* A second request while one is running makes it run once more, for what changed meanwhile. */
static void *run_reloads(void *closure)
{
	struct reloader *reloader = closure;
	enum reload_state running = RELOAD_RUNNING;

	for (;;) {
		reload(reloader);
		running = RELOAD_RUNNING;
		if (atomic_compare_exchange_strong(&reloader->state, &running, RELOAD_IDLE))
			break;
		atomic_store(&reloader->state, RELOAD_RUNNING);
	}
	log_flush(true);
	return NULL;
}

void reload_join(struct reloader *reloader)
{
	if (reloader->has_thread)
		pthread_join(reloader->thread, NULL);
	reloader->has_thread = false;
}

void reload_ask(struct reloader *reloader)
{
	if (atomic_exchange(&reloader->state, RELOAD_AGAIN) != RELOAD_IDLE)
		return;
	reload_join(reloader);
	atomic_store(&reloader->state, RELOAD_RUNNING);
	reloader->has_thread =
		pthread_create(&reloader->thread, NULL, run_reloads, reloader) == 0;
	if (!reloader->has_thread) {
		log_line(LOG_ERROR, "cannot reload: no thread for it; keeping what is loaded");
		atomic_store(&reloader->state, RELOAD_IDLE);
	}
}
