/* Which records a domain gets. */
#include "unit.h"

#include "documents.h"
#include "records.h"
#include "snapshot.h"
#include "xml.h"
#include "zone.h"

#define LOGIN "\"authentication\": [\"password-cleartext\"], \"username\": \"%EMAILADDRESS%\""
#define SERVER(type, host, port, socket)                                            \
	"{\"type\": \"" type "\", \"hostname\": \"" host "\", \"port\": " port ", " \
	"\"socketType\": \"" socket "\", " LOGIN "}"
#define OFF(type, host, port, socket)                                               \
	"{\"type\": \"" type "\", \"hostname\": \"" host "\", \"port\": " port ", " \
	"\"socketType\": \"" socket "\", " LOGIN ", \"off\": \"why\"}"
#define BY_URL(type, url)                                                                       \
	"{\"type\": \"" type "\", \"url\": \"" url "\", \"authentication\": [\"http:Basic\"], " \
	"\"username\": \"%EMAILADDRESS%\"}"
#define IMAP SERVER("imap", "imap.a.example", "993", "SSL")
#define SMTP SERVER("smtp", "smtp.a.example", "465", "SSL")
#define IN(list) "\"incomingServers\": [" list "]"
#define OUT(list) "\"outgoingServers\": [" list "]"

/* What a table of one provider gives: a line a record, "LABEL TTL TYPE DATA". */
struct made {
	struct arena *arena;
	struct snapshot *snapshot;
	struct records records;
	struct buf text;
};

static struct snapshot *load(struct unit *unit, const char *provider)
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
	struct buf json = BUF_EMPTY;

	buf_addf(&json,
		 "{\"providers\": [{\"id\": \"a.example\", \"displayName\": \"A\", "
		 "\"domains\": [\"a.example\", \"*.w.example\"], %s}]}",
		 provider);
	unit_write_bytes(unit, "t.json", buf_str(&json));
	buf_fini(&json);
	snprintf(path, sizeof(path), "%s", unit->path);
	snapshot = snapshot_load(&sources, unit->diags);
	if (!snapshot)
		fail_msg("%s", unit_findings(unit));
	return snapshot;
}

static bool make(struct unit *unit, struct made *made, const char *provider, const char *name,
		 const struct records_host *host)
{
	struct domain domain;

	*made = (struct made){ .arena = arena_new(), .snapshot = load(unit, provider) };
	assert_non_null(made->arena);
	assert_true(domain_parse(str_of(name), &domain));
	return records_make(made->arena, made->snapshot, &domain, host, &made->records);
}

static void finish(struct made *made)
{
	assert_false(arena_failed(made->arena));
	buf_fini(&made->text);
	snapshot_unref(made->snapshot);
	arena_free(made->arena);
}

static void show_record(struct buf *text, const struct dns_record *record)
{
	buf_addf(text, "%.*s %u %s ", STR_ARGS(record->label), record->ttl,
		 dns_type_name(record->type));
	if (record->open)
		buf_add(text, STR("open"));
	else
		zone_write_data(text, record);
	buf_addc(text, '\n');
}

static void show_group(struct made *made, enum record_group group)
{
	for (size_t i = 0; i < made->records.count; i++) {
		const struct dns_record *record = &made->records.items[i];

		if (record->group == group && !str_eq(record->label, STR("ua-auto-config")))
			show_record(&made->text, record);
	}
	for (size_t i = 0; i < made->records.note_count; i++) {
		if (made->records.notes[i].group == group)
			buf_addf(&made->text, "; %.*s\n", STR_ARGS(made->records.notes[i].text));
	}
}

/* The groups from `first` to `last`, without what PACC may add. */
static struct str show(struct made *made, unsigned first, unsigned last)
{
	for (unsigned group = first; group <= last; group++)
		show_group(made, (enum record_group)group);
	return buf_str(&made->text);
}

struct row {
	int line;
	const char *provider;
	const char *want;
};

static void check_rows(struct unit *unit, const struct row *rows, size_t count,
		       enum record_group group)
{
	for (size_t i = 0; i < count; i++) {
		static const struct records_host nowhere;
		struct made made;

		ROW_TRUE(&rows[i], make(unit, &made, rows[i].provider, "a.example", &nowhere));
		ROW_STR(&rows[i], show(&made, group, group), rows[i].want);
		finish(&made);
	}
}

static void mail(void **state)
{
	static const struct row rows[] = {
		{ __LINE__, IN(IMAP) ", " OUT(SMTP),
		  "_imaps._tcp 3600 SRV 0 1 993 imap.a.example.\n"
		  "_submissions._tcp 3600 SRV 0 1 465 smtp.a.example.\n" },
		/* the table's order, and direct TLS before STARTTLS */
		{ __LINE__,
		  IN(SERVER("pop3", "p1.a.example", "110", "STARTTLS") ", " SERVER("imap", "i1.a.example", "143", "STARTTLS") ", " SERVER(
			  "imap", "i2.a.example", "993",
			  "SSL") ", " SERVER("pop3", "p2.a.example", "995",
					     "SSL") ", " SERVER("imap", "i3.a.example", "1993",
								"SSL")) ", " OUT(SERVER("smtp",
											"s1.a.example",
											"587",
											"STARTTLS") ", " SMTP),
		  "_pop3s._tcp 3600 SRV 0 1 995 p2.a.example.\n"
		  "_pop3._tcp 3600 SRV 10 1 110 p1.a.example.\n"
		  "_imaps._tcp 3600 SRV 20 1 993 i2.a.example.\n"
		  "_imaps._tcp 3600 SRV 30 1 1993 i3.a.example.\n"
		  "_imap._tcp 3600 SRV 40 1 143 i1.a.example.\n"
		  "_submissions._tcp 3600 SRV 0 1 465 smtp.a.example.\n"
		  "_submission._tcp 3600 SRV 10 1 587 s1.a.example.\n" },
		/* what is off or plain is not there; one alone begins at 0 */
		{ __LINE__,
		  IN(OFF("imap", "i1.a.example", "993", "SSL") ", " SERVER(
			  "imap", "i2.a.example", "143",
			  "plain") ", " SERVER("imap", "i3.a.example", "143",
					       "STARTTLS")) ", " OUT(SERVER("smtp", "s1.a.example",
									    "25", "plain")),
		  "_imap._tcp 3600 SRV 0 1 143 i3.a.example.\n" },
		/* the same server twice, for two ways to log in */
		{ __LINE__, IN(IMAP ", " IMAP ", " SERVER("imap", "i.a.example", "993", "SSL")),
		  "_imaps._tcp 3600 SRV 0 1 993 imap.a.example.\n"
		  "_imaps._tcp 3600 SRV 10 1 993 i.a.example.\n" },
		{ __LINE__, IN(SERVER("imap", "imap.%EMAILDOMAIN%", "993", "SSL")),
		  "_imaps._tcp 3600 SRV 0 1 993 imap.a.example.\n" },
		{ __LINE__,
		  IN(IMAP) ", \"setupServers\": [" SERVER("managesieve", "s.a.example", "4190",
							  "STARTTLS") "]",
		  "_imaps._tcp 3600 SRV 0 1 993 imap.a.example.\n"
		  "_sieve._tcp 3600 SRV 0 1 4190 s.a.example.\n" },
		{ __LINE__,
		  IN(IMAP) ", \"setupServers\": [" SERVER("managesieve", "s.a.example", "4190",
							  "SSL") "]",
		  "_imaps._tcp 3600 SRV 0 1 993 imap.a.example.\n"
		  "; ManageSieve: DNS has no name for it with TLS from the first byte.\n" },
		{ __LINE__,
		  IN(BY_URL("jmap", "https://j.a.example/x") ", " BY_URL(
			  "jmap",
			  "https://%EMAILDOMAIN%:8443/y") ", " BY_URL("ews",
								      "https://e.a.example/ews")),
		  "_jmap._tcp 3600 SRV 0 1 443 j.a.example.\n"
		  "_jmap._tcp 3600 SRV 10 1 8443 a.example.\n" },
	};

	check_rows(*state, rows, COUNT(rows), RECORDS_OF_MAIL);
}

#define CALENDARS(list) IN(IMAP) ", \"calendars\": [" list "]"
#define AT_PORT(port) "_caldavs._tcp 3600 SRV 0 1 " port " c.a.example.\n"
#define X50 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
#define X249 X50 X50 X50 X50 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"

static void calendars(void **state)
{
	static const struct row rows[] = {
		{ __LINE__, IN(IMAP), "" },
		{ __LINE__, CALENDARS(BY_URL("caldav", "https://c.a.example/cal/")),
		  AT_PORT("443") "_caldavs._tcp 3600 TXT \"path=/cal/\"\n" },
		{ __LINE__, CALENDARS(BY_URL("caldav", "https://c.a.example:8443")),
		  AT_PORT("8443") "_caldavs._tcp 3600 TXT \"path=/\"\n" },
		{ __LINE__, CALENDARS(BY_URL("caldav", "https://c.a.example/cal?a=1#b")),
		  AT_PORT("443") "_caldavs._tcp 3600 TXT \"path=/cal\"\n" },
		{ __LINE__, CALENDARS(BY_URL("caldav", "https://c.a.example?a=/b")),
		  AT_PORT("443") "_caldavs._tcp 3600 TXT \"path=/\"\n" },
		{ __LINE__, CALENDARS(BY_URL("caldav", "https://c.a.example/%EMAILDOMAIN%/%20/")),
		  AT_PORT("443") "_caldavs._tcp 3600 TXT \"path=/a.example/%20/\"\n" },
		{ __LINE__, CALENDARS(BY_URL("caldav", "https://c.a.example/%EMAILADDRESS%/")),
		  AT_PORT("443") "; CalDAV: its path is another for each address; programs find it "
				 "by /.well-known/.\n" },
		{ __LINE__, CALENDARS(BY_URL("caldav", "https://c.a.example/" X249)),
		  AT_PORT("443") "_caldavs._tcp 3600 TXT \"path=/" X249 "\"\n" },
		{ __LINE__, CALENDARS(BY_URL("caldav", "https://c.a.example/" X249 "yz")),
		  AT_PORT("443") "_caldavs._tcp 3600 TXT \"path=/" X249 "\" \"yz\"\n" },
		{ __LINE__, CALENDARS(BY_URL("caldav", "https://192.0.2.1/cal/")),
		  "; CalDAV: its host has no name that a record could lead to.\n" },
		/* one path for one name: so one server */
		{ __LINE__,
		  CALENDARS(BY_URL("caldav", "https://c.a.example/1/") ", " BY_URL(
			  "caldav", "https://d.a.example/2/")),
		  AT_PORT("443") "_caldavs._tcp 3600 TXT \"path=/1/\"\n" },
		{ __LINE__,
		  IN(IMAP) ", \"addressBooks\": [" BY_URL("carddav", "https://c.a.example/b/") "]",
		  "_carddavs._tcp 3600 SRV 0 1 443 c.a.example.\n"
		  "_carddavs._tcp 3600 TXT \"path=/b/\"\n" },
	};

	check_rows(*state, rows, COUNT(rows), RECORDS_OF_DAV);
}

#define ABSENT(label) label "._tcp 3600 SRV 0 0 0 .\n"
#define NO_WEB ABSENT("_caldavs") ABSENT("_caldav") ABSENT("_carddavs") ABSENT("_carddav")

static void absent(void **state)
{
	static const struct row rows[] = {
		{ __LINE__, IN(IMAP) ", " OUT(SMTP),
		  ABSENT("_imap") ABSENT("_pop3s") ABSENT("_pop3") ABSENT("_submission")
			  ABSENT("_sieve") ABSENT("_jmap") NO_WEB },
		/* to lead to a plain port would be worse than to hide it */
		{ __LINE__, IN(SERVER("imap", "i.a.example", "143", "plain")),
		  ABSENT("_imaps") ABSENT("_imap") ABSENT("_pop3s") ABSENT("_pop3")
			  ABSENT("_submissions") ABSENT("_submission") ABSENT("_sieve")
				  ABSENT("_jmap") NO_WEB
		  "; IMAP is there without encryption only: no record leads there.\n" },
		/* nothing that Autodiscover could say */
		{ __LINE__, IN(BY_URL("jmap", "https://a.example/")),
		  ABSENT("_imaps") ABSENT("_imap") ABSENT("_pop3s") ABSENT("_pop3")
			  ABSENT("_submissions") ABSENT("_submission") ABSENT("_sieve")
				  NO_WEB ABSENT("_autodiscover") },
		/* there, though DNS cannot say it: so it is not said to be absent either */
		{ __LINE__,
		  IN(IMAP) ", " OUT(SMTP) ", \"setupServers\": [" SERVER(
			  "managesieve", "s.a.example", "4190", "SSL") "]",
		  ABSENT("_imap") ABSENT("_pop3s") ABSENT("_pop3") ABSENT("_submission")
			  ABSENT("_jmap") NO_WEB },
	};

	check_rows(*state, rows, COUNT(rows), RECORDS_OF_ABSENT);
}

#define AUTODISCOVER "_autodiscover._tcp 3600 SRV 0 0 443 autodiscover.a.example.\n"
#define ALIAS                                                                                  \
	"; RFC 2782 wants no alias as the target of SRV, and autodiscover.a.example is one.\n" \
	"; With the daemon's addresses as --host it has those instead.\n"

static void hosts(void **state)
{
	struct ip addresses[2];
	static const struct {
		int line;
		const char *name;
		size_t addresses;
		const char *want;
	} rows[] = {
		{ __LINE__, "", 0,
		  "autoconfig 3600 CNAME open\nautodiscover 3600 CNAME open\n"
		  "; HOST is the daemon's host name. Say it with --host, or its addresses, for A "
		  "and AAAA.\n" AUTODISCOVER },
		{ __LINE__, "c.example.net", 0,
		  "autoconfig 3600 CNAME c.example.net.\n"
		  "autodiscover 3600 CNAME c.example.net.\n" AUTODISCOVER ALIAS },
		/* the host's own name is no alias of itself */
		{ __LINE__, "autoconfig.a.example", 0,
		  "autodiscover 3600 CNAME autoconfig.a.example.\n"
		  "; autoconfig.a.example is the daemon's own name: it has its addresses.\n" AUTODISCOVER
			  ALIAS },
		{ __LINE__, "autodiscover.a.example", 0,
		  "autoconfig 3600 CNAME autodiscover.a.example.\n"
		  "; autodiscover.a.example is the daemon's own name: it has its addresses.\n" AUTODISCOVER },
		{ __LINE__, "a.example", 0,
		  "autoconfig 3600 CNAME a.example.\n"
		  "autodiscover 3600 CNAME a.example.\n" AUTODISCOVER ALIAS },
		{ __LINE__, "", 2,
		  "autoconfig 3600 A 192.0.2.1\nautoconfig 3600 AAAA 2001:db8::1\n"
		  "autodiscover 3600 A 192.0.2.1\nautodiscover 3600 AAAA 2001:db8::1\n" AUTODISCOVER },
	};

	assert_true(ip_parse(STR("192.0.2.1"), &addresses[0]));
	assert_true(ip_parse(STR("2001:db8::1"), &addresses[1]));
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct records_host host = {
			.name = str_of(rows[i].name),
			.addresses = addresses,
			.address_count = rows[i].addresses,
		};
		struct made made;

		ROW_TRUE(&rows[i], make(*state, &made, IN(IMAP), "a.example", &host));
		ROW_STR(&rows[i], show(&made, RECORDS_OF_HOSTS, RECORDS_OF_AUTODISCOVER),
			rows[i].want);
		finish(&made);
	}
}

#define RECORD_OF_AUTODISCOVER(host) "_autodiscover._tcp 3600 SRV 0 0 443 " host ".\n"

static void autodiscover(void **state)
{
	static const struct records_host host = { .name = { .p = "c.example.net", .len = 13 } };
	static const struct row rows[] = {
		/* in another zone: no name here */
		{ __LINE__, IN(IMAP) ", \"autodiscoverHost\": \"outlook.example.net\"",
		  "autoconfig 3600 CNAME c.example.net.\n" RECORD_OF_AUTODISCOVER(
			  "outlook.example.net") },
		{ __LINE__, IN(IMAP) ", \"autodiscoverHost\": \"Outlook.x.%EMAILDOMAIN%\"",
		  "autoconfig 3600 CNAME c.example.net.\n"
		  "outlook.x 3600 CNAME c.example.net.\n" RECORD_OF_AUTODISCOVER(
			  "outlook.x.a.example") "; RFC 2782 wants no alias as the target of SRV, and outlook.x.a.example is one.\n"
						 "; With the daemon's addresses as --host it has those instead.\n" },
		/* the domain itself, which has its own addresses; and the daemon */
		{ __LINE__, IN(IMAP) ", \"autodiscoverHost\": \"%EMAILDOMAIN%\"",
		  "autoconfig 3600 CNAME c.example.net.\n" RECORD_OF_AUTODISCOVER("a.example") },
		{ __LINE__, IN(IMAP) ", \"autodiscoverHost\": \"c.example.net\"",
		  "autoconfig 3600 CNAME c.example.net.\n" RECORD_OF_AUTODISCOVER(
			  "c.example.net") },
		/* one name for two things */
		{ __LINE__, IN(IMAP) ", \"autodiscoverHost\": \"autoconfig.%EMAILDOMAIN%\"",
		  "autoconfig 3600 CNAME c.example.net.\n" RECORD_OF_AUTODISCOVER(
			  "autoconfig.a.example") "; RFC 2782 wants no alias as the target of SRV, and autoconfig.a.example is one.\n"
						  "; With the daemon's addresses as --host it has those instead.\n" },
		/* of its servers nothing is known, so nothing is said to be absent */
		{ __LINE__, "\"redirectUrl\": \"https://e.example.net/autodiscover.xml\"",
		  "autodiscover 3600 CNAME c.example.net.\n" AUTODISCOVER ALIAS },
		{ __LINE__, "\"redirectAddr\": \"%EMAILLOCALPART%@b.example\"",
		  "autodiscover 3600 CNAME c.example.net.\n" AUTODISCOVER ALIAS },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct made made;

		ROW_TRUE(&rows[i], make(*state, &made, rows[i].provider, "a.example", &host));
		ROW_STR(&rows[i], show(&made, RECORDS_OF_HOSTS, RECORDS_OF_AUTODISCOVER),
			rows[i].want);
		finish(&made);
	}
	for (size_t i = COUNT(rows) - 2; i < COUNT(rows); i++) {
		struct made made;

		ROW_TRUE(&rows[i], make(*state, &made, rows[i].provider, "a.example", &host));
		ROW_STR(&rows[i], show(&made, RECORDS_OF_MAIL, RECORDS_OF_ABSENT), "");
		finish(&made);
	}
}

static void domains(void **state)
{
	static const struct records_host nowhere;
	struct made made;

	assert_true(make(*state, &made, IN(SERVER("imap", "%EMAILDOMAIN%", "993", "SSL")),
			 "shop.w.example", &nowhere));
	assert_str(domain_str(&made.records.domain), "shop.w.example");
	assert_str(show(&made, RECORDS_OF_MAIL, RECORDS_OF_MAIL),
		   "_imaps._tcp 3600 SRV 0 1 993 shop.w.example.\n");
	finish(&made);
	assert_false(make(*state, &made, IN(IMAP), "w.example", &nowhere));
	finish(&made);
	assert_false(make(*state, &made, IN(IMAP), "autoconfig.a.example", &nowhere));
	finish(&made);
	assert_false(make(*state, &made, IN(OFF("imap", "imap.a.example", "993", "SSL")),
			  "a.example", &nowhere));
	finish(&made);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_TEST(mail),  UNIT_TEST(calendars),	   UNIT_TEST(absent),
		UNIT_TEST(hosts), UNIT_TEST(autodiscover), UNIT_TEST(domains),
	};
	int failed;

	xml_init();
	failed = cmocka_run_group_tests_name("records", tests, NULL, NULL);
	xml_fini();
	return failed;
}
