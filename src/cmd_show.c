/*
 * mailconf show: the very bytes that the daemon would send for an address, made by the same
 * functions, without a socket.
 */
#include "config.h"

#include "asked.h"
#include "buf.h"
#include "command.h"
#include "escape.h"
#include "route.h"
#include "tool.h"

#include <stdio.h>
#include <stdlib.h>

/* How the question for one protocol is put. */
struct question {
	const char *name;
	const char *target; /* "%s" in it is the address, as a piece of a URL */
	const char *label;  /* in front of the domain, in the Host field */
	const char *schema; /* of the address that is posted; NULL: GET */
};

static const struct question questions[] = {
	{ "autoconfig", "/mail/config-v1.1.xml", "autoconfig.", NULL },
	{ "autodiscover", "/autodiscover/autodiscover.xml", "autodiscover.", "outlook/responseschema/2006a" },
	{ "mobilesync", "/autodiscover/autodiscover.xml", "autodiscover.", "mobilesync/responseschema/2006" },
	{ "json", "/autodiscover/autodiscover.json?Email=%s&Protocol=AutodiscoverV1",
	  "autodiscover.", NULL },
	{ "json-activesync", "/autodiscover/autodiscover.json?Email=%s&Protocol=ActiveSync",
	  "autodiscover.", NULL },
	{ "json-ews", "/autodiscover/autodiscover.json?Email=%s&Protocol=Ews", "autodiscover.",
	  NULL },
	{ "mobileconfig", "/profile.mobileconfig?emailaddress=%s", "", NULL },
	{ "mobileconfig-imap", "/profile.mobileconfig?emailaddress=%s&type=imap", "", NULL },
	{ "mobileconfig-pop3", "/profile.mobileconfig?emailaddress=%s&type=pop3", "", NULL },
	{ "pacc", "/.well-known/user-agent-configuration.json", "ua-auto-config.", NULL },
	{ "page", "/?emailaddress=%s", "", NULL },
	{ "caldav", "/.well-known/caldav", "", NULL },
	{ "carddav", "/.well-known/carddav", "", NULL },
	{ "jmap", "/.well-known/jmap", "", NULL },
};

enum { QUESTIONS = sizeof(questions) / sizeof(questions[0]) };

enum { OWN_AS, OWN_INCLUDE };

static const char *next_format(const char *word)
{
	size_t i = 0;

	while (word && strcmp(questions[i].name, word) != 0)
		i++;
	i += word != NULL;
	return i < QUESTIONS ? questions[i].name : NULL;
}

/* The name is one of them: next_format() says which there are. */
static const struct question *find_question(const char *name)
{
	size_t i = 0;

	while (i + 1 < QUESTIONS && strcmp(questions[i].name, name) != 0)
		i++;
	return &questions[i];
}

static void write_body(struct buf *body, const char *schema, const char *address)
{
	static const char base[] = "http://schemas.microsoft.com/exchange/autodiscover/";

	buf_addf(body, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
		       "<Autodiscover xmlns=\"%soutlook/requestschema/2006\"><Request><EMailAddress>",
		 base);
	escape_xml_buf(body, str_of(address));
	buf_addf(body, "</EMailAddress><AcceptableResponseSchema>%s%s</AcceptableResponseSchema>"
		       "</Request></Autodiscover>",
		 base, schema);
}

static void write_target(struct buf *target, const char *form, const char *address)
{
	const char *place = strstr(form, "%s");
	char escaped[ADDRESS_MOST * ESCAPE_URL_MOST];
	struct str text = str_of(address);

	if (!place) {
		buf_add(target, str_of(form));
		return;
	}
	text = str_first(text, text.len < ADDRESS_MOST ? text.len : ADDRESS_MOST);
	buf_add(target, (struct str){ .p = form, .len = (size_t)(place - form) });
	buf_add(target, (struct str){ .p = escaped, .len = escape_url(text, escaped) });
	buf_add(target, str_of(place + 2));
}

static void print_field(const char *name, const char *value)
{
	if (value && value[0])
		printf("%s: %s\n", name, value);
}

static void print_header(const struct reply *reply, size_t size)
{
	printf("HTTP/1.1 %u %s\n", reply->status, reply_reason(reply->status));
	print_field("Content-Type", reply->content_type);
	print_field("Cache-Control", reply->cache_control);
	print_field("ETag", reply->etag);
	print_field("Location", reply->location);
	print_field("Content-Disposition", reply->content_disposition);
	print_field("Content-Language", reply->content_language);
	for (const struct reply_field *field = reply->more; field && field->name; field++)
		print_field(field->name, field->value);
	print_field("Access-Control-Allow-Origin", reply->any_origin ? "*" : NULL);
	print_field("X-Content-Type-Options", "nosniff");
	printf("Content-Length: %zu\n\n", size);
}

/* Why a format cannot say the provider, where it is known: the empty text otherwise. */
static struct str find_lack(const struct snapshot *snapshot, const struct question *question,
			    const char *address)
{
	struct domain domain;
	struct asked asked;

	if (!(address_parse_domain(str_of(address), &domain) ||
	      domain_parse(str_of(address), &domain)) ||
	    !asked_by_domain(snapshot_table(snapshot), &domain, &asked))
		return STR("");
	if (strcmp(question->name, "pacc") == 0)
		return asked.provider->pacc_lack;
	return strncmp(question->name, "mobileconfig", 12) == 0 ? asked.provider->apple_lack
								 : STR("");
}

static int print_reply(const struct question *question, bool include, struct str lack,
		       const struct reply *reply)
{
	size_t size;
	char *bytes = reply_body(reply, &size);

	if (!bytes) {
		fprintf(stderr, "mailconf show: %s: cannot be made\n", question->name);
		return 1;
	}
	if (include)
		print_header(reply, size);
	if (reply->location && !include) {
		printf("%s\n", reply->location);
	} else if (reply->status != 200 && !include) {
		fprintf(stderr, "mailconf show: %s: %u %s%s%.*s\n", question->name,
			reply->status, reply_reason(reply->status), lack.len ? ": " : "",
			STR_ARGS(lack));
	} else {
		fwrite(bytes, 1, size, stdout);
	}
	free(bytes);
	return reply->status < 400 ? 0 : 1;
}

static int ask(const struct invocation *invocation, const struct snapshot *snapshot)
{
	static struct reply reply; /* large */
	const struct question *question = find_question(invocation->own[OWN_AS]);
	const char *address = invocation->operands[0];
	const char *at = strrchr(address, '@');
	struct buf host = BUF_EMPTY;
	struct buf body = BUF_EMPTY;
	struct buf target = BUF_EMPTY;
	struct request request = {
		.method = question->schema ? METHOD_POST : METHOD_GET,
		.secure = true,
		.now = time(NULL),
	};
	int status;

	buf_addf(&host, "%s%s", question->label, at ? at + 1 : address);
	if (question->schema)
		write_body(&body, question->schema, address);
	write_target(&target, question->target, address);
	request.host = buf_str(&host);
	request.target = buf_str(&target);
	request.body = buf_str(&body);
	route(snapshot, &request, &reply);
	status = print_reply(question, invocation->own[OWN_INCLUDE],
			     find_lack(snapshot, question, address), &reply);
	reply_fini(&reply);
	buf_fini(&host);
	buf_fini(&body);
	buf_fini(&target);
	return status;
}

static int run(struct invocation *invocation)
{
	struct snapshot *snapshot = tool_load(&invocation->options);
	int status = snapshot ? ask(invocation, snapshot) : 1;

	snapshot_unref(snapshot);
	return status;
}

const struct command cmd_show = {
	.name = "show",
	.help = "print what the daemon answers for an address",
	.operands = "ADDRESS",
	.about = "Prints what the daemon answers for an address.",
	.least = 1,
	.most = 1,
	.loads = true,
	.own = {
		[OWN_AS] = { .name = "as", .argument = "FORMAT", .standard = "autoconfig",
			     .next_word = next_format, .help = "the format of the answer" },
		[OWN_INCLUDE] = { .name = "include",
				  .help = "the status and the header fields, too" },
	},
	.run = run,
};
