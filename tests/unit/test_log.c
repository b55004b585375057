/*
 * The program's messages. stderr is a pipe while a test runs, and the monotonic clock can be
 * turned forward, so that nothing waits for the folding to end.
 */
#include "unit.h"

#include "log.h"

#include <fcntl.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <time.h>

static time_t ahead; /* seconds by which the monotonic clock is forward */

/* Takes the place of the C library's. */
int clock_gettime(clockid_t clock, struct timespec *now)
{
	long result = syscall(SYS_clock_gettime, clock, now);

	if (clock == CLOCK_MONOTONIC)
		now->tv_sec += ahead;
	return (int)result;
}

static int real_stderr;
static int pipe_end;
static char captured[65536];

static void capture(void)
{
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	real_stderr = dup(STDERR_FILENO);
	assert_int_not_equal(real_stderr, -1);
	assert_int_equal(dup2(ends[1], STDERR_FILENO), STDERR_FILENO);
	close(ends[1]);
	pipe_end = ends[0];
}

/* What came since capture(); stderr is as before. */
static const char *release(void)
{
	size_t len = 0;
	ssize_t n;

	dup2(real_stderr, STDERR_FILENO);
	close(real_stderr);
	while ((n = read(pipe_end, captured + len, sizeof(captured) - 1 - len)) > 0)
		len += (size_t)n;
	close(pipe_end);
	captured[len] = '\0';
	return captured;
}

static int start(void **state)
{
	(void)state;
	unsetenv("JOURNAL_STREAM");
	log_init("mailconfd");
	log_set_level(LOG_DEBUG);
	ahead += 1000; /* whatever the test before has left is over */
	capture();
	log_flush(true);
	release();
	return 0;
}

static void prefixes(void **state)
{
	(void)state;
	capture();
	log_line(LOG_ERROR, "cannot %s", "listen");
	log_line(LOG_WARNING, "slow");
	log_line(LOG_INFO, "ready: %d domains", 18);
	log_line(LOG_DEBUG, "details");
	assert_string_equal(release(), "mailconfd: error: cannot listen\n"
				       "mailconfd: warning: slow\n"
				       "mailconfd: ready: 18 domains\n"
				       "mailconfd: details\n");
}

static void other_name(void **state)
{
	(void)state;
	log_init("mailconf");
	capture();
	log_line(LOG_INFO, "text");
	assert_string_equal(release(), "mailconf: text\n");
}

static void verbatim(void **state)
{
	(void)state;
	capture();
	log_verbatim(LOG_ERROR, "a.json:1:2: error: text");
	log_verbatim(LOG_ERROR, "a.json:1:2: error: text");
	log_verbatim(LOG_INFO, "100%s");
	assert_string_equal(release(), "a.json:1:2: error: text\n"
				       "a.json:1:2: error: text\n"
				       "100%s\n");
}

/* JOURNAL_STREAM names the stream that goes to the journal by device and inode. */
static void set_journal_stream(unsigned long long inode_off_by)
{
	struct stat st;
	char stream[64];

	assert_int_equal(fstat(STDERR_FILENO, &st), 0);
	snprintf(stream, sizeof(stream), "%llu:%llu", (unsigned long long)st.st_dev,
		 (unsigned long long)st.st_ino + inode_off_by);
	setenv("JOURNAL_STREAM", stream, 1);
	log_init("mailconfd");
}

static void journal(void **state)
{
	(void)state;
	capture();
	set_journal_stream(0);
	log_line(LOG_ERROR, "one");
	log_line(LOG_WARNING, "two");
	log_line(LOG_INFO, "three");
	log_line(LOG_DEBUG, "four");
	log_verbatim(LOG_WARNING, "a.json: warning: five");
	assert_string_equal(release(), "<3>one\n<4>two\n<6>three\n<7>four\n"
				       "<4>a.json: warning: five\n");
}

/* Redirected away from the journal although the variable was inherited. */
static void other_stream(void **state)
{
	(void)state;
	capture();
	set_journal_stream(1);
	log_line(LOG_ERROR, "text");
	setenv("JOURNAL_STREAM", "nonsense", 1);
	log_init("mailconfd");
	log_line(LOG_WARNING, "text");
	assert_string_equal(release(), "mailconfd: error: text\nmailconfd: warning: text\n");
}

static void levels(void **state)
{
	static const enum log_level all[] = { LOG_ERROR, LOG_WARNING, LOG_INFO, LOG_DEBUG };
	static const char *const printed[] = {
		"e 0\n",
		"e 1\nw 1\n",
		"e 2\nw 2\ni 2\n",
		"e 3\nw 3\ni 3\nd 3\n",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(all); i++) {
		char word[16];

		log_set_level(all[i]);
		capture();
		for (size_t j = 0; j < COUNT(all); j++) {
			snprintf(word, sizeof(word), "%c %zu", "ewid"[j], i);
			log_verbatim(all[j], word);
			assert_int_equal(log_wants(all[j]), j <= i);
		}
		assert_string_equal(release(), printed[i]);
	}
	log_set_level(LOG_WARNING);
	capture();
	log_line(LOG_INFO, "not wanted");
	log_flush(true);
	assert_string_equal(release(), "");
}

static void level_words(void **state)
{
	static const struct {
		int line;
		const char *word;
		bool good;
		enum log_level level;
	} rows[] = {
		{ __LINE__, "error", true, LOG_ERROR },
		{ __LINE__, "warning", true, LOG_WARNING },
		{ __LINE__, "info", true, LOG_INFO },
		{ __LINE__, "debug", true, LOG_DEBUG },
		{ __LINE__, "", false, 0 },
		{ __LINE__, "Info", false, 0 },
		{ __LINE__, "infos", false, 0 },
		{ __LINE__, "6", false, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		enum log_level level = LOG_ERROR;

		ROW_INT(&rows[i], log_level_parse(rows[i].word, &level), rows[i].good);
		if (rows[i].good)
			ROW_INT(&rows[i], level, rows[i].level);
	}
}

static void repeats(void **state)
{
	(void)state;
	capture();
	for (int i = 0; i < 100; i++)
		log_line(LOG_WARNING, "again");
	log_line(LOG_INFO, "once");
	log_flush(false); /* their time is not over */
	assert_string_equal(release(), "mailconfd: warning: again\nmailconfd: once\n");
	capture();
	log_flush(true);
	log_flush(true); /* said once */
	assert_string_equal(release(),
			    "mailconfd: warning: again (99 more times within 10 s)\n");
}

static void repeats_end(void **state)
{
	(void)state;
	capture();
	log_line(LOG_INFO, "tick");
	log_line(LOG_INFO, "tick");
	ahead += 9;
	log_line(LOG_INFO, "tick");
	assert_string_equal(release(), "mailconfd: tick\n");
	ahead += 2;
	capture();
	log_line(LOG_INFO, "tick");
	assert_string_equal(release(), "mailconfd: tick (2 more times within 10 s)\n"
				       "mailconfd: tick\n");
	ahead += 20;
	capture();
	log_flush(false); /* nothing came again */
	assert_string_equal(release(), "");
}

static void same_text_other_level(void **state)
{
	(void)state;
	capture();
	log_line(LOG_INFO, "text");
	log_line(LOG_ERROR, "text");
	assert_string_equal(release(), "mailconfd: text\nmailconfd: error: text\n");
}

/* More different lines than are remembered: each is printed, and no count is lost. */
static void many_lines(void **state)
{
	(void)state;
	capture();
	log_line(LOG_INFO, "first");
	log_line(LOG_INFO, "first");
	ahead += 1;
	for (int i = 0; i < 20; i++)
		log_line(LOG_INFO, "line %d", i);
	release();
	assert_non_null(strstr(captured, "mailconfd: first\n"));
	assert_non_null(strstr(captured, "mailconfd: first (1 more times within 10 s)\n"));
	for (int i = 0; i < 20; i++) {
		char line[40];

		snprintf(line, sizeof(line), "mailconfd: line %d\n", i);
		assert_non_null(strstr(captured, line));
	}
}

static void long_line(void **state)
{
	static char text[5000];
	size_t len;

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	capture();
	log_line(LOG_INFO, "%s", text);
	log_verbatim(LOG_INFO, text);
	release();
	len = strlen(captured);
	assert_in_range(len, 1000, 2100);
	assert_int_equal(captured[len - 1], '\n');
	assert_ptr_equal(strchr(strchr(captured, '\n') + 1, '\n'), captured + len - 1);
}

static void *in_thread(void *closure)
{
	(void)closure;
	log_line(LOG_INFO, "text");
	log_line(LOG_INFO, "text");
	log_flush(true);
	return NULL;
}

/* Each thread folds its own lines. */
static void threads(void **state)
{
	pthread_t thread;

	(void)state;
	capture();
	log_line(LOG_INFO, "text");
	assert_int_equal(pthread_create(&thread, NULL, in_thread, NULL), 0);
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_string_equal(release(), "mailconfd: text\n"
				       "mailconfd: text\n"
				       "mailconfd: text (1 more times within 10 s)\n");
}

#define LOG_TEST(function) cmocka_unit_test_setup(function, start)

int main(void)
{
	const struct CMUnitTest tests[] = {
		LOG_TEST(prefixes),    LOG_TEST(other_name),
		LOG_TEST(verbatim),    LOG_TEST(journal),
		LOG_TEST(other_stream), LOG_TEST(levels),
		LOG_TEST(level_words), LOG_TEST(repeats),
		LOG_TEST(repeats_end), LOG_TEST(same_text_other_level),
		LOG_TEST(many_lines),  LOG_TEST(long_line),
		LOG_TEST(threads),
	};

	return cmocka_run_group_tests_name("log", tests, NULL, NULL);
}
