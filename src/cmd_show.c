/*
 * mailconf show: the very bytes that the daemon would send for an address, made by the same
 * functions, without a socket.
 */
#include "config.h"

#include "buf.h"
#include "command.h"
#include "escape.h"
#include "route.h"
#include "suggest.h"
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

struct show {
	struct options options;
	const char *address;
	const struct question *question;
	bool include;
	bool help;
};

static void help(void)
{
	printf("Usage: mailconf show ADDRESS [--as FORMAT] [--include] [OPTION]...\n"
	       "Prints what the daemon answers for an address.\n"
	       "\n"
	       "  --as FORMAT             one of");
	for (size_t i = 0; i < QUESTIONS; i++)
		printf("%s %s", i ? "," : "", questions[i].name);
	printf(" [%s]\n"
	       "  --include               the status and the header fields, too\n",
	       questions[0].name);
	options_print_help(true);
}

/* `name` is NULL at the end of the line. */
static const struct question *find_question(const char *name)
{
	if (!name) {
		fprintf(stderr, "mailconf show: option \"--as\" lacks its value\n");
		return NULL;
	}
	for (size_t i = 0; i < QUESTIONS; i++) {
		if (strcmp(questions[i].name, name) == 0)
			return &questions[i];
	}
	fprintf(stderr, "mailconf show: --as: expected one of");
	for (size_t i = 0; i < QUESTIONS; i++)
		fprintf(stderr, "%s %s", i ? "," : "", questions[i].name);
	fprintf(stderr, "; found \"%s\"\n", name);
	for (size_t i = 0; i < QUESTIONS; i++) {
		if (suggest_is_near(str_of(name), str_of(questions[i].name)))
			fprintf(stderr, "    did you mean \"%s\"?\n", questions[i].name);
	}
	return NULL;
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

static int print_reply(const struct show *show, const struct reply *reply)
{
	size_t size = reply_size(reply);
	char *bytes = malloc(size ? size : 1);

	if (!bytes)
		return 1;
	if (show->include)
		print_header(reply);
	if (reply->status != 200 && !show->include) {
		fprintf(stderr, "mailconf show: %s: %u %s\n", show->question->name,
			reply->status, reply_reason(reply->status));
	} else {
		reply_write(reply, bytes);
		fwrite(bytes, 1, size, stdout);
	}
	free(bytes);
	return reply->status == 200 ? 0 : 1;
}

static int ask(const struct show *show, const struct snapshot *snapshot)
{
	static struct reply reply; /* large */
	const char *at = strrchr(show->address, '@');
	struct buf host = BUF_EMPTY;
	struct buf body = BUF_EMPTY;
	struct request request = {
		.method = show->question->method,
		.target = str_of(show->question->target),
		.secure = true,
		.now = time(NULL),
	};
	int status;

	buf_addf(&host, "%s%s", show->question->label, at ? at + 1 : show->address);
	if (show->question->posts_address)
		write_body(&body, show->address);
	request.host = buf_str(&host);
	request.body = buf_str(&body);
	route(snapshot, &request, &reply);
	status = print_reply(show, &reply);
	buf_fini(&host);
	buf_fini(&body);
	return status;
}

/* Takes the options that only this subcommand has out of the line. False for a wrong one. */
static bool take_own(struct show *show, int *argc, char **argv)
{
	int kept = 1;

	for (int i = 1; i < *argc; i++) {
		if (strcmp(argv[i], "--include") == 0) {
			show->include = true;
		} else if (strncmp(argv[i], "--as=", 5) == 0) {
			show->question = find_question(argv[i] + 5);
		} else if (strcmp(argv[i], "--as") == 0) {
			show->question = find_question(argv[++i]);
		} else {
			argv[kept++] = argv[i];
		}
		if (!show->question)
			return false;
	}
	argv[kept] = NULL;
	*argc = kept;
	return true;
}

static bool parse(struct show *show, int argc, char **argv)
{
	int operand;

	if (!take_own(show, &argc, argv) ||
	    !options_parse(&show->options, argc, argv, true, &operand))
		return false;
	show->help = show->options.help;
	if (show->help)
		return true;
	if (operand + 1 != argc) {
		fprintf(stderr, "mailconf show: expected one address\n");
		return false;
	}
	show->address = argv[operand];
	return true;
}

static int run(struct show *show)
{
	char *summary;
	struct snapshot *snapshot = tool_load(&show->options, &summary);
	int status = snapshot ? ask(show, snapshot) : 1;

	if (!snapshot)
		fprintf(stderr, "%s\n", summary ? summary : "out of memory");
	free(summary);
	snapshot_unref(snapshot);
	return status;
}

int cmd_show(int argc, char **argv)
{
	struct show show = { .question = &questions[0] };
	int status = 2;

	if (!options_init(&show.options))
		return 1;
	if (!parse(&show, argc, argv)) {
		fprintf(stderr, "Try \"mailconf show --help\".\n");
	} else if (show.help) {
		help();
		status = 0;
	} else {
		status = run(&show);
	}
	options_fini(&show.options);
	return status;
}
