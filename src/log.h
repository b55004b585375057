/*
 * The program's own messages, to stderr.
 *
 * With <N> priorities in front when stderr is the journal, with the program's name
 * otherwise. A line that repeats within some seconds is printed once and then counted, so
 * that a client which asks for ever cannot fill a disk. No message may hold an address, a
 * query or an Authorization value: callers pass only what the administrator wrote.
 */
#ifndef MAILCONFD_LOG_H
#define MAILCONFD_LOG_H

#include <stdbool.h>

enum log_level { /* the numbers are syslog's */
	LOG_ERROR = 3,
	LOG_WARNING = 4,
	LOG_INFO = 6,
	LOG_DEBUG = 7,
};

/* Finds out what stderr is. `name` stands in front of plain lines; borrowed. */
void log_init(const char *name);

/* Lines above this level are dropped. May be called again at any time, from any thread. */
void log_set_level(enum log_level level);
bool log_wants(enum log_level level);

/* "error", "warning", "info", "debug"; false for any other word. */
bool log_level_parse(const char *word, enum log_level *ret_level);

/* One line. Lines of several threads do not mix. */
void log_line(enum log_level level, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* A line that carries its own form (a diagnostic): no name in front, never folded. */
void log_verbatim(enum log_level level, const char *line);

/*
 * Prints how often lines of the calling thread came again, for those whose time is over;
 * with `all` for every one. To be called now and then, and before a thread ends.
 */
void log_flush(bool all);

/* Is there anything of the calling thread that log_flush() will print one day? */
bool log_is_folding(void);

#endif
