/* Addresses and networks of both versions. */
#include "unit.h"

#include "network.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

/* The address as version 6 writes it, or "" for none. */
static const char *shown(bool good, const struct ip *ip)
{
	static char text[INET6_ADDRSTRLEN];

	if (!good)
		return "";
	assert_non_null(inet_ntop(AF_INET6, ip->bytes, text, sizeof(text)));
	return text;
}

static struct ip ip_of(const char *text)
{
	struct ip ip;

	if (!ip_parse(str_of(text), &ip))
		fail_msg("%s is no address", text);
	return ip;
}

static void addresses(void **state)
{
	static const struct {
		int line;
		const char *text, *want;
	} rows[] = {
		{ __LINE__, "192.0.2.1", "::ffff:192.0.2.1" },
		{ __LINE__, "0.0.0.0", "::ffff:0.0.0.0" },
		{ __LINE__, "255.255.255.255", "::ffff:255.255.255.255" },
		{ __LINE__, "[192.0.2.1]", "::ffff:192.0.2.1" },
		{ __LINE__, "::ffff:192.0.2.1", "::ffff:192.0.2.1" },
		{ __LINE__, "2001:db8::1", "2001:db8::1" },
		{ __LINE__, "2001:0DB8:0:0:0:0:0:1", "2001:db8::1" },
		{ __LINE__, "[2001:db8::1]", "2001:db8::1" },
		{ __LINE__, "::", "::" },
		{ __LINE__, "[::1]", "::1" },
		{ __LINE__, "", "" },
		{ __LINE__, "[]", "" },
		{ __LINE__, "[", "" },
		{ __LINE__, "[::1", "" },
		{ __LINE__, "::1]", "" },
		{ __LINE__, "[[::1]]", "" },
		{ __LINE__, "192.0.2", "" },
		{ __LINE__, "192.0.2.256", "" },
		{ __LINE__, "192.0.2.1.", "" },
		{ __LINE__, "192.0.2.1:80", "" },
		{ __LINE__, " 192.0.2.1", "" },
		{ __LINE__, "192.0.2.1 ", "" },
		{ __LINE__, "2001:db8::1::", "" },
		{ __LINE__, "2001:db8:1", "" },
		{ __LINE__, "fe80::1%lo", "" },
		{ __LINE__, "localhost", "" },
		{ __LINE__, "*", "" },
		{ __LINE__, "0000:0000:0000:0000:0000:0000:192.168.100.200:0000:0000", "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct ip ip;
		bool good = ip_parse(str_of(rows[i].text), &ip);

		ROW_STR(&rows[i], str_of(shown(good, &ip)), rows[i].want);
	}
	assert_false(ip_parse(STR("192.0.2.1\0"), &(struct ip){ 0 }));
	assert_false(ip_parse(STR("192.0.2\0.1"), &(struct ip){ 0 }));
}

static void socket_addresses(void **state)
{
	struct sockaddr_in in = { .sin_family = AF_INET };
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6 };
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	struct ip ip;
	bool good;

	(void)state;
	assert_int_equal(inet_pton(AF_INET, "192.0.2.1", &in.sin_addr), 1);
	assert_int_equal(inet_pton(AF_INET6, "2001:db8::1", &in6.sin6_addr), 1);
	good = ip_of_sockaddr((const struct sockaddr *)&in, &ip);
	assert_string_equal(shown(good, &ip), "::ffff:192.0.2.1");
	good = ip_of_sockaddr((const struct sockaddr *)&in6, &ip);
	assert_string_equal(shown(good, &ip), "2001:db8::1");
	assert_false(ip_of_sockaddr((const struct sockaddr *)&un, &ip));
	assert_false(ip_of_sockaddr(NULL, &ip));
}

static void loopback(void **state)
{
	static const struct {
		int line;
		const char *text;
		bool want;
	} rows[] = {
		{ __LINE__, "127.0.0.1", true },
		{ __LINE__, "127.255.255.255", true },
		{ __LINE__, "::1", true },
		{ __LINE__, "::ffff:127.0.0.1", true },
		{ __LINE__, "126.255.255.255", false },
		{ __LINE__, "128.0.0.0", false },
		{ __LINE__, "1.0.0.127", false },
		{ __LINE__, "::", false },
		{ __LINE__, "::2", false },
		{ __LINE__, "1::1", false },
		{ __LINE__, "::127.0.0.1", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct ip ip = ip_of(rows[i].text);

		ROW_INT(&rows[i], ip_is_loopback(&ip), rows[i].want);
	}
}

static void client_parts(void **state)
{
	static const struct {
		int line;
		const char *text, *want;
	} rows[] = {
		{ __LINE__, "192.0.2.1", "::ffff:192.0.2.1" },
		{ __LINE__, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::" },
		{ __LINE__, "2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::" },
		{ __LINE__, "2001:db8:1:3:3:4:5:6", "2001:db8:1:3::" },
		{ __LINE__, "::1", "::" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct ip part = ip_client_part(ip_of(rows[i].text));

		ROW_STR(&rows[i], str_of(shown(true, &part)), rows[i].want);
	}
}

static void networks(void **state)
{
	static const struct {
		int line;
		const char *text;
		bool good;
		unsigned bits;
	} rows[] = {
		{ __LINE__, "192.0.2.1", true, 128 },
		{ __LINE__, "192.0.2.0/24", true, 120 },
		{ __LINE__, "192.0.2.0/0", true, 96 },
		{ __LINE__, "192.0.2.0/32", true, 128 },
		{ __LINE__, "2001:db8::/32", true, 32 },
		{ __LINE__, "[2001:db8::]/32", true, 32 },
		{ __LINE__, "::/0", true, 0 },
		{ __LINE__, "::1/128", true, 128 },
		{ __LINE__, "192.0.2.0/33", false, 0 },
		{ __LINE__, "2001:db8::/129", false, 0 },
		{ __LINE__, "192.0.2.0/", false, 0 },
		{ __LINE__, "192.0.2.0/-1", false, 0 },
		{ __LINE__, "192.0.2.0/ 8", false, 0 },
		{ __LINE__, "192.0.2.0/8x", false, 0 },
		{ __LINE__, "192.0.2.0/8/8", false, 0 },
		{ __LINE__, "192.0.2.0/255.0.0.0", false, 0 },
		{ __LINE__, "192.0.2.0/99999999999999999999", false, 0 },
		{ __LINE__, "/8", false, 0 },
		{ __LINE__, "", false, 0 },
		{ __LINE__, "[2001:db8::/32]", false, 0 },
		{ __LINE__, "example.com/8", false, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct network network = { .bits = 77 };

		ROW_INT(&rows[i], network_parse(str_of(rows[i].text), &network), rows[i].good);
		/* a failed call leaves the output alone */
		ROW_INT(&rows[i], network.bits, rows[i].good ? rows[i].bits : 77);
	}
}

static void containment(void **state)
{
	static const struct {
		int line;
		const char *network, *ip;
		bool want;
	} rows[] = {
		{ __LINE__, "192.0.2.1", "192.0.2.1", true },
		{ __LINE__, "192.0.2.1", "192.0.2.0", false },
		{ __LINE__, "192.0.2.0/24", "192.0.2.255", true },
		{ __LINE__, "192.0.2.77/24", "192.0.2.0", true },
		{ __LINE__, "192.0.2.0/24", "192.0.3.0", false },
		{ __LINE__, "192.0.2.0/23", "192.0.3.255", true },
		{ __LINE__, "192.0.2.0/23", "192.0.4.0", false },
		{ __LINE__, "192.0.2.0/31", "192.0.2.1", true },
		{ __LINE__, "192.0.2.0/31", "192.0.2.2", false },
		{ __LINE__, "128.0.0.0/1", "255.0.0.0", true },
		{ __LINE__, "128.0.0.0/1", "127.255.255.255", false },
		{ __LINE__, "0.0.0.0/0", "203.0.113.9", true },
		{ __LINE__, "0.0.0.0/0", "2001:db8::1", false },
		{ __LINE__, "192.0.2.0/24", "::ffff:192.0.2.9", true },
		{ __LINE__, "::/0", "2001:db8::1", true },
		{ __LINE__, "::/0", "192.0.2.1", true },
		{ __LINE__, "2001:db8::/32", "2001:db8:ffff::1", true },
		{ __LINE__, "2001:db8::/32", "2001:db9::1", false },
		{ __LINE__, "2001:db8::/33", "2001:db8:7fff::1", true },
		{ __LINE__, "2001:db8::/33", "2001:db8:8000::1", false },
		{ __LINE__, "2001:db8::1", "2001:db8::1", true },
		{ __LINE__, "2001:db8::1", "2001:db8::2", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct ip ip = ip_of(rows[i].ip);
		struct network network;

		ROW_TRUE(&rows[i], network_parse(str_of(rows[i].network), &network));
		ROW_INT(&rows[i], network_contains(&network, &ip), rows[i].want);
	}
}

static void formats(void **state)
{
	static const struct {
		int line;
		const char *text, *want;
		bool v4;
	} rows[] = {
		{ __LINE__, "192.0.2.1", "192.0.2.1", true },
		{ __LINE__, "::ffff:192.0.2.1", "192.0.2.1", true },
		{ __LINE__, "2001:0DB8:0:0::1", "2001:db8::1", false },
		{ __LINE__, "::", "::", false },
		{ __LINE__, "2001:db8:1111:2222:3333:4444:5555:6666",
		  "2001:db8:1111:2222:3333:4444:5555:6666", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct ip ip = ip_of(rows[i].text);
		char text[IP_TEXT];

		ip_format(&ip, text);
		ROW_STR(&rows[i], str_of(text), rows[i].want);
		ROW_INT(&rows[i], ip_is_v4(&ip), rows[i].v4);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses),    cmocka_unit_test(socket_addresses),
		cmocka_unit_test(loopback),     cmocka_unit_test(client_parts),
		cmocka_unit_test(networks),     cmocka_unit_test(containment),
		cmocka_unit_test(formats),
	};

	return cmocka_run_group_tests_name("network", tests, NULL, NULL);
}
