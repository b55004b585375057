/* Requests in, replies out: paths, methods, and each protocol's answer. */
#include "unit.h"

#include "documents.h"
#include "route.h"
#include "xml.h"

#define LOGIN "\"authentication\": [\"password-cleartext\"], \"username\": \"%EMAILADDRESS%\""
#define BASIC "\"authentication\": [\"http:Basic\"], \"username\": \"%EMAILADDRESS%\""
#define SERVERS(off)                                                                            \
	"\"incomingServers\": [{\"type\": \"imap\", \"hostname\": \"imap.a.b\", \"port\": 993, "    \
	"\"socketType\": \"SSL\", " LOGIN off "}],"                                               \
	"\"outgoingServers\": [{\"type\": \"smtp\", \"hostname\": \"smtp.a.b\", \"port\": 465, "    \
	"\"socketType\": \"SSL\", " LOGIN off "}]"
#define ERROR_TEXT(code, message)                                                             \
	"<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"                                            \
	"<Autodiscover xmlns=\"http://schemas.microsoft.com/exchange/autodiscover/"               \
	"responseschema/2006\">\n"                                                                \
	"  <Response>\n"                                                                          \
	"    <Error Time=\"19:05:09\" Id=\"2006011600\">\n"                                       \
	"      <ErrorCode>" code "</ErrorCode>\n"                                                 \
	"      <Message>" message "</Message>\n"                                                  \
	"      <DebugData/>\n"                                                                    \
	"    </Error>\n"                                                                          \
	"  </Response>\n"                                                                         \
	"</Autodiscover>\n"

#define XML "text/xml; charset=utf-8"
#define PLAIN "text/plain; charset=utf-8"
#define DAY "public, max-age=3600"
#define NOT_FOUND "There are no mail settings at this address.\n"

#define CONFIG "/mail/config-v1.1.xml"
#define DISCOVER "/autodiscover/autodiscover.xml"
#define POSTED(address) POSTED_AS(address, "outlook/responseschema/2006a")
#define POSTED_AS(address, schema)                                                            \
	"<Autodiscover><Request><EMailAddress>" address "</EMailAddress>"                         \
	"<AcceptableResponseSchema>http://schemas.microsoft.com/exchange/autodiscover/" schema    \
	"</AcceptableResponseSchema></Request></Autodiscover>"

#define J                                                          \
	" xmlns='http://www.w3.org/2005/xpath-functions'"          \
	" xmlns:t='urn:mailconfd:template:1'"

static struct snapshot *load(struct unit *unit)
{
	char path[600];
	const char *tables[] = { path };
	struct snapshot_sources sources = {
		.tables = tables,
		.table_count = COUNT(tables),
		.templates = { .own = unit->folder },
		.documents = documents,
		.document_count = DOCUMENTS,
	};
	struct snapshot *snapshot;

	unit_write(unit, "autoconfig.xml",
		   "<c d='{domain}' xmlns:t='urn:mailconfd:template:1'>"
		   "<t:value select='provider.displayName'/></c>");
	unit_write(unit, "autodiscover.xml",
		   "<d d='{domain}' xmlns:t='urn:mailconfd:template:1'"
		   " t:needs='provider.hasMailbox'><t:value select='address'/></d>");
	unit_write(unit, "mobilesync.xml",
		   "<m d='{domain}' xmlns:t='urn:mailconfd:template:1'"
		   " t:needs='provider.activeSyncURL'><t:value select='address'/></m>");
	unit_write(unit, "autodiscover-json.xml",
		   "<map" J "><t:if test=\"variant = 'AutodiscoverV1' or provider.ewsURL\">"
		   "<string key='{variant}'><t:value select='domain'/></string></t:if></map>");
	unit_write(unit, "pacc.xml",
		   "<map" J " t:needs='provider.pacc'>"
		   "<string key='{variant}'><t:value select='domain'/></string></map>");
	unit_write(unit, "mobileconfig.xml",
		   "<p v='{variant}' n='{name}' i='{profileIdentifier}' u='{mailUUID}'"
		   " xmlns:t='urn:mailconfd:template:1' t:needs='provider.apple'/>");
	unit_write(unit, "t.json",
		   "{\"providers\": [\n"
		   "{\"id\": \"p.example\", \"displayName\": \"P\",\n"
		   " \"domains\": [\"one.example\", \"*.wild.example\"],\n"
		   " \"mailExchangers\": [\"mx.p.example\"], " SERVERS("") "},\n"
		   "{\"id\": \"two.example\", \"displayName\": \"Q & R\",\n"
		   " \"domains\": [\"two.example\"], " SERVERS("") "},\n"
		   "{\"id\": \"dav.example\", \"displayName\": \"D\",\n"
		   " \"domains\": [\"dav.example\"], \"incomingServers\": [{\"type\": \"ews\",\n"
		   " \"url\": \"https://dav.example/\", \"authentication\": [\"http:Basic\"],\n"
		   " \"username\": \"%EMAILADDRESS%\"}]},\n"
		   "{\"id\": \"all.example\", \"displayName\": \"A\",\n"
		   " \"domains\": [\"all.example\", \"*.all.example\"],\n"
		   " \"autodiscoverHost\": \"d.%EMAILDOMAIN%\", " SERVERS("") ",\n"
		   " \"calendars\": [{\"type\": \"caldav\", " BASIC ",\n"
		   " \"url\": \"https://dav.%EMAILDOMAIN%:8443/c?a=1&b=2\"}],\n"
		   " \"addressBooks\": [{\"type\": \"carddav\", " BASIC ",\n"
		   " \"url\": \"https://dav.b/%EMAILADDRESS%\"}]},\n"
		   "{\"id\": \"jmap.example\", \"displayName\": \"J\",\n"
		   " \"domains\": [\"jmap.example\", \"other.example\"],\n"
		   " \"incomingServers\": [{\"type\": \"jmap\", " BASIC ",\n"
		   " \"url\": \"https://jmap.example/.well-known/jmap\"}]},\n"
		   "{\"id\": \"off.example\", \"displayName\": \"O\",\n"
		   " \"domains\": [\"off.example\"], " SERVERS(", \"off\": \"not yet\"") "}]}");
	snprintf(path, sizeof(path), "%s", unit->path);
	snapshot = snapshot_load(&sources, unit->diags);
	if (!snapshot)
		fail_msg("%s", unit_findings(unit));
	return snapshot;
}

struct row {
	int line;
	enum method method; /* 0: GET */
	const char *target;
	const char *host; /* by default autoconfig.one.example */
	const char *body;
	bool insecure;

	const char *protocol;
	unsigned status;
	const char *type;  /* NULL: none, like the next three */
	const char *cache;
	const char *allow;
	const char *location;
	bool any_origin, tag;
	const char *text; /* the body, less the XML declaration of documents */
};

static void check_text(const char *got, const char *want, const struct row *row, const char *what)
{
	if (!got != !want || (got && strcmp(got, want) != 0))
		fail_msg("row of line %d: %s is %s, expected %s", row->line, what,
			 got ? got : "none", want ? want : "none");
}

static void check_row(const struct snapshot *snapshot, const struct row *row)
{
	struct request request = {
		.method = row->method ? row->method : METHOD_GET,
		.target = str_of(row->target),
		.host = str_of(row->host ? row->host : "autoconfig.one.example"),
		.secure = !row->insecure,
		.body = str_of(row->body ? row->body : ""),
		.now = 1000000 * 86400ll + 19 * 3600 + 5 * 60 + 9,
	};
	struct reply reply;
	struct str text;
	char *out;

	check_text(route(snapshot, &request, &reply), row->protocol, row, "protocol");
	ROW_INT(row, reply.status, row->status);
	check_text(reply.content_type, row->type, row, "type");
	check_text(reply.cache_control, row->cache, row, "cache control");
	check_text(reply.allow, row->allow, row, "allow");
	check_text(reply.location, row->location, row, "location");
	ROW_INT(row, reply.any_origin, row->any_origin);
	ROW_INT(row, reply.etag[0] != '\0', row->tag);
	text.p = out = reply_body(&reply, &text.len);
	assert_non_null(out);
	if (reply.program && reply.program->method == OUTPUT_XML) {
		size_t end = str_find(text, '\n');

		ROW_TRUE(row, str_starts(text, STR("<?xml version=\"1.0\" encoding=\"")));
		text = str_from(text, end < text.len ? end + 1 : end);
	}
	ROW_STR(row, text, row->text ? row->text : "");
	free(out);
	reply_fini(&reply);
}

static void check_rows(struct unit *unit, const struct row *rows, size_t count)
{
	struct snapshot *snapshot = load(unit);

	for (size_t i = 0; i < count; i++)
		check_row(snapshot, &rows[i]);
	snapshot_unref(snapshot);
}

#define ANSWERED(text_)                                                               \
	.protocol = "autoconfig", .status = 200, .type = XML, .cache = DAY,           \
	.any_origin = true, .tag = true, .text = (text_)
#define NONE(protocol_)                                                               \
	.protocol = (protocol_), .status = 404, .type = PLAIN, .cache = "max-age=60", \
	.text = NOT_FOUND
#define CONFIG_OF_ONE "<c d=\"one.example\">P</c>\n"

static void paths(void **state)
{
	static const struct row rows[] = {
		{ __LINE__, .target = CONFIG, ANSWERED(CONFIG_OF_ONE) },
		{ __LINE__, .target = "/Mail/CONFIG-v1.1.XML", ANSWERED(CONFIG_OF_ONE) },
		{ __LINE__, .target = "/mail/config%2Dv1.1.xml", ANSWERED(CONFIG_OF_ONE) },
		{ __LINE__, .target = "/.well-known/autoconfig/mail/config-v1.1.xml",
		  ANSWERED(CONFIG_OF_ONE) },
		{ __LINE__, .target = "/.well-known/mail-v1.xml", ANSWERED(CONFIG_OF_ONE) },
		{ __LINE__, .target = "/v1.1/mail/config-v1.1.xml", ANSWERED(CONFIG_OF_ONE) },
		{ __LINE__, .target = "/v1.1/two.example",
		  ANSWERED("<c d=\"two.example\">Q &amp; R</c>\n") },
		{ __LINE__, .target = "/autoconfig/V1.1/TWO.example",
		  ANSWERED("<c d=\"two.example\">Q &amp; R</c>\n") },
		/* the host has no say there */
		{ __LINE__, .target = "/v1.1/none.example", NONE("autoconfig") },
		{ __LINE__, .target = "/v1.1/mx.p.example", NONE("autoconfig") },
		{ __LINE__, .target = "/v1.1/..two.example", NONE("autoconfig") },
		{ __LINE__, .target = "/v1.1/", NONE("none") },
		{ __LINE__, .target = "/v1.1", NONE("none") },
		{ __LINE__, .target = "/v1.1/two.example/", NONE("none") },
		{ __LINE__, .target = "/xv1.1/two.example", NONE("none") },
		{ __LINE__, .target = "/", NONE("page") },
		{ __LINE__, .target = "*", NONE("none") },
		{ __LINE__, .target = "", NONE("none") },
		{ __LINE__, .target = CONFIG "/", NONE("none") },
		{ __LINE__, .target = "/x" CONFIG, NONE("none") },
		{ __LINE__, .target = "/x/.." CONFIG, NONE("none") },
		{ __LINE__, .target = CONFIG "%00", NONE("none") },
		{ __LINE__, .method = METHOD_POST, .target = "/x", NONE("none") },
		{ __LINE__, .method = METHOD_OTHER, .target = "/x", NONE("none") },
	};

	check_rows(*state, rows, COUNT(rows));
}

#define REFUSED(protocol_, allow_)                                                    \
	.protocol = (protocol_), .status = 405, .type = PLAIN, .allow = (allow_),     \
	.text = "This method is not possible here.\n"

static void methods(void **state)
{
	static const struct row rows[] = {
		{ __LINE__, .method = METHOD_HEAD, .target = CONFIG, ANSWERED(CONFIG_OF_ONE) },
		{ __LINE__, .method = METHOD_OPTIONS, .target = CONFIG,
		  .protocol = "autoconfig", .status = 204, .allow = "GET, HEAD, OPTIONS",
		  .any_origin = true },
		{ __LINE__, .method = METHOD_OPTIONS, .target = "/v1.1/none.example",
		  .protocol = "autoconfig", .status = 204, .allow = "GET, HEAD, OPTIONS",
		  .any_origin = true },
		{ __LINE__, .method = METHOD_OPTIONS, .target = DISCOVER,
		  .protocol = "autodiscover", .status = 204,
		  .allow = "GET, HEAD, POST, OPTIONS" },
		{ __LINE__, .method = METHOD_POST, .target = CONFIG,
		  REFUSED("autoconfig", "GET, HEAD, OPTIONS") },
		{ __LINE__, .method = METHOD_OTHER, .target = CONFIG,
		  REFUSED("autoconfig", "GET, HEAD, OPTIONS") },
		{ __LINE__, .method = METHOD_OTHER, .target = DISCOVER,
		  REFUSED("autodiscover", "GET, HEAD, POST, OPTIONS") },
		{ __LINE__, .method = METHOD_OPTIONS, .target = "/healthz",
		  REFUSED("health", "GET, HEAD") },
		{ __LINE__, .method = METHOD_POST, .target = "/healthz",
		  REFUSED("health", "GET, HEAD") },
	};

	check_rows(*state, rows, COUNT(rows));
}

static void autoconfig(void **state)
{
	static const struct row rows[] = {
		{ __LINE__, .target = CONFIG "?emailaddress=ann@two.example",
		  ANSWERED("<c d=\"two.example\">Q &amp; R</c>\n") },
		{ __LINE__, .target = CONFIG "?emailaddress=ann%40TWO.example.",
		  ANSWERED("<c d=\"two.example\">Q &amp; R</c>\n") },
		{ __LINE__, .target = CONFIG "?emailaddress=%25EMAILADDRESS%25@two.example",
		  ANSWERED("<c d=\"two.example\">Q &amp; R</c>\n") },
		{ __LINE__, .target = CONFIG "?emailaddress=a@b@two.example",
		  ANSWERED("<c d=\"two.example\">Q &amp; R</c>\n") },
		/* an address outside the table, or none: the host */
		{ __LINE__, .target = CONFIG "?emailaddress=ann@none.example",
		  ANSWERED(CONFIG_OF_ONE) },
		{ __LINE__, .target = CONFIG "?emailaddress=ann", ANSWERED(CONFIG_OF_ONE) },
		{ __LINE__, .target = CONFIG "?emailaddress=", ANSWERED(CONFIG_OF_ONE) },
		{ __LINE__, .target = CONFIG "?emailaddress=ann@off.example",
		  ANSWERED(CONFIG_OF_ONE) },
		{ __LINE__, .target = CONFIG, .host = "one.example:443", ANSWERED(CONFIG_OF_ONE) },
		{ __LINE__, .target = CONFIG, .host = "autoconfig.a.wild.example",
		  ANSWERED("<c d=\"a.wild.example\">P</c>\n") },
		{ __LINE__, .target = CONFIG "?emailaddress=ann@customer.example",
		  .host = "autoconfig.mx.p.example",
		  ANSWERED("<c d=\"mx.p.example\">P</c>\n") },
		{ __LINE__, .target = CONFIG, .host = "dav.example",
		  ANSWERED("<c d=\"dav.example\">D</c>\n") },
		{ __LINE__, .target = CONFIG, .insecure = true, ANSWERED(CONFIG_OF_ONE) },
		/* RFC 9112: the absolute form wins over Host */
		{ __LINE__, .target = "https://two.example" CONFIG,
		  ANSWERED("<c d=\"two.example\">Q &amp; R</c>\n") },
		{ __LINE__, .target = "https://none.example" CONFIG, NONE("autoconfig") },
		{ __LINE__, .target = CONFIG, .host = "none.example", NONE("autoconfig") },
		{ __LINE__, .target = CONFIG, .host = "", NONE("autoconfig") },
		{ __LINE__, .target = CONFIG, .host = "off.example", NONE("autoconfig") },
		{ __LINE__, .target = "/v1.1/off.example", NONE("autoconfig") },
	};

	check_rows(*state, rows, COUNT(rows));
}

static void not_modified(void **state)
{
	struct snapshot *snapshot = load(*state);
	struct request request = {
		.method = METHOD_GET,
		.target = STR(CONFIG),
		.host = STR("one.example"),
	};
	struct reply first;
	struct reply second;
	size_t len;
	char *out;

	route(snapshot, &request, &first);
	request.if_none_match = str_of(first.etag);
	route(snapshot, &request, &second);
	assert_int_equal(second.status, 304);
	assert_string_equal(second.etag, first.etag);
	assert_string_equal(second.cache_control, DAY);
	assert_true(second.any_origin);
	assert_null(second.content_type);
	out = reply_body(&second, &len);
	assert_non_null(out);
	assert_int_equal(len, 0);
	free(out);
	/* another domain's is another document */
	request.host = STR("two.example");
	route(snapshot, &request, &second);
	assert_int_equal(second.status, 200);
	assert_string_not_equal(second.etag, first.etag);
	snapshot_unref(snapshot);
}

/* The same for every local part: nothing of the query shows. */
static void every_local_part(void **state)
{
	static const char *const targets[] = {
		CONFIG, CONFIG "?emailaddress=ann@one.example",
		CONFIG "?emailaddress=bob@one.example&x=y", "/v1.1/one.example",
	};
	struct snapshot *snapshot = load(*state);
	struct reply replies[COUNT(targets)];

	for (size_t i = 0; i < COUNT(targets); i++) {
		struct request request = {
			.method = METHOD_GET,
			.target = str_of(targets[i]),
			.host = STR("one.example"),
		};

		route(snapshot, &request, &replies[i]);
		assert_int_equal(replies[i].status, 200);
		assert_string_equal(replies[i].etag, replies[0].etag);
	}
	snapshot_unref(snapshot);
}

#define DISCOVERED(text_)                                                             \
	.target = DISCOVER, .protocol = "autodiscover", .status = 200, .type = XML,   \
	.cache = "no-store", .text = (text_)
#define QUERIED(query, text_)                                                         \
	.target = DISCOVER query, .protocol = "autodiscover", .status = 200,          \
	.type = XML, .cache = "no-store", .text = (text_)

static void autodiscover_post(void **state)
{
	static const struct row rows[] = {
		{ __LINE__, .method = METHOD_POST, .body = POSTED("ann@one.example"),
		  DISCOVERED("<d d=\"one.example\">ann@one.example</d>\n") },
		/* the address decides, not the host */
		{ __LINE__, .method = METHOD_POST, .host = "none.example",
		  .body = POSTED("Ann@TWO.example"),
		  DISCOVERED("<d d=\"two.example\">Ann@TWO.example</d>\n") },
		{ __LINE__, .method = METHOD_POST, .body = POSTED("a&amp;b@one.example"),
		  DISCOVERED("<d d=\"one.example\">a&amp;b@one.example</d>\n") },
		{ __LINE__, .method = METHOD_POST, .body = POSTED("%s%n@one.example"),
		  DISCOVERED("<d d=\"one.example\">%s%n@one.example</d>\n") },
		{ __LINE__, .method = METHOD_POST, .target = DISCOVER,
		  .body = POSTED("ann@none.example"), NONE("autodiscover") },
		{ __LINE__, .method = METHOD_POST, .target = DISCOVER,
		  .body = POSTED("ann@off.example"), NONE("autodiscover") },
		{ __LINE__, .method = METHOD_POST, .target = DISCOVER,
		  .body = POSTED_AS("ann@none.example", "x"), NONE("autodiscover") },
		{ __LINE__, .method = METHOD_POST, .body = "",
		  DISCOVERED(ERROR_TEXT("600", "Invalid Request")) },
		{ __LINE__, .method = METHOD_POST, .body = "<a/>",
		  DISCOVERED(ERROR_TEXT("600", "Invalid Request")) },
		{ __LINE__, .method = METHOD_POST, .body = POSTED("ann"),
		  DISCOVERED(ERROR_TEXT("600", "Invalid Request")) },
		{ __LINE__, .method = METHOD_POST, .body = POSTED("a@b@one.example"),
		  DISCOVERED(ERROR_TEXT("600", "Invalid Request")) },
		{ __LINE__, .method = METHOD_POST,
		  .body = "<Autodiscover><Request><LegacyDN>/o=x</LegacyDN></Request>"
			  "</Autodiscover>",
		  DISCOVERED(ERROR_TEXT("500", "The e-mail address cannot be found")) },
		{ __LINE__, .method = METHOD_POST,
		  .body = POSTED_AS("ann@one.example", "mobilesync/responseschema/2006"),
		  DISCOVERED(ERROR_TEXT("601", "Provider is not available")) },
		{ __LINE__, .method = METHOD_POST, .body = POSTED_AS("ann@one.example", "x"),
		  DISCOVERED(ERROR_TEXT("601", "Provider is not available")) },
		{ __LINE__, .method = METHOD_POST, .body = POSTED("ann@dav.example"),
		  DISCOVERED(ERROR_TEXT("501",
					"No settings are available for the e-mail address")) },
	};

	check_rows(*state, rows, COUNT(rows));
}

static void autodiscover_get(void **state)
{
	static const struct row rows[] = {
		{ __LINE__, DISCOVERED("<d d=\"one.example\"/>\n") },
		{ __LINE__, .method = METHOD_HEAD, DISCOVERED("<d d=\"one.example\"/>\n") },
		{ __LINE__, .host = "autodiscover.two.example:443",
		  DISCOVERED("<d d=\"two.example\"/>\n") },
		{ __LINE__, QUERIED("?Email=ann@two.example",
				    "<d d=\"two.example\">ann@two.example</d>\n") },
		{ __LINE__, QUERIED("?Email=a%26b%2Bc+d@two.example",
				    "<d d=\"two.example\">a&amp;b+c+d@two.example</d>\n") },
		/* no address after all: the host */
		{ __LINE__, QUERIED("?Email=ann", "<d d=\"one.example\"/>\n") },
		{ __LINE__, QUERIED("?email=ann@two.example", "<d d=\"one.example\"/>\n") },
		{ __LINE__, .target = DISCOVER "?Email=ann@none.example", NONE("autodiscover") },
		{ __LINE__, .target = DISCOVER "?Email=ann@dav.example", NONE("autodiscover") },
		{ __LINE__, .target = DISCOVER, .host = "dav.example", NONE("autodiscover") },
		{ __LINE__, .target = DISCOVER, .host = "off.example", NONE("autodiscover") },
		{ __LINE__, .target = DISCOVER, .host = "none.example", NONE("autodiscover") },
	};

	check_rows(*state, rows, COUNT(rows));
}

#define REDIRECTED(domain)                                                            \
	.insecure = true, .protocol = "autodiscover", .status = 302,                  \
	.cache = "no-store",                                                          \
	.location = "https://autodiscover." domain "/autodiscover/autodiscover.xml"

static void autodiscover_redirect(void **state)
{
	static const struct row rows[] = {
		{ __LINE__, .target = DISCOVER, REDIRECTED("one.example") },
		{ __LINE__, .target = DISCOVER, .method = METHOD_HEAD, REDIRECTED("one.example") },
		{ __LINE__, .target = DISCOVER, .host = "AutoDiscover.Two.Example:80",
		  REDIRECTED("two.example") },
		/* by the host alone */
		{ __LINE__, .target = DISCOVER "?Email=ann@two.example",
		  REDIRECTED("one.example") },
		{ __LINE__, .target = DISCOVER, .method = METHOD_POST,
		  .body = POSTED("ann@two.example"), REDIRECTED("one.example") },
		{ __LINE__, .target = "/Autodiscover/Autodiscover.xml", .method = METHOD_POST,
		  REDIRECTED("one.example") },
		{ __LINE__, .target = DISCOVER, .host = "none.example", .insecure = true,
		  NONE("autodiscover") },
		{ __LINE__, .target = DISCOVER, .host = "one.example/\r\nX: y", .insecure = true,
		  NONE("autodiscover") },
	};

	check_rows(*state, rows, COUNT(rows));
}

#define JSON "/autodiscover/autodiscover.json"
#define JSON_TYPE "application/json; charset=utf-8"
#define IN_JSON(status_, text_)                                                       \
	.protocol = "autodiscover-json", .status = (status_), .type = JSON_TYPE,      \
	.cache = "no-store", .text = (text_)
#define JSON_OF(domain) IN_JSON(200, "{\"AutodiscoverV1\":\"" domain "\"}")
#define JSON_REFUSED(code, message)                                                   \
	IN_JSON(400, "{\"ErrorCode\":\"" code "\",\"ErrorMessage\":\"" message "\"}")
#define UNKNOWN_PROTOCOL(name, others)                                                \
	JSON_REFUSED("InvalidProtocol",                                               \
		     "The protocol '" name "' is not available. Available: " others ".")
#define UNREADABLE                                                                    \
	JSON_REFUSED("InvalidRequest", "A parameter is given twice, or is not well-formed.")

static void autodiscover_json(void **state)
{
	static const struct row rows[] = {
		{ __LINE__, .target = JSON "?Email=a@two.example&Protocol=AutodiscoverV1",
		  JSON_OF("two.example") },
		{ __LINE__, .target = "/AutoDiscover/Autodiscover.JSON?EMAIL=a@TWO.example"
				      "&protocol=autodiscoverv1", JSON_OF("two.example") },
		{ __LINE__, .target = JSON "?Protocol=AutodiscoverV1", JSON_OF("one.example") },
		{ __LINE__, .target = JSON "/v1.0/a%40two.example?Protocol=AutodiscoverV1",
		  JSON_OF("two.example") },
		{ __LINE__, .target = JSON "/a@two.example?Protocol=AutodiscoverV1",
		  JSON_OF("two.example") },
		{ __LINE__, .target = JSON "/v1.0/?Protocol=AutodiscoverV1", JSON_OF("one.example") },
		{ __LINE__, .method = METHOD_HEAD, .target = JSON "?Protocol=AutodiscoverV1",
		  JSON_OF("one.example") },
		{ __LINE__, .target = JSON "?Protocol=Rest",
		  UNKNOWN_PROTOCOL("Rest", "AutodiscoverV1") },
		{ __LINE__, .target = JSON "?Protocol=Rest", .host = "dav.example",
		  UNKNOWN_PROTOCOL("Rest", "ActiveSync, AutodiscoverV1, Ews") },
		{ __LINE__, .target = JSON "?Protocol=%22%3Ca%5C0%0A%C3%A9",
		  UNKNOWN_PROTOCOL("a0", "AutodiscoverV1") },
		{ __LINE__, .target = JSON "?Protocol=123456789012345678901234567890123",
		  UNKNOWN_PROTOCOL("12345678901234567890123456789012", "AutodiscoverV1") },
		{ __LINE__, .target = JSON,
		  JSON_REFUSED("MandatoryParameterMissing",
			       "A valid address and protocol must be given.") },
		{ __LINE__, .target = JSON "?Email=a@one.example",
		  JSON_REFUSED("MissingProtocol", "The parameter 'Protocol' is missing.") },
		{ __LINE__, .target = JSON "?Email=a@b&email=a@b&Protocol=x", UNREADABLE },
		{ __LINE__, .target = JSON "?Protocol=%", UNREADABLE },
		{ __LINE__, .target = JSON "?Email=a@none.example&Protocol=AutodiscoverV1",
		  NONE("autodiscover-json") },
		{ __LINE__, .target = JSON "?Email=a&Protocol=AutodiscoverV1",
		  NONE("autodiscover-json") },
		{ __LINE__, .target = JSON "?Protocol=AutodiscoverV1", .host = "none.example",
		  NONE("autodiscover-json") },
		{ __LINE__, .target = JSON "/x/a@two.example?Protocol=AutodiscoverV1",
		  NONE("autodiscover-json") },
		{ __LINE__, .target = JSON "/a@two.example/b?Protocol=AutodiscoverV1",
		  NONE("autodiscover-json") },
		{ __LINE__, .target = JSON "x?Protocol=AutodiscoverV1", NONE("none") },
		{ __LINE__, .method = METHOD_POST, .target = JSON,
		  REFUSED("autodiscover-json", "GET, HEAD, OPTIONS") },
	};

	check_rows(*state, rows, COUNT(rows));
}

#define JSON_LED(to)                                                                  \
	.insecure = true, .protocol = "autodiscover-json", .status = 302,             \
	.cache = "no-store", .location = "https://" to

static void autodiscover_json_redirect(void **state)
{
	static const struct row rows[] = {
		{ __LINE__, .target = JSON "?Email=a@two.example&Protocol=x",
		  JSON_LED("autodiscover.one.example" JSON "?Email=a@two.example&Protocol=x") },
		{ __LINE__, .target = "/AutoDiscover/autodiscover.JSON/v1.0/a%40b?x", .host = "all.example",
		  JSON_LED("d.all.example/AutoDiscover/autodiscover.JSON/v1.0/a%40b?x") },
		{ __LINE__, .target = JSON, .host = "autodiscover.a.all.example:80",
		  JSON_LED("d.a.all.example" JSON) },
		/* what no URL may hold is left out */
		{ __LINE__, .target = JSON "?a=\"b", JSON_LED("autodiscover.one.example" JSON) },
		{ __LINE__, .target = JSON "?a=\xc3\xa9", JSON_LED("autodiscover.one.example" JSON) },
		{ __LINE__, .target = JSON "/\"@a", .insecure = true, NONE("autodiscover-json") },
		{ __LINE__, .target = JSON, .host = "none.example", .insecure = true,
		  NONE("autodiscover-json") },
	};

	check_rows(*state, rows, COUNT(rows));
}

#define PACC "/.well-known/user-agent-configuration.json"

static void pacc(void **state)
{
	static const struct row rows[] = {
		{ __LINE__, .target = PACC, .host = "ua-auto-config.two.example",
		  .protocol = "pacc", .status = 200, .type = "application/json",
		  .cache = "public, max-age=300", .any_origin = true, .tag = true,
		  .text = "{\"03\":\"two.example\"}" },
		{ __LINE__, .target = PACC "?emailaddress=a@one.example", .host = "two.example",
		  .protocol = "pacc", .status = 200, .type = "application/json",
		  .cache = "public, max-age=300", .any_origin = true, .tag = true,
		  .text = "{\"03\":\"two.example\"}" },
		{ __LINE__, .target = PACC, .host = "two.example", .insecure = true, NONE("pacc") },
		{ __LINE__, .target = PACC, .host = "dav.example", NONE("pacc") },
		{ __LINE__, .target = PACC, .host = "none.example", NONE("pacc") },
		{ __LINE__, .method = METHOD_OPTIONS, .target = PACC, .protocol = "pacc",
		  .status = 204, .allow = "GET, HEAD, OPTIONS", .any_origin = true },
		{ __LINE__, .method = METHOD_POST, .target = PACC,
		  REFUSED("pacc", "GET, HEAD, OPTIONS") },
	};

	check_rows(*state, rows, COUNT(rows));
}

#define PROFILE "/profile.mobileconfig?emailaddress="
/* Version 5 of "profile" and of "mail", each with the address, below example's domain. */
#define PROFILED(name, identifier, uuid)                                              \
	.protocol = "mobileconfig", .status = 200,                                    \
	.type = "application/x-apple-aspen-config", .cache = "no-store",              \
	.text = "<p v=\"imap\"" name " i=\"" identifier "\" u=\"" uuid "\"/>\n"
#define OF_ANN(name)                                                                  \
	PROFILED(name, "example.one.mailconfd.c8a09559", "4E1A3FAF-F41E-5269-925F-F213782F573D")

static void mobileconfig(void **state)
{
	static const struct row rows[] = {
		{ __LINE__, .target = PROFILE "ann@one.example", OF_ANN("") },
		{ __LINE__, .target = PROFILE "ann%40ONE.example.&type=IMAP&x=y", OF_ANN("") },
		{ __LINE__, .target = PROFILE "ann@one.example&name=%20A%20%26%20%22B%22%20",
		  OF_ANN(" n=\"A &amp; &quot;B&quot;\"") },
		{ __LINE__, .target = PROFILE "ann@one.example", .host = "none.example", OF_ANN("") },
		{ __LINE__, .target = PROFILE "ann@one.example", .insecure = true, NONE("mobileconfig") },
		{ __LINE__, .target = PROFILE "ann@one.example&type=pop3", NONE("mobileconfig") },
		{ __LINE__, .target = PROFILE "ann@one.example&type=x", NONE("mobileconfig") },
		{ __LINE__, .target = PROFILE "ann@one.example&name=a%0Ab", NONE("mobileconfig") },
		{ __LINE__, .target = PROFILE "ann@one.example&name=%C2%85", NONE("mobileconfig") },
		{ __LINE__, .target = PROFILE "ann@one.example&name=%EF%BF%BE", NONE("mobileconfig") },
		{ __LINE__, .target = PROFILE "ann@one.example&emailaddress=b@one.example",
		  NONE("mobileconfig") },
		{ __LINE__, .target = PROFILE "ann@dav.example", NONE("mobileconfig") },
		{ __LINE__, .target = PROFILE "ann@none.example", NONE("mobileconfig") },
		{ __LINE__, .target = PROFILE "ann", NONE("mobileconfig") },
		{ __LINE__, .target = "/profile.mobileconfig", NONE("mobileconfig") },
		{ __LINE__, .method = METHOD_POST, .target = "/profile.mobileconfig",
		  REFUSED("mobileconfig", "GET, HEAD") },
	};

	check_rows(*state, rows, COUNT(rows));
}

#define LED(status_, cache_, to)                                                      \
	.protocol = "well-known", .status = (status_), .cache = (cache_), .location = (to)

static void well_known(void **state)
{
	static const struct row rows[] = {
		{ __LINE__, .target = "/.well-known/caldav", .host = "a.all.example",
		  LED(301, "max-age=3600", "https://dav.a.all.example:8443/c?a=1&b=2") },
		{ __LINE__, .target = "/.well-known/caldav", .host = "all.example",
		  .method = METHOD_OTHER, .insecure = true,
		  LED(301, "max-age=3600", "https://dav.all.example:8443/c?a=1&b=2") },
		{ __LINE__, .target = "/.well-known/CALDAV?x", .host = "ALL.example.:443",
		  .method = METHOD_OPTIONS,
		  LED(301, "max-age=3600", "https://dav.all.example:8443/c?a=1&b=2") },
		/* in somebody's name */
		{ __LINE__, .target = "/.well-known/carddav", .host = "all.example",
		  NONE("well-known") },
		{ __LINE__, .target = "/.well-known/caldav", NONE("well-known") },
		{ __LINE__, .target = "/.well-known/caldav", .host = "none.example",
		  NONE("well-known") },
		{ __LINE__, .target = "/.well-known/jmap", .host = "other.example",
		  .method = METHOD_POST,
		  LED(307, "no-store", "https://jmap.example/.well-known/jmap") },
		/* never to the place that is asked */
		{ __LINE__, .target = "/.well-known/jmap", .host = "jmap.example",
		  NONE("well-known") },
		{ __LINE__, .target = "/.well-known/jmap", .host = "jmap.example", .insecure = true,
		  NONE("well-known") },
	};

	check_rows(*state, rows, COUNT(rows));
}

static void health(void **state)
{
	struct unit *unit = *state;
	struct snapshot *snapshot = load(unit);
	time_t loaded_at = snapshot_loaded_at(snapshot);
	char text[200];
	struct tm tm;
	struct row row = {
		__LINE__, .target = "/healthz", .host = "anything", .protocol = "health",
		.status = 200, .type = PLAIN, .cache = "no-store", .text = text,
	};

	assert_non_null(gmtime_r(&loaded_at, &tm));
	snprintf(text, sizeof(text),
		 "ok\ndomains 9\nproviders 6\nloaded %04d-%02d-%02dT%02d:%02d:%02dZ\n",
		 tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
	check_row(snapshot, &row);
	row.target = "/HealthZ?x";
	row.method = METHOD_HEAD;
	row.insecure = true;
	check_row(snapshot, &row);
	snapshot_unref(snapshot);
}

/* The reply points to nothing of the request. */
static void nothing_borrowed(void **state)
{
	char target[] = DISCOVER "?Email=ann@two.example";
	char host[] = "one.example";
	struct snapshot *snapshot = load(*state);
	struct request request = {
		.method = METHOD_GET,
		.target = str_of(target),
		.host = str_of(host),
		.secure = true,
	};
	struct reply reply;
	struct str text;
	char *out;

	route(snapshot, &request, &reply);
	memset(target, 'x', sizeof(target) - 1);
	memset(host, 'x', sizeof(host) - 1);
	text.p = out = reply_body(&reply, &text.len);
	assert_non_null(out);
	assert_true(str_ends(text, STR("<d d=\"two.example\">ann@two.example</d>\n")));
	free(out);
	snapshot_unref(snapshot);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_TEST(paths),	      UNIT_TEST(methods),
		UNIT_TEST(autoconfig),	      UNIT_TEST(not_modified),
		UNIT_TEST(every_local_part),  UNIT_TEST(autodiscover_post),
		UNIT_TEST(autodiscover_get),  UNIT_TEST(autodiscover_redirect),
		UNIT_TEST(autodiscover_json), UNIT_TEST(autodiscover_json_redirect),
		UNIT_TEST(pacc),	      UNIT_TEST(mobileconfig),
		UNIT_TEST(well_known),	      UNIT_TEST(health),
		UNIT_TEST(nothing_borrowed),
	};
	int failed;

	xml_init();
	failed = cmocka_run_group_tests_name("route", tests, NULL, NULL);
	xml_fini();
	return failed;
}
