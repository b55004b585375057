/* Which domain is meant, by address and by host. */
#include "unit.h"

#include "asked.h"

#define SERVERS(off)                                                                    \
	"\"incomingServers\": [{\"type\": \"imap\", \"hostname\": \"a.b\", \"port\": 993, " \
	"\"socketType\": \"SSL\", \"authentication\": [\"password-cleartext\"], "         \
	"\"username\": \"x\"" off "}],"                                                   \
	"\"outgoingServers\": [{\"type\": \"smtp\", \"hostname\": \"a.b\", \"port\": 465, " \
	"\"socketType\": \"SSL\", \"authentication\": [\"password-cleartext\"], "         \
	"\"username\": \"x\"" off "}]"

static const char text[] =
	"{\"providers\": [\n"
	"{\"id\": \"p.example\", \"displayName\": \"P\",\n"
	" \"domains\": [\"one.example\", \"*.wild.example\", \"autoconfig.named.example\",\n"
	"  \"www.example\"],\n"
	" \"mailExchangers\": [\"mx.p.example\", \"*.in.p.example\", \"one.example\"],\n"
	SERVERS("") "},\n"
	"{\"id\": \"q.example\", \"displayName\": \"Q\", \"domains\": [\"two.example\"],\n"
	SERVERS("") "},\n"
	"{\"id\": \"off.example\", \"displayName\": \"O\", \"domains\": [\"off.example\"],\n"
	" \"mailExchangers\": [\"mx.off.example\"],\n"
	SERVERS(", \"off\": \"not yet\"") "}]}\n";

static const char rest_text[] =
	"{\"providers\": [{\"id\": \"rest.example\", \"displayName\": \"R\",\n"
	" \"domains\": [\"*\", \"one.example\"], " SERVERS("") "}]}\n";

struct loaded {
	struct arena *arena;
	struct table table;
};

static void load(struct unit *unit, struct loaded *loaded, const char *json)
{
	const char *path = unit_write(unit, "t.json", json);

	*loaded = (struct loaded){ .arena = arena_new() };
	assert_non_null(loaded->arena);
	table_load(&loaded->table, loaded->arena, &path, 1, unit->diags);
	if (diags_errors(unit->diags))
		fail_msg("%s", unit_findings(unit));
}

static void unload(struct loaded *loaded)
{
	table_fini(&loaded->table);
	arena_free(loaded->arena);
}

/* "provider domain", and the domain of addresses where it is another one. */
static const char *shown(bool found, const struct asked *asked)
{
	static char result[800];
	bool same;

	if (!found)
		return "";
	same = str_eq(asked->domain, asked->email_domain);
	snprintf(result, sizeof(result), "%.*s %.*s%s%.*s", STR_ARGS(asked->provider->id),
		 STR_ARGS(asked->domain), same ? "" : " ",
		 same ? 0 : (int)asked->email_domain.len, asked->email_domain.p);
	return result;
}

static void by_domain(void **state)
{
	static const struct {
		int line;
		const char *domain, *want;
	} rows[] = {
		{ __LINE__, "one.example", "p.example one.example" },
		{ __LINE__, "ONE.example.", "p.example one.example" },
		{ __LINE__, "two.example", "q.example two.example" },
		{ __LINE__, "a.wild.example", "p.example a.wild.example" },
		{ __LINE__, "wild.example", "" },
		/* labels and exchangers are of hosts, not of addresses */
		{ __LINE__, "autoconfig.one.example", "" },
		{ __LINE__, "autoconfig.named.example", "p.example autoconfig.named.example" },
		{ __LINE__, "www.one.example", "" },
		{ __LINE__, "mx.p.example", "" },
		{ __LINE__, "p.example", "" },
		{ __LINE__, "off.example", "" },
		{ __LINE__, "none.example", "" },
	};
	struct loaded loaded;

	load(*state, &loaded, text);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct domain domain;
		struct asked asked;
		bool found;

		ROW_TRUE(&rows[i], domain_parse(str_of(rows[i].domain), &domain));
		found = asked_by_domain(&loaded.table, &domain, &asked);
		ROW_STR(&rows[i], str_of(shown(found, &asked)), rows[i].want);
	}
	unload(&loaded);
}

static void by_host(void **state)
{
	static const struct {
		int line;
		const char *host;
		const char *email_domain; /* of an address outside the table, or NULL */
		const char *want;
	} rows[] = {
		{ __LINE__, "one.example", NULL, "p.example one.example" },
		{ __LINE__, "One.Example.:443", NULL, "p.example one.example" },
		{ __LINE__, "autoconfig.one.example", NULL, "p.example one.example" },
		{ __LINE__, "AutoConfig.One.Example", NULL, "p.example one.example" },
		{ __LINE__, "autodiscover.one.example", NULL, "p.example one.example" },
		{ __LINE__, "ua-auto-config.one.example", NULL, "p.example one.example" },
		{ __LINE__, "www.one.example", NULL, "p.example one.example" },
		{ __LINE__, "mail.one.example", NULL, "" },
		/* one label, once */
		{ __LINE__, "www.autoconfig.one.example", NULL, "" },
		{ __LINE__, "autoconfig.autoconfig.one.example", NULL, "" },
		{ __LINE__, "autoconfigone.example", NULL, "" },
		/* a domain that begins with such a label itself */
		{ __LINE__, "autoconfig.named.example", NULL,
		  "p.example autoconfig.named.example" },
		{ __LINE__, "www.example", NULL, "p.example www.example" },
		{ __LINE__, "autoconfig.www.example", NULL, "p.example www.example" },
		{ __LINE__, "named.example", NULL, "" },
		/* wildcards do not take the label for a mail domain's */
		{ __LINE__, "a.wild.example", NULL, "p.example a.wild.example" },
		{ __LINE__, "autoconfig.a.wild.example", NULL, "p.example a.wild.example" },
		{ __LINE__, "autoconfig.wild.example", NULL, "" },
		{ __LINE__, "www.wild.example", NULL, "" },
		/* the address's domain is not the host's */
		{ __LINE__, "two.example", "customer.example", "q.example two.example" },
		/* mail exchangers: the host's name, and the customer's where it is known */
		{ __LINE__, "mx.p.example", NULL, "p.example mx.p.example %EMAILDOMAIN%" },
		{ __LINE__, "mx.p.example", "customer.example",
		  "p.example mx.p.example customer.example" },
		{ __LINE__, "autoconfig.mx.p.example", "customer.example",
		  "p.example mx.p.example customer.example" },
		{ __LINE__, "mx1.in.p.example", "customer.example",
		  "p.example mx1.in.p.example customer.example" },
		{ __LINE__, "x.mx.p.example", NULL, "" },
		/* it is a domain, too: that comes first */
		{ __LINE__, "autoconfig.one.example", "customer.example",
		  "p.example one.example" },
		/* of which nothing is answered */
		{ __LINE__, "off.example", NULL, "" },
		{ __LINE__, "autoconfig.off.example", NULL, "" },
		{ __LINE__, "mx.off.example", "customer.example", "" },
		/* no host names */
		{ __LINE__, "", NULL, "" },
		{ __LINE__, "autoconfig.", NULL, "" },
		{ __LINE__, "one.example:99999", NULL, "" },
		{ __LINE__, "one.example:x", NULL, "" },
		{ __LINE__, "[::1]:443", NULL, "" },
		{ __LINE__, "one.example/..", NULL, "" },
		{ __LINE__, "one.example@two.example", NULL, "" },
		{ __LINE__, "one example", NULL, "" },
	};
	struct loaded loaded;

	load(*state, &loaded, text);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct domain domain;
		struct asked asked;
		bool found;

		if (rows[i].email_domain)
			ROW_TRUE(&rows[i], domain_parse(str_of(rows[i].email_domain), &domain));
		found = asked_by_host(&loaded.table, str_of(rows[i].host),
				      rows[i].email_domain ? &domain : NULL, &asked);
		ROW_STR(&rows[i], str_of(shown(found, &asked)), rows[i].want);
	}
	unload(&loaded);
}

/* "*" is every domain: the label of a service is taken off all the same. */
static void everything(void **state)
{
	static const struct {
		int line;
		const char *host, *want;
	} rows[] = {
		{ __LINE__, "one.example", "rest.example one.example" },
		{ __LINE__, "any.example", "rest.example any.example" },
		{ __LINE__, "autoconfig.any.example", "rest.example any.example" },
		{ __LINE__, "autodiscover.any.example:443", "rest.example any.example" },
		{ __LINE__, "www.any.example", "rest.example any.example" },
		{ __LINE__, "mail.any.example", "rest.example mail.any.example" },
		{ __LINE__, "127.0.0.1:x", "" },
	};
	struct loaded loaded;

	load(*state, &loaded, rest_text);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct asked asked;
		bool found = asked_by_host(&loaded.table, str_of(rows[i].host), NULL, &asked);

		ROW_STR(&rows[i], str_of(shown(found, &asked)), rows[i].want);
	}
	unload(&loaded);
}

/* What is answered stays when the texts of the request are gone. */
static void nothing_borrowed(void **state)
{
	char host[] = "mx.p.example";
	struct loaded loaded;
	struct domain domain;
	struct asked asked;

	load(*state, &loaded, text);
	assert_true(domain_parse(STR("customer.example"), &domain));
	assert_true(asked_by_host(&loaded.table, str_of(host), &domain, &asked));
	memset(host, 'x', sizeof(host) - 1);
	memset(&domain, 'x', sizeof(domain));
	assert_string_equal(shown(true, &asked), "p.example mx.p.example customer.example");
	assert_true(domain_parse(STR("a.wild.example"), &domain));
	assert_true(asked_by_domain(&loaded.table, &domain, &asked));
	memset(&domain, 'x', sizeof(domain));
	assert_string_equal(shown(true, &asked), "p.example a.wild.example");
	unload(&loaded);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_TEST(by_domain),
		UNIT_TEST(by_host),
		UNIT_TEST(everything),
		UNIT_TEST(nothing_borrowed),
	};

	return cmocka_run_group_tests_name("asked", tests, NULL, NULL);
}
