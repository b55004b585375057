/* Counting what each client has. */
#include "unit.h"

#include "peers.h"

static struct ip ip_of(const char *text)
{
	struct ip ip;

	if (!ip_parse(str_of(text), &ip))
		fail_msg("%s is no address", text);
	return ip;
}

static void limit(void **state)
{
	static const unsigned limits[] = { 1, 2, 3, 128, 60000 };
	struct ip ip = ip_of("192.0.2.1");

	(void)state;
	for (size_t i = 0; i < COUNT(limits); i++) {
		struct peers *peers = peers_new(10, limits[i]);

		assert_non_null(peers);
		for (unsigned n = 0; n < limits[i]; n++) {
			assert_false(peers_is_full(peers, &ip));
			peers_enter(peers, &ip);
		}
		assert_true(peers_is_full(peers, &ip));
		peers_enter(peers, &ip); /* who is let in all the same counts */
		peers_leave(peers, &ip);
		assert_true(peers_is_full(peers, &ip));
		peers_leave(peers, &ip);
		assert_false(peers_is_full(peers, &ip));
		peers_free(peers);
	}
}

/* Two addresses: is the second full when the first is? */
static void who_is_counted_together(void **state)
{
	static const struct {
		int line;
		const char *first, *second;
		bool together;
	} rows[] = {
		{ __LINE__, "192.0.2.1", "192.0.2.1", true },
		{ __LINE__, "192.0.2.1", "::ffff:192.0.2.1", true },
		{ __LINE__, "192.0.2.1", "192.0.2.2", false },
		{ __LINE__, "192.0.2.1", "193.0.2.1", false },
		{ __LINE__, "2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", true },
		{ __LINE__, "2001:db8:1:2::1", "2001:db8:1:3::1", false },
		{ __LINE__, "2001:db8:1:2::1", "192.0.2.1", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct ip first = ip_of(rows[i].first);
		struct ip second = ip_of(rows[i].second);
		unsigned full = 0;

		/* The seed is another one each time: places may meet once, not always. */
		for (int n = 0; n < 10; n++) {
			struct peers *peers = peers_new(100000, 1);

			ROW_TRUE(&rows[i], peers != NULL);
			peers_enter(peers, &first);
			ROW_TRUE(&rows[i], peers_is_full(peers, &first));
			full += peers_is_full(peers, &second);
			peers_free(peers);
		}
		if (rows[i].together)
			ROW_INT(&rows[i], full, 10);
		else
			ROW_TRUE(&rows[i], full < 10);
	}
}

/* With as many clients as connections, nearly all have a place of their own. */
static void many_clients(void **state)
{
	enum { CLIENTS = 4096 };
	struct peers *peers = peers_new(CLIENTS, 1);
	unsigned met = 0;
	struct ip ip = { 0 };

	(void)state;
	assert_non_null(peers);
	for (unsigned i = 0; i < CLIENTS; i++) {
		ip.bytes[0] = (unsigned char)(i >> 8);
		ip.bytes[7] = (unsigned char)i;
		met += peers_is_full(peers, &ip);
		peers_enter(peers, &ip);
	}
	/* a sixteenth on average */
	assert_in_range(met, 1, CLIENTS / 8);
	for (unsigned i = 0; i < CLIENTS; i++) {
		ip.bytes[0] = (unsigned char)(i >> 8);
		ip.bytes[7] = (unsigned char)i;
		assert_true(peers_is_full(peers, &ip));
		peers_leave(peers, &ip);
	}
	for (unsigned i = 0; i < CLIENTS; i++) {
		ip.bytes[0] = (unsigned char)(i >> 8);
		ip.bytes[7] = (unsigned char)i;
		assert_false(peers_is_full(peers, &ip));
	}
	peers_free(peers);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(limit),
		cmocka_unit_test(who_is_counted_together),
		cmocka_unit_test(many_clients),
	};

	return cmocka_run_group_tests_name("peers", tests, NULL, NULL);
}
