/* What an export holds, and that values of the table stay values in the rules. */
#include "unit.h"

#include "documents.h"
#include "export_rules.h"
#include "xml.h"

#define LOGIN "\"authentication\": [\"password-cleartext\"], \"username\": \"%EMAILADDRESS%\""
#define DAV_LOGIN "\"authentication\": [\"http:Basic\"], \"username\": \"%EMAILADDRESS%\""
#define IMAP                                                                               \
	"{\"type\": \"imap\", \"hostname\": \"imap.a.b\", \"port\": 993, \"socketType\": " \
	"\"SSL\", " LOGIN "}"
#define SMTP                                                                                \
	"\"outgoingServers\": [{\"type\": \"smtp\", \"hostname\": \"smtp.a.b\", \"port\": " \
	"465, \"socketType\": \"SSL\", " LOGIN "}]"
#define PROVIDER(id, domains, more)                                                  \
	"{\"id\": \"" id "\", \"displayName\": \"D\", \"domains\": [" domains "],\n" \
	"\"incomingServers\": [" IMAP "],\n" SMTP more "}"
#define LONG "a-domain-with-a-name-that-is-not-short.and-one-more-label.example"

static const char table[] =
	"{\"providers\": [\n"
	PROVIDER("a.example", "\"a.example\", \"autoconfig.a.example\", \"*.wild.example\"",
		 ",\n\"mailExchangers\": [\"mx.example\"]")
	",\n"
	PROVIDER("dav.example", "\"dav.example\", \"" LONG "\"",
		 ",\n\"calendars\": [{\"type\": \"caldav\", \"url\": "
		 "\"https://dav.example/$host?a=%7B\", " DAV_LOGIN "}]")
	"]}";

static struct snapshot *load(struct unit *unit)
{
	char templates[600];
	const char *tables[] = { unit->path };
	struct snapshot_sources sources = {
		.tables = tables,
		.table_count = COUNT(tables),
		.templates = { .own = unit_source("templates", templates, sizeof(templates)) },
		.documents = documents,
		.document_count = DOCUMENTS,
	};
	struct snapshot *snapshot;

	unit_write(unit, "t.json", table);
	snapshot = snapshot_load(&sources, unit->diags);
	if (!snapshot)
		fail_msg("%s", unit_findings(unit));
	return snapshot;
}

/* "HOST PAGE STATUS PLAIN-STATUS" */
static void print_answer(void *closure, const struct export_answer *answer)
{
	buf_addf(closure, "%.*s %s %u %u\n", STR_ARGS(answer->host),
		 export_pages[answer->page].name, answer->reply->status, answer->plain->status);
}

#define HOST_ANSWERS(host)                      \
	host " autoconfig 200 200\n"            \
	host " autoconfig_well_known 200 200\n" \
	host " autoconfig_mail_v1 200 200\n"    \
	host " autoconfig_nine 200 200\n"       \
	host " autodiscover 200 302\n"          \
	host " json_autodiscoverv1 200 302\n"   \
	host " pacc 200 404\n"

static const char answers_of_a[] = HOST_ANSWERS("a.example")
	HOST_ANSWERS("autodiscover.a.example")
	HOST_ANSWERS("ua-auto-config.a.example")
	"a.example database 200 200\n";

static void answers_of_a_domain(void **state)
{
	struct snapshot *snapshot = load(*state);
	struct buf text = BUF_EMPTY;

	assert_true(export_domain(snapshot, STR("a.example"), print_answer, &text));
	/* autoconfig.a.example is a domain of its own. */
	assert_str(buf_str(&text), answers_of_a);
	buf_fini(&text);
	snapshot_unref(snapshot);
}

static size_t count_lines(struct str text, const char *start)
{
	size_t count = 0;
	struct str line;

	while (str_split(&text, '\n', &line))
		count += str_starts(line, str_of(start));
	return count;
}

static void answers_of_others(void **state)
{
	struct snapshot *snapshot = load(*state);
	struct buf text = BUF_EMPTY;

	assert_false(export_domain(snapshot, STR("no.example"), print_answer, &text));
	assert_false(export_domain(snapshot, STR("autodiscover.a.example"), print_answer, &text));
	assert_int_equal(text.len, 0);

	assert_true(export_domain(snapshot, STR("x.wild.example"), print_answer, &text));
	assert_int_equal(count_lines(buf_str(&text), "autoconfig.x.wild.example autoconfig "), 1);
	assert_int_equal(count_lines(buf_str(&text), "x.wild.example database 200"), 1);
	buf_fini(&text);

	assert_true(export_mail_exchanger(snapshot, STR("mx.example"), print_answer, &text));
	assert_int_equal(count_lines(buf_str(&text), "autoconfig.mx.example autoconfig 200"), 1);
	assert_int_equal(count_lines(buf_str(&text), "mx.example database"), 0);
	buf_fini(&text);

	assert_true(export_domain(snapshot, STR("dav.example"), print_answer, &text));
	assert_int_equal(count_lines(buf_str(&text), "dav.example caldav 301 301"), 1);
	assert_int_equal(count_lines(buf_str(&text), "autoconfig.dav.example caldav 301 301"), 1);
	assert_int_equal(count_lines(buf_str(&text), "dav.example carddav"), 0);
	buf_fini(&text);
	snapshot_unref(snapshot);
}

static void collect(struct export_rules *rules, const struct snapshot *snapshot)
{
	assert_true(export_rules_init(rules, snapshot, STR("/srv/x")));
	/* One of them twice. */
	export_domain(snapshot, STR("dav.example"), export_rules_add, rules);
	export_domain(snapshot, STR("a.example"), export_rules_add, rules);
	export_domain(snapshot, STR(LONG), export_rules_add, rules);
	export_domain(snapshot, STR("dav.example"), export_rules_add, rules);
	assert_true(export_rules_finish(rules));
	assert_false(rules->differs);
}

static size_t page_of(const char *name)
{
	size_t page = 0;

	while (strcmp(export_pages[page].name, name) != 0)
		page++;
	return page;
}

static void rules_of_pages(void **state)
{
	struct snapshot *snapshot = load(*state);
	struct export_rules rules;
	const struct export_rule *rule;

	collect(&rules, snapshot);
	rule = &rules.pages[page_of("autoconfig")];
	assert_true(rule->has_files && rule->any_origin && rule->options_any_origin);
	assert_string_equal(rule->content_type, "text/xml; charset=utf-8");
	assert_string_equal(rule->cache_control, "public, max-age=3600");
	assert_string_equal(rule->allow, "GET, HEAD, OPTIONS");
	assert_false(rule->posts || rule->plain_is_none || rule->redirect_status);

	rule = &rules.pages[page_of("autodiscover")];
	assert_true(rule->has_files && rule->posts && rule->has_plain_redirects);
	assert_false(rule->has_redirects || rule->follows || rule->any_origin);
	assert_int_equal(rule->redirect_status, 302);

	rule = &rules.pages[page_of("json_autodiscoverv1")];
	assert_true(rule->has_files && rule->follows);
	assert_false(rules.pages[page_of("json_ews")].has_files);
	assert_true(rules.pages[page_of("pacc")].plain_is_none);

	rule = &rules.pages[page_of("caldav")];
	assert_true(rule->has_redirects && !rule->has_files && !rule->allow);
	assert_int_equal(rule->redirect_status, 301);
	assert_false(export_is_used(&rules, page_of("carddav")));

	/* sorted, each once */
	assert_int_equal(rules.domain_count, 3);
	assert_str(rules.domains[0], LONG);
	assert_str(rules.domains[2], "dav.example");
	assert_non_null(export_rules_find(&rules, page_of("caldav"), STR("dav.example")));
	assert_null(export_rules_find(&rules, page_of("caldav"), STR("a.example")));
	assert_null(export_rules_find(&rules, page_of("autodiscover"), STR("a.example")));
	export_rules_fini(&rules);
	snapshot_unref(snapshot);
}

static void check_has(const struct buf *text, const char *want)
{
	char *copy = malloc(text->len + 1);

	assert_non_null(copy);
	memcpy(copy, text->p, text->len);
	copy[text->len] = '\0';
	if (!strstr(copy, want))
		fail_msg("no %s in\n%s", want, copy);
	free(copy);
}

static void values_stay_values(void **state)
{
	struct snapshot *snapshot = load(*state);
	struct export_rules rules;
	struct buf text = BUF_EMPTY;

	collect(&rules, snapshot);
	export_nginx_maps(&text, &rules);
	check_has(&text, "geo $mailconf_dollar {");
	check_has(&text,
		  "\t\"caldav dav.example\" "
			 "\"https://dav.example/${mailconf_dollar}host?a=%7B\";\n");
	/* too long for a bucket */
	check_has(&text, "\t\"~*^caldav a-domain-with-a-name-that-is-not-short\\."
			 "and-one-more-label\\.example$\" ");
	buf_fini(&text);
	export_apache_map(&text, &rules);
	check_has(&text, "\ndav.example/.well-known/caldav https://dav.example/$host?a=%7B\n");
	check_has(&text, "\nv1.1:a.example a.example\n");
	buf_fini(&text);
	export_cdn_redirects(&text, &rules, STR("dav.example"));
	check_has(&text, "/.well-known/caldav https://dav.example/$host?a=%7B 301\n");
	buf_fini(&text);
	export_cdn_redirects(&text, &rules, STR("a.example"));
	assert_int_equal(count_lines(buf_str(&text), "/.well-known/"), 0);
	assert_int_equal(count_lines(buf_str(&text), "/Autodiscover/Autodiscover.xml "), 1);
	buf_fini(&text);
	export_rules_fini(&rules);
	snapshot_unref(snapshot);
}

/* Quotes and escapes cannot come from a table, which has URLs checked; rules do not rely on it. */
static void quotes_are_escaped(void **state)
{
	struct snapshot *snapshot = load(*state);
	struct export_rules rules;
	struct buf text = BUF_EMPTY;
	struct reply reply = { .status = 301, .location = "https://x/\"\\;$\n" };
	struct export_answer answer = {
		.host = STR("x.example"),
		.page = page_of("carddav"),
		.reply = &reply,
		.plain = &reply,
	};

	assert_true(export_rules_init(&rules, snapshot, STR("/srv/x")));
	export_rules_add(&rules, &answer);
	assert_true(export_rules_finish(&rules));
	export_nginx_maps(&text, &rules);
	check_has(&text, "\t\"carddav x.example\" \"https://x/\\\"\\\\;${mailconf_dollar}\\n\";\n");
	buf_fini(&text);
	assert_false(rules.differs);
	/* No rule can say two things of one page. */
	reply.status = 302;
	export_rules_add(&rules, &answer);
	assert_true(rules.differs);
	export_rules_fini(&rules);
	snapshot_unref(snapshot);
}

static void roots(void **state)
{
	static const struct {
		int line;
		const char *root;
		bool good;
	} rows[] = {
		{ __LINE__, "/srv/mail-settings", true },
		{ __LINE__, "/srv/www_1/a.b,c+d=e@f~g", true },
		{ __LINE__, "/srv/j\xc3\xbcrgen", true },
		{ __LINE__, "", false },
		{ __LINE__, "/", false },
		{ __LINE__, "srv", false },
		{ __LINE__, "/srv/a b", false },
		{ __LINE__, "/srv/a\"b", false },
		{ __LINE__, "/srv/a\\b", false },
		{ __LINE__, "/srv/$a", false },
		{ __LINE__, "/srv/%a", false },
		{ __LINE__, "/srv/a;b", false },
		{ __LINE__, "/srv/a\nb", false },
		{ __LINE__, "/srv/{a}", false },
		{ __LINE__, "/srv/<a>", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		ROW_INT(&rows[i], export_root_is_good(str_of(rows[i].root)), rows[i].good);
}

static void patterns(void **state)
{
	static const struct {
		int line;
		const char *page, *pattern;
	} rows[] = {
		{ __LINE__, "autoconfig", "^/mail/config-v1\\.1\\.xml$" },
		{ __LINE__, "json_ews",
		  "^/autodiscover/autodiscover\\.json(?:/v[^/@]*)*(?:/[^/]*@[^/]*)?$" },
		{ __LINE__, "database", "^(?:/[^/]+)*/v1\\.1/([^/]+)$" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct buf text = BUF_EMPTY;

		export_add_pattern(&text, page_of(rows[i].page));
		ROW_STR(&rows[i], buf_str(&text), rows[i].pattern);
		buf_fini(&text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_TEST(answers_of_a_domain),
		UNIT_TEST(answers_of_others),
		UNIT_TEST(rules_of_pages),
		UNIT_TEST(values_stay_values),
		UNIT_TEST(quotes_are_escaped),
		UNIT_TEST(roots),
		UNIT_TEST(patterns),
	};
	int failed;

	xml_init();
	failed = cmocka_run_group_tests_name("export", tests, NULL, NULL);
	xml_fini();
	return failed;
}
