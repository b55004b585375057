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

/* Would it lead to the very URL that was asked for? Programs follow until they give up. */
static bool is_circle(const struct asked *asked, const struct request *request,
		      const struct uri *uri, struct str location)
{
	struct weburl url;

	return request->secure && weburl_parse(location, &url) && url.port == 443 &&
	       str_eq_fold(url.host, asked->domain) && str_eq_fold(url.path, uri->path);
}

static void answer_url(const struct asked *asked, const struct request *request,
		       const struct uri *uri, struct str url, unsigned status,
		       const char *cache_control, struct reply *reply)
{
	struct str location = STR("");

	if (is_general(url))
		location = reply_pattern(reply, url, asked->domain);
	if (is_circle(asked, request, uri, location))
		location = STR("");
	reply_redirect(reply, status, location);
	if (reply->location)
		reply->cache_control = cache_control;
}

static struct str url_of(const struct server *server)
{
	return server ? server->url : STR("");
}

/* Programs send PROPFIND, and follow: the method stays with 301 for all but POST. */
void well_known_answer_caldav(const struct snapshot *snapshot, const struct request *request,
			      const struct uri *uri, struct reply *reply)
{
	struct asked asked;

	if (asked_by_host(snapshot_table(snapshot), request->host, NULL, &asked))
		answer_url(&asked, request, uri, url_of(asked.provider->caldav), 301,
			   "max-age=3600", reply);
	else
		reply_not_found(reply);
}

void well_known_answer_carddav(const struct snapshot *snapshot, const struct request *request,
			       const struct uri *uri, struct reply *reply)
{
	struct asked asked;

	if (asked_by_host(snapshot_table(snapshot), request->host, NULL, &asked))
		answer_url(&asked, request, uri, url_of(asked.provider->carddav), 301,
			   "max-age=3600", reply);
	else
		reply_not_found(reply);
}

/* RFC 8620 section 2 forbids to keep a Session, so where it is is not kept either. */
void well_known_answer_jmap(const struct snapshot *snapshot, const struct request *request,
			    const struct uri *uri, struct reply *reply)
{
	struct asked asked;

	if (asked_by_host(snapshot_table(snapshot), request->host, NULL, &asked))
		answer_url(&asked, request, uri, asked.provider->jmap_url, 307, "no-store", reply);
	else
		reply_not_found(reply);
}
