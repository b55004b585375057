/*
 * Where a domain's other services are: /.well-known/caldav and carddav (RFC 6764 section 5),
 * jmap (RFC 8620 section 2.2). They are redirects, to the URL in the table.
 */
#include "config.h"

#include "asked.h"
#include "handler.h"
#include "placeholder.h"
#include "weburl.h"

/* Can it be said without knowing who asks? */
static bool is_general(struct str url)
{
	struct str piece;
	enum placeholder kind;

	while (placeholder_next(&url, &piece, &kind)) {
		if (kind == PLACEHOLDER_ADDRESS || kind == PLACEHOLDER_LOCAL_PART)
			return false;
	}
	return true;
}

/* A URL that is the very one that was asked for would be asked for again and again. */
static bool leads_here(const struct request *request, const struct uri *uri, struct str location)
{
	struct weburl url;
	struct domain target, host;

	/* Another port is another server. */
	return weburl_parse(location, &url) && (url.port == 443 || url.port == 80) &&
	       domain_parse(url.host, &target) &&
	       domain_parse_host(request->host, &host) &&
	       str_eq(domain_str(&target), domain_str(&host)) && str_eq_fold(url.path, uri->path);
}

static void answer_url(const struct request *request, const struct uri *uri,
		       const struct asked *asked, struct str url, struct reply *reply)
{
	/* RFC 8620 section 2 forbids to keep a Session, so where it is is not kept either.
	   Programs send PROPFIND, and follow: with 301 the method stays for all but POST. */
	bool is_jmap = str_eq_fold(uri->path, STR("/.well-known/jmap"));
	struct str location = STR("");

	if (url.len && is_general(url))
		location = reply_pattern(reply, url, asked->domain);
	if (location.len == 0 || leads_here(request, uri, location)) {
		reply_not_found(reply);
		return;
	}
	reply_redirect(reply, is_jmap ? 307 : 301, location);
	reply->cache_control = is_jmap ? "no-store" : "max-age=3600";
}

static struct str url_of(const struct server *server)
{
	return server ? server->url : STR("");
}

void well_known_answer_caldav(const struct snapshot *snapshot, const struct request *request,
			      const struct uri *uri, struct reply *reply)
{
	struct asked asked;

	if (asked_by_host(snapshot_table(snapshot), request->host, NULL, &asked))
		answer_url(request, uri, &asked, url_of(asked.provider->caldav), reply);
	else
		reply_not_found(reply);
}

void well_known_answer_carddav(const struct snapshot *snapshot, const struct request *request,
			       const struct uri *uri, struct reply *reply)
{
	struct asked asked;

	if (asked_by_host(snapshot_table(snapshot), request->host, NULL, &asked))
		answer_url(request, uri, &asked, url_of(asked.provider->carddav), reply);
	else
		reply_not_found(reply);
}

void well_known_answer_jmap(const struct snapshot *snapshot, const struct request *request,
			    const struct uri *uri, struct reply *reply)
{
	struct asked asked;

	if (asked_by_host(snapshot_table(snapshot), request->host, NULL, &asked))
		answer_url(request, uri, &asked, asked.provider->jmap_url, reply);
	else
		reply_not_found(reply);
}
