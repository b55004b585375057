/*
 * Each thread remembers its newest lines by itself, so folding needs no lock; a line leaves
 * in one write(), so lines do not mix either.
 */
#include "config.h"

#include "log.h"

#include "buf.h"
#include "map.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
	FOLD_SECONDS = 10,
	FOLD_LINES = 8,
	LINE_MOST = 1000, /* longer ones are cut */
};

struct folded {
	uint64_t hash; /* 0: free */
	time_t since;
	unsigned long repeats;
	enum log_level level;
	char text[160];
};

static _Atomic int chosen_level = LOG_INFO;
static const char *program_name = "mailconfd";
static bool to_journal;
static _Thread_local struct folded folds[FOLD_LINES];

/* systemd.exec(5): JOURNAL_STREAM is "DEVICE:INODE" of the stream to the journal. */
static bool is_journal(int fd)
{
	const char *stream = getenv("JOURNAL_STREAM");
	unsigned long long device, inode;
	struct stat st;

	return stream && sscanf(stream, "%llu:%llu", &device, &inode) == 2 &&
	       fstat(fd, &st) == 0 && st.st_dev == device && st.st_ino == inode;
}

void log_init(const char *name)
{
	program_name = name;
	to_journal = is_journal(STDERR_FILENO);
}

void log_set_level(enum log_level level)
{
	atomic_store_explicit(&chosen_level, (int)level, memory_order_relaxed);
}

bool log_wants(enum log_level level)
{
	return (int)level <= atomic_load_explicit(&chosen_level, memory_order_relaxed);
}

bool log_level_parse(const char *word, enum log_level *ret_level)
{
	static const struct {
		const char *word;
		enum log_level level;
	} levels[] = {
		{ "error", LOG_ERROR },
		{ "warning", LOG_WARNING },
		{ "info", LOG_INFO },
		{ "debug", LOG_DEBUG },
	};

	for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++) {
		if (strcmp(word, levels[i].word) == 0) {
			*ret_level = levels[i].level;
			return true;
		}
	}
	return false;
}

static void write_line(const char *text, size_t len)
{
	while (len) {
		ssize_t written = write(STDERR_FILENO, text, len);

		if (written <= 0)
			return; /* there is nowhere left to complain */
		text += written;
		len -= (size_t)written;
	}
}

static void print(enum log_level level, bool named, const char *text)
{
	char line[LINE_MOST];
	int len;

	if (to_journal)
		len = snprintf(line, sizeof(line) - 1, "<%d>%s", (int)level, text);
	else if (!named)
		len = snprintf(line, sizeof(line) - 1, "%s", text);
	else
		len = snprintf(line, sizeof(line) - 1, "%s: %s%s", program_name,
			       level == LOG_ERROR     ? "error: "
			       : level == LOG_WARNING ? "warning: "
						      : "",
			       text);
	if (len < 0)
		return;
	if ((size_t)len >= sizeof(line) - 1)
		len = sizeof(line) - 2;
	line[len++] = '\n';
	write_line(line, (size_t)len);
}

static time_t seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}

static void unfold(struct folded *fold)
{
	if (fold->hash && fold->repeats) {
		char line[sizeof(fold->text) + 64];

		snprintf(line, sizeof(line), "%s (%lu more times within %d s)", fold->text,
			 fold->repeats, FOLD_SECONDS);
		print(fold->level, true, line);
	}
	fold->hash = 0;
}

void log_flush(bool all)
{
	time_t now = seconds();

	for (size_t i = 0; i < FOLD_LINES; i++) {
		if (all || now - folds[i].since >= FOLD_SECONDS)
			unfold(&folds[i]);
	}
}

bool log_is_folding(void)
{
	for (size_t i = 0; i < FOLD_LINES; i++) {
		if (folds[i].hash && folds[i].repeats)
			return true;
	}
	return false;
}

/* Counts a line that has been printed lately; remembers it otherwise. */
static bool is_repeated(enum log_level level, const char *text)
{
	uint64_t hash = hash_bytes(str_of(text), (uint64_t)level) | 1;
	struct folded *oldest = &folds[0];

	log_flush(false);
	for (size_t i = 0; i < FOLD_LINES; i++) {
		struct folded *fold = &folds[i];

		if (fold->hash == hash) {
			fold->repeats++;
			return true;
		}
		if (!fold->hash || (oldest->hash && fold->since < oldest->since))
			oldest = fold;
	}
	unfold(oldest);
	*oldest = (struct folded){ .hash = hash, .since = seconds(), .level = level };
	snprintf(oldest->text, sizeof(oldest->text), "%s", text);
	return false;
}

void log_line(enum log_level level, const char *format, ...)
{
	char text[LINE_MOST];
	va_list args;

	if (!log_wants(level))
		return;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (!is_repeated(level, text))
		print(level, true, text);
}

void log_verbatim(enum log_level level, const char *line)
{
	if (log_wants(level))
		print(level, false, line);
}
