/* Web addresses and their parts. */
#include "unit.h"

#include "weburl.h"

static void test_parts(void **state)
{
	static const struct {
		int line;
		const char *url;
		bool secure;
		const char *host;
		unsigned port;
		const char *path;
	} rows[] = {
		{ __LINE__, "https://dav.example.com", true, "dav.example.com", 443, "" },
		{ __LINE__, "https://dav.example.com/cal/", true, "dav.example.com", 443, "/cal/" },
		{ __LINE__, "HTTPS://dav.example.com:8443/a?b=c:d", true, "dav.example.com", 8443,
		  "/a?b=c:d" },
		{ __LINE__, "http://a.example?x", false, "a.example", 80, "?x" },
		{ __LINE__, "https://[2001:db8::1]/", true, "2001:db8::1", 443, "/" },
		{ __LINE__, "https://[2001:db8::1]:444/", true, "2001:db8::1", 444, "/" },
		{ __LINE__, "https://dav.%EMAILDOMAIN%/%EMAILADDRESS%/", true,
		  "dav.%EMAILDOMAIN%", 443, "/%EMAILADDRESS%/" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct weburl url;

		ROW_TRUE(&rows[i], weburl_parse(str_of(rows[i].url), &url));
		ROW_INT(&rows[i], url.secure, rows[i].secure);
		ROW_STR(&rows[i], url.host, rows[i].host);
		ROW_INT(&rows[i], url.port, rows[i].port);
		ROW_STR(&rows[i], url.path, rows[i].path);
	}
}

static void test_none(void **state)
{
	static const char *const texts[] = {
		"", "https://", "ftp://a.example/", "https:///path", "https://a.example:0/",
		"https://a.example:65536/", "https://a.example:/", "https://a.example:x/",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		struct weburl url;

		if (weburl_parse(str_of(texts[i]), &url))
			fail_msg("taken: %s", texts[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parts),
		cmocka_unit_test(test_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
