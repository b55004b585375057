/* Digests, base64 and UUIDs, by published test vectors. */
#include "unit.h"

#include "digest.h"

static void test_sha256(void **state)
{
	/* FIPS 180-2 appendix B.1 */
	static const unsigned char wanted[4] = { 0xba, 0x78, 0x16, 0xbf };
	unsigned char found[DIGEST_SHA256];

	(void)state;
	assert_true(digest_sha256(STR("abc"), found));
	assert_memory_equal(found, wanted, sizeof(wanted));
}

static void test_base64(void **state)
{
	/* RFC 4648 section 10 */
	static const struct {
		int line;
		const char *plain;
		const char *encoded;
	} rows[] = {
		{ __LINE__, "", "" },
		{ __LINE__, "f", "Zg==" },
		{ __LINE__, "fo", "Zm8=" },
		{ __LINE__, "foo", "Zm9v" },
		{ __LINE__, "foobar", "Zm9vYmFy" },
		{ __LINE__, "\xfb\xff\xbf", "+/+/" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct buf buf = BUF_EMPTY;

		digest_base64(&buf, (const unsigned char *)rows[i].plain, strlen(rows[i].plain));
		ROW_STR(&rows[i], buf_str(&buf), rows[i].encoded);
		buf_fini(&buf);
	}
}

/* The vector for profiles: a name space for each domain, a name for each payload. */
static void test_uuid(void **state)
{
	struct uuid space, uuid;
	char text[DIGEST_UUID];

	(void)state;
	assert_true(uuid_of_name(&uuid_dns, STR("example.com"), &space));
	uuid_format(&space, text);
	assert_str(((struct str){ .p = text, .len = DIGEST_UUID }),
		   "CFBFF0D1-9375-5685-968C-48CE8B15AE17");
	assert_true(uuid_of_name(&space, STR("mail\nfred@example.com"), &uuid));
	uuid_format(&uuid, text);
	assert_str(((struct str){ .p = text, .len = DIGEST_UUID }),
		   "6A0C489D-A740-5B9F-85B3-C4F6C1E9006B");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sha256),
		cmocka_unit_test(test_base64),
		cmocka_unit_test(test_uuid),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
