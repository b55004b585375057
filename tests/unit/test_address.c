/* Domain names and addresses as they come from outside. */
#include "unit.h"

#include "address.h"

#define L63 "abcdefghijklmnopqrstuvwxyz0123456789-abcdefghijklmnopqrstuvwxyz"
#define L61 "abcdefghijklmnopqrstuvwxyz0123456789-abcdefghijklmnopqrstuvwx"
#define L64 L63 "x"
#define D253 L63 "." L63 "." L63 "." L61 /* 63 * 3 + 61 + 3 dots */

/* A refused name has the key NULL. */
struct domain_row {
	int line;
	struct str text;
	const char *key;
};

static void check_domains(bool (*parse)(struct str, struct domain *),
			  const struct domain_row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct domain domain = { 0 };
		bool good = parse(rows[i].text, &domain);

		ROW_INT(&rows[i], good, rows[i].key != NULL);
		if (!good)
			continue;
		ROW_STR(&rows[i], domain_str(&domain), rows[i].key);
		ROW_INT(&rows[i], domain.text[domain.len], '\0');
	}
}

static void ascii_domains(void **state)
{
	static const struct domain_row rows[] = {
		{ __LINE__, STR("example.com"), "example.com" },
		{ __LINE__, STR("Example.COM"), "example.com" },
		{ __LINE__, STR("autoconfig.example.com."), "autoconfig.example.com" },
		{ __LINE__, STR("q.com"), "q.com" },
		{ __LINE__, STR("com"), "com" },
		{ __LINE__, STR("a"), "a" },
		{ __LINE__, STR("1.2"), "1.2" },
		{ __LINE__, STR("a-b.c--d.e"), "a-b.c--d.e" },
		{ __LINE__, STR("xn--BCHER-KVA.example."), "xn--bcher-kva.example" },
		/* dots */
		{ __LINE__, STR(""), NULL },
		{ __LINE__, STR("."), NULL },
		{ __LINE__, STR(".."), NULL },
		{ __LINE__, STR(".example.com"), NULL },
		{ __LINE__, STR("example..com"), NULL },
		{ __LINE__, STR("example.com.."), NULL },
		/* hyphens at the ends of labels */
		{ __LINE__, STR("-a.example"), NULL },
		{ __LINE__, STR("a-.example"), NULL },
		{ __LINE__, STR("a.-example"), NULL },
		{ __LINE__, STR("a.example-"), NULL },
		{ __LINE__, STR("a.example-."), NULL },
		{ __LINE__, STR("-"), NULL },
		/* characters that have no place */
		{ __LINE__, STR(" example.com"), NULL },
		{ __LINE__, STR("example.com "), NULL },
		{ __LINE__, STR("exam ple.com"), NULL },
		{ __LINE__, STR("example.com\n"), NULL },
		{ __LINE__, STR("example\t.com"), NULL },
		{ __LINE__, STR("example.com\0"), NULL },
		{ __LINE__, STR("exa\0mple.com"), NULL },
		{ __LINE__, STR("\0"), NULL },
		{ __LINE__, STR("example\x7f.com"), NULL },
		{ __LINE__, STR("example\x01.com"), NULL },
		{ __LINE__, STR("_dmarc.example.com"), NULL },
		{ __LINE__, STR("*.example.com"), NULL },
		{ __LINE__, STR("example.com:80"), NULL },
		{ __LINE__, STR("example.com/"), NULL },
		{ __LINE__, STR("a@example.com"), NULL },
		{ __LINE__, STR("example.com\r\nX: y"), NULL },
		{ __LINE__, STR("%65xample.com"), NULL },
		{ __LINE__, STR("<b>.example"), NULL },
		{ __LINE__, STR("[192.0.2.1]"), NULL },
		{ __LINE__, STR("::1"), NULL },
		/* lengths at the limits */
		{ __LINE__, STR(L63 ".example"), L63 ".example" },
		{ __LINE__, STR(L64 ".example"), NULL },
		{ __LINE__, STR("example." L63), "example." L63 },
		{ __LINE__, STR("example." L64), NULL },
		{ __LINE__, STR(D253), D253 },
		{ __LINE__, STR(D253 "."), D253 },
		{ __LINE__, STR(D253 "x"), NULL },
		{ __LINE__, STR(D253 "x."), NULL },
		{ __LINE__, STR(D253 ".."), NULL },
	};

	(void)state;
	assert_int_equal(sizeof(D253) - 1, DOMAIN_MOST);
	check_domains(domain_parse, rows, COUNT(rows));
}

static void unicode_domains(void **state)
{
	static const struct domain_row rows[] = {
		{ __LINE__, STR("b\xc3\xbc" "cher.example"), "xn--bcher-kva.example" },
		{ __LINE__, STR("B\xc3\x9c" "CHER.example"), "xn--bcher-kva.example" },
		{ __LINE__, STR("b\xc3\xbc" "cher.example."), "xn--bcher-kva.example" },
		{ __LINE__, STR("bu\xcc\x88" "cher.example"), "xn--bcher-kva.example" },
		{ __LINE__, STR("www.b\xc3\xbc" "cher.EXAMPLE"), "www.xn--bcher-kva.example" },
		{ __LINE__, STR("fa\xc3\x9f.example"), "xn--fa-hia.example" },
		{ __LINE__, STR("\xe4\xbe\x8b\xe3\x81\x88.\xe3\x83\x86\xe3\x82\xb9\xe3\x83\x88"),
		  "xn--r8jz45g.xn--zckzah" },
		{ __LINE__, STR("\xce\xb2\xcf\x8c\xce\xbb\xce\xbf\xcf\x82.com"),
		  "xn--nxasmm1c.com" },
		/* an A-label beside a U-label */
		{ __LINE__, STR("xn--bcher-kva.b\xc3\xbc" "cher"),
		  "xn--bcher-kva.xn--bcher-kva" },
		/* other forms of the same characters: full width, ideographic full stop */
		{ __LINE__, STR("\xef\xbd\x85xample.com"), "example.com" },
		{ __LINE__, STR("example\xe3\x80\x82" "com"), "example.com" },
		/* malformed UTF-8 */
		{ __LINE__, STR("b\xfc" "cher.example"), NULL },
		{ __LINE__, STR("b\xc3"), NULL },
		{ __LINE__, STR("b\xc0\xaf.example"), NULL },
		{ __LINE__, STR("\xed\xa0\x80.example"), NULL },
		/* not allowed */
		{ __LINE__, STR("b\xc3\xbc" "cher\0.example"), NULL },
		{ __LINE__, STR("b\xc3\xbc" "cher .example"), NULL },
		{ __LINE__, STR("b\xc3\xbc\xc2\xa0" "cher.example"), NULL },
		{ __LINE__, STR("b\xc3\xbc" "cher_.example"), NULL },
		{ __LINE__, STR("-b\xc3\xbc" "cher.example"), NULL },
		{ __LINE__, STR("b\xc3\xbc" "cher..example"), NULL },
		{ __LINE__, STR(".b\xc3\xbc" "cher.example"), NULL },
		{ __LINE__, STR("b\xc3\xbc" "cher.example:80"), NULL },
		{ __LINE__, STR("b\xc3\xbc" "cher\n.example"), NULL },
		{ __LINE__, STR("b\xc3\xbc" "cher/.example"), NULL },
		{ __LINE__, STR("\xe2\x80\xae" "moc.example"), NULL },
		{ __LINE__, STR("\xef\xbf\xbd.example"), NULL },
		{ __LINE__, STR("a\xe2\x81\x84" "b.example"), NULL },
		{ __LINE__, STR("\xcc\x88.example"), NULL },
		/* too long as A-labels, though short in characters */
		{ __LINE__, STR(L63 "\xc3\xbc.example"), NULL },
		{ __LINE__, STR("\xc3\xbc." L63 "." L63 "." L63 "." L61), NULL },
	};

	(void)state;
	check_domains(domain_parse, rows, COUNT(rows));
}

static void very_long(void **state)
{
	static char text[100000];
	struct domain domain;

	(void)state;
	memset(text, 'a', sizeof(text));
	assert_false(domain_parse((struct str){ text, sizeof(text) }, &domain));
	for (size_t i = 0; i + 1 < sizeof(text); i += 2)
		memcpy(text + i, "\xc3\xbc", 2);
	assert_false(domain_parse((struct str){ text, sizeof(text) }, &domain));
	for (size_t len = 1000; len < 1030; len += 2)
		assert_false(domain_parse((struct str){ text, len }, &domain));
	for (size_t i = 2; i < sizeof(text); i += 3)
		text[i] = '.';
	assert_false(domain_parse((struct str){ text, 1200 }, &domain));
}

static void no_text(void **state)
{
	struct domain domain;

	(void)state;
	assert_false(domain_parse((struct str){ 0 }, &domain));
	assert_false(domain_parse_host((struct str){ 0 }, &domain));
	assert_false(address_parse_domain((struct str){ 0 }, &domain));
}

static void hosts(void **state)
{
	static const struct domain_row rows[] = {
		{ __LINE__, STR("Autoconfig.Example.COM:443"), "autoconfig.example.com" },
		{ __LINE__, STR("autoconfig.example.com."), "autoconfig.example.com" },
		{ __LINE__, STR("autoconfig.example.com.:8080"), "autoconfig.example.com" },
		{ __LINE__, STR("example.com:0"), "example.com" },
		{ __LINE__, STR("example.com:65535"), "example.com" },
		{ __LINE__, STR("example.com:"), "example.com" }, /* RFC 3986 3.2.3 */
		{ __LINE__, STR("b\xc3\xbc" "cher.example:443"), "xn--bcher-kva.example" },
		{ __LINE__, STR("localhost:8080"), "localhost" },
		{ __LINE__, STR("example.com:65536"), NULL },
		{ __LINE__, STR("example.com:99999999999999999999"), NULL },
		{ __LINE__, STR("example.com:http"), NULL },
		{ __LINE__, STR("example.com:80x"), NULL },
		{ __LINE__, STR("example.com:+80"), NULL },
		{ __LINE__, STR("example.com:-1"), NULL },
		{ __LINE__, STR("example.com: 80"), NULL },
		{ __LINE__, STR("example.com:80 "), NULL },
		{ __LINE__, STR("example.com:80:80"), NULL },
		{ __LINE__, STR("example.com:80\0"), NULL },
		{ __LINE__, STR(":80"), NULL },
		{ __LINE__, STR(":"), NULL },
		{ __LINE__, STR(""), NULL },
		{ __LINE__, STR("[::1]"), NULL },
		{ __LINE__, STR("[::1]:8080"), NULL },
		{ __LINE__, STR("[2001:db8::1]:443"), NULL },
		{ __LINE__, STR("::1"), NULL },
		{ __LINE__, STR("2001:db8::1"), NULL },
		{ __LINE__, STR("user@example.com"), NULL },
		{ __LINE__, STR("user:pass@example.com"), NULL },
		{ __LINE__, STR("example.com/path"), NULL },
		{ __LINE__, STR("example.com, example.net"), NULL },
	};

	(void)state;
	check_domains(domain_parse_host, rows, COUNT(rows));
}

#define X10 "xxxxxxxxxx"
#define X50 X10 X10 X10 X10 X10
/* 250 bytes, "@", and so many more */
#define X250 X50 X50 X50 X50 X50

static void addresses(void **state)
{
	static const struct {
		int line;
		struct str text;
		const char *local_part; /* NULL: refused */
		const char *domain;
	} rows[] = {
		{ __LINE__, STR("ann@q.com"), "ann", "q.com" },
		{ __LINE__, STR("Ann.Bee@Q.COM"), "Ann.Bee", "q.com" },
		{ __LINE__, STR("fred+tag@example.com"), "fred+tag", "example.com" },
		{ __LINE__, STR("ann@q.com."), "ann", "q.com" },
		{ __LINE__, STR("a@b"), "a", "b" },
		{ __LINE__, STR("fred@B\xc3\x9c" "CHER.example"), "fred",
		  "xn--bcher-kva.example" },
		{ __LINE__, STR("fred@xn--BCHER-KVA.example."), "fred", "xn--bcher-kva.example" },
		{ __LINE__, STR("fr\xc3\xa9" "d@example.com"), "fr\xc3\xa9" "d", "example.com" },
		{ __LINE__, STR("\"fred\"@example.com"), "\"fred\"", "example.com" },
		{ __LINE__, STR("o'neil&sons@example.com"), "o'neil&sons", "example.com" },
		{ __LINE__, STR("%EMAILADDRESS%@example.com"), "%EMAILADDRESS%", "example.com" },
		{ __LINE__, STR("..@example.com"), "..", "example.com" },
		/* "@": none, first, last, several */
		{ __LINE__, STR(""), NULL, NULL },
		{ __LINE__, STR("@"), NULL, NULL },
		{ __LINE__, STR("ann"), NULL, NULL },
		{ __LINE__, STR("q.com"), NULL, NULL },
		{ __LINE__, STR("@q.com"), NULL, NULL },
		{ __LINE__, STR("ann@"), NULL, NULL },
		{ __LINE__, STR("ann@@q.com"), NULL, NULL },
		{ __LINE__, STR("ann@q.com@"), NULL, NULL },
		{ __LINE__, STR("ann@evil.example@q.com"), NULL, NULL },
		{ __LINE__, STR("\"a@b\"@q.com"), NULL, NULL },
		/* characters */
		{ __LINE__, STR(" ann@q.com"), NULL, NULL },
		{ __LINE__, STR("ann@q.com "), NULL, NULL },
		{ __LINE__, STR("\"fred smith\"@example.com"), NULL, NULL },
		{ __LINE__, STR("ann\t@q.com"), NULL, NULL },
		{ __LINE__, STR("ann@q.com\r\n"), NULL, NULL },
		{ __LINE__, STR("an\0n@q.com"), NULL, NULL },
		{ __LINE__, STR("ann@q.com\0"), NULL, NULL },
		{ __LINE__, STR("ann@q\0.com"), NULL, NULL },
		{ __LINE__, STR("\0@q.com"), NULL, NULL },
		{ __LINE__, STR("an\x7fn@q.com"), NULL, NULL },
		{ __LINE__, STR("an\x1bn@q.com"), NULL, NULL },
		{ __LINE__, STR("an\xc2\x85n@q.com"), NULL, NULL },
		{ __LINE__, STR("an\xc2\xa0n@q.com"), NULL, NULL },
		{ __LINE__, STR("an\xe2\x80\x8bn@q.com"), NULL, NULL },
		{ __LINE__, STR("an\xe2\x80\xaen@q.com"), NULL, NULL },
		{ __LINE__, STR("an\xe3\x80\x80n@q.com"), NULL, NULL },
		{ __LINE__, STR("\xef\xbb\xbf" "ann@q.com"), NULL, NULL },
		{ __LINE__, STR("<ann@q.com>"), NULL, NULL },
		{ __LINE__, STR("Ann<ann@q.com"), NULL, NULL },
		{ __LINE__, STR("ann>@q.com"), NULL, NULL },
		{ __LINE__, STR("an\xffn@q.com"), NULL, NULL },
		{ __LINE__, STR("an\xc0\xafn@q.com"), NULL, NULL },
		{ __LINE__, STR("an\xed\xa0\x80n@q.com"), NULL, NULL },
		/* the domain */
		{ __LINE__, STR("fred@[192.0.2.1]"), NULL, NULL },
		{ __LINE__, STR("fred@[IPv6:2001:db8::1]"), NULL, NULL },
		{ __LINE__, STR("fred@example..com"), NULL, NULL },
		{ __LINE__, STR("fred@.com"), NULL, NULL },
		{ __LINE__, STR("fred@exa_mple.com"), NULL, NULL },
		{ __LINE__, STR("fred@example.com:25"), NULL, NULL },
		{ __LINE__, STR("fred@."), NULL, NULL },
		/* lengths at the limit */
		{ __LINE__, STR(X250 "@a.b"), X250, "a.b" },
		{ __LINE__, STR(X250 "@a.bc"), NULL, NULL },
		{ __LINE__, STR("@" D253), NULL, NULL },
		{ __LINE__, STR("a@" D253), NULL, NULL },
	};

	(void)state;
	assert_int_equal(sizeof(X250 "@a.b") - 1, ADDRESS_MOST);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct address address = { 0 };
		bool good = address_parse(rows[i].text, &address);

		ROW_INT(&rows[i], good, rows[i].local_part != NULL);
		if (!good)
			continue;
		ROW_TRUE(&rows[i], address.text.p == rows[i].text.p);
		ROW_INT(&rows[i], address.text.len, rows[i].text.len);
		ROW_TRUE(&rows[i], address.local_part.p == rows[i].text.p);
		ROW_STR(&rows[i], address.local_part, rows[i].local_part);
		ROW_STR(&rows[i], domain_str(&address.domain), rows[i].domain);
	}
}

/* No white space of any kind: an em space, a thin space, an Ogham space mark. */
static void unusual_spaces(void **state)
{
	struct address address;

	(void)state;
	assert_false(address_parse(STR("an\xe2\x80\x83n@q.com"), &address));
	assert_false(address_parse(STR("an\xe2\x80\x89n@q.com"), &address));
	assert_false(address_parse(STR("an\xe1\x9a\x80n@q.com"), &address));
}

static void lenient(void **state)
{
	static const struct domain_row rows[] = {
		{ __LINE__, STR("ann@q.com"), "q.com" },
		{ __LINE__, STR("@q.com"), "q.com" },
		{ __LINE__, STR("a@b@Q.com."), "q.com" },
		{ __LINE__, STR("\"fred smith\"@example.com"), "example.com" },
		{ __LINE__, STR("\"a@b\"@example.com"), "example.com" },
		{ __LINE__, STR("\xff\xfe\0<>@example.com"), "example.com" },
		{ __LINE__, STR("%EMAILADDRESS%@example.com"), "example.com" },
		{ __LINE__, STR(X250 X250 X250 "@example.com"), "example.com" },
		{ __LINE__, STR("fred@B\xc3\x9c" "CHER.example"), "xn--bcher-kva.example" },
		{ __LINE__, STR("fred@xn--BCHER-KVA.example."), "xn--bcher-kva.example" },
		{ __LINE__, STR(""), NULL },
		{ __LINE__, STR("q.com"), NULL },
		{ __LINE__, STR("ann@"), NULL },
		{ __LINE__, STR("ann@q.com@"), NULL },
		{ __LINE__, STR("ann@q.com "), NULL },
		{ __LINE__, STR("ann@q.com\0"), NULL },
		{ __LINE__, STR("ann@ q.com"), NULL },
		{ __LINE__, STR("fred@[192.0.2.1]"), NULL },
		{ __LINE__, STR("ann@q.com>"), NULL },
	};

	(void)state;
	check_domains(address_parse_domain, rows, COUNT(rows));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ascii_domains), cmocka_unit_test(unicode_domains),
		cmocka_unit_test(very_long),	 cmocka_unit_test(no_text),
		cmocka_unit_test(hosts),	 cmocka_unit_test(addresses),
		cmocka_unit_test(unusual_spaces), cmocka_unit_test(lenient),
	};

	return cmocka_run_group_tests_name("address", tests, NULL, NULL);
}
