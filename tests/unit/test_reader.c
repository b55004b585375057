/*
 * Providers as a table file says them: what is read, what is refused and with which words,
 * and what mail programs would not like. All through table_load(): one small file a case.
 */
#include "unit.h"

#include "buf.h"
#include "table.h"

#define MAIL_SERVERS                                                                          \
	"\"incomingServers\": [" IMAP "], \"outgoingServers\": [" SMTP "]"
#define IMAP                                                                                  \
	"{\"type\": \"imap\", \"hostname\": \"imap.example.com\", \"port\": 993, "              \
	"\"socketType\": \"SSL\", \"authentication\": [\"password-cleartext\"], "               \
	"\"username\": \"%EMAILADDRESS%\"}"
#define SMTP                                                                                  \
	"{\"type\": \"smtp\", \"hostname\": \"smtp.example.com\", \"port\": 465, "              \
	"\"socketType\": \"SSL\", \"authentication\": [\"password-cleartext\"], "               \
	"\"username\": \"%EMAILADDRESS%\"}"

struct loaded {
	struct arena *arena;
	struct table table;
};

static void load(struct unit *unit, const char *text, struct loaded *loaded)
{
	const char *path = unit_write(unit, "t.json", text);

	unit_fresh(unit);
	*loaded = (struct loaded){ .arena = arena_new() };
	assert_non_null(loaded->arena);
	table_load(&loaded->table, loaded->arena, &path, 1, unit->diags);
}

static void unload(struct loaded *loaded)
{
	table_fini(&loaded->table);
	arena_free(loaded->arena);
}

/* `line` three holds what a case is about; the rest of the provider is as it should be. */
static char *with_line(const char *line, bool servers)
{
	struct buf buf = BUF_EMPTY;
	char *text;

	buf_add(&buf, STR("{\"providers\": [{\n\"id\": \"example.com\","));
	if (!strstr(line, "\"displayName\""))
		buf_add(&buf, STR(" \"displayName\": \"Example\","));
	if (!strstr(line, "\"domains\""))
		buf_add(&buf, STR(" \"domains\": [\"a.example\"],"));
	buf_addf(&buf, "\n%s", line);
	if (servers)
		buf_addf(&buf, "%s\n%s", *line ? "," : "", MAIL_SERVERS);
	buf_add(&buf, STR("}]}\n"));
	text = buf_take(&buf, NULL);
	assert_non_null(text);
	return text;
}

struct finding_row {
	int line;
	const char *text, *findings;
};

static void check_findings(struct unit *unit, const struct finding_row *rows, size_t count,
			   bool servers)
{
	for (size_t i = 0; i < count; i++) {
		char *text = with_line(rows[i].text, servers);
		struct loaded loaded;

		load(unit, text, &loaded);
		unload(&loaded);
		free(text);
		ROW_STR(&rows[i], str_of(unit_findings(unit)), rows[i].findings);
	}
}

/* --- What is read --------------------------------------------------------------------- */

static const char everything[] =
	"{\"$schema\": \"x.schema.json\", \"//\": \"a comment\", \"providers\": [{\n"
	"\"//\": [\"any\", 1],\n"
	"\"id\": \"Example.COM\", \"displayName\": \"Example Mail\",\n"
	"\"displayShortName\": \"Example\", \"domains\": [\"B\xc3\xbc"
	"cher.example\"],\n"
	"\"incomingServers\": [\n"
	" {\"type\": \"pop3\", \"hostname\": \"POP.Example.com.\", \"port\": 995,\n"
	"  \"socketType\": \"SSL\", \"authentication\": [\"sasl:PLAIN\", \"GSSAPI\"],\n"
	"  \"username\": \"%EMAILLOCALPART%\", \"useGlobalPreferredServer\": true,\n"
	"  \"pop3\": {\"leaveMessagesOnServer\": true, \"daysToLeaveMessagesOnServer\": 14,\n"
	"   \"downloadOnBiff\": false, \"checkInterval\": 15},\n"
	"  \"notes\": [{\"lang\": \"de\", \"text\": \"Gr\xc3\xbc\xc3\x9f"
	"e\"}], \"off\": \"why\"},\n"
	" {\"type\": \"imap\", \"hostname\": \"imap.%EMAILDOMAIN%\", \"port\": 143,\n"
	"  \"socketType\": \"STARTTLS\", \"authentication\": [\"password-cleartext\"],\n"
	"  \"username\": \"%EMAILADDRESS%\"},\n"
	" {\"type\": \"jmap\", \"url\": \"https://jmap.example.com/.well-known/jmap\",\n"
	"  \"authentication\": [\"http:Basic\"], \"username\": \"%EMAILADDRESS%\"},\n"
	" {\"type\": \"exchange\", \"hostname\": \"ex.example.com\",\n"
	"  \"authentication\": [\"NTLM\"], \"username\": \"%EMAILADDRESS%\",\n"
	"  \"owaURL\": \"https://ex.example.com/owa\", \"ewsURL\": \"https://ex.example.com/e\",\n"
	"  \"easURL\": \"https://ex.example.com/a\"}],\n"
	"\"outgoingServers\": [\n"
	" {\"type\": \"smtp\", \"hostname\": \"smtp.example.com\", \"port\": 587,\n"
	"  \"socketType\": \"STARTTLS\", \"authentication\": [\"password-cleartext\"],\n"
	"  \"username\": \"%EMAILADDRESS%\", \"restriction\": \"client-IP-address\",\n"
	"  \"addThisServer\": true, \"useGlobalPreferredServer\": false},\n"
	" {\"type\": \"smtp\", \"hostname\": \"smtp.example.com\", \"port\": 465,\n"
	"  \"socketType\": \"SSL\", \"authentication\": [\"password-cleartext\"],\n"
	"  \"username\": \"%EMAILLOCALPART%\"}],\n"
	"\"calendars\": [{\"type\": \"caldav\", \"url\": \"https://dav.example.com/c\",\n"
	"  \"authentication\": [\"http:Digest\"], \"username\": \"%EMAILADDRESS%\"}],\n"
	"\"addressBooks\": [{\"type\": \"carddav\", \"url\": \"https://dav.example.com/a\",\n"
	"  \"authentication\": [\"http:Basic\"]}],\n"
	"\"fileShares\": [{\"type\": \"webdav\", \"url\": \"https://dav.example.com/f\",\n"
	"  \"authentication\": [\"http:Basic\"]}],\n"
	"\"setupServers\": [{\"type\": \"managesieve\", \"hostname\": \"sieve.example.com\",\n"
	"  \"port\": 4190, \"socketType\": \"STARTTLS\", \"authentication\": [\"sasl:PLAIN\"]}],\n"
	"\"documentation\": [{\"url\": \"http://example.com/help\",\n"
	"  \"descr\": [{\"lang\": \"en\", \"text\": \"Help\"}, {\"text\": \"Hilfe\"}]}],\n"
	"\"enable\": [{\"visiturl\": \"https://example.com/on\",\n"
	"  \"instruction\": [{\"lang\": \"en\", \"text\": \"Switch it on\"}]}],\n"
	"\"inputFields\": [{\"key\": \"USERNAME\", \"label\": \"Screen name\", \"text\": \"x\"}],\n"
	"\"webMail\": {\"loginPage\": \"https://example.com/mail\", \"loginPageInfo\": {\n"
	"  \"url\": \"https://example.com/login\", \"username\": \"%EMAILADDRESS%\",\n"
	"  \"waitForRedirectionURLPrefix\": \"https://example.com/in\",\n"
	"  \"usernameField\": {\"id\": \"u\"}, \"passwordField\": {\"name\": \"p\"},\n"
	"  \"loginButton\": {\"id\": \"b\", \"name\": \"n\"}}},\n"
	"\"oAuth2\": {\"issuer\": \"example.com\", \"scope\": \"a b\",\n"
	"  \"authURL\": \"https://example.com/auth\",\n"
	"  \"tokenURL\": \"https://example.com/token\",\n"
	"  \"clientID\": \"id\"},\n"
	"\"clientConfigUpdate\": \"https://example.com/update\",\n"
	"\"limits\": {\"mailboxMegabytes\": 700, \"messageMegabytes\": 10,\n"
	"  \"recipientsPerMessage\": 100},\n"
	"\"notes\": [{\"text\": \"Note\"}]\n"
	"}]}\n";

static void all_members(void **state)
{
	struct unit *unit = *state;
	struct loaded loaded;
	const struct provider *provider;
	const struct server *servers;

	load(unit, everything, &loaded);
	assert_int_equal(diags_errors(unit->diags), 0);
	assert_int_equal(loaded.table.provider_count, 1);
	provider = loaded.table.providers[0];
	assert_str(provider->id, "Example.COM"); /* as written */
	assert_str(provider->display_name, "Example Mail");
	assert_str(provider->display_short_name, "Example");
	assert_str(provider->format_version, "1.2");

	/* the one that is off stands behind the others */
	servers = provider->incoming_servers.items;
	assert_int_equal(provider->incoming_servers.count, 3);
	assert_int_equal(provider->incoming_servers.total, 4);
	assert_str(servers[0].type, "imap");
	assert_str(servers[0].hostname, "imap.%EMAILDOMAIN%");
	assert_int_equal(servers[0].port, 143);
	assert_str(servers[0].socket_type, "STARTTLS");
	assert_int_equal(servers[0].use_global_preferred_server, FLAG_NOT_GIVEN);
	assert_null(servers[0].pop3);
	assert_str(servers[1].url, "https://jmap.example.com/.well-known/jmap");
	assert_int_equal(servers[1].port, 0);
	assert_str(servers[2].owa_url, "https://ex.example.com/owa");
	assert_str(servers[2].ews_url, "https://ex.example.com/e");
	assert_str(servers[2].eas_url, "https://ex.example.com/a");
	assert_str(servers[3].hostname, "pop.example.com");
	assert_str(servers[3].off, "why");
	assert_int_equal(servers[3].use_global_preferred_server, FLAG_TRUE);
	assert_non_null(servers[3].pop3);
	assert_int_equal(servers[3].pop3->leave_messages_on_server, FLAG_TRUE);
	assert_int_equal(servers[3].pop3->days_to_leave_messages_on_server, 14);
	assert_int_equal(servers[3].pop3->download_on_biff, FLAG_FALSE);
	assert_int_equal(servers[3].pop3->check_interval, 15);
	assert_int_equal(servers[3].notes.count, 1);
	assert_str(((const struct localized *)servers[3].notes.items)->text,
		   "Gr\xc3\xbc\xc3\x9f" "e");

	servers = provider->outgoing_servers.items;
	assert_int_equal(provider->outgoing_servers.count, 2);
	assert_str(servers[0].restriction, "client-IP-address");
	assert_int_equal(servers[0].add_this_server, FLAG_TRUE);
	assert_int_equal(servers[0].use_global_preferred_server, FLAG_FALSE);
	assert_int_equal(servers[0].same_login, FLAG_TRUE);
	assert_int_equal(servers[1].same_login, FLAG_FALSE);
	assert_str(servers[1].preferred_authentication, "password-cleartext");

	assert_int_equal(provider->calendars.count, 1);
	assert_int_equal(provider->address_books.count, 1);
	assert_int_equal(provider->file_shares.count, 1);
	assert_int_equal(provider->setup_servers.count, 1);
	assert_int_equal(provider->documentation.count, 1);
	assert_int_equal(((const struct documentation *)provider->documentation.items)->descr.count,
			 2);
	assert_str(((const struct enable *)provider->enable.items)->visit_url,
		   "https://example.com/on");
	assert_str(((const struct input_field *)provider->input_fields.items)->label,
		   "Screen name");
	assert_str(provider->web_mail->login_page_info->login_button->name, "n");
	assert_str(provider->web_mail->login_page_info->password_field->id, "");
	assert_str(provider->oauth2->client_id, "id");
	assert_str(provider->client_config_update, "https://example.com/update");
	assert_int_equal(provider->limits->mailbox_megabytes, 700);
	assert_int_equal(provider->limits->recipients_per_message, 100);
	assert_int_equal(provider->notes.count, 1);

	/* what was for the load alone is gone */
	assert_null(provider->domains);
	assert_null(provider->mail_exchangers);
	assert_str(provider->domains_file, "");
	unload(&loaded);
}

static void authentication_words(void **state)
{
	struct unit *unit = *state;
	struct loaded loaded;
	const struct server *server;
	const struct authentication *methods;

	load(unit, everything, &loaded);
	server = (const struct server *)loaded.table.providers[0]->incoming_servers.items + 3;
	methods = server->authentication.items;
	assert_int_equal(server->authentication.count, 2);
	assert_str(methods[0].system, "sasl");
	assert_str(methods[0].name, "PLAIN");
	assert_str(methods[1].system, "");
	assert_str(methods[1].name, "GSSAPI");
	unload(&loaded);
}

/* The file's text is gone when the table is there: nothing points into it. */
static void least_table(void **state)
{
	struct unit *unit = *state;
	struct loaded loaded;
	char *text = with_line("", true);

	load(unit, text, &loaded);
	free(text);
	assert_string_equal(unit_findings(unit), "");
	assert_str(loaded.table.providers[0]->id, "example.com");
	assert_str(loaded.table.providers[0]->display_short_name, "Example");
	assert_str(loaded.table.providers[0]->format_version, "1.1");
	assert_true(provider_is_answered(loaded.table.providers[0]));
	assert_null(loaded.table.providers[0]->oauth2);
	assert_null(loaded.table.providers[0]->web_mail);
	assert_null(loaded.table.providers[0]->limits);
	unload(&loaded);
}

static void short_names(void **state)
{
	static const struct {
		int line;
		const char *text, *name;
	} rows[] = {
		{ __LINE__, "\"displayName\": \"Twenty characters ab\"", "Twenty characters ab" },
		{ __LINE__, "\"displayName\": \"Twenty characters abc\"", "Twenty characters ab" },
		{ __LINE__, "\"displayName\": \"Nineteen characters and\"", "Nineteen characters" },
		{ __LINE__,
		  "\"displayName\": \"\xc3\xa4\xc3\xb6\xc3\xbc\xc3\xa4\xc3\xb6\xc3\xbc"
		  "\xc3\xa4\xc3\xb6\xc3\xbc\xc3\xa4\xc3\xb6\xc3\xbc\xc3\xa4\xc3\xb6\xc3"
		  "\xbc\xc3\xa4\xc3\xb6\xc3\xbc\xc3\xa4\xc3\xb6\xc3\xbc\"",
		  "\xc3\xa4\xc3\xb6\xc3\xbc\xc3\xa4\xc3\xb6\xc3\xbc\xc3\xa4\xc3\xb6\xc3\xbc\xc3\xa4"
		  "\xc3\xb6\xc3\xbc\xc3\xa4\xc3\xb6\xc3\xbc\xc3\xa4\xc3\xb6\xc3\xbc"
		  "\xc3\xa4\xc3\xb6" },
		{ __LINE__, "\"displayName\": \"Mail of %EMAILDOMAIN%\"", "example.com" },
		{ __LINE__, "\"displayName\": \"Long name\", \"displayShortName\": \"Given\"",
		  "Given" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		char *text = with_line(rows[i].text, true);
		struct loaded loaded;

		load(*state, text, &loaded);
		free(text);
		ROW_STR(&rows[i], loaded.table.providers[0]->display_short_name, rows[i].name);
		unload(&loaded);
	}
}

/* What makes a document one of version 1.2. */
static void versions(void **state)
{
#define SECTION(name, type) "\"" name "\": [{\"type\": \"" type \
	"\", \"url\": \"https://example.com/\", \"authentication\": [\"http:Basic\"], " \
	"\"username\": \"%EMAILADDRESS%\""
	static const struct {
		int line;
		const char *text, *version;
	} rows[] = {
		{ __LINE__, MAIL_SERVERS, "1.1" },
		{ __LINE__, MAIL_SERVERS ", " SECTION("calendars", "caldav") "}]", "1.2" },
		{ __LINE__, MAIL_SERVERS ", " SECTION("calendars", "caldav") ", \"off\": \"x\"}]",
		  "1.1" },
		{ __LINE__, MAIL_SERVERS ", " SECTION("addressBooks", "carddav") "}]", "1.2" },
		{ __LINE__, MAIL_SERVERS ", " SECTION("fileShares", "webdav") "}]", "1.2" },
		{ __LINE__, SECTION("incomingServers", "jmap") "}]", "1.2" },
		{ __LINE__, MAIL_SERVERS ", \"oAuth2\": {\"issuer\": \"i\", \"scope\": \"s\"}",
		  "1.1" },
		{ __LINE__, MAIL_SERVERS ", \"oAuth2\": {\"issuer\": \"i\", \"scope\": \"s\", "
					 "\"clientID\": \"c\"}", "1.2" },
		{ __LINE__, "\"incomingServers\": [{\"type\": \"imap\", \"hostname\": \"a.b\", "
			    "\"port\": 993, \"socketType\": \"SSL\", \"username\": \"x\", "
			    "\"authentication\": [\"sasl:PLAIN\"]}]", "1.2" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct unit *unit = *state;
		char *text = with_line(rows[i].text, false);
		struct loaded loaded;

		load(unit, text, &loaded);
		free(text);
		ROW_INT(&rows[i], diags_errors(unit->diags), 0);
		ROW_STR(&rows[i], loaded.table.providers[0]->format_version, rows[i].version);
		unload(&loaded);
	}
}

/* --- What is refused, and how --------------------------------------------------------- */

static void documents(void **state)
{
	static const struct finding_row rows[] = {
		{ __LINE__, "[]", "t.json:1:1: error: expected an object, found a list\n" },
		{ __LINE__, "{}", "t.json:1:1: error: the table lacks \"providers\"\n" },
		{ __LINE__, "{\"providers\": {}}",
		  "t.json:1:15: error: \"providers\": expected a list, found an object\n" },
		{ __LINE__, "{\"providers\": [7]}",
		  "t.json:1:16: error: expected an object, found 7\n" },
		{ __LINE__, "{\"provider\": []}",
		  "t.json:1:1: error: the table lacks \"providers\"\n"
		  "t.json:1:2: error: unknown key \"provider\" in the table\n"
		  "    did you mean \"providers\"?\n" },
		{ __LINE__, "{\n\"providers\": [], \"x\": 1}",
		  "t.json:2:18: error: unknown key \"x\" in the table\n"
		  "    expected one of $schema, providers\n" },
		{ __LINE__, "{\"providers\": [{\"id\": \"a.b\"}]}",
		  "t.json:1:16: error: provider lacks \"displayName\"\n" },
		{ __LINE__, "{\"providers\": []", NULL },
	};
	struct unit *unit = *state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct loaded loaded;

		load(unit, rows[i].text, &loaded);
		unload(&loaded);
		if (rows[i].findings)
			ROW_STR(&rows[i], str_of(unit_findings(unit)), rows[i].findings);
		ROW_TRUE(&rows[i], diags_errors(unit->diags) > 0);
	}
}

static void members(void **state)
{
	static const struct finding_row rows[] = {
		/* keys */
		{ __LINE__, "\"domain\": [\"a.b\"]",
		  "t.json:3:1: error: unknown key \"domain\" in provider\n"
		  "    did you mean \"domains\"?\n" },
		{ __LINE__, "\"password\": \"x\"",
		  "t.json:3:1: error: \"password\" has no place in a table: all of it may be read "
		  "by everybody\n    remove it; the user types the password\n" },
		{ __LINE__,
		  "\"oAuth2\": {\"issuer\": \"i\", \"scope\": \"s\", \"clientSecret\": 1}",
		  "t.json:3:41: error: \"clientSecret\" has no place in a table: all of it may be "
		  "read by everybody\n    remove it; the user types the password\n" },
		{ __LINE__, "\"limits\": {\"mailbox\": 1}",
		  "t.json:3:12: error: unknown key \"mailbox\" in limits\n"
		  "    expected one of mailboxMegabytes, messageMegabytes, "
		  "recipientsPerMessage\n" },
		{ __LINE__, "\"oAuth2\": {\"scope\": \"s\"}",
		  "t.json:3:11: error: oAuth2 lacks \"issuer\"\n" },
		/* texts */
		{ __LINE__, "\"displayName\": 7",
		  "t.json:3:16: error: \"displayName\": expected a text, found 7\n" },
		{ __LINE__, "\"displayName\": \"\"",
		  "t.json:3:16: error: \"displayName\": expected a text, found an empty one\n" },
		{ __LINE__, "\"displayName\": null",
		  "t.json:3:16: error: \"displayName\": expected a text, found null\n" },
		{ __LINE__, "\"displayName\": \" x\"",
		  "t.json:3:16: error: \"displayName\": character 1 is U+0020, a space\n" },
		{ __LINE__, "\"displayName\": \"x \"",
		  "t.json:3:16: error: \"displayName\": character 2 is U+0020, a space\n" },
		{ __LINE__, "\"displayName\": \"x\\ny\"",
		  "t.json:3:16: error: \"displayName\": character 2 is U+000A, a line feed\n" },
		{ __LINE__, "\"displayName\": \"x\\u202ey\"",
		  "t.json:3:16: error: \"displayName\": character 2 is U+202E, a control "
		  "character\n" },
		{ __LINE__,
		  "\"displayName\": "
		  "\"0123456789012345678901234567890123456789012345678901234567890\"",
		  "t.json:3:16: error: \"displayName\": expected at most 60 characters, found "
		  "61\n" },
		{ __LINE__,
		  "\"displayShortName\": \"\xc3\xa4"
		  "12345678901234567890\"",
		  "t.json:3:21: error: \"displayShortName\": expected at most 20 characters, found "
		  "21\n" },
		{ __LINE__, "\"displayName\": \"%EMAILDOMAIN\"",
		  "t.json:3:16: error: \"displayName\": placeholder \"%EMAILDOMAIN\" lacks its "
		  "closing \"%\"\n" },
		{ __LINE__, "\"displayName\": \"a\\u00a0b\xe2\x80\x99\"", "" },
		{ __LINE__, "\"notes\": [{\"lang\": \"en\"}]",
		  "t.json:3:11: error: text lacks \"text\"\n" },
		{ __LINE__, "\"notes\": [\"x\"]",
		  "t.json:3:11: error: expected an object, found \"x\"\n" },
		{ __LINE__, "\"notes\": {}",
		  "t.json:3:10: error: \"notes\": expected a list, found an object\n" },
		/* numbers */
		{ __LINE__, "\"limits\": {\"messageMegabytes\": 0}",
		  "t.json:3:32: error: \"messageMegabytes\": expected a whole number from 1 to "
		  "1000000, found 0\n" },
		{ __LINE__, "\"limits\": {\"messageMegabytes\": -1}",
		  "t.json:3:32: error: \"messageMegabytes\": expected a whole number from 1 to "
		  "1000000, found -1\n" },
		{ __LINE__, "\"limits\": {\"messageMegabytes\": 1000001}",
		  "t.json:3:32: error: \"messageMegabytes\": expected a whole number from 1 to "
		  "1000000, found 1000001\n" },
		{ __LINE__, "\"limits\": {\"messageMegabytes\": 4294967297}",
		  "t.json:3:32: error: \"messageMegabytes\": expected a whole number from 1 to "
		  "1000000, found 4294967297\n" },
		{ __LINE__, "\"limits\": {\"messageMegabytes\": 1.5}",
		  "t.json:3:32: error: \"messageMegabytes\": expected a whole number from 1 to "
		  "1000000, found 1.5\n" },
		{ __LINE__, "\"limits\": {\"messageMegabytes\": \"10\"}",
		  "t.json:3:32: error: \"messageMegabytes\": expected a whole number from 1 to "
		  "1000000, found \"10\"\n" },
		{ __LINE__, "\"limits\": {\"messageMegabytes\": 1000000}", "" },
		{ __LINE__, "\"limits\": 7",
		  "t.json:3:11: error: \"limits\": expected an object, found 7\n" },
		/* web addresses */
		{ __LINE__, "\"clientConfigUpdate\": \"https://example.com/x?y=%EMAILADDRESS%\"",
		  "" },
		{ __LINE__, "\"clientConfigUpdate\": \"http://example.com/\"",
		  "t.json:3:23: error: \"clientConfigUpdate\": expected a web address that starts "
		  "with https://, found \"http://example.com/\"\n" },
		{ __LINE__, "\"documentation\": [{\"url\": \"http://example.com:8080\"}]", "" },
		{ __LINE__, "\"documentation\": [{\"url\": \"ftp://example.com/\"}]",
		  "t.json:3:27: error: \"url\": expected a web address that starts with https:// "
		  "or http://, found \"ftp://example.com/\"\n" },
		{ __LINE__, "\"documentation\": [{\"url\": \"javascript:alert(1)\"}]",
		  "t.json:3:27: error: \"url\": expected a web address that starts with https:// "
		  "or http://, found \"javascript:alert(1)\"\n" },
		{ __LINE__, "\"documentation\": [{\"url\": 7}]",
		  "t.json:3:27: error: \"url\": expected a web address that starts with https:// "
		  "or http://, found 7\n" },
		{ __LINE__, "\"documentation\": [{\"url\": \"https://\"}]",
		  "t.json:3:27: error: \"url\": expected a host name behind \"://\", found "
		  "\"https://\"\n" },
		{ __LINE__, "\"documentation\": [{\"url\": \"https://exa_mple.com/\"}]",
		  "t.json:3:27: error: \"url\": expected a host name behind \"://\", found "
		  "\"https://exa_mple.com/\"\n" },
		{ __LINE__, "\"documentation\": [{\"url\": \"https://ann:x@example.com/\"}]",
		  "t.json:3:27: error: \"url\": a user name or password has no place in a web "
		  "address\n" },
		{ __LINE__, "\"documentation\": [{\"url\": \"https://example.com/@x\"}]", "" },
		{ __LINE__, "\"documentation\": [{\"url\": \"https://example.com/a b\"}]",
		  "t.json:3:27: error: \"url\": character 22 is U+0020, a space\n" },
		{ __LINE__, "\"documentation\": [{\"url\": \"https://example.com/\\u00a0\"}]",
		  "t.json:3:27: error: \"url\": character 21 is U+00A0, a no-break space\n" },
		{ __LINE__, "\"documentation\": [{\"url\": \"https://example.com/%EMAILADRESS%\"}]",
		  "t.json:3:27: error: \"url\": unknown placeholder \"%EMAILADRESS%\"\n"
		  "    did you mean \"%EMAILADDRESS%\"?\n" },
		{ __LINE__, "\"documentation\": [{\"url\": \"https://example.com/%C3%A4\"}]", "" },
		/* domains */
		{ __LINE__, "\"domains\": \"a.b\"",
		  "t.json:3:12: error: \"domains\": expected a list of domain names, found "
		  "\"a.b\"\n" },
		{ __LINE__, "\"domains\": [\"a.b\", 7]",
		  "t.json:3:20: error: \"domains\": expected a domain name, found 7\n" },
		{ __LINE__, "\"domains\": [\"\"]",
		  "t.json:3:13: error: \"domains\": expected a domain name, found \"\"\n" },
		{ __LINE__, "\"domains\": [\"a.b\\u00a0\"]",
		  "t.json:3:13: error: \"domains\": character 4 is U+00A0, a no-break space\n" },
		{ __LINE__, "\"domains\": [\"a_b.c\"]",
		  "t.json:3:13: error: \"domains\": expected a domain name of letters, digits, "
		  "hyphens and dots, found \"a_b.c\"\n" },
		{ __LINE__, "\"domains\": [\"a.*.b\"]",
		  "t.json:3:13: error: \"domains\": expected a domain name of letters, digits, "
		  "hyphens and dots, found \"a.*.b\"\n" },
		{ __LINE__, "\"domains\": [\"*.\"]",
		  "t.json:3:13: error: \"domains\": expected a domain name, found \"*.\"\n" },
		{ __LINE__, "\"domains\": [\"192.0.2.1\"]",
		  "t.json:3:13: error: \"domains\": expected a domain name and no IP address, found "
		  "\"192.0.2.1\"\n" },
		{ __LINE__, "\"domains\": [\"localhost\"]", "" },
		/* input fields */
		{ __LINE__, "\"inputFields\": [{\"key\": \"MY NAME\", \"label\": \"l\"}]",
		  "t.json:3:25: error: \"key\": character 3 is U+0020, a space\n" },
		{ __LINE__, "\"inputFields\": [{\"key\": \"EMAILADDRESS\", \"label\": \"l\"}]",
		  "t.json:3:25: error: \"key\": %EMAILADDRESS% is a placeholder already\n" },
		{ __LINE__, "\"inputFields\": [{\"key\": \"a%b\", \"label\": \"l\"}]",
		  "t.json:3:25: error: \"key\": expected a word without \"%\", found \"a%b\"\n" },
	};
	static const struct finding_row derived[] = {
		{ __LINE__, "\"formatVersion\": \"1.1\"",
		  "t.json:3:1: error: unknown key \"formatVersion\" in provider\n" },
	};
	struct unit *unit = *state;

	check_findings(unit, rows, COUNT(rows), true);
	/* derived members are none of the table's; only the first line is compared */
	for (size_t i = 0; i < COUNT(derived); i++) {
		char *text = with_line(derived[i].text, true);
		struct loaded loaded;
		struct str first;

		load(unit, text, &loaded);
		unload(&loaded);
		free(text);
		first = str_of(unit_findings(unit));
		ROW_TRUE(&derived[i], str_starts(first, str_of(derived[i].findings)));
	}
}

/* `text` is the id; `findings` is NULL where any will do. */
static void check_ids(struct unit *unit, const struct finding_row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct buf buf = BUF_EMPTY;
		struct loaded loaded;
		char *text;

		buf_addf(&buf,
			 "{\"providers\": [{\n\"id\": %s,\n\"displayName\": \"x\", "
			 "\"domains\": [\"a.example\"],\n%s}]}\n",
			 rows[i].text, MAIL_SERVERS);
		text = buf_take(&buf, NULL);
		load(unit, text, &loaded);
		unload(&loaded);
		free(text);
		if (rows[i].findings)
			ROW_STR(&rows[i], str_of(unit_findings(unit)), rows[i].findings);
		else
			ROW_TRUE(&rows[i], diags_errors(unit->diags) > 0);
	}
}

/* An id stands for the provider in all answers: a literal host name. */
static void ids(void **state)
{
	static const struct finding_row rows[] = {
		{ __LINE__, "\"example.com\"", "" },
		{ __LINE__, "\"EXAMPLE.com.\"", "" },
		{ __LINE__,
		  "\"b\xc3\xbc"
		  "cher.example\"",
		  "" },
		{ __LINE__, "\"MessagingEngine\"", "" },
		{ __LINE__, "\"192.0.2.1\"",
		  "t.json:2:7: error: \"id\": expected a host name of letters, digits, hyphens and "
		  "dots, found \"192.0.2.1\"\n" },
		{ __LINE__, "\"example.com:443\"",
		  "t.json:2:7: error: \"id\": expected a host name of letters, digits, hyphens and "
		  "dots, found \"example.com:443\"\n" },
		{ __LINE__, "\"example.com\\u200b\"",
		  "t.json:2:7: error: \"id\": character 12 is U+200B, a zero width space\n" },
		{ __LINE__, "\"\"",
		  "t.json:2:7: error: \"id\": expected a host name, found \"\"\n" },
		{ __LINE__, "7", "t.json:2:7: error: \"id\": expected a host name, found 7\n" },
		{ __LINE__, "\"%EMAILADDRESS%\"", NULL },
		{ __LINE__, "\"%EMAILDOMIAN%.example.com\"", NULL },
	};

	check_ids(*state, rows, COUNT(rows));
}

/* Programs take an id as it is. */
static void ids_with_placeholders(void **state)
{
	static const struct finding_row rows[] = {
		{ __LINE__, "\"%EMAILDOMAIN%\"", NULL },
		{ __LINE__, "\"mail.%EMAILDOMAIN%\"", NULL },
	};

	check_ids(*state, rows, COUNT(rows));
}

#define IN(server) "\"incomingServers\": [" server "], \"outgoingServers\": [" SMTP "]"
#define IMAP_WITH(hostname, port, socket, authentication, username)                      \
	"{\"type\": \"imap\", \"hostname\": " hostname ", \"port\": " port                 \
	", \"socketType\": " socket ", \"authentication\": " authentication                \
	", \"username\": " username "}"

static void servers(void **state)
{
	static const struct finding_row rows[] = {
		{ __LINE__, IN("7"),
		  "t.json:3:21: error: expected an object, found 7\n" },
		{ __LINE__, IN("{}"), "t.json:3:21: error: server lacks \"type\"\n" },
		{ __LINE__, IN("{\"type\": \"imapp\"}"),
		  "t.json:3:30: error: \"type\": expected one of imap, pop3, smtp, jmap, ews, "
		  "activeSync, graph, exchange, owa, caldav, carddav, webdav, managesieve, found "
		  "\"imapp\"\n    did you mean \"imap\"?\n" },
		{ __LINE__, IN("{\"type\": \"IMAP\"}"),
		  "t.json:3:30: error: \"type\": expected one of imap, pop3, smtp, jmap, ews, "
		  "activeSync, graph, exchange, owa, caldav, carddav, webdav, managesieve, found "
		  "\"IMAP\"\n    did you mean \"imap\"?\n" },
		{ __LINE__, IN("{\"type\": \"imap\"}"),
		  "t.json:3:21: error: server of type \"imap\" lacks \"hostname\"\n"
		  "t.json:3:21: error: server of type \"imap\" lacks \"port\"\n"
		  "t.json:3:21: error: server of type \"imap\" lacks \"socketType\"\n"
		  "t.json:3:21: error: server of type \"imap\" lacks \"authentication\"\n" },
		{ __LINE__,
		  IN("{\"type\": \"jmap\", \"hostname\": \"a.b\", \"port\": 1, "
		     "\"socketType\": \"SSL\", \"authentication\": [\"OAuth2\"], "
		     "\"username\": \"x\"}"),
		  "t.json:3:21: error: server of type \"jmap\" lacks \"url\"\n"
		  "t.json:3:38: error: \"hostname\" does not belong to a server of type \"jmap\"\n"
		  "t.json:3:57: error: \"port\" does not belong to a server of type \"jmap\"\n"
		  "t.json:3:68: error: \"socketType\" does not belong to a server of type "
		  "\"jmap\"\n" },
		{ __LINE__, IN("{\"type\": \"exchange\"}"),
		  "t.json:3:21: error: server of type \"exchange\" lacks \"hostname\"\n"
		  "t.json:3:21: error: server of type \"exchange\" lacks \"authentication\"\n" },
		{ __LINE__, IN("{\"type\": \"smtp\"}"),
		  "t.json:3:30: error: \"type\": a server of type \"smtp\" does not belong to "
		  "\"incomingServers\"; expected one of imap, pop3, jmap, ews, activeSync, graph, "
		  "exchange, owa\n" },
		/* single members */
		{ __LINE__, IN(IMAP_WITH("\"imap\"", "993", "\"SSL\"", "[\"OAuth2\"]", "\"x\"")),
		  "t.json:3:50: error: \"hostname\": expected a full host name such as "
		  "\"mail.example.com\", found \"imap\"\n" },
		{ __LINE__,
		  IN(IMAP_WITH("\"%EMAILADDRESS%.b\"", "993", "\"SSL\"", "[\"password-cleartext\"]",
			       "\"x\"")),
		  "t.json:3:50: error: \"hostname\": \"%EMAILADDRESS%\" has no place in a host "
		  "name: expected \"%EMAILDOMAIN%\" or none\n" },
		{ __LINE__,
		  IN(IMAP_WITH("\"a_.%EMAILDOMAIN%\"", "993", "\"SSL\"", "[\"password-cleartext\"]",
			       "\"x\"")),
		  "t.json:3:50: error: \"hostname\": expected a host name of letters, digits, "
		  "hyphens and dots, found \"a_.%EMAILDOMAIN%\"\n" },
		{ __LINE__, IN(IMAP_WITH("\"a%20.b\"", "993", "\"SSL\"", "[\"OAuth2\"]", "\"x\"")),
		  "t.json:3:50: error: \"hostname\": expected a host name of letters, digits, "
		  "hyphens and dots, found \"a%20.b\"\n" },
		{ __LINE__,
		  IN(IMAP_WITH("\"%EMAILDOMIAN%\"", "993", "\"SSL\"", "[\"OAuth2\"]", "\"x\"")),
		  "t.json:3:50: error: \"hostname\": unknown placeholder \"%EMAILDOMIAN%\"\n"
		  "    did you mean \"%EMAILDOMAIN%\"?\n" },
		{ __LINE__, IN(IMAP_WITH("\"a.b\"", "65536", "\"SSL\"", "[\"OAuth2\"]", "\"x\"")),
		  "t.json:3:65: error: \"port\": expected a whole number from 1 to 65535, found "
		  "65536\n" },
		{ __LINE__, IN(IMAP_WITH("\"a.b\"", "993", "\"TLS\"", "[\"OAuth2\"]", "\"x\"")),
		  "t.json:3:84: error: \"socketType\": expected one of SSL, STARTTLS, plain, found "
		  "\"TLS\"\n" },
		{ __LINE__, IN(IMAP_WITH("\"a.b\"", "993", "\"STARTLS\"", "[\"OAuth2\"]", "\"x\"")),
		  "t.json:3:84: error: \"socketType\": expected one of SSL, STARTTLS, plain, found "
		  "\"STARTLS\"\n    did you mean \"STARTTLS\"?\n" },
		{ __LINE__, IN(IMAP_WITH("\"a.b\"", "993", "\"SSL\"", "[]", "\"x\"")),
		  "t.json:3:109: error: \"authentication\": expected a list with at least one way "
		  "to log in, found an empty list\n" },
		{ __LINE__, IN(IMAP_WITH("\"a.b\"", "993", "\"SSL\"", "\"OAuth2\"", "\"x\"")),
		  "t.json:3:109: error: \"authentication\": expected a list with at least one way "
		  "to log in, found \"OAuth2\"\n" },
		{ __LINE__,
		  IN(IMAP_WITH("\"a.b\"", "993", "\"SSL\"", "[\"none\", \"plain\"]", "\"x\"")),
		  "t.json:3:118: error: \"authentication\": expected one of password-cleartext, "
		  "password-encrypted, OAuth2, NTLM, GSSAPI, TLS-client-cert, client-IP-address, "
		  "none, http:Basic, http:Digest, sasl:NAME, found \"plain\"\n" },
		{ __LINE__, IN(IMAP_WITH("\"a.b\"", "993", "\"SSL\"", "[\"http:Basic\"]", "\"x\"")),
		  "t.json:3:110: error: \"authentication\": \"http:Basic\" does not belong to a "
		  "server of type \"imap\"; expected one without \"http:\"\n" },
		{ __LINE__,
		  IN("{\"type\": \"jmap\", \"url\": \"https://a.b/\", "
		     "\"authentication\": [\"password-cleartext\"], \"username\": \"x\"}"),
		  "t.json:3:80: error: \"authentication\": \"password-cleartext\" does not belong "
		  "to a server of type \"jmap\"; expected OAuth2, http:Basic or http:Digest\n" },
		/* user names */
		{ __LINE__,
		  IN(IMAP_WITH("\"a.b\"", "993", "\"SSL\"", "[\"password-cleartext\"]",
			       "\"a\\u00a0b\"")),
		  "t.json:3:145: error: \"username\": character 2 is U+00A0, a no-break space\n" },
		{ __LINE__,
		  IN(IMAP_WITH("\"a.b\"", "993", "\"SSL\"", "[\"password-cleartext\"]",
			       "\"a b\"")),
		  "t.json:3:145: error: \"username\": character 2 is U+0020, a space\n" },
		{ __LINE__,
		  IN(IMAP_WITH("\"a.b\"", "993", "\"SSL\"", "[\"password-cleartext\"]",
			       "\"%emailaddress%\"")),
		  "t.json:3:145: error: \"username\": unknown placeholder \"%emailaddress%\"\n"
		  "    did you mean \"%EMAILADDRESS%\"?\n" },
		{ __LINE__,
		  IN(IMAP_WITH("\"a.b\"", "993", "\"SSL\"", "[\"password-cleartext\"]",
			       "\"%EMAILADRESS%\"")),
		  "t.json:3:145: error: \"username\": unknown placeholder \"%EMAILADRESS%\"\n"
		  "    did you mean \"%EMAILADDRESS%\"?\n" },
		{ __LINE__,
		  IN(IMAP_WITH("\"a.b\"", "993", "\"SSL\"", "[\"password-cleartext\"]",
			       "\"%LOGIN%\"")),
		  "t.json:3:145: error: \"username\": unknown placeholder \"%LOGIN%\"\n"
		  "    expected %EMAILADDRESS%, %EMAILLOCALPART%, %EMAILDOMAIN% or the key of one "
		  "of \"inputFields\"\n" },
		{ __LINE__,
		  "\"inputFields\": [{\"key\": \"LOGIN\", \"label\": \"l\"}], " IN(IMAP_WITH(
			  "\"a.b\"", "993", "\"SSL\"", "[\"password-cleartext\"]", "\"%LOGIN%\"")),
		  "" },
		{ __LINE__,
		  "\"inputFields\": [{\"key\": \"LOGIN\", \"label\": \"l\"}],\n" IN(IMAP_WITH(
			  "\"a.b\"", "993", "\"SSL\"", "[\"password-cleartext\"]",
			  "\"%LOGIN%%OTHER%\"")),
		  "t.json:4:145: error: \"username\": unknown placeholder \"%OTHER%\"\n"
		  "    expected %EMAILADDRESS%, %EMAILLOCALPART%, %EMAILDOMAIN% or the key of one "
		  "of \"inputFields\"\n" },
		{ __LINE__,
		  IN(IMAP_WITH("\"a.b\"", "993", "\"SSL\"", "[\"password-cleartext\"]",
			       "\"%EMAILADDRESS\"")),
		  "t.json:3:145: error: \"username\": placeholder \"%EMAILADDRESS\" lacks its "
		  "closing \"%\"\n" },
	};

	check_findings(*state, rows, COUNT(rows), false);
}

/* "sasl:" needs the name of a mechanism. */
static void sasl_without_name(void **state)
{
	static const struct finding_row rows[] = {
		{ __LINE__, IN(IMAP_WITH("\"a.b\"", "993", "\"SSL\"", "[\"sasl:\"]", "\"x\"")),
		  "t.json:3:110: error: \"authentication\": expected one of password-cleartext, "
		  "password-encrypted, OAuth2, NTLM, GSSAPI, TLS-client-cert, client-IP-address, "
		  "none, http:Basic, http:Digest, sasl:NAME, found \"sasl:\"\n" },
	};

	check_findings(*state, rows, COUNT(rows), false);
}

/* Members that belong to servers of other types. */
static void foreign_members(void **state)
{
	static const struct {
		int line;
		const char *member, *key;
	} rows[] = {
		{ __LINE__, "\"url\": \"https://a.b/\"", "url" },
		{ __LINE__, "\"owaURL\": \"https://a.b/\"", "owaURL" },
		{ __LINE__, "\"ewsURL\": \"https://a.b/\"", "ewsURL" },
		{ __LINE__, "\"easURL\": \"https://a.b/\"", "easURL" },
		{ __LINE__, "\"pop3\": {}", "pop3" },
		{ __LINE__, "\"restriction\": \"client-IP-address\"", "restriction" },
		{ __LINE__, "\"addThisServer\": true", "addThisServer" },
	};
	struct unit *unit = *state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct buf buf = BUF_EMPTY;
		struct loaded loaded;
		char expected[200];
		char *line;
		char *text;

		buf_addf(&buf,
			 "\"outgoingServers\": [%s], \"incomingServers\": [{\n%s,\n"
			 "\"type\": \"imap\", \"hostname\": \"a.b\", \"port\": 993, \"socketType\":"
			 " \"SSL\", \"authentication\": [\"OAuth2\"], \"username\": \"x\"}]",
			 SMTP, rows[i].member);
		line = buf_take(&buf, NULL);
		text = with_line(line, false);
		load(unit, text, &loaded);
		unload(&loaded);
		free(text);
		free(line);
		snprintf(expected, sizeof(expected),
			 "t.json:4:1: error: \"%s\" does not belong to a server of type "
			 "\"imap\"\n", rows[i].key);
		ROW_STR(&rows[i], str_of(unit_findings(unit)), expected);
	}
}

/* Each type in each list. */
static void types_and_sections(void **state)
{
	static const char *const sections[] = {
		"incomingServers", "outgoingServers", "calendars",
		"addressBooks",	   "fileShares",      "setupServers"
	};
	static const struct {
		const char *type;
		size_t section;
	} types[] = {
		{ "imap", 0 },	      { "pop3", 0 },   { "jmap", 0 },	  { "ews", 0 },
		{ "activeSync", 0 },  { "graph", 0 },  { "exchange", 0 }, { "owa", 0 },
		{ "smtp", 1 },	      { "caldav", 2 }, { "carddav", 3 },  { "webdav", 4 },
		{ "managesieve", 5 },
	};
	struct unit *unit = *state;

	for (size_t i = 0; i < COUNT(types); i++) {
		for (size_t j = 0; j < COUNT(sections); j++) {
			struct loaded loaded;
			char line[200];
			char *text;
			bool foreign;

			snprintf(line, sizeof(line), "\"%s\": [{\"type\": \"%s\"}]", sections[j],
				 types[i].type);
			text = with_line(line, false);
			load(unit, text, &loaded);
			unload(&loaded);
			free(text);
			foreign = strstr(unit_findings(unit), "does not belong to \"") != NULL;
			if (foreign != (j != types[i].section))
				fail_msg("%s in %s: %s", types[i].type, sections[j],
					 unit->findings);
		}
	}
}

/* All mistakes at once, in the order of the file. */
static void all_at_once(void **state)
{
	struct unit *unit = *state;
	struct loaded loaded;

	load(unit,
	     "{\"providers\": [\n"
	     " {\"id\": \"a b.c\",\n"
	     "  \"displayName\": 7,\n"
	     "  \"domains\": [\"x y\", \"q.com\", 1]},\n"
	     " {\"id\": \"b.c\", \"displayName\": \"B\",\n"
	     "  \"domains\": [\"q.com\"], \"zzz\": 1}]}\n",
	     &loaded);
	unload(&loaded);
	assert_int_equal(diags_errors(unit->diags), 6);
	assert_non_null(strstr(unit_findings(unit),
			       "t.json:2:9: error: \"id\": character 2 is U+0020, a space\n"
			       "t.json:3:18: error: \"displayName\": expected a text, found 7\n"
			       "t.json:4:15: error: \"domains\": character 2 is U+0020, a space\n"
			       "t.json:4:31: error: \"domains\": expected a domain name, found 1\n"
			       "t.json:6:15: error: domain \"q.com\" belongs to provider"));
	assert_non_null(strstr(unit->findings, "t.json:6:25: error: unknown key \"zzz\""));
}

/* --- Mistakes that should be found ---------------------------------------------------- */

/* A placeholder that nobody replaces is wrong wherever it stands. */
static void unknown_placeholders(void **state)
{
	static const struct finding_row rows[] = {
		{ __LINE__, "\"displayName\": \"Mail of %EMAILDOMIAN%\"",
		  "t.json:3:16: error: \"displayName\": unknown placeholder \"%EMAILDOMIAN%\"\n"
		  "    did you mean \"%EMAILDOMAIN%\"?\n" },
		{ __LINE__, "\"webMail\": {\"loginPageInfo\": {\"url\": \"https://a.b/\", "
			    "\"username\": \"%EMAILADRESS%\"}}",
		  "t.json:3:66: error: \"username\": unknown placeholder \"%EMAILADRESS%\"\n"
		  "    did you mean \"%EMAILADDRESS%\"?\n" },
	};

	check_findings(*state, rows, COUNT(rows), true);
}

/* The host of a web address with a placeholder or an escape in it is a host name too. */
static void hosts_of_patterns(void **state)
{
	static const char *const good[] = {
		"https://%EMAILDOMAIN%/x",
		"https://dav.%EMAILDOMAIN%:8443/x",
	};
	static const char *const bad[] = {
		"https://%/x",		      "https://%20.example.com/",
		"https://a_b.%EMAILDOMAIN%/", "https://%EMAILDOMAIN%:99999/",
		"https://%EMAILADDRESS%/",
	};
	struct unit *unit = *state;

	for (size_t i = 0; i < COUNT(good) + COUNT(bad); i++) {
		bool is_good = i < COUNT(good);
		const char *url = is_good ? good[i] : bad[i - COUNT(good)];
		struct loaded loaded;
		char line[100];
		char *text;

		snprintf(line, sizeof(line), "\"clientConfigUpdate\": \"%s\"", url);
		text = with_line(line, true);
		load(unit, text, &loaded);
		unload(&loaded);
		free(text);
		if (is_good != (diags_errors(unit->diags) == 0))
			fail_msg("%s: %s", url, is_good ? unit_findings(unit) : "accepted");
	}
}

/* Host names are written as A-labels in lower case, also those with a placeholder. */
static void normalised_patterns(void **state)
{
	static const char line[] =
		IN(IMAP_WITH("\"IMAP.b\xc3\xbc" "cher.%EMAILDOMAIN%.\"", "993", "\"SSL\"",
			     "[\"password-cleartext\"]", "\"%EMAILADDRESS%\""));
	struct unit *unit = *state;
	struct loaded loaded;
	char *text = with_line(line, false);
	char hostname[100];
	const struct server *server;

	load(unit, text, &loaded);
	free(text);
	assert_string_equal(unit_findings(unit), "");
	server = loaded.table.providers[0]->incoming_servers.items;
	snprintf(hostname, sizeof(hostname), "%.*s", STR_ARGS(server->hostname));
	unload(&loaded);
	assert_string_equal(hostname, "imap.xn--bcher-kva.%EMAILDOMAIN%");
}

/* --- Warnings ------------------------------------------------------------------------- */

#define OUT(server) "\"incomingServers\": [" IMAP "],\n\"outgoingServers\": [" server "]"
#define PLAIN_POP3                                                                            \
	"{\"type\": \"pop3\", \"hostname\": \"a.b\", \"port\": 110, "                           \
	"\"socketType\": \"plain\", \"authentication\": [\"password-cleartext\"], "             \
	"\"username\": \"x\"}"
#define SECURE_POP3                                                                           \
	"{\"type\": \"pop3\", \"hostname\": \"a.b\", \"port\": 995, "                           \
	"\"socketType\": \"SSL\", \"authentication\": [\"password-cleartext\"], "               \
	"\"username\": \"x\"}"

static void warnings(void **state)
{
	static const struct finding_row rows[] = {
		{ __LINE__, MAIL_SERVERS, "" },
		{ __LINE__, "\"outgoingServers\": [" SMTP "]",
		  "t.json:1:16: warning: provider \"example.com\" has no incoming server that is "
		  "on: nothing is answered for its domains\n" },
		{ __LINE__, "\"incomingServers\": [" IMAP "]",
		  "t.json:1:16: warning: provider \"example.com\" has no outgoing server that is "
		  "on: Thunderbird and Geary refuse the answer\n" },
		{ __LINE__, IN("{\"type\": \"imap\", \"hostname\": \"a.b\", \"port\": 993, "
			       "\"socketType\": \"SSL\", \"authentication\": "
			       "[\"password-cleartext\"]}"),
		  "t.json:3:21: warning: no \"username\": Thunderbird would log in as "
		  "\"undefined\", and Thunderbird for Android rejects the whole file\n" },
		{ __LINE__, IN(IMAP_WITH("\"a.b\"", "993", "\"SSL\"", "[\"password-cleartext\"]",
					 "\"12345\"")),
		  "t.json:3:145: warning: Thunderbird takes the user name \"12345\" for a number "
		  "or a truth value and changes it\n" },
		{ __LINE__, IN(IMAP_WITH("\"a.b\"", "993", "\"SSL\"", "[\"password-cleartext\"]",
					 "\"true\"")),
		  "t.json:3:145: warning: Thunderbird takes the user name \"true\" for a number or "
		  "a truth value and changes it\n" },
		{ __LINE__, IN(IMAP_WITH("\"a.b\"", "993", "\"SSL\"", "[\"password-cleartext\"]",
					 "\"12345x\"")), "" },
		{ __LINE__, IN(IMAP_WITH("\"a.b\"", "143", "\"plain\"", "[\"password-cleartext\"]",
					 "\"x\"")),
		  "t.json:3:84: warning: Thunderbird for Android rejects the whole file because of "
		  "an imap server with socketType plain\n" },
		{ __LINE__, IN(PLAIN_POP3), "" },
		{ __LINE__, IN(PLAIN_POP3 ", " SECURE_POP3), "" },
		{ __LINE__, IN(IMAP_WITH("\"a.b\"", "1143", "\"STARTTLS\"",
					 "[\"password-cleartext\"]", "\"x\"")),
		  "t.json:3:65: warning: STARTTLS on port 1143: Thunderbird takes it for TLS from "
		  "the first byte when it finds it by Autodiscover\n" },
		{ __LINE__, IN(IMAP_WITH("\"a.b\"", "143", "\"STARTTLS\"",
					 "[\"password-cleartext\"]", "\"x\"")), "" },
		{ __LINE__, IN(IMAP_WITH("\"a.b\"", "993", "\"SSL\"", "[\"GSSAPI\"]", "\"x\"")),
		  "t.json:3:109: warning: Thunderbird for Android rejects the whole file because "
		  "of an imap server without password-cleartext, password-encrypted or OAuth2\n" },
		{ __LINE__, IN(IMAP_WITH("\"a.b\"", "993", "\"SSL\"",
					 "[\"GSSAPI\", \"password-encrypted\"]", "\"x\"")), "" },
		{ __LINE__, IN(IMAP_WITH("\"a.b\"", "993", "\"SSL\"", "[\"OAuth2\"]", "\"x\"")),
		  "t.json:3:109: warning: OAuth2 alone: Thunderbird ignores the server unless its "
		  "host is one of those built into the program\n" },
		{ __LINE__, IN("{\"type\": \"jmap\", \"url\": \"https://a.b/\", "
			       "\"authentication\": [\"OAuth2\"], \"username\": \"x\"}"), "" },
		/* domains, issuers, ways to log in */
		{ __LINE__, "\"domains\": [], " MAIL_SERVERS,
		  "t.json:1:16: warning: provider \"example.com\" has no domain: it is never "
		  "answered\n" },
		{ __LINE__, "\"domains\": [], \"mailExchangers\": [\"mx.a.b\"], " MAIL_SERVERS, "" },
		{ __LINE__, "\"oAuth2\": {\"issuer\": \"https://a.b/\", \"scope\": \"s\"},\n"
			    MAIL_SERVERS,
		  "t.json:3:22: warning: \"issuer\": expected a host name as Thunderbird's own "
		  "list has them, found the web address \"https://a.b/\"\n" },
		{ __LINE__, "\"oAuth2\": {\"issuer\": \"a.b\", \"scope\": \"s\"},\n" MAIL_SERVERS,
		  "" },
		{ __LINE__, IN(IMAP_WITH("\"a.b\"", "993", "\"SSL\"",
					 "[\"password-cleartext\", \"none\"]", "\"x\"")),
		  "t.json:3:132: warning: Thunderbird does not know \"none\" on incoming servers "
		  "and passes it over\n" },
		/* what is off is not looked at */
		{ __LINE__, IN(IMAP ", {\"type\": \"imap\", \"hostname\": \"a.b\", \"port\": 1, "
			       "\"socketType\": \"plain\", \"authentication\": [\"NTLM\"], "
			       "\"off\": \"x\"}"), "" },
	};
	check_findings(*state, rows, COUNT(rows), false);
}

static void evolution_takes_the_last(void **state)
{
	static const struct finding_row row = {
		__LINE__, IN(SECURE_POP3 ",\n" PLAIN_POP3),
		"t.json:4:64: warning: Evolution uses the last pop3 server, and so no "
		"encryption\n",
	};

	check_findings(*state, &row, 1, false);
}

/* With errors, warnings would only be noise. */
static void no_warnings_beside_errors(void **state)
{
	static const struct finding_row row = {
		__LINE__, "\"incomingServers\": [{\"type\": \"imap\", \"hostname\": \"a.b\", "
			  "\"port\": 143, \"socketType\": \"plain\", \"authentication\": "
			  "[\"http:Basic\"]}]",
		"t.json:3:112: error: \"authentication\": \"http:Basic\" does not belong to a "
		"server of type \"imap\"; expected one without \"http:\"\n",
	};
	static const struct finding_row wrong_member = {
		__LINE__, IN(IMAP_WITH("\"a.b\"", "993", "\"SSL\"", "[\"OAuth2\"]", "7")),
		"t.json:3:133: error: \"username\": expected a text, found 7\n",
	};

	check_findings(*state, &row, 1, false);
	check_findings(*state, &wrong_member, 1, false);
}

/* The shipped table: one provider's plain POP3 is the only one it can offer. */
static void own_table(void **state)
{
	struct unit *unit = *state;
	struct loaded loaded = { .arena = arena_new() };
	char path[1024];
	const char *paths[] = { unit_source("conf/centurylink.json", path, sizeof(path)) };

	table_load(&loaded.table, loaded.arena, paths, 1, unit->diags);
	assert_string_equal(unit_findings(unit), "");
	assert_int_equal(loaded.table.provider_count, 2);
	assert_int_equal(names_count(&loaded.table.domains), 18);
	unload(&loaded);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_TEST(all_members),		 UNIT_TEST(authentication_words),
		UNIT_TEST(least_table),		 UNIT_TEST(short_names),
		UNIT_TEST(versions),		 UNIT_TEST(documents),
		UNIT_TEST(members),		 UNIT_TEST(ids),
		UNIT_TEST(ids_with_placeholders),
		UNIT_TEST(servers),		 UNIT_TEST(sasl_without_name),
		UNIT_TEST(foreign_members),
		UNIT_TEST(types_and_sections),	 UNIT_TEST(all_at_once),
		UNIT_TEST(unknown_placeholders), UNIT_TEST(hosts_of_patterns),
		UNIT_TEST(normalised_patterns),	 UNIT_TEST(warnings),
		UNIT_TEST(evolution_takes_the_last), UNIT_TEST(no_warnings_beside_errors),
		UNIT_TEST(own_table),
	};

	return cmocka_run_group_tests_name("reader", tests, NULL, NULL);
}
