/* What a provider is in Apple's terms and in PACC's, or why it cannot be said. */
#include "unit.h"

#include "buf.h"
#include "table.h"

/* A row's JSON has ' for ", and these words for what is not looked at. */
#define LOGIN(user) "'authentication':['password-cleartext'],'username':'" user "'"
#define SERVER(type, port, socket, rest)                                                      \
	"{'type':'" type "','hostname':'" type ".a.b','port':" #port ",'socketType':'" socket     \
	"'," rest "}"
#define METHODS(methods) "'authentication':[" methods "],'username':'%EMAILADDRESS%'"
#define ADDRESS LOGIN("%EMAILADDRESS%")
#define IMAP SERVER("imap", 993, "SSL", ADDRESS)
#define POP3 SERVER("pop3", 995, "SSL", ADDRESS)
#define SMTP SERVER("smtp", 465, "SSL", ADDRESS)
#define URL(type, url, rest) "{'type':'" type "','url':'" url "'," rest "}"
#define BASIC METHODS("'http:Basic'")
#define BASIC_AS(user) "'authentication':['http:Basic'],'username':'" user "'"

struct row {
	int line;
	const char *incoming, *outgoing;
	const char *more; /* further members; NULL: none */
	const char *want; /* "!" and a piece of the reason where there is none */
};

static void add_word(struct buf *out, const char *word, struct str text)
{
	if (text.len)
		buf_addf(out, "%s%s%.*s", out->len ? " " : "", word, STR_ARGS(text));
}

static void add_mail(struct buf *out, const char *word, const struct apple_mail *mail)
{
	if (!mail)
		return;
	buf_addf(out, "%s%s=%.*s:%u", out->len ? " " : "", word, STR_ARGS(mail->hostname),
		 mail->port);
	add_word(out, "", mail->use_ssl == FLAG_TRUE ? STR("ssl") : STR("plain"));
	add_word(out, "", str_from(mail->authentication, strlen("EmailAuth")));
	add_word(out, "as ", mail->username);
	add_word(out, "", mail->same_login == FLAG_TRUE ? STR("same") : STR(""));
}

static void add_dav(struct buf *out, const char *word, const struct apple_dav *dav)
{
	if (!dav)
		return;
	buf_addf(out, "%s%s=%.*s:%u", out->len ? " " : "", word, STR_ARGS(dav->hostname),
		 dav->port);
	add_word(out, "at ", dav->path);
	add_word(out, "as ", dav->username);
}

static void describe_apple(const struct provider *provider, struct buf *out)
{
	const struct apple *apple = provider->apple;

	if (!apple) {
		add_word(out, "!", provider->apple_lack);
		return;
	}
	add_mail(out, "imap", apple->imap);
	add_mail(out, "pop3", apple->pop3);
	add_mail(out, "smtp", apple->smtp);
	add_word(out, "", apple->prefers_pop3 == FLAG_TRUE ? STR("pop3first") : STR(""));
	add_dav(out, "cal", apple->caldav);
	add_dav(out, "card", apple->carddav);
}

static void describe_pacc(const struct provider *provider, struct buf *out)
{
	const struct pacc *pacc = provider->pacc;

	if (!pacc) {
		add_word(out, "!", provider->pacc_lack);
		return;
	}
	add_word(out, "imap=", pacc->imap);
	add_word(out, "pop3=", pacc->pop3);
	add_word(out, "submit=", pacc->submit);
	add_word(out, "jmap=", pacc->jmap);
	add_word(out, "cal=", pacc->caldav);
	add_word(out, "card=", pacc->carddav);
	add_word(out, "dav=", pacc->webdav);
	add_word(out, "", pacc->password == FLAG_TRUE ? STR("password") : STR("nopassword"));
	add_word(out, "oauth=", pacc->oauth_issuer);
	add_word(out, "help=", pacc->documentation);
	if (!str_eq(pacc->name, STR("Mail")) || !str_eq(pacc->short_name, STR("Mail")))
		buf_addf(out, " name=%.*s/%.*s", STR_ARGS(pacc->name),
			 STR_ARGS(pacc->short_name));
}

static void check_row(struct unit *unit, const struct row *row,
		      void (*describe)(const struct provider *provider, struct buf *out))
{
	struct buf json = BUF_EMPTY;
	struct buf out = BUF_EMPTY;
	struct arena *arena = arena_new();
	struct table table = { 0 };
	struct match match;
	const char *path;

	assert_non_null(arena);
	buf_addf(&json, "{'providers':[{'id':'p.example','domains':['p.example'],"
			"%s%s'incomingServers':[%s],'outgoingServers':[%s]}]}",
		 row->more && strstr(row->more, "'displayName'") ? "" : "'displayName':'Mail',",
		 row->more ? row->more : "", row->incoming, row->outgoing);
	for (size_t i = 0; i < json.len; i++)
		json.p[i] = json.p[i] == '\'' ? '"' : json.p[i];
	path = unit_write_bytes(unit, "t.json", buf_str(&json));
	table_load(&table, arena, &path, 1, unit->diags);
	if (diags_errors(unit->diags))
		fail_msg("row of line %d: %s", row->line, unit_findings(unit));
	ROW_TRUE(row, table_find_domain(&table, STR("p.example"), &match));
	describe(match.provider, &out);
	if (row->want[0] == '!')
		ROW_STR(row, str_first(buf_str(&out), strlen(row->want)), row->want);
	else
		ROW_STR(row, buf_str(&out), row->want);
	buf_fini(&json);
	buf_fini(&out);
	table_fini(&table);
	arena_free(arena);
	unit_fresh(unit);
}

#define IMAP_SAYS "imap=imap.a.b:993 ssl Password as %EMAILADDRESS% same"
#define SMTP_SAYS "smtp=smtp.a.b:465 ssl Password as %EMAILADDRESS%"
#define POP3_SAYS "pop3=pop3.a.b:995 ssl Password as %EMAILADDRESS% same"

static const struct row apple_rows[] = {
	{ __LINE__, IMAP, SMTP, NULL, IMAP_SAYS " " SMTP_SAYS },
	{ __LINE__, POP3, SMTP, NULL, POP3_SAYS " " SMTP_SAYS " pop3first" },
	{ __LINE__, IMAP "," POP3, SMTP, NULL, IMAP_SAYS " " POP3_SAYS " " SMTP_SAYS },
	{ __LINE__, POP3 "," IMAP, SMTP, NULL, IMAP_SAYS " " POP3_SAYS " " SMTP_SAYS " pop3first" },
	/* TLS from the first byte before all others, else the table's order */
	{ __LINE__, SERVER("imap", 143, "STARTTLS", ADDRESS) "," IMAP, SMTP, NULL,
	  IMAP_SAYS " " SMTP_SAYS },
	{ __LINE__, SERVER("imap", 143, "STARTTLS", ADDRESS) "," SERVER("imap", 144, "plain", ADDRESS),
	  SMTP, NULL, "imap=imap.a.b:143 ssl Password as %EMAILADDRESS% same " SMTP_SAYS },
	{ __LINE__, SERVER("imap", 144, "plain", ADDRESS) "," SERVER("imap", 143, "STARTTLS", ADDRESS),
	  SMTP, NULL, "imap=imap.a.b:144 plain Password as %EMAILADDRESS% same " SMTP_SAYS },
	{ __LINE__, IMAP, SERVER("smtp", 587, "STARTTLS", ADDRESS) "," SMTP, NULL,
	  IMAP_SAYS " " SMTP_SAYS },
	/* the first method that Apple has a word for */
	{ __LINE__, SERVER("imap", 993, "SSL", METHODS("'OAuth2','NTLM'")), SMTP, NULL,
	  "imap=imap.a.b:993 ssl NTLM as %EMAILADDRESS% same " SMTP_SAYS },
	{ __LINE__, SERVER("imap", 993, "SSL", METHODS("'sasl:SCRAM-SHA-256','sasl:CRAM-MD5'")), SMTP,
	  NULL, "imap=imap.a.b:993 ssl CRAMMD5 as %EMAILADDRESS% same " SMTP_SAYS },
	{ __LINE__, SERVER("imap", 993, "SSL", METHODS("'sasl:PLAIN'")), SMTP, NULL,
	  IMAP_SAYS " " SMTP_SAYS },
	{ __LINE__, SERVER("imap", 993, "SSL", METHODS("'sasl:LOGIN'")), SMTP, NULL,
	  IMAP_SAYS " " SMTP_SAYS },
	{ __LINE__, SERVER("imap", 993, "SSL", METHODS("'password-encrypted'")), SMTP, NULL,
	  IMAP_SAYS " " SMTP_SAYS },
	{ __LINE__, SERVER("imap", 143, "plain", METHODS("'password-encrypted'")), SMTP, NULL,
	  "imap=imap.a.b:143 plain CRAMMD5 as %EMAILADDRESS% same " SMTP_SAYS },
	{ __LINE__, IMAP, SERVER("smtp", 465, "SSL", METHODS("'none'")), NULL,
	  IMAP_SAYS " smtp=smtp.a.b:465 ssl None" },
	{ __LINE__, IMAP, SERVER("smtp", 465, "SSL", METHODS("'client-IP-address'")), NULL,
	  IMAP_SAYS " smtp=smtp.a.b:465 ssl None" },
	/* what the device has to ask for; what differs between the directions and the kinds */
	{ __LINE__, SERVER("imap", 993, "SSL", LOGIN("%NUMBER%")), SMTP,
	  "'inputFields':[{'key':'NUMBER','label':'N'}],",
	  "imap=imap.a.b:993 ssl Password " SMTP_SAYS },
	{ __LINE__, SERVER("imap", 993, "SSL", LOGIN("%EMAILLOCALPART%")), SMTP, NULL,
	  "imap=imap.a.b:993 ssl Password as %EMAILLOCALPART% " SMTP_SAYS },
	{ __LINE__, IMAP "," SERVER("pop3", 995, "SSL", LOGIN("%EMAILLOCALPART%")), SMTP, NULL,
	  IMAP_SAYS " pop3=pop3.a.b:995 ssl Password as %EMAILLOCALPART% " SMTP_SAYS },
	{ __LINE__, SERVER("imap", 993, "SSL", LOGIN("%EMAILLOCALPART%")) "," POP3, SMTP, NULL,
	  "imap=imap.a.b:993 ssl Password as %EMAILLOCALPART% " POP3_SAYS " " SMTP_SAYS },
	/* none */
	{ __LINE__, SERVER("imap", 993, "SSL", METHODS("'OAuth2'")), SMTP, NULL,
	  "!no IMAP or POP3 server that takes a password" },
	{ __LINE__, SERVER("imap", 993, "SSL", METHODS("'GSSAPI','TLS-client-cert'")), SMTP, NULL,
	  "!no IMAP or POP3 server that takes a password" },
	{ __LINE__, SERVER("imap", 993, "SSL", METHODS("'none'")), SMTP, NULL,
	  "!no IMAP or POP3 server that takes a password" },
	{ __LINE__, URL("jmap", "https://a.b/", BASIC), SMTP, NULL,
	  "!no IMAP or POP3 server that takes a password" },
	{ __LINE__, IMAP, "", NULL, "!no SMTP server" },
	{ __LINE__, IMAP, SERVER("smtp", 465, "SSL", METHODS("'OAuth2'")), NULL, "!no SMTP server" },
	{ __LINE__, IMAP, SERVER("smtp", 465, "SSL", ADDRESS ",'off':'x'"), NULL, "!no SMTP server" },
	/* services */
	{ __LINE__, IMAP, SMTP, "'calendars':[" URL("caldav", "https://dav.b/cal/", BASIC) "],",
	  IMAP_SAYS " " SMTP_SAYS " cal=dav.b:443 at /cal/ as %EMAILADDRESS%" },
	{ __LINE__, IMAP, SMTP,
	  "'addressBooks':[" URL("carddav", "https://%EMAILDOMAIN%:8443/%EMAILADDRESS%?a", BASIC) "],",
	  IMAP_SAYS " " SMTP_SAYS
		    " card=%EMAILDOMAIN%:8443 at /%EMAILADDRESS%?a as %EMAILADDRESS%" },
	{ __LINE__, IMAP, SMTP, "'calendars':[" URL("caldav", "https://dav.b", BASIC) "],",
	  IMAP_SAYS " " SMTP_SAYS " cal=dav.b:443 as %EMAILADDRESS%" },
	{ __LINE__, IMAP, SMTP,
	  "'calendars':[" URL("caldav", "https://dav.b/", METHODS("'OAuth2','http:Digest'")) "],",
	  IMAP_SAYS " " SMTP_SAYS " cal=dav.b:443 at / as %EMAILADDRESS%" },
	{ __LINE__, IMAP, SMTP, "'calendars':[" URL("caldav", "https://dav.b/", METHODS("'OAuth2'")) "],",
	  IMAP_SAYS " " SMTP_SAYS },
};

static void in_apples_terms(void **state)
{
	for (size_t i = 0; i < COUNT(apple_rows); i++)
		check_row(*state, &apple_rows[i], describe_apple);
}

#define MAIL_SAYS "imap=imap.a.b submit=smtp.a.b"
#define OAUTH(issuer) "'oAuth2':{'issuer':'" issuer "','scope':'x'},"
#define OAUTH_IMAP SERVER("imap", 993, "SSL", METHODS("'OAuth2'"))
#define CALENDAR(url) "'calendars':[" URL("caldav", url, BASIC) "],"

static const struct row pacc_rows[] = {
	{ __LINE__, IMAP, SMTP, NULL, MAIL_SAYS " password" },
	{ __LINE__, IMAP "," POP3, SMTP, NULL, "imap=imap.a.b pop3=pop3.a.b submit=smtp.a.b password" },
	{ __LINE__, POP3, SMTP, NULL, "pop3=pop3.a.b submit=smtp.a.b password" },
	/* what can be said of several */
	{ __LINE__, SERVER("imap", 143, "STARTTLS", ADDRESS) "," IMAP, SMTP, NULL,
	  MAIL_SAYS " password" },
	{ __LINE__, IMAP, SERVER("smtp", 587, "STARTTLS", ADDRESS) "," SMTP, NULL,
	  MAIL_SAYS " password" },
	{ __LINE__, IMAP "," SERVER("pop3", 110, "STARTTLS", ADDRESS), SMTP, NULL,
	  MAIL_SAYS " password" },
	/* JMAP */
	{ __LINE__, URL("jmap", "https://a.b/j", BASIC), "", NULL, "jmap=https://a.b/j password" },
	{ __LINE__, URL("jmap", "https://a.b", BASIC), "", NULL, "jmap=https://a.b password" },
	{ __LINE__, IMAP "," URL("jmap", "https://a.b:8443/j", BASIC), SMTP, NULL,
	  MAIL_SAYS " password" },
	/* log-in */
	{ __LINE__, SERVER("imap", 993, "SSL", METHODS("'OAuth2','password-cleartext'")), SMTP,
	  OAUTH("https://l.b/"), MAIL_SAYS " password oauth=https://l.b/" },
	{ __LINE__, OAUTH_IMAP, SMTP, OAUTH("https://l.b"), MAIL_SAYS " nopassword oauth=https://l.b" },
	{ __LINE__, IMAP, SMTP, OAUTH("l.b"), MAIL_SAYS " password" },
	{ __LINE__, IMAP, SMTP, OAUTH("https://l.b/?a"), MAIL_SAYS " password" },
	{ __LINE__, IMAP, SMTP, OAUTH("https://l.b/#a"), MAIL_SAYS " password" },
	{ __LINE__, IMAP, SMTP, OAUTH("https://u@l.b/"), MAIL_SAYS " password" },
	{ __LINE__, IMAP, SMTP, OAUTH("http://l.b/"), MAIL_SAYS " password" },
	/* services: https, the standard port, a path, nobody's name, the address as login */
	{ __LINE__, IMAP, SMTP, CALENDAR("https://d.b/c/"), MAIL_SAYS " cal=https://d.b/c/ password" },
	{ __LINE__, IMAP, SMTP, CALENDAR("https://%EMAILDOMAIN%/c"),
	  MAIL_SAYS " cal=https://%EMAILDOMAIN%/c password" },
	{ __LINE__, IMAP, SMTP, CALENDAR("https://d.b:8443/c/"), MAIL_SAYS " password" },
	{ __LINE__, IMAP, SMTP, CALENDAR("https://d.b"), MAIL_SAYS " password" },
	{ __LINE__, IMAP, SMTP, CALENDAR("https://d.b/"), MAIL_SAYS " password" },
	{ __LINE__, IMAP, SMTP, CALENDAR("https://d.b/%EMAILADDRESS%/"), MAIL_SAYS " password" },
	{ __LINE__, IMAP, SMTP, CALENDAR("https://d.b/%EMAILLOCALPART%/"), MAIL_SAYS " password" },
	{ __LINE__, IMAP, SMTP,
	  "'calendars':[" URL("caldav", "https://d.b/c/", BASIC_AS("%EMAILLOCALPART%")) "],",
	  MAIL_SAYS " password" },
	{ __LINE__, IMAP, SMTP,
	  "'addressBooks':[" URL("carddav", "https://d.b/a", BASIC) "],"
	  "'fileShares':[" URL("webdav", "https://d.b/f", BASIC) "],",
	  MAIL_SAYS " card=https://d.b/a dav=https://d.b/f password" },
	/* for people */
	{ __LINE__, IMAP, SMTP, "'documentation':[{'url':'https://h.b/?a&b'},{'url':'https://i.b/'}],",
	  MAIL_SAYS " password help=https://h.b/?a&b" },
	{ __LINE__, IMAP, SMTP, "'displayName':'Two  spaces','displayShortName':'Two',",
	  MAIL_SAYS " password name=p.example/Two" },
	{ __LINE__, IMAP, SMTP, "'displayName':'Of %EMAILDOMAIN%','displayShortName':'Two',",
	  MAIL_SAYS " password name=p.example/Two" },
	{ __LINE__, IMAP, SMTP, "'displayName':'One','displayShortName':'Two',",
	  MAIL_SAYS " password name=One/Two" },
	/* refused */
	{ __LINE__, SERVER("imap", 143, "STARTTLS", ADDRESS), SMTP, NULL, "!no incoming server with TLS" },
	{ __LINE__, SERVER("imap", 1993, "SSL", ADDRESS), SMTP, NULL, "!no incoming server with TLS" },
	{ __LINE__, SERVER("imap", 995, "SSL", ADDRESS), SMTP, NULL, "!no incoming server with TLS" },
	{ __LINE__, SERVER("pop3", 993, "SSL", ADDRESS), SMTP, NULL, "!no incoming server with TLS" },
	{ __LINE__, URL("ews", "https://a.b/", BASIC), SMTP, NULL, "!no server that PACC has a name for" },
	{ __LINE__, URL("jmap", "https://a.b:8443/", BASIC), SMTP, NULL,
	  "!no server that PACC has a name for" },
	{ __LINE__, IMAP, SERVER("smtp", 587, "STARTTLS", ADDRESS), NULL, "!no outgoing server with TLS" },
	{ __LINE__, IMAP, SERVER("smtp", 587, "SSL", ADDRESS), NULL, "!no outgoing server with TLS" },
	{ __LINE__, IMAP, "", NULL, "!no outgoing server with TLS" },
	{ __LINE__, SERVER("imap", 993, "SSL", LOGIN("%EMAILLOCALPART%")), SMTP, NULL,
	  "!a user name that is not the address" },
	{ __LINE__, IMAP "," SERVER("pop3", 995, "SSL", LOGIN("x%EMAILADDRESS%")), SMTP, NULL,
	  "!a user name that is not the address" },
	{ __LINE__, IMAP, SERVER("smtp", 465, "SSL", LOGIN("%EMAILLOCALPART%")), NULL,
	  "!a user name that is not the address" },
	{ __LINE__, IMAP "," URL("jmap", "https://a.b/", BASIC_AS("%EMAILLOCALPART%")), SMTP, NULL,
	  "!a user name that is not the address" },
	{ __LINE__, OAUTH_IMAP, SMTP, NULL, "!no log-in by password, and no oAuth2 issuer" },
	{ __LINE__, OAUTH_IMAP, SMTP, OAUTH("l.b"), "!no log-in by password, and no oAuth2 issuer" },
	{ __LINE__, SERVER("imap", 993, "SSL", METHODS("'GSSAPI'")), SMTP, NULL,
	  "!no log-in by password, and no oAuth2 issuer" },
};

static void in_paccs_terms(void **state)
{
	for (size_t i = 0; i < COUNT(pacc_rows); i++)
		check_row(*state, &pacc_rows[i], describe_pacc);
}

/* Nothing is said of providers that have no server at all: they have a warning of their own. */
static void of_nothing(void **state)
{
	static const struct row row = {
		__LINE__, "", "", "'redirectUrl':'https://a.b/c',", ""
	};

	check_row(*state, &row, describe_apple);
	check_row(*state, &row, describe_pacc);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_TEST(in_apples_terms),
		UNIT_TEST(in_paccs_terms),
		UNIT_TEST(of_nothing),
	};

	return cmocka_run_group_tests_name("terms", tests, NULL, NULL);
}
