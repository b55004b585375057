/* The connections of a listener: who they are, how many, how long. */
#include "unit.h"

#include "connection.h"
#include "log.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

static const struct network networks[] = {
	{ .ip = { { [10] = 0xff, 0xff, 192, 0, 2, 0 } }, .bits = 120 }, /* 192.0.2.0/24 */
};

static const struct proxies proxies = { .networks = networks, .count = COUNT(networks) };

/* Of an IP address of version 4; "" is a unix socket. */
static const struct sockaddr *address_of(const char *text)
{
	static struct sockaddr_in in;
	static const struct sockaddr_un un = { .sun_family = AF_UNIX };

	if (!*text)
		return (const struct sockaddr *)&un;
	in = (struct sockaddr_in){ .sin_family = AF_INET };
	assert_int_equal(inet_pton(AF_INET, text, &in.sin_addr), 1);
	return (const struct sockaddr *)&in;
}

static void who(void **state)
{
	static const struct {
		int line;
		const char *address;
		bool public_http, limited;
		bool has_ip, trusted, counted;
	} rows[] = {
		{ __LINE__, "203.0.113.1", false, true, true, false, true },
		{ __LINE__, "203.0.113.1", false, false, true, false, false },
		{ __LINE__, "203.0.113.1", true, true, true, false, true },
		{ __LINE__, "192.0.2.9", false, true, true, true, false },
		{ __LINE__, "192.0.2.9", true, true, true, false, true },
		{ __LINE__, "127.0.0.1", false, true, true, true, false },
		{ __LINE__, "127.0.0.1", true, true, true, false, true },
		{ __LINE__, "", false, true, false, true, false },
		{ __LINE__, "", true, true, false, false, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct peers *peers = peers_new(10, 1);
		struct connections connections = {
			.proxies = &proxies,
			.peers = rows[i].limited ? peers : NULL,
			.public_http = rows[i].public_http,
		};
		const struct sockaddr *address = address_of(rows[i].address);
		struct connection *connection;

		ROW_TRUE(&rows[i], peers != NULL);
		ROW_TRUE(&rows[i], connections_admit(&connections, address));
		connection = connection_open(&connections, address, 7, peers);
		ROW_TRUE(&rows[i], connection != NULL);
		ROW_INT(&rows[i], connection->fd, 7);
		ROW_TRUE(&rows[i], connection->handle == peers);
		ROW_TRUE(&rows[i], !connection->busy);
		ROW_INT(&rows[i], connection->has_ip, rows[i].has_ip);
		ROW_INT(&rows[i], connection->trusted, rows[i].trusted);
		ROW_INT(&rows[i], connection->counted, rows[i].counted);
		/* with a limit of one, who is counted is full now */
		ROW_INT(&rows[i], connections_admit(&connections, address), !rows[i].counted);
		connection_close(&connections, connection);
		ROW_TRUE(&rows[i], connections_admit(&connections, address));
		ROW_INT(&rows[i], connections.count, 0);
		peers_free(peers);
	}
}

/* Closed in any order, the others stay. */
static void lists(void **state)
{
	static const unsigned char orders[][3] = {
		{ 0, 1, 2 }, { 0, 2, 1 }, { 1, 0, 2 }, { 1, 2, 0 }, { 2, 0, 1 }, { 2, 1, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(orders); i++) {
		struct connections connections = { .proxies = &proxies };
		struct connection *all[3];
		unsigned open = 7; /* a bit for each */

		for (int n = 0; n < 3; n++) {
			all[n] = connection_open(&connections, address_of(""), n, NULL);
			assert_non_null(all[n]);
		}
		for (int n = 0; n < 3; n++) {
			unsigned seen = 0;

			connection_close(&connections, all[orders[i][n]]);
			open &= ~(1u << orders[i][n]);
			for (const struct connection *c = connections.first; c; c = c->next) {
				assert_ptr_equal(*c->link, c);
				seen |= 1u << c->fd;
			}
			assert_int_equal(seen, open);
			assert_int_equal(connections.count, 2 - n);
		}
	}
}

static void rest(void **state)
{
	struct connections connections = { .proxies = &proxies };
	struct connection *connection = connection_open(&connections, address_of(""), 0, NULL);
	time_t opened;

	(void)state;
	assert_non_null(connection);
	opened = connection->since;
	connection->busy = true;
	connection->since -= 100;
	connection_rest(connection);
	assert_false(connection->busy);
	assert_true(connection->since >= opened);
	connection_close(&connections, connection);
}

static bool is_shut(int fd)
{
	char byte;
	ssize_t len = recv(fd, &byte, 1, MSG_DONTWAIT);

	if (len < 0)
		assert_int_equal(errno, EAGAIN);
	return len == 0;
}

/* A patience of a thousand seconds: old ones have been made old. */
static void sweeping(void **state)
{
	struct connections connections = { .proxies = &proxies, .patience = 1000 };
	struct connection *all[2];
	int pairs[2][2];

	(void)state;
	for (int i = 0; i < 2; i++) {
		assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pairs[i]), 0);
		all[i] = connection_open(&connections, address_of(""), pairs[i][0], NULL);
		assert_non_null(all[i]);
	}
	connections_sweep(&connections);
	assert_true(connections.swept != 0);
	assert_false(is_shut(pairs[0][1]));
	assert_false(is_shut(pairs[1][1]));
	all[1]->since -= 2000;
	connections.swept = 0;
	connections_sweep(&connections);
	assert_false(is_shut(pairs[0][1]));
	assert_true(is_shut(pairs[1][1]));
	/* shut down, not closed: that is for the HTTP library to do */
	assert_int_equal(connections.count, 2);
	for (int i = 0; i < 2; i++) {
		connection_close(&connections, all[i]);
		assert_int_equal(close(pairs[i][0]), 0);
		assert_int_equal(close(pairs[i][1]), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who),
		cmocka_unit_test(lists),
		cmocka_unit_test(rest),
		cmocka_unit_test(sweeping),
	};

	log_set_level(LOG_ERROR);
	return cmocka_run_group_tests_name("connection", tests, NULL, NULL);
}
