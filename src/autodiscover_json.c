/*
 * Autodiscover's second version: GET, and one URL for one protocol as JSON. Outlook asks for
 * AutodiscoverV1, Microsoft's detection service for ActiveSync first, Apple for EWS. No
 * specification says so; what servers and logs have in common does.
 */
#include "config.h"

#include "autodiscover.h"
#include "documents.h"
#include "handler.h"

static const char json_media_type[] = "application/json; charset=utf-8";

/* By the names that Exchange answers with; asked for in any case. */
static const struct {
	const char *name;
	enum document_number document;
} protocols[] = {
	{ "ActiveSync", DOCUMENT_JSON_ACTIVE_SYNC },
	{ "AutodiscoverV1", DOCUMENT_JSON_AUTODISCOVER },
	{ "Ews", DOCUMENT_JSON_EWS },
};

enum {
	PROTOCOLS = sizeof(protocols) / sizeof(protocols[0]),
	ECHO_MOST = 32, /* characters of a protocol's name that come back */
};

static void answer_error(struct reply *reply, const char *code, struct str message)
{
	reply->status = 400;
	reply->content_type = json_media_type;
	reply->cache_control = "no-store";
	reply->text = reply_printf(reply, "{\"ErrorCode\":\"%s\",\"ErrorMessage\":\"%.*s\"}", code,
				   STR_ARGS(message));
}

/* Nothing comes back but letters and digits, which mean nothing in any language. */
static struct str echo_of(struct str protocol, char out[ECHO_MOST])
{
	size_t len = 0;

	for (size_t i = 0; i < protocol.len && len < ECHO_MOST; i++) {
		if (ascii_is_alnum(protocol.p[i]))
			out[len++] = protocol.p[i];
	}
	return (struct str){ .p = out, .len = len };
}

static void answer_unknown_protocol(const struct snapshot *snapshot,
				    const struct provider *provider, struct str protocol,
				    struct reply *reply)
{
	char echo[ECHO_MOST];
	char names[128];
	char message[256];
	size_t len = 0;
	int size;

	for (size_t i = 0; i < PROTOCOLS; i++) {
		if (snapshot_program(snapshot, provider, protocols[i].document))
			len += (size_t)snprintf(names + len, sizeof(names) - len, "%s%s",
						len ? ", " : "", protocols[i].name);
	}
	size = snprintf(message, sizeof(message),
			"The protocol '%.*s' is not available. Available: %s.",
			STR_ARGS(echo_of(protocol, echo)), len ? names : "none");
	answer_error(reply, "InvalidProtocol", (struct str){ .p = message, .len = (size_t)size });
}

static void answer_protocol(const struct snapshot *snapshot, const struct asked *asked,
			    struct str protocol, struct reply *reply)
{
	const struct program *program = NULL;

	for (size_t i = 0; i < PROTOCOLS; i++) {
		if (str_eq_fold(protocol, str_of(protocols[i].name)))
			program = snapshot_program(snapshot, asked->provider,
						   protocols[i].document);
	}
	if (!program) {
		answer_unknown_protocol(snapshot, asked->provider, protocol, reply);
		return;
	}
	reply->program = program;
	reply->status = 200;
	reply->content_type = json_media_type;
	reply->cache_control = "no-store"; /* the query carries an address */
	reply_fill(reply, HOLE_DOMAIN, asked->domain);
	reply_fill(reply, HOLE_EMAIL_DOMAIN, asked->email_domain);
}

/*
 * ".json/v1.0/ann@q.com": the segment with an "@" is the address, the one before it a version.
 * False for a tail that is neither.
 */
static bool path_address(struct str path, struct str *ret_address)
{
	struct str rest = str_from(path, sizeof("/autodiscover/autodiscover.json") - 1);
	struct str segment;

	*ret_address = STR("");
	while (str_split(&rest, '/', &segment)) {
		if (str_find(segment, '@') < segment.len && !ret_address->len && !rest.p)
			*ret_address = segment;
		else if (segment.len && !str_starts_fold(segment, STR("v")))
			return false;
	}
	return true;
}

/* What is asked for, once it is known to be one thing. */
struct question {
	struct str address; /* empty: by the host */
	struct str protocol;
	char address_buffer[URI_VALUE_MOST];
	char protocol_buffer[URI_VALUE_MOST];
};

/* False after an answer. */
static bool read_question(const struct uri *uri, struct question *question, struct reply *reply)
{
	enum uri_presence protocol = uri_parameter_once(uri->query, STR("Protocol"),
							question->protocol_buffer,
							&question->protocol);
	enum uri_presence address = uri_parameter_once(uri->query, STR("Email"),
						       question->address_buffer,
						       &question->address);
	struct str in_path;

	if (!path_address(uri->path, &in_path)) {
		reply_not_found(reply);
		return false;
	}
	if (in_path.len)
		question->address = in_path;
	if (address == URI_AMBIGUOUS || protocol == URI_AMBIGUOUS)
		answer_error(reply, "InvalidRequest",
			     STR("A parameter is given twice, or is not well-formed."));
	else if (uri->query.len == 0)
		answer_error(reply, "MandatoryParameterMissing",
			     STR("A valid address and protocol must be given."));
	else if (protocol == URI_ABSENT)
		answer_error(reply, "MissingProtocol", STR("The parameter 'Protocol' is missing."));
	else
		return true;
	return false;
}

/* The domain of the address alone decides, and only without any address the host. */
static bool find(const struct table *table, const struct request *request,
		 const struct question *question, struct asked *ret_asked)
{
	struct address address;

	if (question->address.len == 0)
		return asked_by_host(table, request->host, NULL, ret_asked);
	return address_parse(question->address, &address) &&
	       asked_by_domain(table, &address.domain, ret_asked);
}

void autodiscover_json_answer(const struct snapshot *snapshot, const struct request *request,
			      const struct uri *uri, struct reply *reply)
{
	const struct table *table = snapshot_table(snapshot);
	struct question question;
	struct asked asked;

	if (!request->secure)
		autodiscover_to_https(table, request, uri->raw_path, uri->query, reply);
	else if (read_question(uri, &question, reply)) {
		if (find(table, request, &question, &asked))
			answer_protocol(snapshot, &asked, question.protocol, reply);
		else
			reply_not_found(reply);
	}
}
