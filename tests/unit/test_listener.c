/* Sockets to listen on. */
#include "unit.h"

#include "listener.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

static void forms(void **state)
{
	static const struct {
		int line;
		const char *address;
		bool good;
	} rows[] = {
		{ __LINE__, "127.0.0.1:8080", true }, { __LINE__, "0.0.0.0:0", true },
		{ __LINE__, "[::1]:65535", true },    { __LINE__, "[::]:80", true },
		{ __LINE__, "*:80", true },	      { __LINE__, "unix:/run/x", true },
		{ __LINE__, "unix:x", true },	      { __LINE__, "unix:", false },
		{ __LINE__, "", false },	      { __LINE__, "127.0.0.1", false },
		{ __LINE__, "127.0.0.1:", false },    { __LINE__, ":80", false },
		{ __LINE__, "80", false },	      { __LINE__, "127.0.0.1:65536", false },
		{ __LINE__, "127.0.0.1:-1", false },  { __LINE__, "127.0.0.1: 80", false },
		{ __LINE__, "127.0.0.1:http", false }, { __LINE__, "::1:80", false },
		{ __LINE__, "[::1]", false },	      { __LINE__, "[]:80", false },
		{ __LINE__, "[[::1]]:80", false },    { __LINE__, "[*]:80", false },
		{ __LINE__, "[::1:80", false },	      { __LINE__, "localhost:80", false },
		{ __LINE__, "127.0.0.256:80", false }, { __LINE__, "**:80", false },
		{ __LINE__, "http://127.0.0.1:80", false },
	};
	char longest[200] = "unix:/";
	size_t most = sizeof(((struct sockaddr_un *)NULL)->sun_path) - 1;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		ROW_INT(&rows[i], listener_is_address(rows[i].address), rows[i].good);
	memset(longest + 6, 'a', most - 1);
	assert_true(listener_is_address(longest));
	longest[5 + most] = 'a';
	assert_false(listener_is_address(longest));
}

static struct listener opened(const char *address, size_t workers)
{
	struct listener listener;
	const char *error = NULL;

	if (!listener_open(&listener, address, workers, false, &error))
		fail_msg("%s", error);
	return listener;
}

static int connect_tcp(const char *name)
{
	struct sockaddr_in in = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
		.sin_port = htons((uint16_t)atoi(strrchr(name, ':') + 1)),
	};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&in, sizeof(in)), 0);
	return fd;
}

static int port_of(int fd)
{
	struct sockaddr_in in;
	socklen_t len = sizeof(in);

	assert_int_equal(getsockname(fd, (struct sockaddr *)&in, &len), 0);
	assert_int_equal(in.sin_family, AF_INET);
	return ntohs(in.sin_port);
}

static void free_port(void **state)
{
	(void)state;
	for (size_t workers = 1; workers <= 3; workers++) {
		struct listener listener = opened("127.0.0.1:0", workers);
		char name[64];

		assert_int_equal(listener.count, workers);
		assert_false(listener.shared);
		assert_false(listener.passed);
		assert_false(listener.public_http);
		assert_null(listener.unlink);
		snprintf(name, sizeof(name), "127.0.0.1:%d", port_of(listener.fds[0]));
		assert_string_equal(listener.name, name);
		assert_string_not_equal(name, "127.0.0.1:0");
		for (size_t i = 1; i < workers; i++) {
			assert_int_not_equal(listener.fds[i], listener.fds[0]);
			assert_int_equal(port_of(listener.fds[i]), port_of(listener.fds[0]));
		}
		assert_int_equal(close(connect_tcp(listener.name)), 0);
		listener_close(&listener);
		assert_null(listener.fds);
	}
}

static void all_addresses(void **state)
{
	struct listener listener = opened("*:0", 1);

	(void)state;
	/* version 4 reaches it, too */
	assert_int_equal(close(connect_tcp(listener.name)), 0);
	listener_close(&listener);
}

static void port_in_use(void **state)
{
	struct listener listener = opened("127.0.0.1:0", 1);
	struct listener second;
	const char *error;
	char want[200];

	(void)state;
	assert_false(listener_open(&second, listener.name, 1, false, &error));
	snprintf(want, sizeof(want), "cannot listen on %s: Address already in use", listener.name);
	assert_string_equal(error, want);
	assert_int_equal(close(connect_tcp(listener.name)), 0);
	listener_close(&listener);
}

static int unix_socket(const char *path, bool connects)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int result;

	assert_true(fd >= 0 && strlen(path) < sizeof(un.sun_path));
	memcpy(un.sun_path, path, strlen(path));
	result = connects ? connect(fd, (struct sockaddr *)&un, sizeof(un))
			  : bind(fd, (struct sockaddr *)&un, sizeof(un));
	assert_int_equal(result, 0);
	return fd;
}

static void unix_path(void **state)
{
	struct unit *unit = *state;
	char address[300];
	const char *path = address + 5;
	struct listener listener;
	struct stat st;

	snprintf(address, sizeof(address), "unix:%s/socket", unit->folder);
	listener = opened(address, 3);
	assert_string_equal(listener.name, address);
	assert_true(listener.shared);
	for (int i = 1; i < 3; i++)
		assert_int_equal(listener.fds[i], listener.fds[0]);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode, S_IFSOCK | 0666);
	assert_int_equal(close(unix_socket(path, true)), 0);
	listener_close(&listener);
	assert_int_equal(access(path, F_OK), -1);
}

static void stale_path(void **state)
{
	struct unit *unit = *state;
	char address[300];
	const char *path = address + 5;
	struct listener listener;

	snprintf(address, sizeof(address), "unix:%s/socket", unit->folder);
	assert_int_equal(close(unix_socket(path, false)), 0);
	assert_int_equal(access(path, F_OK), 0);
	listener = opened(address, 1);
	assert_int_equal(close(unix_socket(path, true)), 0);
	listener_close(&listener);
}

static void path_in_use(void **state)
{
	struct unit *unit = *state;
	char address[300];
	char want[400];
	struct listener listener;
	struct listener second;
	const char *error;

	snprintf(address, sizeof(address), "unix:%s/socket", unit->folder);
	listener = opened(address, 1);
	assert_false(listener_open(&second, address, 1, false, &error));
	snprintf(want, sizeof(want), "cannot listen on %s: Address already in use", address);
	assert_string_equal(error, want);
	assert_int_equal(close(unix_socket(address + 5, true)), 0);
	listener_close(&listener);
	/* nor does a file that is no socket go */
	unit_write(unit, "socket", "text");
	assert_false(listener_open(&second, address, 1, false, &error));
	assert_string_equal(error, want);
	assert_int_equal(access(address + 5, F_OK), 0);
	/* no such folder */
	snprintf(address, sizeof(address), "unix:%s/none/socket", unit->folder);
	snprintf(want, sizeof(want), "cannot listen on %s: No such file or directory", address);
	assert_false(listener_open(&second, address, 1, false, &error));
	assert_string_equal(error, want);
}

static void passed(void **state)
{
	struct unit *unit = *state;
	char address[300];
	struct listener listener;
	const char *error;
	int fd;

	snprintf(address, sizeof(address), "unix:%s/socket", unit->folder);
	fd = unix_socket(address + 5, false);
	assert_false(listener_take(&listener, fd, "", 1, &error));
	assert_non_null(strstr(error, "passed by the service manager, is no listening socket"));
	assert_int_equal(listen(fd, 1), 0);
	assert_true(listener_take(&listener, fd, "public-http", 2, &error));
	assert_true(listener.passed);
	assert_true(listener.shared);
	assert_true(listener.public_http);
	assert_int_equal(listener.fds[0], fd);
	assert_int_equal(listener.fds[1], fd);
	assert_string_equal(listener.name, address);
	listener_close(&listener);
	/* the service manager's own path stays */
	assert_int_equal(access(address + 5, F_OK), 0);

	fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(listen(fd, 1), 0);
	assert_true(listener_take(&listener, fd, "x", 1, &error));
	assert_false(listener.public_http);
	listener_close(&listener);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(forms),	 cmocka_unit_test(free_port),
		cmocka_unit_test(all_addresses), cmocka_unit_test(port_in_use),
		UNIT_TEST(unix_path),		 UNIT_TEST(stale_path),
		UNIT_TEST(path_in_use),		 UNIT_TEST(passed),
	};

	return cmocka_run_group_tests_name("listener", tests, NULL, NULL);
}
