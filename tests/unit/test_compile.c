/* A template and a provider together: the exact bytes of the answer. */
#include "unit.h"

#include "buf.h"
#include "compile.h"
#include "table.h"
#include "xml.h"

#define DECLARATION "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
#define T " xmlns:t='urn:mailconfd:template:1'"

static const char table_text[] =
	"{\"providers\": [{\n"
	"  \"id\": \"example.com\",\n"
	"  \"displayName\": \"A & B <\\\"C\\\"> 'D'\",\n"
	"  \"displayShortName\": \"AB\",\n"
	"  \"domains\": [\"example.com\"],\n"
	"  \"incomingServers\": [\n"
	"    {\"type\": \"imap\", \"hostname\": \"imap.example.com\", \"port\": 993,\n"
	"     \"socketType\": \"SSL\", \"authentication\": [\"OAuth2\", \"sasl:SCRAM-SHA-256\"],\n"
	"     \"username\": \"%EMAILADDRESS%\"},\n"
	"    {\"type\": \"pop3\", \"hostname\": \"off.example.com\", \"port\": 995,\n"
	"     \"socketType\": \"SSL\", \"authentication\": [\"password-cleartext\"],\n"
	"     \"username\": \"x\", \"off\": \"reason\"},\n"
	"    {\"type\": \"pop3\", \"hostname\": \"pop.%EMAILDOMAIN%\", \"port\": 110,\n"
	"     \"socketType\": \"STARTTLS\", \"authentication\": [\"password-cleartext\"],\n"
	"     \"username\": \"%EMAILLOCALPART%&co\",\n"
	"     \"pop3\": {\"leaveMessagesOnServer\": false, \"downloadOnBiff\": true,\n"
	"              \"daysToLeaveMessagesOnServer\": 14}}],\n"
	"  \"outgoingServers\": [\n"
	"    {\"type\": \"smtp\", \"hostname\": \"smtp.example.com\", \"port\": 465,\n"
	"     \"socketType\": \"SSL\", \"authentication\": [\"password-cleartext\"],\n"
	"     \"username\": \"%EMAILADDRESS%\"},\n"
	"    {\"type\": \"smtp\", \"hostname\": \"branch.example.com\", \"port\": 465,\n"
	"     \"socketType\": \"SSL\", \"authentication\": [\"password-cleartext\"],\n"
	"     \"username\": \"%BRANCH%-%EMAILLOCALPART%\"},\n"
	"    {\"type\": \"smtp\", \"hostname\": \"percent.example.com\", \"port\": 465,\n"
	"     \"socketType\": \"SSL\", \"authentication\": [\"password-cleartext\"],\n"
	"     \"username\": \"%EMAILLOCALPART%100%\"},\n"
	"    {\"type\": \"smtp\", \"hostname\": \"open.example.com\", \"port\": 25,\n"
	"     \"socketType\": \"STARTTLS\", \"authentication\": [\"none\"]}],\n"
	"  \"inputFields\": [{\"key\": \"BRANCH\", \"label\": \"Branch\"}],\n"
	"  \"notes\": [{\"lang\": \"en\", \"text\": \"100 % sure\"}, {\"text\": \"b\xc3\xbc\"}],\n"
	"  \"webMail\": {\"loginPage\": \"https://example.com/?a=1&b=%EMAILADDRESS%\",\n"
	"              \"loginPageInfo\": {\"url\": \"https://example.com/%EMAILLOCALPART%\"}}\n"
	"}]}\n";

/* One table for all tests. */
struct fixture {
	struct arena *arena;
	struct table table;
	struct unit *unit;
};

static int setup(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));
	const char *path;

	if (!fixture || unit_setup((void **)&fixture->unit))
		return -1;
	fixture->arena = arena_new();
	path = unit_write(fixture->unit, "table.json", table_text);
	table_load(&fixture->table, fixture->arena, &path, 1, fixture->unit->diags);
	*state = fixture;
	return diags_errors(fixture->unit->diags) ? -1 : 0;
}

static int teardown(void **state)
{
	struct fixture *fixture = *state;
	int result = unit_teardown((void **)&fixture->unit);

	table_fini(&fixture->table);
	arena_free(fixture->arena);
	free(fixture);
	return result;
}

static const struct values values = {
	.hole = {
		[HOLE_ADDRESS] = { .p = "ann@q.com", .len = 9 },
		[HOLE_LOCAL_PART] = { .p = "ann", .len = 3 },
		[HOLE_DOMAIN] = { .p = "q.com", .len = 5 },
		[HOLE_EMAIL_DOMAIN] = { .p = "q.net", .len = 5 },
		[HOLE_ADDRESS_URL] = { .p = "ann%40q.com", .len = 11 },
		[HOLE_LOCAL_PART_URL] = { .p = "%41nn", .len = 5 },
	},
};

static bool make(struct fixture *fixture, const char *template, bool with_address,
		 struct program *ret_program)
{
	const struct document document = { .with_address = with_address, .variant = "one" };
	const struct template *loaded;

	unit_fresh(fixture->unit);
	loaded = template_load(unit_write(fixture->unit, "t.xml", template), &provider_record, NULL,
			       fixture->arena, fixture->unit->diags);
	return loaded && compile(loaded, fixture->table.providers[0], &document, fixture->arena,
				 ret_program);
}

/* The output; to be freed. */
static char *render(struct fixture *fixture, const char *template, bool with_address)
{
	struct program program;
	char *out;
	size_t size;

	if (!make(fixture, template, with_address, &program))
		fail_msg("%s", unit_findings(fixture->unit));
	size = program_size(&program, &values);
	out = malloc(size + 1);
	assert_non_null(out);
	program_run(&program, &values, out);
	out[size] = '\0';
	return out;
}

/* What stands behind the XML declaration. */
struct output_row {
	int line;
	const char *template, *output;
	const char *with_address; /* NULL: the same */
};

static void check(struct fixture *fixture, const struct output_row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		for (int with_address = 0; with_address <= 1; with_address++) {
			bool other = with_address && rows[i].with_address;
			char *out = render(fixture, rows[i].template, with_address != 0);
			struct str text = str_of(out);

			ROW_TRUE(&rows[i], str_starts(text, STR(DECLARATION)));
			ROW_STR(&rows[i], str_from(text, sizeof(DECLARATION) - 1),
				other ? rows[i].with_address : rows[i].output);
			free(out);
		}
	}
}

#define J " xmlns='http://www.w3.org/2005/xpath-functions'"

/* JSON comes without declaration, layout or line end. */
static void json(void **state)
{
	static const struct output_row rows[] = {
		{ __LINE__, "<map" J "/>", "{}", NULL },
		{ __LINE__, "<array" J "/>", "[]", NULL },
		{ __LINE__, "<string" J "/>", "\"\"", NULL },
		{ __LINE__, "<map" J ">\n <string key='a'>x</string>\n <number key='b'>7</number>\n"
			    " <boolean key='c'>true</boolean> <null key='d'/> </map>",
		  "{\"a\":\"x\",\"b\":7,\"c\":true,\"d\":null}", NULL },
		{ __LINE__, "<array" J "><string>a</string><map/><array><null/><null/></array></array>",
		  "[\"a\",{},[null,null]]", NULL },
		/* escaped */
		{ __LINE__, "<string" J T "><t:value select='provider.displayName'/></string>",
		  "\"A & B <\\\"C\\\"> 'D'\"", NULL },
		{ __LINE__, "<map" J "><null key='a&quot;\\&#10;b'/></map>",
		  "{\"a\\\"\\\\\\u000ab\":null}", NULL },
		/* what has no value leaves nothing, and no comma */
		{ __LINE__, "<map" J T "><string key='a'><t:value select='provider.oAuth2.scope'/>"
			    "</string><null key='b'/><map key='c'><string key='d'>"
			    "<t:value select='provider.oAuth2.scope'/></string></map></map>",
		  "{\"b\":null}", NULL },
		{ __LINE__, "<map" J T "><null key='a'/><string key='b'>"
			    "<t:value select='provider.oAuth2.scope'/></string><null key='c'/></map>",
		  "{\"a\":null,\"c\":null}", NULL },
		{ __LINE__, "<array" J T "><t:for each='s' in='provider.incomingServers'>"
			    "<map><string key='t'><t:value select='s.type'/></string>"
			    "<number key='p'><t:value select='s.port'/></number></map></t:for></array>",
		  "[{\"t\":\"imap\",\"p\":993},{\"t\":\"pop3\",\"p\":110}]", NULL },
		{ __LINE__, "<string" J T "><t:value select='domain'/></string>", "\"q.com\"", NULL },
		{ __LINE__, "<string" J T "><t:value select='variant'/></string>", "\"one\"", NULL },
	};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		char *out = render(fixture, rows[i].template, false);

		ROW_STR(&rows[i], str_of(out), rows[i].output);
		free(out);
	}
}

/* A document that the provider has not got has no pieces. */
static void needs(void **state)
{
	static const struct {
		int line;
		const char *template;
		bool there;
	} rows[] = {
		{ __LINE__, "<a" T " t:needs='provider.id'/>", true },
		{ __LINE__, "<a" T " t:needs='provider.oAuth2'/>", false },
		{ __LINE__, "<a" T " t:needs='address'/>", false },
		{ __LINE__, "<a" T " t:needs=\"variant = 'one'\"/>", true },
		{ __LINE__, "<a" T " t:needs=\"variant != 'one'\"/>", false },
		{ __LINE__, "<map" J T "><t:if test='provider.oAuth2'><null key='a'/></t:if></map>",
		  false },
		{ __LINE__, "<map" J T "><t:if test='provider.id'><null key='a'/></t:if></map>",
		  true },
	};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct program program;

		ROW_TRUE(&rows[i], make(fixture, rows[i].template, false, &program));
		ROW_INT(&rows[i], program.pieces != NULL, rows[i].there);
	}
}

static void doctype(void **state)
{
	static const struct output_row rows[] = {
		{ __LINE__, "<a" T " t:doctype='a PUBLIC &quot;b&quot; &quot;c&quot;' b='1'/>",
		  "<!DOCTYPE a PUBLIC \"b\" \"c\">\n<a b=\"1\"/>\n", NULL },
	};

	check(*state, rows, COUNT(rows));
}

static void layout(void **state)
{
	static const struct output_row rows[] = {
		{ __LINE__, "<a/>", "<a/>\n", NULL },
		{ __LINE__, "<a>\n\n</a>", "<a/>\n", NULL },
		{ __LINE__, "<a" T "/>", "<a/>\n", NULL },
		{ __LINE__, "<a><b/><c/></a>", "<a>\n  <b/>\n  <c/>\n</a>\n", NULL },
		{ __LINE__, "<a><b><c><d>x</d></c></b></a>",
		  "<a>\n  <b>\n    <c>\n      <d>x</d>\n    </c>\n  </b>\n</a>\n", NULL },
		{ __LINE__, "<a>\n <!-- c --> <b>\n x \n</b> <?pi?> </a>",
		  "<a>\n  <b>x</b>\n</a>\n", NULL },
		{ __LINE__, "<a>one <b>two</b> three</a>", "<a>one <b>two</b> three</a>\n", NULL },
		{ __LINE__, "<a xmlns='u' xmlns:p='v'" T "><p:b p:c='1'/></a>",
		  "<a xmlns=\"u\" xmlns:p=\"v\">\n  <p:b p:c=\"1\"/>\n</a>\n", NULL },
		{ __LINE__, "<a>\xc3\xbc&#8364;</a>", "<a>\xc3\xbc\xe2\x82\xac</a>\n", NULL },
	};

	check(*state, rows, COUNT(rows));
}

static void values_written(void **state)
{
	static const struct output_row rows[] = {
		{ __LINE__, "<a" T "><t:value select='provider.id'/></a>", "<a>example.com</a>\n",
		  NULL },
		{ __LINE__, "<a" T ">\n <b>\n <t:value select='provider.id'/> </b></a>",
		  "<a>\n  <b>example.com</b>\n</a>\n", NULL },
		{ __LINE__, "<a" T ">x <t:value select='provider.id'/> y</a>",
		  "<a>x example.com y</a>\n", NULL },
		/* escaped, in texts and in attributes */
		{ __LINE__, "<a" T "><t:value select='provider.displayName'/></a>",
		  "<a>A &amp; B &lt;&quot;C&quot;&gt; &#39;D&#39;</a>\n", NULL },
		{ __LINE__, "<a b='{provider.displayName}'/>",
		  "<a b=\"A &amp; B &lt;&quot;C&quot;&gt; &#39;D&#39;\"/>\n", NULL },
		{ __LINE__, "<a>&lt;&amp;\"'&gt;</a>", "<a>&lt;&amp;&quot;&#39;&gt;</a>\n", NULL },
		{ __LINE__, "<a b='&lt;\"&gt;&#10;'/>", "<a b=\"&lt;&quot;&gt;&#10;\"/>\n", NULL },
		/* what has no value leaves nothing */
		{ __LINE__, "<a" T "><t:value select='provider.clientConfigUpdate'/></a>", "<a/>\n",
		  NULL },
		{ __LINE__, "<a" T "><t:value select='provider.oAuth2.scope'/></a>", "<a/>\n",
		  NULL },
		{ __LINE__,
		  "<a" T "><b><t:value select='provider.limits.messageMegabytes'/></b></a>",
		  "<a/>\n", NULL },
		{ __LINE__, "<a" T ">x<t:value select='provider.oAuth2.scope'/>y</a>",
		  "<a>xy</a>\n", NULL },
		{ __LINE__, "<a" T "><t:value select='provider.formatVersion'/></a>",
		  "<a>1.2</a>\n", NULL },
	};

	check(*state, rows, COUNT(rows));
}

static void attributes(void **state)
{
	static const struct output_row rows[] = {
		{ __LINE__, "<a b='x' c=''/>", "<a b=\"x\" c=\"\"/>\n", NULL },
		{ __LINE__, "<a b='{provider.id}' c='-{provider.id}-'/>",
		  "<a b=\"example.com\" c=\"-example.com-\"/>\n", NULL },
		/* a whole value that is not given goes, a part does not */
		{ __LINE__, "<a b='{provider.oAuth2.scope}' c='1'/>", "<a c=\"1\"/>\n", NULL },
		{ __LINE__, "<a b='x{provider.oAuth2.scope}'/>", "<a b=\"x\"/>\n", NULL },
		{ __LINE__, "<a b='{provider.oAuth2.scope}{provider.oAuth2.issuer}'/>",
		  "<a b=\"\"/>\n", NULL },
		{ __LINE__, "<a b='{{{provider.id}}}'/>", "<a b=\"{example.com}\"/>\n", NULL },
		{ __LINE__, "<a b='{domain}' c='{address}' d='{localPart}'/>",
		  "<a b=\"q.com\"/>\n",
		  "<a b=\"q.com\" c=\"ann@q.com\" d=\"ann\"/>\n" },
		{ __LINE__, "<a b='mailto:{address}'/>", "<a b=\"mailto:\"/>\n",
		  "<a b=\"mailto:ann@q.com\"/>\n" },
		{ __LINE__, "<a b='{provider.webMail.loginPage}'/>",
		  "<a b=\"https://example.com/?a=1&amp;b=%EMAILADDRESS%\"/>\n",
		  "<a b=\"https://example.com/?a=1&amp;b=ann%40q.com\"/>\n" },
	};

	check(*state, rows, COUNT(rows));
}

/* A template's own ampersand, in an attribute. */
static void ampersand_in_attribute(void **state)
{
	static const struct output_row rows[] = {
		{ __LINE__, "<a b='?x=1&amp;y={domain}'/>", "<a b=\"?x=1&amp;y=q.com\"/>\n", NULL },
	};

	check(*state, rows, COUNT(rows));
}

static void loops(void **state)
{
#define SERVERS(inside) \
	"<a" T "><t:for each='s' in='provider.incomingServers'>" inside "</t:for></a>"
	static const struct output_row rows[] = {
		/* in their order, without those that are off */
		{ __LINE__, SERVERS("<b c='{s.type}'/>"),
		  "<a>\n  <b c=\"imap\"/>\n  <b c=\"pop3\"/>\n</a>\n", NULL },
		{ __LINE__, SERVERS("\n<b>\n<t:value select='s.port'/></b>\n<c/>\n"),
		  "<a>\n  <b>993</b>\n  <c/>\n  <b>110</b>\n  <c/>\n</a>\n", NULL },
		{ __LINE__, SERVERS("<b><t:for each='m' in='s.authentication'>"
				    "<c d='{m.system}'><t:value select='m.name'/></c></t:for></b>"),
		  "<a>\n  <b>\n    <c>OAuth2</c>\n    <c d=\"sasl\">SCRAM-SHA-256</c>\n  </b>\n"
		  "  <b>\n    <c>password-cleartext</c>\n  </b>\n</a>\n", NULL },
		{ __LINE__, SERVERS("<t:value select='s.type'/>;"), "<a>imap;pop3;</a>\n", NULL },
		{ __LINE__, SERVERS(""), "<a/>\n", NULL },
		{ __LINE__, "<a" T "><t:for each='s' in='provider.calendars'><b/></t:for></a>",
		  "<a/>\n", NULL },
		{ __LINE__, "<a" T "><t:for each='n' in='provider.notes'>"
			    "<n l='{n.lang}'><t:value select='n.text'/></n></t:for></a>",
		  "<a>\n  <n l=\"en\">100 % sure</n>\n  <n>b\xc3\xbc</n>\n</a>\n", NULL },
		/* the inner name hides the outer one, and goes */
		{ __LINE__, SERVERS("<t:for each='s' in='s.authentication'>"
				    "<c><t:value select='s.name'/></c></t:for>"
				    "<d><t:value select='s.port'/></d>"),
		  "<a>\n  <c>OAuth2</c>\n  <c>SCRAM-SHA-256</c>\n  <d>993</d>\n"
		  "  <c>password-cleartext</c>\n  <d>110</d>\n</a>\n", NULL },
		/* an outer name inside an inner loop */
		{ __LINE__, SERVERS("<t:for each='m' in='s.authentication'>"
				    "<c d='{provider.id}:{s.type}:{m.name}'/></t:for>"),
		  "<a>\n  <c d=\"example.com:imap:OAuth2\"/>\n"
		  "  <c d=\"example.com:imap:SCRAM-SHA-256\"/>\n"
		  "  <c d=\"example.com:pop3:password-cleartext\"/>\n</a>\n", NULL },
	};

	check(*state, rows, COUNT(rows));
}

static void conditions(void **state)
{
#define IF(test) "<a" T "><t:if test=\"" test "\"><b/></t:if></a>"
#define YES "<a>\n  <b/>\n</a>\n"
#define NO "<a/>\n"
	static const struct output_row rows[] = {
		{ __LINE__, IF("provider.id"), YES, NULL },
		{ __LINE__, IF("not provider.id"), NO, NULL },
		{ __LINE__, IF("provider.clientConfigUpdate"), NO, NULL },
		{ __LINE__, IF("not provider.clientConfigUpdate"), YES, NULL },
		{ __LINE__, IF("provider.notes"), YES, NULL },
		{ __LINE__, IF("provider.documentation"), NO, NULL },
		{ __LINE__, IF("not provider.documentation"), YES, NULL },
		{ __LINE__, IF("provider.webMail"), YES, NULL },
		{ __LINE__, IF("provider.webMail.loginPageInfo"), YES, NULL },
		{ __LINE__, IF("provider.webMail.loginPageInfo.usernameField"), NO, NULL },
		{ __LINE__, IF("provider.webMail.loginPageInfo.usernameField.id"), NO, NULL },
		{ __LINE__, IF("provider.oAuth2"), NO, NULL },
		{ __LINE__, IF("provider.oAuth2.scope"), NO, NULL },
		{ __LINE__, IF("provider.limits.messageMegabytes"), NO, NULL },
		{ __LINE__, IF("provider.id = 'example.com'"), YES, NULL },
		{ __LINE__, IF("provider.id = 'Example.com'"), NO, NULL },
		{ __LINE__, IF("provider.id = 'example.co'"), NO, NULL },
		{ __LINE__, IF("provider.id != 'example.com'"), NO, NULL },
		{ __LINE__, IF("provider.id != 'x'"), YES, NULL },
		{ __LINE__, IF("provider.oAuth2.scope = ''"), YES, NULL },
		{ __LINE__, IF("provider.oAuth2.scope != 'x'"), YES, NULL },
		{ __LINE__, IF("provider.oAuth2.scope = 'x'"), NO, NULL },
		/* what the request decides */
		{ __LINE__, IF("domain"), YES, NULL },
		{ __LINE__, IF("address"), NO, YES },
		{ __LINE__, IF("not address"), YES, NO },
		{ __LINE__, IF("localPart"), NO, YES },
		{ __LINE__, IF("address and provider.id"), NO, YES },
		{ __LINE__, IF("address or provider.id"), YES, NULL },
		/* truth tables */
		{ __LINE__, IF("provider.id and provider.notes"), YES, NULL },
		{ __LINE__, IF("provider.id and provider.oAuth2"), NO, NULL },
		{ __LINE__, IF("provider.oAuth2 and provider.id"), NO, NULL },
		{ __LINE__, IF("provider.id or provider.oAuth2"), YES, NULL },
		{ __LINE__, IF("provider.oAuth2 or provider.id"), YES, NULL },
		{ __LINE__, IF("provider.oAuth2 or provider.limits"), NO, NULL },
		{ __LINE__, IF("provider.id and provider.notes and provider.oAuth2"), NO, NULL },
		{ __LINE__, IF("provider.oAuth2 or provider.limits or not provider.enable"), YES,
		  NULL },
		/* inside each other */
		{ __LINE__, "<a" T "><t:if test='provider.id'><t:if test='provider.notes'><b/>"
			    "</t:if><t:if test='provider.oAuth2'><c/></t:if></t:if></a>",
		  YES, NULL },
	};

	check(*state, rows, COUNT(rows));
}

/* An element of which only the name is left is left out; one that is written so stays. */
static void left_out(void **state)
{
#define NOTHING "<t:if test='provider.oAuth2'>x</t:if>"
	static const struct output_row rows[] = {
		{ __LINE__, "<a" T "><b>" NOTHING "</b></a>", NO, NULL },
		{ __LINE__, "<a" T "><b><t:for each='s' in='provider.calendars'><c/></t:for></b></a>",
		  NO, NULL },
		{ __LINE__, "<a" T "><b><t:if test='domain'/></b></a>", NO, NULL },
		{ __LINE__, "<a" T "><b/><c>" NOTHING "</c></a>", YES, NULL },
		{ __LINE__, "<a" T "><c>" NOTHING "</c><b/></a>", YES, NULL },
		{ __LINE__, "<a" T "><b></b></a>", YES, NULL },
		/* one by one, from the inside out */
		{ __LINE__, "<a" T "><c><d><e>" NOTHING "</e></d></c><b/></a>", YES, NULL },
		{ __LINE__, "<a" T "><c><d>" NOTHING "</d><b/></c></a>",
		  "<a>\n  <c>\n    <b/>\n  </c>\n</a>\n", NULL },
		{ __LINE__, "<a" T ">x<c>" NOTHING "</c>y</a>", "<a>xy</a>\n", NULL },
		/* attributes count when they are written */
		{ __LINE__, "<a" T "><b c='{provider.oAuth2.scope}' d='{address}'/></a>", NO,
		  "<a>\n  <b d=\"ann@q.com\"/>\n</a>\n" },
		{ __LINE__, "<a" T "><b c=''>" NOTHING "</b></a>", "<a>\n  <b c=\"\"/>\n</a>\n",
		  NULL },
		{ __LINE__, "<a" T "><b c='{domain}'>" NOTHING "</b></a>",
		  "<a>\n  <b c=\"q.com\"/>\n</a>\n", NULL },
		/* behind a hole */
		{ __LINE__, "<a" T "><b c='{domain}'/><d>" NOTHING "</d></a>",
		  "<a>\n  <b c=\"q.com\"/>\n</a>\n", NULL },
		{ __LINE__, "<a" T "><b><t:value select='address'/></b><c/></a>",
		  "<a>\n  <c/>\n</a>\n", "<a>\n  <b>ann@q.com</b>\n  <c/>\n</a>\n" },
		/* a document is never nothing */
		{ __LINE__, "<a" T ">" NOTHING "</a>", NO, NULL },
	};

	check(*state, rows, COUNT(rows));
}

/* A flag in a test is its truth; written out it is the word, also when false. */
static void flags_and_numbers(void **state)
{
#define POP3(inside)                                                                        \
	"<a" T "><t:for each='s' in='provider.incomingServers'><t:if test=\"s.pop3\">" inside \
	"</t:if></t:for></a>"
	static const struct output_row rows[] = {
		{ __LINE__, POP3("<t:value select='s.pop3.leaveMessagesOnServer'/>"),
		  "<a>false</a>\n", NULL },
		{ __LINE__, POP3("<t:value select='s.pop3.downloadOnBiff'/>"), "<a>true</a>\n",
		  NULL },
		{ __LINE__, POP3("<t:value select='s.pop3.daysToLeaveMessagesOnServer'/>"),
		  "<a>14</a>\n", NULL },
		{ __LINE__, POP3("<t:value select='s.pop3.checkInterval'/>"), "<a/>\n", NULL },
		{ __LINE__, POP3("<t:if test='s.pop3.leaveMessagesOnServer'><b/></t:if>"), NO,
		  NULL },
		{ __LINE__, POP3("<t:if test='not s.pop3.leaveMessagesOnServer'><b/></t:if>"), YES,
		  NULL },
		{ __LINE__, POP3("<t:if test='s.pop3.downloadOnBiff'><b/></t:if>"), YES, NULL },
		{ __LINE__,
		  POP3("<t:if test=\"s.pop3.leaveMessagesOnServer = 'false'\"><b/></t:if>"), YES,
		  NULL },
		{ __LINE__,
		  POP3("<t:if test=\"s.pop3.daysToLeaveMessagesOnServer = '14'\"><b/></t:if>"), YES,
		  NULL },
		{ __LINE__, POP3("<t:if test='s.pop3.daysToLeaveMessagesOnServer'><b/></t:if>"),
		  YES, NULL },
		{ __LINE__, POP3("<t:if test='s.pop3.checkInterval'><b/></t:if>"), NO, NULL },
		{ __LINE__, POP3("<t:if test='s.addThisServer'><b/></t:if>"), NO, NULL },
	};

	check(*state, rows, COUNT(rows));
}

static void placeholders(void **state)
{
	static const struct output_row rows[] = {
		{ __LINE__, SERVERS("<b><t:value select='s.username'/></b>"),
		  "<a>\n  <b>%EMAILADDRESS%</b>\n  <b>%EMAILLOCALPART%&amp;co</b>\n</a>\n",
		  "<a>\n  <b>ann@q.com</b>\n  <b>ann&amp;co</b>\n</a>\n" },
		/* this one not all programs can replace */
		{ __LINE__, SERVERS("<b><t:value select='s.hostname'/></b>"),
		  "<a>\n  <b>imap.example.com</b>\n  <b>pop.q.net</b>\n</a>\n", NULL },
		/* a URL keeps its structure */
		{ __LINE__, "<a" T "><t:value select='provider.webMail.loginPageInfo.url'/></a>",
		  "<a>https://example.com/%EMAILLOCALPART%</a>\n",
		  "<a>https://example.com/%41nn</a>\n" },
		/* in texts for people there are none */
		{ __LINE__, "<a>%EMAILADDRESS%</a>", "<a>%EMAILADDRESS%</a>\n", NULL },
	};

	check(*state, rows, COUNT(rows));
}

static void request_values(void **state)
{
	static const struct output_row rows[] = {
		{ __LINE__, "<a" T "><b><t:value select='domain'/></b>"
			    "<c><t:value select='address'/></c>"
			    "<d><t:value select='localPart'/></d></a>",
		  "<a>\n  <b>q.com</b>\n</a>\n",
		  "<a>\n  <b>q.com</b>\n  <c>ann@q.com</c>\n  <d>ann</d>\n</a>\n" },
	};

	check(*state, rows, COUNT(rows));
}

static void derived(void **state)
{
	static const struct output_row rows[] = {
		{ __LINE__, SERVERS("<b c='{s.preferredAuthentication}' d='{s.sameLogin}'/>"),
		  "<a>\n  <b c=\"OAuth2\" d=\"true\"/>\n"
		  "  <b c=\"password-cleartext\" d=\"false\"/>\n</a>\n", NULL },
		{ __LINE__,
		  "<a" T "><t:for each='s' in='provider.outgoingServers'>"
		  "<t:if test='s.sameLogin'><b/></t:if></t:for></a>",
		  YES, NULL },
		/* an input field's key is not, nor is no user name at all */
		{ __LINE__,
		  "<a" T "><t:for each='s' in='provider.outgoingServers'>"
		  "<t:value select='s.loginIsKnown'/>;</t:for></a>",
		  "<a>true;false;true;false;</a>\n", NULL },
	};

	check(*state, rows, COUNT(rows));
}

static void digests(void **state)
{
	static const char template[] = SERVERS("<b><t:value select='s.username'/></b>");
	struct program one, same, other, addressed;
	struct values bob = values;

	bob.hole[HOLE_ADDRESS] = STR("bob@q.com");
	assert_true(make(*state, template, false, &one));
	assert_true(make(*state, template, false, &same));
	assert_true(make(*state, SERVERS("<c><t:value select='s.username'/></c>"), false, &other));
	assert_true(make(*state, template, true, &addressed));
	assert_true(program_digest(&one, &values) == program_digest(&same, &values));
	assert_true(program_digest(&one, &values) != program_digest(&other, &values));
	assert_true(program_digest(&one, &values) != program_digest(&addressed, &values));
	/* the placeholder stays, so the address makes no difference */
	assert_true(program_digest(&one, &values) == program_digest(&one, &bob));
	assert_true(program_digest(&addressed, &values) != program_digest(&addressed, &bob));
}

/* All that the provider decides is decided: one text, and a piece for each hole. */
static void evaluated_at_load(void **state)
{
	struct program program;

	assert_true(make(*state, "<a" T "><t:value select='domain'/></a>", false, &program));
	assert_int_equal(program.count, 2);
	assert_int_equal(program.holes_used, 1u << HOLE_DOMAIN);
	assert_true(make(*state, SERVERS("<b c='{s.type}'><t:value select='s.port'/></b>"), true,
			 &program));
	assert_int_equal(program.count, 1);
	assert_int_equal(program.holes_used, 0);
}

#define H " xmlns='http://www.w3.org/1999/xhtml' xmlns:t='urn:mailconfd:template:1'"
#define HTML "<!DOCTYPE html>\n"

/* The output of a page in a language, NULL for its own; to be freed. */
static char *render_page(struct fixture *fixture, const char *template,
			 const struct catalog *catalog, const char *first_part)
{
	const struct document document = { .variant = "found", .catalog = catalog };
	const struct template *loaded;
	struct values with = values;
	struct program program;
	char *out;
	size_t size;

	unit_fresh(fixture->unit);
	with.first_part = str_of(first_part);
	loaded = template_load(unit_write(fixture->unit, "t.xml", template), &provider_record, NULL,
			       fixture->arena, fixture->unit->diags);
	if (!loaded || !compile(loaded, fixture->table.providers[0], &document, fixture->arena,
				&program))
		fail_msg("%s", unit_findings(fixture->unit));
	size = program_size(&program, &with);
	out = malloc(size + 1);
	assert_non_null(out);
	program_run(&program, &with, out);
	out[size] = '\0';
	return out;
}

/* What stands behind the DOCTYPE. */
struct page_row {
	int line;
	const char *template, *output, *first_part;
};

static void check_pages(struct fixture *fixture, const struct catalog *catalog,
			const struct page_row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const char *first = rows[i].first_part ? rows[i].first_part : "";
		char *out = render_page(fixture, rows[i].template, catalog, first);
		struct str text = str_of(out);

		ROW_TRUE(&rows[i], str_starts(text, STR(HTML)));
		ROW_STR(&rows[i], str_from(text, sizeof(HTML) - 1), rows[i].output);
		free(out);
	}
}

static void pages(void **state)
{
	static const struct page_row rows[] = {
		/* no namespace, no indentation */
		{ __LINE__, "<html" H "/>", "<html></html>\n", NULL },
		{ __LINE__, "<html" H " lang='{language}'/>", "<html lang=\"en\"></html>\n", NULL },
		{ __LINE__, "<html" H "><body><p>x</p></body></html>",
		  "<html>\n<body>\n<p>x</p>\n</body>\n</html>\n", NULL },
		/* elements that have no end, and others that have one though they are empty */
		{ __LINE__, "<html" H "><p>a<br/>b<hr/><img src='c'/><input/></p></html>",
		  "<html>\n<p>a<br>b<hr><img src=\"c\"><input></p>\n</html>\n", NULL },
		{ __LINE__, "<html" H "><link rel='a'/><meta charset='b'/></html>",
		  "<html>\n<link rel=\"a\">\n<meta charset=\"b\">\n</html>\n", NULL },
		{ __LINE__, "<html" H "><div/><script src='a'/><p></p></html>",
		  "<html>\n<div></div>\n<script src=\"a\"></script>\n<p></p>\n</html>\n", NULL },
		{ __LINE__, "<html" H "><div id='a'/><textarea id='b'></textarea></html>",
		  "<html>\n<div id=\"a\"></div>\n<textarea id=\"b\"></textarea>\n</html>\n", NULL },
		/* what has lost all that was in it goes here, too */
		{ __LINE__, "<html" H "><div>" NOTHING "</div><br/></html>",
		  "<html>\n<br>\n</html>\n", NULL },
		{ __LINE__, "<html" H "><div id='a'>" NOTHING "</div></html>",
		  "<html>\n<div id=\"a\"></div>\n</html>\n", NULL },
		/* escaped */
		{ __LINE__, "<html" H "><p title='{provider.displayName}'>"
			    "<t:value select='provider.displayName'/> &lt;b&gt; &amp;</p></html>",
		  "<html>\n<p title=\"A &amp; B &lt;&quot;C&quot;&gt; &#39;D&#39;\">"
		  "A &amp; B &lt;&quot;C&quot;&gt; &#39;D&#39; &lt;b&gt; &amp;</p>\n</html>\n",
		  NULL },
		/* white space is collapsed */
		{ __LINE__, "<html" H "><p>\n  one\n\t two  <b>three</b>\n</p></html>",
		  "<html>\n<p>one two <b>three</b></p>\n</html>\n", NULL },
		/* a sentence with values */
		{ __LINE__, "<html" H "><p><t:message>\n Mail of\n <t:value select='domain'/>, at "
			    "<t:value select='provider.id'/>!</t:message></p></html>",
		  "<html>\n<p>Mail of q.com, at example.com!</p>\n</html>\n", NULL },
		/* those in the page's language, English here */
		{ __LINE__, "<html" H "><t:for each='n' in='provider.notesHere'>"
			    "<p lang='{n.lang}'><t:value select='n.text'/></p></t:for></html>",
		  "<html>\n<p lang=\"en\">100 % sure</p>\n</html>\n", NULL },
	};

	check_pages(*state, NULL, rows, COUNT(rows));
}

static void translations(void **state)
{
	static const char po[] =
		"msgid \"one two\"\nmsgstr \"eins <zwei>\"\n"
		"msgid \"Mail of {domain}, at {provider.id}!\"\n"
		"msgstr \"Bei {provider.id}: {domain}, {domain} {unknown} {{x}}\"\n"
		"msgid \"Open\"\nmsgstr \"Auf\"\n"
		"msgid \"Half {domain}\"\nmsgstr \"Halb {domain\"\n";
	static const struct page_row rows[] = {
		{ __LINE__, "<html" H " lang='{language}'/>", "<html lang=\"de\"></html>\n", NULL },
		{ __LINE__, "<html" H "><p>\n one\n two </p></html>",
		  "<html>\n<p>eins &lt;zwei&gt;</p>\n</html>\n", NULL },
		/* spaces around a text stay where they are */
		{ __LINE__, "<html" H "><p>one two <b>Open</b> one two</p></html>",
		  "<html>\n<p>eins &lt;zwei&gt; <b>Auf</b> eins &lt;zwei&gt;</p>\n</html>\n",
		  NULL },
		{ __LINE__, "<html" H "><p>One two</p></html>", "<html>\n<p>One two</p>\n</html>\n",
		  NULL },
		/* values go where the translator puts them */
		{ __LINE__, "<html" H "><p><t:message>Mail of <t:value select='domain'/>, at "
			    "<t:value select='provider.id'/>!</t:message></p></html>",
		  "<html>\n<p>Bei example.com: q.com, q.com {unknown} {{x}}</p>\n</html>\n", NULL },
		{ __LINE__, "<html" H "><p><t:message>Half <t:value select='domain'/></t:message>"
			    "</p></html>",
		  "<html>\n<p>Halb {domain</p>\n</html>\n", NULL },
		/* attributes for people, and no others */
		{ __LINE__, "<html" H "><p title='Open' alt='Open' placeholder='Open' "
			    "aria-label='Open' class='Open' value='Open'/></html>",
		  "<html>\n<p title=\"Auf\" alt=\"Auf\" placeholder=\"Auf\" aria-label=\"Auf\" "
		  "class=\"Open\" value=\"Open\"></p>\n</html>\n", NULL },
		{ __LINE__, "<html" H "><meta name='description' content='Open'/>"
			    "<meta name='robots' content='Open'/></html>",
		  "<html>\n<meta name=\"description\" content=\"Auf\">\n"
		  "<meta name=\"robots\" content=\"Open\">\n</html>\n", NULL },
		{ __LINE__, "<html" H "><p title='Open {domain}'/></html>",
		  "<html>\n<p title=\"Open q.com\"></p>\n</html>\n", NULL },
		/* names stay; down to where translation begins again */
		{ __LINE__, "<html" H "><p translate='no' title='Open'>Open <b>Open</b>"
			    "<i translate='yes'>Open</i></p>Open</html>",
		  "<html><p translate=\"no\" title=\"Open\">Open <b>Open</b>"
		  "<i translate=\"yes\">Auf</i></p>Auf</html>\n", NULL },
		/* what comes from the table is no text of the template */
		{ __LINE__, "<html" H "><p><t:value select='variant'/></p></html>",
		  "<html>\n<p>found</p>\n</html>\n", NULL },
		/* no German note, so the English one */
		{ __LINE__, "<html" H "><t:for each='n' in='provider.notesHere'>"
			    "<p lang='{n.lang}'><t:value select='n.text'/></p></t:for></html>",
		  "<html>\n<p lang=\"en\">100 % sure</p>\n</html>\n", NULL },
	};
	struct fixture *fixture = *state;
	struct catalog catalog;

	unit_fresh(fixture->unit);
	assert_true(catalog_load(&catalog, STR("de"), unit_write(fixture->unit, "de.po", po),
				 fixture->arena, fixture->unit->diags));
	check_pages(fixture, &catalog, rows, COUNT(rows));
	catalog_fini(&catalog);
}

static void parts(void **state)
{
#define PARTS                                                                              \
	"<html" H "><h1/><t:parts><t:part key='a'><p>1</p><p>2</p></t:part><t:part key='b'>" \
	"<p>3</p></t:part><t:part key='c'><p><t:value select='domain'/></p></t:part>"      \
	"</t:parts><p>end</p></html>"
#define START "<html>\n<h1></h1>\n"
#define END "\n<p>end</p>\n</html>\n"
#define AS_THEY_ARE START "<p>1</p>\n<p>2</p>\n<p>3</p>\n<p>q.com</p>" END
	static const struct page_row rows[] = {
		{ __LINE__, PARTS,
		  AS_THEY_ARE,
		  NULL },
		{ __LINE__, PARTS,
		  AS_THEY_ARE,
		  "a" },
		{ __LINE__, PARTS,
		  START "<p>3</p>\n<p>1</p>\n<p>2</p>\n<p>q.com</p>" END,
		  "b" },
		{ __LINE__, PARTS,
		  START "<p>q.com</p>\n<p>1</p>\n<p>2</p>\n<p>3</p>" END,
		  "c" },
		{ __LINE__, PARTS,
		  AS_THEY_ARE,
		  "d" },
		/* what is open around them is not closed inside one */
		{ __LINE__, "<html" H "><t:parts><t:part key='a'><p>1</p></t:part><t:part key='b'>"
			    "<p>2</p></t:part></t:parts></html>",
		  "<html>\n<p>2</p>\n<p>1</p>\n</html>\n", "b" },
		/* one that is empty for this provider */
		{ __LINE__, "<html" H "><h1/><t:parts><t:part key='a'><p>1</p></t:part><t:part key='b'>"
			    "<t:if test='provider.oAuth2'><p/></t:if></t:part></t:parts></html>",
		  "<html>\n<h1></h1>\n<p>1</p>\n</html>\n", "b" },
	};

	check_pages(*state, NULL, rows, COUNT(rows));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pages),	 cmocka_unit_test(translations),
		cmocka_unit_test(parts),
		cmocka_unit_test(layout),	 cmocka_unit_test(values_written),
		cmocka_unit_test(attributes),	 cmocka_unit_test(ampersand_in_attribute),
		cmocka_unit_test(loops),	 cmocka_unit_test(conditions),
		cmocka_unit_test(flags_and_numbers), cmocka_unit_test(placeholders),
		cmocka_unit_test(request_values), cmocka_unit_test(derived),
		cmocka_unit_test(left_out),	 cmocka_unit_test(json),
		cmocka_unit_test(needs),	 cmocka_unit_test(doctype),
		cmocka_unit_test(digests),	 cmocka_unit_test(evaluated_at_load),
	};
	int failed;

	xml_init();
	failed = cmocka_run_group_tests_name("compile", tests, setup, teardown);
	xml_fini();
	return failed;
}
