/* What the service manager hears, and what it passes. */
#include "unit.h"

#include "sdnotify.h"

#include <fcntl.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>

static int bind_socket(const char *name, bool abstract)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	size_t len = strlen(name);
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0 && len < sizeof(address.sun_path));
	memcpy(address.sun_path, name, len);
	if (abstract)
		address.sun_path[0] = '\0';
	assert_int_equal(bind(fd, (struct sockaddr *)&address,
			      (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len)), 0);
	assert_int_equal(setenv("NOTIFY_SOCKET", name, 1), 0);
	return fd;
}

/* The next message, or "" when there is none. */
static const char *received(int fd)
{
	static char text[1000];
	ssize_t len = recv(fd, text, sizeof(text) - 1, MSG_DONTWAIT);

	if (len < 0)
		assert_int_equal(errno, EAGAIN);
	text[len < 0 ? 0 : len] = '\0';
	return text;
}

static void states(void **state)
{
	struct unit *unit = *state;
	char path[300];
	int fd;

	snprintf(path, sizeof(path), "%s/notify", unit->folder);
	fd = bind_socket(path, false);
	assert_string_equal(received(fd), "");
	sd_notify_state("READY=1\nSTATUS=%s of %d", "5%", 7);
	assert_string_equal(received(fd), "READY=1\nSTATUS=5% of 7");
	sd_notify_state("%s", "");
	assert_string_equal(received(fd), "");
	sd_notify_state("STATUS=%0289d", 1); /* 296 bytes */
	assert_int_equal(strlen(received(fd)), 296);
	sd_notify_state("STATUS=%0293d", 1); /* longer than there is room: not cut off */
	assert_string_equal(received(fd), "");
	sd_notify_state("STOPPING=1");
	assert_string_equal(received(fd), "STOPPING=1");
	assert_int_equal(unsetenv("NOTIFY_SOCKET"), 0);
	sd_notify_state("READY=1");
	assert_string_equal(received(fd), "");
	close(fd);
}

static void abstract_socket(void **state)
{
	struct unit *unit = *state;
	char name[300];
	int fd;

	snprintf(name, sizeof(name), "@%s/notify", unit->folder);
	fd = bind_socket(name, true);
	sd_notify_state("READY=1");
	assert_string_equal(received(fd), "READY=1");
	assert_int_equal(unsetenv("NOTIFY_SOCKET"), 0);
	close(fd);
}

/* systemd wants the time of the clock that it compares with. */
static void reloading(void **state)
{
	static const char start[] = "RELOADING=1\nMONOTONIC_USEC=";
	struct unit *unit = *state;
	struct timespec before;
	struct timespec after;
	char path[300];
	const char *text;
	char *end;
	long long usec;
	int fd;

	snprintf(path, sizeof(path), "%s/notify", unit->folder);
	fd = bind_socket(path, false);
	clock_gettime(CLOCK_MONOTONIC, &before);
	sd_notify_reloading();
	clock_gettime(CLOCK_MONOTONIC, &after);
	text = received(fd);
	assert_true(str_starts(str_of(text), str_of(start)));
	usec = strtoll(text + strlen(start), &end, 10);
	assert_string_equal(end, "");
	assert_true(usec >= before.tv_sec * 1000000ll + before.tv_nsec / 1000);
	assert_true(usec <= after.tv_sec * 1000000ll + after.tv_nsec / 1000);
	assert_int_equal(unsetenv("NOTIFY_SOCKET"), 0);
	close(fd);
}

/* PID is this process's where NULL. */
static void passed_sockets(void **state)
{
	static const struct {
		int line;
		const char *pid, *count;
		size_t want;
	} rows[] = {
		{ __LINE__, NULL, "1", 1 },
		{ __LINE__, NULL, "0", 0 },
		{ __LINE__, NULL, "", 0 },
		{ __LINE__, NULL, "-1", 0 },
		{ __LINE__, NULL, "1x", 0 },
		{ __LINE__, NULL, "1001", 0 },
		{ __LINE__, "1", "1", 0 },
		{ __LINE__, "", "1", 0 },
		{ __LINE__, "x", "1", 0 },
	};
	int kept = fcntl(PASSED_FIRST, F_DUPFD_CLOEXEC, PASSED_FIRST + 10);
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);

	(void)state;
	assert_true(null >= 0);
	unsetenv("LISTEN_PID");
	assert_int_equal(setenv("LISTEN_FDS", "1", 1), 0);
	assert_int_equal(sd_passed_sockets(), 0);
	for (size_t i = 0; i < COUNT(rows); i++) {
		char pid[32];

		/* without FD_CLOEXEC, as they are passed */
		if (null != PASSED_FIRST)
			ROW_INT(&rows[i], dup2(null, PASSED_FIRST), PASSED_FIRST);
		else
			ROW_INT(&rows[i], fcntl(null, F_SETFD, 0), 0);
		snprintf(pid, sizeof(pid), "%ld", (long)getpid());
		setenv("LISTEN_PID", rows[i].pid ? rows[i].pid : pid, 1);
		setenv("LISTEN_FDS", rows[i].count, 1);
		ROW_INT(&rows[i], sd_passed_sockets(), rows[i].want);
		ROW_INT(&rows[i], fcntl(PASSED_FIRST, F_GETFD), rows[i].want ? FD_CLOEXEC : 0);
	}
	unsetenv("LISTEN_PID");
	unsetenv("LISTEN_FDS");
	if (kept >= 0) {
		dup2(kept, PASSED_FIRST);
		close(kept);
	} else {
		close(PASSED_FIRST);
	}
	if (null != PASSED_FIRST)
		close(null);
}

static void passed_names(void **state)
{
	static const struct {
		int line;
		const char *names;
		size_t index;
		const char *want;
	} rows[] = {
		{ __LINE__, "a", 0, "a" },	   { __LINE__, "a", 1, "" },
		{ __LINE__, "a:public-http", 1, "public-http" },
		{ __LINE__, "a::c", 1, "" },	   { __LINE__, "a::c", 2, "c" },
		{ __LINE__, "a::c", 3, "" },	   { __LINE__, "", 0, "" },
	};

	(void)state;
	unsetenv("LISTEN_FDNAMES");
	assert_string_equal(sd_passed_name(0), "");
	for (size_t i = 0; i < COUNT(rows); i++) {
		setenv("LISTEN_FDNAMES", rows[i].names, 1);
		ROW_STR(&rows[i], str_of(sd_passed_name(rows[i].index)), rows[i].want);
	}
	unsetenv("LISTEN_FDNAMES");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_TEST(states),
		UNIT_TEST(abstract_socket),
		UNIT_TEST(reloading),
		cmocka_unit_test(passed_sockets),
		cmocka_unit_test(passed_names),
	};

	return cmocka_run_group_tests_name("sdnotify", tests, NULL, NULL);
}
