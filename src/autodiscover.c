/*
 * Outlook's Autodiscover in its first form, "plain old XML" ([MS-OXDSCLI]). Also asked by
 * Thunderbird (POST) and Delta Chat (GET, without any address).
 *
 * Nothing here is secret, so nothing is asked for: a 401 would only collect passwords.
 */
#include "config.h"

#include "autodiscover.h"
#include "documents.h"
#include "handler.h"
#include "pox_request.h"

/* DavMail compares the whole text of the type. */
static const char xml_type[] = "text/xml; charset=utf-8";

enum error_code {
	ERROR_NO_SETTINGS = 501, /* the domain has nothing that Autodiscover can tell */
	ERROR_BAD_REQUEST = 600,
	ERROR_NO_PROVIDER = 601, /* not this kind of answer */
	ERROR_NOT_FOUND = 500,
};

static const char *message_of(enum error_code code)
{
	switch (code) {
	case ERROR_NOT_FOUND:
		return "The e-mail address cannot be found";
	case ERROR_NO_SETTINGS:
		return "No settings are available for the e-mail address";
	case ERROR_BAD_REQUEST:
		return "Invalid Request";
	case ERROR_NO_PROVIDER:
		return "Provider is not available";
	}
	return "";
}

/*
 * [MS-ASCMD] section 2.2.3.63. Id tells servers apart by a number made from their name;
 * replicas answer alike, so it is the program's.
 */
static void answer_error(const struct request *request, enum error_code code,
			 struct reply *reply)
{
	unsigned long seconds = (unsigned long)request->now % 86400;

	reply->status = 200;
	reply->content_type = xml_type;
	reply->cache_control = "no-store";
	reply->text = reply_printf(
		reply,
		"<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
		"<Autodiscover xmlns=\"http://schemas.microsoft.com/exchange/autodiscover/"
		"responseschema/2006\">\n"
		"  <Response>\n"
		"    <Error Time=\"%02lu:%02lu:%02lu\" Id=\"2006011600\">\n"
		"      <ErrorCode>%d</ErrorCode>\n"
		"      <Message>%s</Message>\n"
		"      <DebugData/>\n"
		"    </Error>\n"
		"  </Response>\n"
		"</Autodiscover>\n",
		seconds / 3600, seconds / 60 % 60, seconds % 60, (int)code, message_of(code));
}

/* An answer that carries the address, or that of nobody. */
static void answer_program(const struct program *program, const struct asked *asked,
			   const struct address *address, struct reply *reply)
{
	reply->program = program;
	reply->status = 200;
	reply->content_type = xml_type;
	reply->cache_control = "no-store"; /* it may carry an address */
	reply_fill(reply, HOLE_DOMAIN, asked->domain);
	reply_fill(reply, HOLE_EMAIL_DOMAIN, asked->email_domain);
	if (address)
		reply_fill_address(reply, address);
}

/*
 * Exactly 302, absolute: node-autodiscover takes no other status, Delta Chat no relative
 * Location.
 */
void autodiscover_to_https(const struct table *table, const struct request *request,
			   struct str path, struct str query, struct reply *reply)
{
	struct asked asked;
	struct str host, location;

	if (!asked_by_host(table, request->host, NULL, &asked) || !uri_is_clean(path)) {
		reply_not_found(reply);
		return;
	}
	if (!uri_is_clean(query))
		query = STR("");
	host = reply_pattern(reply, asked.provider->autodiscover_host, asked.domain);
	location = reply_printf(reply, "https://%.*s%.*s%s%.*s", STR_ARGS(host), STR_ARGS(path),
				query.len ? "?" : "", STR_ARGS(query));
	if (location.len == 0) /* a query of many kilobytes */
		location = reply_printf(reply, "https://%.*s%.*s", STR_ARGS(host),
					STR_ARGS(path));
	reply_redirect(reply, 302, location);
	reply->cache_control = "no-store";
}

/* The document of the schema that is asked for, or the error that says why there is none. */
static void answer_schema(const struct snapshot *snapshot, const struct request *request,
			  enum pox_schema schema, const struct asked *asked,
			  const struct address *address, struct reply *reply)
{
	const struct program *program = NULL;

	if (schema == POX_OUTLOOK)
		program = snapshot_program(snapshot, asked->provider,
					   DOCUMENT_AUTODISCOVER_ADDRESS);
	else if (schema == POX_MOBILESYNC)
		program = snapshot_program(snapshot, asked->provider, DOCUMENT_MOBILESYNC);
	if (program)
		answer_program(program, asked, address, reply);
	else
		answer_error(request, schema == POX_OUTLOOK ? ERROR_NO_SETTINGS : ERROR_NO_PROVIDER,
			     reply);
}

/* The address decides, even when the host is another domain's. Outside the table: 404. */
static void answer_post(const struct snapshot *snapshot, const struct request *request,
			struct reply *reply)
{
	struct pox_request pox;
	struct address address;
	struct asked asked;

	if (!pox_request_parse(request->body, &pox))
		answer_error(request, ERROR_BAD_REQUEST, reply);
	else if (!pox.has_address && pox.has_legacy_dn)
		answer_error(request, ERROR_NOT_FOUND, reply);
	else if (!address_parse(pox.address, &address))
		answer_error(request, ERROR_BAD_REQUEST, reply);
	else if (!asked_by_domain(snapshot_table(snapshot), &address.domain, &asked))
		reply_not_found(reply);
	else
		answer_schema(snapshot, request, pox.schema, &asked, &address, reply);
}

/*
 * A GET gets the whole configuration or a status that is no success: Thunderbird takes any
 * success for the answer, and repeats its POST only when the GET after a redirect fails.
 */
static void answer_get(const struct snapshot *snapshot, const struct request *request,
		       const struct uri *uri, struct reply *reply)
{
	const struct table *table = snapshot_table(snapshot);
	char buffer[URI_VALUE_MOST];
	struct str text;
	struct address address;
	struct asked asked;
	const struct program *program = NULL;
	bool has_address = uri_parameter(uri->query, STR("Email"), buffer, &text) &&
			   address_parse(text, &address);
	bool found = has_address ? asked_by_domain(table, &address.domain, &asked)
				 : asked_by_host(table, request->host, NULL, &asked);

	/* Without an address it cannot be said which other address is meant. */
	if (found && (has_address || asked.provider->redirect_addr.len == 0))
		program = snapshot_program(snapshot, asked.provider,
					   has_address ? DOCUMENT_AUTODISCOVER_ADDRESS
						       : DOCUMENT_AUTODISCOVER);
	if (program)
		answer_program(program, &asked, has_address ? &address : NULL, reply);
	else
		reply_not_found(reply);
}

void autodiscover_answer(const struct snapshot *snapshot, const struct request *request,
			 const struct uri *uri, struct reply *reply)
{
	if (!request->secure)
		/* The one spelling that every program takes. */
		autodiscover_to_https(snapshot_table(snapshot), request,
				      STR("/autodiscover/autodiscover.xml"), STR(""), reply);
	else if (request->method == METHOD_POST)
		answer_post(snapshot, request, reply);
	else
		answer_get(snapshot, request, uri, reply);
}
