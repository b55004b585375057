/*
 * mailconf show: the very bytes that the daemon would send for an address, made by the same
 * functions, without a socket.
 */
#include "config.h"

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
	const char *target;
	const char *label; /* in front of the domain, in the Host field */
	enum method method;
	bool posts_address;
};

static const struct question questions[] = {
	{ "autoconfig", "/mail/config-v1.1.xml", "autoconfig.", METHOD_GET, false },
	{ "autodiscover", "/autodiscover/autodiscover.xml", "autodiscover.", METHOD_POST, true },
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

static void write_body(struct buf *body, const char *address)
{
	buf_add(body, STR("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
			  "<Autodiscover xmlns=\"http://schemas.microsoft.com/exchange/"
			  "autodiscover/outlook/requestschema/2006\"><Request><EMailAddress>"));
	escape_xml_buf(body, str_of(address));
	buf_add(body, STR("</EMailAddress></Request></Autodiscover>"));
}

static void print_field(const char *name, const char *value)
{
	if (value && value[0])
		printf("%s: %s\n", name, value);
}

static void print_header(const struct reply *reply)
{
	printf("HTTP/1.1 %u %s\n", reply->status, reply_reason(reply->status));
	print_field("Content-Type", reply->content_type);
	print_field("Cache-Control", reply->cache_control);
	print_field("ETag", reply->etag);
	print_field("Access-Control-Allow-Origin", reply->any_origin ? "*" : NULL);
	print_field("X-Content-Type-Options", "nosniff");
	printf("Content-Length: %zu\n\n", reply_size(reply));
}

static int print_reply(const struct question *question, bool include, const struct reply *reply)
{
	size_t size = reply_size(reply);
	char *bytes = malloc(size ? size : 1);

	if (!bytes)
		return 1;
	if (include)
		print_header(reply);
	if (reply->status != 200 && !include) {
		fprintf(stderr, "mailconf show: %s: %u %s\n", question->name, reply->status,
			reply_reason(reply->status));
	} else {
		reply_write(reply, bytes);
		fwrite(bytes, 1, size, stdout);
	}
	free(bytes);
	return reply->status == 200 ? 0 : 1;
}

static int ask(const struct invocation *invocation, const struct snapshot *snapshot)
{
	static struct reply reply; /* large */
	const struct question *question = find_question(invocation->own[OWN_AS]);
	const char *address = invocation->operands[0];
	const char *at = strrchr(address, '@');
	struct buf host = BUF_EMPTY;
	struct buf body = BUF_EMPTY;
	struct request request = {
		.method = question->method,
		.target = str_of(question->target),
		.secure = true,
		.now = time(NULL),
	};
	int status;

	buf_addf(&host, "%s%s", question->label, at ? at + 1 : address);
	if (question->posts_address)
		write_body(&body, address);
	request.host = buf_str(&host);
	request.body = buf_str(&body);
	route(snapshot, &request, &reply);
	status = print_reply(question, invocation->own[OWN_INCLUDE], &reply);
	buf_fini(&host);
	buf_fini(&body);
	return status;
}

static int run(struct invocation *invocation)
{
	char *summary;
	struct snapshot *snapshot = tool_load(&invocation->options, &summary);
	int status = snapshot ? ask(invocation, snapshot) : 1;

	if (!snapshot)
		fprintf(stderr, "%s\n", summary ? summary : "out of memory");
	free(summary);
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
