/*
 * Thunderbird's config-v1.1.xml (draft-ietf-mailmaint-autoconfig). The answer depends on the
 * domain alone: Evolution sends no real local part, and half of the programs send no address.
 */
#include "config.h"

#include "asked.h"
#include "documents.h"
#include "handler.h"

static void answer(const struct snapshot *snapshot, const struct request *request,
		   const struct asked *asked, struct reply *reply)
{
	reply->program = snapshot_program(snapshot, asked->provider, DOCUMENT_AUTOCONFIG);
	if (!reply->program) {
		reply_not_found(reply);
		return;
	}
	reply->status = 200;
	/* Thunderbird parses only what is called XML; the charset spares Android a guess. */
	reply->content_type = "text/xml; charset=utf-8";
	reply->cache_control = "public, max-age=3600";
	reply_fill(reply, HOLE_DOMAIN, asked->domain);
	reply_fill(reply, HOLE_EMAIL_DOMAIN, asked->email_domain);
	reply_tag(reply, request);
}

/* The address's domain where it is in the table; MX look-ups ask a hoster about a customer. */
static bool find(const struct snapshot *snapshot, const struct request *request,
		 const struct uri *uri, struct asked *ret_asked)
{
	const struct table *table = snapshot_table(snapshot);
	char buffer[URI_VALUE_MOST];
	struct str address;
	struct domain domain;
	bool has_domain =
		uri->query.len &&
		uri_parameter(uri->query, STR("emailaddress"), buffer, &address) &&
		address_parse_domain(address, &domain);

	if (has_domain && asked_by_domain(table, &domain, ret_asked))
		return true;
	return asked_by_host(table, request->host, has_domain ? &domain : NULL, ret_asked);
}

void autoconfig_answer(const struct snapshot *snapshot, const struct request *request,
		       const struct uri *uri, struct reply *reply)
{
	struct asked asked;

	if (find(snapshot, request, uri, &asked))
		answer(snapshot, request, &asked, reply);
	else
		reply_not_found(reply);
}

/* The domain is the last segment; Evolution goes on to its next step only after a plain 404. */
void autoconfig_answer_database(const struct snapshot *snapshot, const struct request *request,
				const struct uri *uri, struct reply *reply)
{
	struct str name = str_from(uri->path, str_find_last(uri->path, '/') + 1);
	struct domain domain;
	struct asked asked;

	if (domain_parse(name, &domain) &&
	    asked_by_domain(snapshot_table(snapshot), &domain, &asked))
		answer(snapshot, request, &asked, reply);
	else
		reply_not_found(reply);
}
