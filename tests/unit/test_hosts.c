/* Which host names are answered. */
#include "unit.h"

#include "documents.h"
#include "hosts.h"
#include "xml.h"

#define SERVERS(off)                                                                             \
	"\"incomingServers\": [{\"type\": \"imap\", \"hostname\": \"imap.a.b\", \"port\": 993, " \
	"\"socketType\": \"SSL\", \"authentication\": [\"password-cleartext\"], "                \
	"\"username\": \"%EMAILADDRESS%\"" off "}]"

static struct snapshot *load(struct unit *unit)
{
	char path[600];
	char templates[600];
	const char *tables[] = { path };
	struct snapshot_sources sources = {
		.tables = tables,
		.table_count = COUNT(tables),
		.templates = { .own = unit_source("templates", templates, sizeof(templates)) },
		.documents = documents,
		.document_count = DOCUMENTS,
	};
	struct snapshot *snapshot;

	unit_write(
		unit, "t.json",
		"{\"providers\": [\n"
		"{\"id\": \"one.example\", \"displayName\": \"One\",\n"
		" \"domains\": [\"one.example\", \"*.wild.example\", \"autoconfig.own.example\"],\n"
		" \"mailExchangers\": [\"mx.example\", \"*.mx.example\"], " SERVERS(
			"") "},\n"
			    "{\"id\": \"jmap.example\", \"displayName\": \"JMAP\",\n"
			    " \"domains\": [\"jmap.example\"], \"incomingServers\": [{\"type\": \"jmap\",\n"
			    " \"url\": \"https://jmap.example/\", \"authentication\": [\"http:Basic\"],\n"
			    " \"username\": \"%EMAILADDRESS%\"}]},\n"
			    "{\"id\": \"two.example\", \"displayName\": \"Two\",\n"
			    " \"domains\": [\"two.example\"],\n"
			    " \"autodiscoverHost\": \"outlook.%EMAILDOMAIN%\", " SERVERS(
				    "") "},\n"
					"{\"id\": \"three.example\", \"displayName\": \"Three\",\n"
					" \"domains\": [\"three.example\"],\n"
					" \"autodiscoverHost\": \"exchange.example.net\", " SERVERS(
						"") "},\n"
						    "{\"id\": \"moved.example\", \"displayName\": \"Moved\",\n"
						    " \"domains\": [\"moved.example\"],\n"
						    " \"redirectUrl\": \"https://e.example/autodiscover.xml\"},\n"
						    "{\"id\": \"all.example\", \"displayName\": \"All\", \"domains\": [\"*\"],\n"
						    " \"mailExchangers\": [\"*\"], " SERVERS(
							    "") "},\n"
								"{\"id\": \"off.example\", \"displayName\": \"O\",\n"
								" \"domains\": [\"off.example\"], " SERVERS(
									", \"off\": \"not yet\"") "}]}");
	snprintf(path, sizeof(path), "%s", unit->path);
	snapshot = snapshot_load(&sources, unit->diags);
	if (!snapshot)
		fail_msg("%s", unit_findings(unit));
	return snapshot;
}

static void answered(void **state)
{
	static const struct {
		int line;
		const char *host;
		bool want;
	} rows[] = {
		{ __LINE__, "one.example", true },
		{ __LINE__, "One.EXAMPLE.", true },
		{ __LINE__, "www.one.example", true },
		{ __LINE__, "autoconfig.one.example", true },
		{ __LINE__, "autodiscover.one.example", true },
		{ __LINE__, "imap.one.example", false },
		{ __LINE__, "www.autoconfig.one.example", false },
		{ __LINE__, "autoconfig.www.one.example", false },
		/* by a wildcard */
		{ __LINE__, "shop.wild.example", true },
		{ __LINE__, "autoconfig.shop.wild.example", true },
		{ __LINE__, "autodiscover.shop.wild.example", true },
		{ __LINE__, "wild.example", false },
		{ __LINE__, "www.wild.example", false },
		{ __LINE__, "autoconfig.wild.example", false },
		{ __LINE__, "autodiscover.wild.example", false },
		/* a domain that begins as a service's host does */
		{ __LINE__, "autoconfig.own.example", true },
		{ __LINE__, "autoconfig.autoconfig.own.example", true },
		{ __LINE__, "own.example", false },
		/* Autodiscover has nothing to say there */
		{ __LINE__, "autoconfig.jmap.example", true },
		{ __LINE__, "autodiscover.jmap.example", false },
		/* where the table has it */
		{ __LINE__, "outlook.two.example", true },
		{ __LINE__, "autodiscover.two.example", false },
		{ __LINE__, "outlook.one.example", false },
		{ __LINE__, "outlook.evil.example", false },
		{ __LINE__, "outlook.", false },
		{ __LINE__, "exchange.example.net", true },
		{ __LINE__, "autodiscover.three.example", false },
		/* a redirect of Autodiscover is all there is */
		{ __LINE__, "autodiscover.moved.example", true },
		{ __LINE__, "autoconfig.moved.example", false },
		/* mail exchangers: autoconfig alone */
		{ __LINE__, "autoconfig.mx.example", true },
		{ __LINE__, "autoconfig.a.mx.example", true },
		{ __LINE__, "mx.example", false },
		{ __LINE__, "autodiscover.mx.example", false },
		/* the default answers for anything, and gets a certificate for nothing */
		{ __LINE__, "evil.example", false },
		{ __LINE__, "www.evil.example", false },
		{ __LINE__, "autoconfig.evil.example", false },
		{ __LINE__, "autodiscover.evil.example", false },
		{ __LINE__, "ua-auto-config.evil.example", false },
		{ __LINE__, "off.example", false },
		{ __LINE__, "autoconfig.off.example", false },
		{ __LINE__, "autodiscover.off.example", false },
		{ __LINE__, "", false },
		{ __LINE__, ".", false },
		{ __LINE__, "autoconfig.", false },
		{ __LINE__, "autodiscover.", false },
		{ __LINE__, "*", false },
		{ __LINE__, "*.wild.example", false },
		{ __LINE__, "one.example:443", false },
		{ __LINE__, "one example", false },
		{ __LINE__, "192.0.2.1", false },
		{ __LINE__, "\xff.one.example", false },
	};
	struct snapshot *snapshot = load(*state);

	for (size_t i = 0; i < COUNT(rows); i++)
		ROW_INT(&rows[i], host_is_answered(snapshot, str_of(rows[i].host)), rows[i].want);
	snapshot_unref(snapshot);
}

static void fill(void **state)
{
	static const struct {
		int line;
		const char *pattern, *want; /* NULL: none */
	} rows[] = {
		{ __LINE__, "imap.example.net", "imap.example.net" },
		{ __LINE__, "%EMAILDOMAIN%", "a.example" },
		{ __LINE__, "IMAP.%EMAILDOMAIN%", "imap.a.example" },
		{ __LINE__, "%EMAILDOMAIN%.mx.%EMAILDOMAIN%.net", "a.example.mx.a.example.net" },
		{ __LINE__, "%EMAILLOCALPART%.example.net", NULL },
		{ __LINE__, "%EMAILADDRESS%", NULL },
		{ __LINE__, "", NULL },
		{ __LINE__, "a_b.example", NULL },
	};
	struct domain host;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		bool good = host_fill(str_of(rows[i].pattern), STR("a.example"), &host);

		ROW_INT(&rows[i], good, rows[i].want != NULL);
		if (good)
			ROW_STR(&rows[i], domain_str(&host), rows[i].want);
	}
}

static void below(void **state)
{
	char name[DOMAIN_MOST + 1];
	struct domain host;

	(void)state;
	memset(name, 'a', sizeof(name));
	assert_true(host_below(STR("ab."), (struct str){ name, DOMAIN_MOST - 3 }, &host));
	assert_int_equal(host.len, DOMAIN_MOST);
	assert_int_equal(strlen(host.text), DOMAIN_MOST);
	assert_false(host_below(STR("ab."), (struct str){ name, DOMAIN_MOST - 2 }, &host));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_TEST(answered),
		cmocka_unit_test(fill),
		cmocka_unit_test(below),
	};
	int failed;

	xml_init();
	failed = cmocka_run_group_tests_name("hosts", tests, NULL, NULL);
	xml_fini();
	return failed;
}
