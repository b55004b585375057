/* Documents that are posted to Autodiscover: those of real programs, and others. */
#include "unit.h"

#include "pox_request.h"
#include "xml.h"

#define OUTLOOK "http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a"
#define MOBILESYNC \
	"http://schemas.microsoft.com/exchange/autodiscover/mobilesync/responseschema/2006"
#define ADDRESS "<EMailAddress>a@b.example</EMailAddress>"
#define SCHEMA(text) "<AcceptableResponseSchema>" text "</AcceptableResponseSchema>"
#define DOCUMENT(members) "<Autodiscover><Request>" members "</Request></Autodiscover>"

static void documents(void **state)
{
	static const struct {
		int line;
		const char *body;
		const char *address; /* NULL: refused */
		enum pox_schema schema;
	} rows[] = {
		{ __LINE__, DOCUMENT(ADDRESS SCHEMA(OUTLOOK)), "a@b.example", POX_OUTLOOK },
		{ __LINE__, DOCUMENT(SCHEMA(OUTLOOK) ADDRESS), "a@b.example", POX_OUTLOOK },
		{ __LINE__, DOCUMENT(ADDRESS), "a@b.example", POX_OUTLOOK },
		{ __LINE__, DOCUMENT(ADDRESS SCHEMA("")), "a@b.example", POX_OUTLOOK },
		{ __LINE__, DOCUMENT(ADDRESS SCHEMA(" \n ")), "a@b.example", POX_OUTLOOK },
		{ __LINE__, DOCUMENT(ADDRESS SCHEMA("\n " OUTLOOK "\t")), "a@b.example",
		  POX_OUTLOOK },
		{ __LINE__, DOCUMENT(ADDRESS SCHEMA(MOBILESYNC)), "a@b.example", POX_MOBILESYNC },
		{ __LINE__, DOCUMENT(ADDRESS SCHEMA("HTTPS://schemas.microsoft.com/exchange/"
						    "autodiscover/outlook/responseschema/2006A")),
		  "a@b.example", POX_OUTLOOK },
		{ __LINE__, DOCUMENT(ADDRESS SCHEMA("https://schemas.microsoft.com/exchange/"
						    "autodiscover/mobilesync/responseschema/2006")),
		  "a@b.example", POX_MOBILESYNC },
		{ __LINE__, DOCUMENT(ADDRESS SCHEMA(OUTLOOK "b")), "a@b.example", POX_OTHER },
		{ __LINE__, DOCUMENT(ADDRESS SCHEMA("urn:x")), "a@b.example", POX_OTHER },
		{ __LINE__, DOCUMENT(ADDRESS SCHEMA("http://")), "a@b.example", POX_OTHER },
		/* the schema of the answer counts, not the request's own */
		{ __LINE__, "<Autodiscover xmlns='http://x/mobilesync/requestschema/2006'><Request>"
			    ADDRESS "</Request></Autodiscover>", "a@b.example", POX_MOBILESYNC },
		{ __LINE__, "<Autodiscover xmlns='http://x/mobilesync/requestschema/2006'><Request>"
			    ADDRESS SCHEMA(OUTLOOK) "</Request></Autodiscover>", "a@b.example",
		  POX_OUTLOOK },
		/* names in any case and namespace */
		{ __LINE__, "<AUTODISCOVER><request><emailaddress>a@b.example</emailaddress>"
			    "</request></AUTODISCOVER>", "a@b.example", POX_OUTLOOK },
		{ __LINE__, "<x:Autodiscover xmlns:x='urn:x'><x:Request><x:EMailAddress>a@b.example"
			    "</x:EMailAddress></x:Request></x:Autodiscover>", "a@b.example",
		  POX_OUTLOOK },
		/* around and between */
		{ __LINE__, "\xef\xbb\xbf" DOCUMENT(ADDRESS), "a@b.example", POX_OUTLOOK },
		{ __LINE__, "\xef\xbb\xbf\r\n" DOCUMENT(ADDRESS) "\r\n", "a@b.example",
		  POX_OUTLOOK },
		{ __LINE__, "\r\n<?xml version='1.0'?>" DOCUMENT(ADDRESS), "a@b.example",
		  POX_OUTLOOK },
		{ __LINE__, "<!-- x -->" DOCUMENT("<!-- x --><Other><EMailAddress>c@d.example"
						  "</EMailAddress></Other>" ADDRESS),
		  "a@b.example", POX_OUTLOOK },
		{ __LINE__, "<Autodiscover><Other>" ADDRESS "</Other><Request>" ADDRESS
			    "</Request><EMailAddress/></Autodiscover>", "a@b.example",
		  POX_OUTLOOK },
		/* the text of the address */
		{ __LINE__, DOCUMENT("<EMailAddress>\n a@b.example \n</EMailAddress>"),
		  "a@b.example", POX_OUTLOOK },
		{ __LINE__, DOCUMENT("<EMailAddress><![CDATA[a&b]]>&#x40;b.example</EMailAddress>"),
		  "a&b@b.example", POX_OUTLOOK },
		{ __LINE__, DOCUMENT("<EMailAddress>a@<!-- x -->b.example</EMailAddress>"),
		  "a@b.example", POX_OUTLOOK },
		{ __LINE__, DOCUMENT("<EMailAddress/>"), "", POX_OUTLOOK },
		{ __LINE__, DOCUMENT("<EMailAddress>no address</EMailAddress>"), "no address",
		  POX_OUTLOOK },
		{ __LINE__, DOCUMENT(""), "", POX_OUTLOOK },
		/* left open which one is meant */
		{ __LINE__, DOCUMENT(ADDRESS ADDRESS), NULL, 0 },
		{ __LINE__, DOCUMENT(ADDRESS SCHEMA(OUTLOOK) SCHEMA(OUTLOOK)), NULL, 0 },
		{ __LINE__, "<Autodiscover><Request>" ADDRESS "</Request><Request/></Autodiscover>",
		  NULL, 0 },
		/* no such document */
		{ __LINE__, "", NULL, 0 },
		{ __LINE__, " \r\n", NULL, 0 },
		{ __LINE__, "a@b.example", NULL, 0 },
		{ __LINE__, "<Autodiscover/>", NULL, 0 },
		{ __LINE__, "<Request>" ADDRESS "</Request>", NULL, 0 },
		{ __LINE__, "<Discover><Request>" ADDRESS "</Request></Discover>", NULL, 0 },
		{ __LINE__, "<Autodiscover>" ADDRESS "</Autodiscover>", NULL, 0 },
		{ __LINE__, "<Autodiscover><A><Request>" ADDRESS "</Request></A></Autodiscover>",
		  NULL, 0 },
		{ __LINE__, DOCUMENT("<EMailAddress>a<b/>@b.example</EMailAddress>"), NULL, 0 },
		{ __LINE__, DOCUMENT(ADDRESS SCHEMA("<x/>")), NULL, 0 },
		{ __LINE__, DOCUMENT(ADDRESS) "x", NULL, 0 },
		{ __LINE__, DOCUMENT(ADDRESS) DOCUMENT(ADDRESS), NULL, 0 },
		{ __LINE__, "<Autodiscover><Request>" ADDRESS "</Request>", NULL, 0 },
		{ __LINE__, "<!DOCTYPE Autodiscover>" DOCUMENT(ADDRESS), NULL, 0 },
		{ __LINE__, DOCUMENT("<EMailAddress>&a;@b.example</EMailAddress>"), NULL, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct pox_request request;
		bool good = pox_request_parse(str_of(rows[i].body), &request);

		ROW_INT(&rows[i], good, rows[i].address != NULL);
		if (!good)
			continue;
		ROW_STR(&rows[i], request.address, rows[i].address);
		ROW_INT(&rows[i], request.schema, rows[i].schema);
	}
}

static void what_is_there(void **state)
{
	static const struct {
		int line;
		const char *body;
		bool has_address, has_legacy_dn;
	} rows[] = {
		{ __LINE__, DOCUMENT(""), false, false },
		{ __LINE__, DOCUMENT(ADDRESS), true, false },
		{ __LINE__, DOCUMENT("<EMailAddress/>"), true, false },
		{ __LINE__, DOCUMENT("<LegacyDN>/o=x</LegacyDN>"), false, true },
		{ __LINE__, DOCUMENT("<legacydn/>" ADDRESS), true, true },
		{ __LINE__, DOCUMENT("<x><LegacyDN/>" ADDRESS "</x>"), false, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct pox_request request;

		ROW_TRUE(&rows[i], pox_request_parse(str_of(rows[i].body), &request));
		ROW_INT(&rows[i], request.has_address, rows[i].has_address);
		ROW_INT(&rows[i], request.has_legacy_dn, rows[i].has_legacy_dn);
	}
}

/* Programs in C send their NUL along. */
static void trailing_nul(void **state)
{
	struct pox_request request;

	(void)state;
	assert_true(pox_request_parse(STR(DOCUMENT(ADDRESS) "\0"), &request));
	assert_true(pox_request_parse(STR(DOCUMENT(ADDRESS) "\r\n\0\0\n"), &request));
	assert_str(request.address, "a@b.example");
	assert_false(pox_request_parse(STR("\0" DOCUMENT(ADDRESS)), &request));
	assert_false(pox_request_parse(STR(DOCUMENT("\0" ADDRESS)), &request));
	assert_false(pox_request_parse(STR("\0"), &request));
}

static void long_texts(void **state)
{
	static const struct {
		int line;
		const char *element;
		size_t len;
		bool good;
		enum pox_schema schema;
	} rows[] = {
		{ __LINE__, "EMailAddress", POX_ADDRESS_MOST, true, POX_OUTLOOK },
		{ __LINE__, "EMailAddress", POX_ADDRESS_MOST + 1, false, POX_OUTLOOK },
		{ __LINE__, "AcceptableResponseSchema", POX_SCHEMA_MOST, true, POX_OTHER },
		{ __LINE__, "AcceptableResponseSchema", POX_SCHEMA_MOST + 1, true, POX_OTHER },
		{ __LINE__, "AcceptableResponseSchema", 3000, true, POX_OTHER },
		{ __LINE__, "Other", 5000, true, POX_OUTLOOK },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct pox_request request;
		char text[5001];
		char body[6000];

		memset(text, 'a', rows[i].len);
		text[rows[i].len] = '\0';
		snprintf(body, sizeof(body), DOCUMENT("<%s>%s</%s>"), rows[i].element, text,
			 rows[i].element);
		ROW_INT(&rows[i], pox_request_parse(str_of(body), &request), rows[i].good);
		if (!rows[i].good)
			continue;
		ROW_INT(&rows[i], request.schema, rows[i].schema);
		ROW_INT(&rows[i], request.address.len, request.has_address ? rows[i].len : 0);
	}
}

/* What has been read before does not show. */
static void used_again(void **state)
{
	struct pox_request request;

	(void)state;
	assert_true(pox_request_parse(
		STR(DOCUMENT(ADDRESS "<LegacyDN/>" SCHEMA(MOBILESYNC))), &request));
	assert_true(pox_request_parse(STR(DOCUMENT("")), &request));
	assert_false(request.has_address);
	assert_false(request.has_legacy_dn);
	assert_str(request.address, "");
	assert_int_equal(request.schema, POX_OUTLOOK);
}

/* The file's body as it would arrive, by its Content-Length; false where it is no such POST. */
static bool body_of(struct str file, struct str *ret_body)
{
	static const struct str end = { .p = "\r\n\r\n", .len = 4 };
	struct str header = file;
	struct str line;
	unsigned long length = 0;
	const char *found = memmem(file.p, file.len, end.p, end.len);

	if (!found || !str_starts(file, STR("POST ")))
		return false;
	header.len = (size_t)(found - file.p);
	*ret_body = str_from(file, header.len + end.len);
	while (str_split(&header, '\n', &line)) {
		size_t colon = str_find(line, ':');

		if (str_eq_fold(str_first(line, colon), STR("Transfer-Encoding")))
			return false;
		if (str_eq_fold(str_first(line, colon), STR("Content-Length")) &&
		    !str_number(str_trim(str_from(line, colon + 1)), 1000000000, &length))
			return false;
	}
	if (length < ret_body->len)
		ret_body->len = length;
	return true;
}

/* Words of the column "kind" that say what the document is, as a bit for each. */
enum {
	IS_SETTINGS = 1,
	IS_ERROR_600 = 2,
	IS_OTHER_SCHEMA = 4,
};

static unsigned kinds_of(struct str list)
{
	unsigned kinds = 0;
	struct str word;

	while (str_split(&list, '|', &word)) {
		if (str_eq(word, STR("settings")))
			kinds |= IS_SETTINGS;
		if (str_eq(word, STR("err600")))
			kinds |= IS_ERROR_600;
		if (str_eq(word, STR("err601")) || str_eq(word, STR("mobilesync")))
			kinds |= IS_OTHER_SCHEMA;
	}
	return kinds;
}

static unsigned kind_of(struct str body)
{
	struct pox_request request;
	struct address address;

	if (!pox_request_parse(body, &request) || !address_parse(request.address, &address))
		return IS_ERROR_600;
	return request.schema == POX_OUTLOOK ? IS_SETTINGS : IS_OTHER_SCHEMA;
}

static char *read_whole(const char *path, size_t *ret_len)
{
	FILE *file = fopen(path, "rb");
	char *bytes;
	size_t size = 2 * 1024 * 1024;

	if (!file)
		fail_msg("cannot read %s", path);
	bytes = malloc(size);
	assert_non_null(bytes);
	*ret_len = fread(bytes, 1, size, file);
	assert_true(feof(file));
	fclose(file);
	return bytes;
}

static void fixtures(void **state)
{
	char path[PATH_MAX];
	size_t len;
	char *list = read_whole(
		unit_source("tests/fixtures/autodiscover/cases.tsv", path, sizeof(path)), &len);
	struct str rest = { .p = list, .len = len };
	struct str line;
	unsigned seen[8] = { 0 };

	(void)state;
	while (str_split(&rest, '\n', &line)) {
		struct str name, port, status, kind, body;
		char file[200];
		char *bytes;
		unsigned kinds;

		if (!str_split(&line, '\t', &name) || !str_split(&line, '\t', &port) ||
		    !str_split(&line, '\t', &status) || !str_split(&line, '\t', &kind))
			continue;
		kinds = kinds_of(kind);
		if (!kinds)
			continue;
		snprintf(file, sizeof(file), "tests/fixtures/autodiscover/%.*s", STR_ARGS(name));
		bytes = read_whole(unit_source(file, path, sizeof(path)), &len);
		if (body_of((struct str){ bytes, len }, &body)) {
			unsigned got = kind_of(body);

			if (!(got & kinds))
				fail_msg("%s: kind %u, expected %.*s", file, got, STR_ARGS(kind));
			seen[got]++;
		}
		free(bytes);
	}
	free(list);
	/* all of them were there */
	assert_in_range(seen[IS_SETTINGS], 30, 300);
	assert_in_range(seen[IS_ERROR_600], 40, 300);
	assert_in_range(seen[IS_OTHER_SCHEMA], 4, 300);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(documents),  cmocka_unit_test(what_is_there),
		cmocka_unit_test(trailing_nul), cmocka_unit_test(long_texts),
		cmocka_unit_test(used_again), cmocka_unit_test(fixtures),
	};
	int failed;

	xml_init();
	failed = cmocka_run_group_tests_name("pox_request", tests, NULL, NULL);
	xml_fini();
	return failed;
}
