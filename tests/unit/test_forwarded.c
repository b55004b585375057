/* What proxies say of who is behind them. */
#include "unit.h"

#include "forwarded.h"

#include <arpa/inet.h>

static const struct network networks[] = {
	/* 192.0.2.0/24 and 2001:db8:aaaa::/48 */
	{ .ip = { { [10] = 0xff, 0xff, 192, 0, 2, 0 } }, .bits = 120 },
	{ .ip = { { 0x20, 0x01, 0x0d, 0xb8, 0xaa, 0xaa } }, .bits = 48 },
};

static const struct proxies proxies = { .networks = networks, .count = COUNT(networks) };

static const char *shown(const struct forwarded *forwarded)
{
	static char text[INET6_ADDRSTRLEN];

	if (!forwarded->has_client)
		return "";
	assert_non_null(inet_ntop(AF_INET6, forwarded->client.bytes, text, sizeof(text)));
	return text;
}

static void trust(void **state)
{
	static const struct {
		int line;
		const char *ip;
		bool want, want_alone; /* with no networks given */
	} rows[] = {
		{ __LINE__, "127.0.0.1", true, true },
		{ __LINE__, "::1", true, true },
		{ __LINE__, "192.0.2.9", true, false },
		{ __LINE__, "192.0.3.9", false, false },
		{ __LINE__, "2001:db8:aaaa::1", true, false },
		{ __LINE__, "2001:db8:aaab::1", false, false },
	};
	static const struct proxies none = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct ip ip;

		ROW_TRUE(&rows[i], ip_parse(str_of(rows[i].ip), &ip));
		ROW_INT(&rows[i], proxies_trust(&proxies, &ip), rows[i].want);
		ROW_INT(&rows[i], proxies_trust(&none, &ip), rows[i].want_alone);
	}
}

/* A client is shown as an address of version 6; version 4 as ::ffff:a.b.c.d. */
static void forwarded_field(void **state)
{
	static const struct {
		int line;
		const char *field, *host, *client;
		bool insecure;
	} rows[] = {
		{ __LINE__, "for=203.0.113.1", "", "::ffff:203.0.113.1", false },
		{ __LINE__, "for=203.0.113.1;proto=https;host=a.example", "a.example",
		  "::ffff:203.0.113.1", false },
		{ __LINE__, "For=203.0.113.1;PROTO=HTTP;Host=a.example", "a.example",
		  "::ffff:203.0.113.1", true },
		{ __LINE__, "for=\"[2001:db8::1]:4711\"", "", "2001:db8::1", false },
		{ __LINE__, "for=\"[2001:db8::1]\"", "", "2001:db8::1", false },
		{ __LINE__, "for=\"203.0.113.1:80\"", "", "::ffff:203.0.113.1", false },
		{ __LINE__, "for=203.0.113.1:80", "", "::ffff:203.0.113.1", false },
		{ __LINE__, " for = 203.0.113.1 ; host = \"a.example:443\" ; proto = http ",
		  "a.example:443", "::ffff:203.0.113.1", true },
		{ __LINE__, "by=192.0.2.1;host=a.example", "a.example", "", false },
		{ __LINE__, "host=\"a,b\";for=203.0.113.1", "a,b", "::ffff:203.0.113.1", false },
		{ __LINE__, "for=unknown;proto=http", "", "", true },
		/* what a client wrote does not reach what the proxy appended */
		{ __LINE__, "for=203.0.113.9;host=evil.example;x=\", for=203.0.113.1;proto=https",
		  "", "::ffff:203.0.113.1", false },
		{ __LINE__, "for=\"x, for=203.0.113.1", "", "::ffff:203.0.113.1", false },
		{ __LINE__, "for=_hidden;host=a.example", "a.example", "", false },
		{ __LINE__, "for=\"_hidden:80\"", "", "", false },
		{ __LINE__, "for=;host=;proto=", "", "", false },
		{ __LINE__, "for;host;proto", "", "", false },
		{ __LINE__, "proto=httpx", "", "", false },
		{ __LINE__, "nonsense", "", "", false },
		{ __LINE__, ",", "", "", false },
		{ __LINE__, "for=203.0.113.1,", "", "", false },
		/* the last step is the trusted proxy's own; what is before it, the client's tale */
		{ __LINE__, "for=198.51.100.7;host=evil.example;proto=http, "
			    "for=203.0.113.1;host=a.example", "a.example",
		  "::ffff:203.0.113.1", false },
		{ __LINE__, "for=127.0.0.1;host=evil.example, for=203.0.113.1", "",
		  "::ffff:203.0.113.1", false },
		/* a step for a trusted proxy: it wrote the one before */
		{ __LINE__, "for=203.0.113.1;host=a.example;proto=http, "
			    "for=192.0.2.7;host=b.example", "a.example",
		  "::ffff:203.0.113.1", true },
		{ __LINE__, "for=198.51.100.7;host=evil.example, for=203.0.113.1;host=a.example, "
			    "for=\"[2001:db8:aaaa::9]\", for=127.0.0.1", "a.example",
		  "::ffff:203.0.113.1", false },
		/* an unknown one ends it */
		{ __LINE__, "for=203.0.113.1;host=evil.example, for=unknown;host=a.example",
		  "a.example", "", false },
		/* nobody but proxies: the outermost counts */
		{ __LINE__, "for=192.0.2.1;host=a.example, for=192.0.2.2;host=b.example",
		  "a.example", "::ffff:192.0.2.1", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct forwarded_fields fields = { .forwarded = str_of(rows[i].field) };
		struct forwarded forwarded = forwarded_read(&fields, &proxies);

		ROW_STR(&rows[i], forwarded.host, rows[i].host);
		ROW_STR(&rows[i], str_of(shown(&forwarded)), rows[i].client);
		ROW_INT(&rows[i], forwarded.insecure, rows[i].insecure);
	}
}

static void x_fields(void **state)
{
	static const struct {
		int line;
		const char *x_for, *x_host, *x_proto;
		const char *host, *client;
		bool insecure;
	} rows[] = {
		{ __LINE__, NULL, NULL, NULL, "", "", false },
		{ __LINE__, "203.0.113.1", "a.example", "https", "a.example",
		  "::ffff:203.0.113.1", false },
		{ __LINE__, "203.0.113.1", "a.example", "http", "a.example",
		  "::ffff:203.0.113.1", true },
		{ __LINE__, "\", 203.0.113.1", "evil.example:\"80, good.example", NULL,
		  "good.example", "::ffff:203.0.113.1", false },
		{ __LINE__, NULL, NULL, "HTTP", "", "", true },
		{ __LINE__, NULL, NULL, " http ", "", "", true },
		{ __LINE__, NULL, NULL, "wss", "", "", false },
		/* the last one is of the nearest proxy */
		{ __LINE__, NULL, "evil.example, a.example", "http, https", "a.example", "",
		  false },
		{ __LINE__, NULL, NULL, "https,http", "", "", true },
		{ __LINE__, "2001:db8::1", NULL, NULL, "", "2001:db8::1", false },
		{ __LINE__, "[2001:db8::1]:443", NULL, NULL, "", "2001:db8::1", false },
		{ __LINE__, "203.0.113.1:443", NULL, NULL, "", "::ffff:203.0.113.1", false },
		{ __LINE__, "198.51.100.7, 203.0.113.1", NULL, NULL, "", "::ffff:203.0.113.1",
		  false },
		{ __LINE__, "198.51.100.7, 203.0.113.1, 192.0.2.5,127.0.0.1", NULL, NULL, "",
		  "::ffff:203.0.113.1", false },
		{ __LINE__, "192.0.2.5, 127.0.0.1", NULL, NULL, "", "::ffff:192.0.2.5", false },
		{ __LINE__, "unknown", NULL, NULL, "", "", false },
		{ __LINE__, "203.0.113.1, unknown", NULL, NULL, "", "", false },
		/* as far as it can be followed */
		{ __LINE__, "203.0.113.1, unknown, 192.0.2.5", NULL, NULL, "",
		  "::ffff:192.0.2.5", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct forwarded_fields fields = {
			.x_for = str_of(rows[i].x_for),
			.x_host = str_of(rows[i].x_host),
			.x_proto = str_of(rows[i].x_proto),
		};
		struct forwarded forwarded = forwarded_read(&fields, &proxies);

		ROW_STR(&rows[i], forwarded.host, rows[i].host);
		ROW_STR(&rows[i], str_of(shown(&forwarded)), rows[i].client);
		ROW_INT(&rows[i], forwarded.insecure, rows[i].insecure);
	}
}

/* The standard field alone counts where both forms are sent. */
static void both_forms(void **state)
{
	struct forwarded_fields fields = {
		.forwarded = STR("for=203.0.113.1"),
		.x_for = STR("198.51.100.7"),
		.x_host = STR("evil.example"),
		.x_proto = STR("http"),
	};
	struct forwarded forwarded = forwarded_read(&fields, &proxies);

	(void)state;
	assert_str(forwarded.host, "");
	assert_string_equal(shown(&forwarded), "::ffff:203.0.113.1");
	assert_false(forwarded.insecure);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(trust),
		cmocka_unit_test(forwarded_field),
		cmocka_unit_test(x_fields),
		cmocka_unit_test(both_forms),
	};

	return cmocka_run_group_tests_name("forwarded", tests, NULL, NULL);
}
