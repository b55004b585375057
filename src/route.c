/* The table of all paths. Paths match whole, without regard to case. */
#include "config.h"

#include "route.h"

#include "handler.h"
#include "uri.h"

/* ANYTHING/v1.1/DOMAIN: how Thunderbird asks a database of providers, whatever its base is. */
static bool is_database_path(struct str path)
{
	size_t slash = str_find_last(path, '/');

	return slash + 1 < path.len && slash >= 5 &&
	       str_eq_fold(str_first(str_from(path, slash - 5), 5), STR("/v1.1"));
}

/* The root, and a link that leads straight to one domain. */
static bool is_page_path(struct str path)
{
	return path.len == 1 || str_eq_fold(path, STR("/settings")) ||
	       str_starts_fold(path, STR("/settings/"));
}

/* With or without a version and an address behind it. */
static bool is_json_path(struct str path)
{
	struct str start = STR("/autodiscover/autodiscover.json");

	return str_starts_fold(path, start) &&
	       (path.len == start.len || path.p[start.len] == '/');
}

enum {
	READ = METHOD_GET | METHOD_HEAD | METHOD_OPTIONS,
	READ_OR_POST = READ | METHOD_POST,
	ANY = READ_OR_POST | METHOD_OTHER, /* the answer is the same for all of them */
};

static const struct route_row {
	const char *path;		   /* exact; or, where NULL, */
	bool (*matches)(struct str path); /* what this says */
	unsigned methods;
	const char *protocol;
	handler *answer;
	bool any_origin;
} rows[] = {
	{ .path = "/mail/config-v1.1.xml", .methods = READ, .protocol = "autoconfig",
	  .answer = autoconfig_answer, .any_origin = true },
	{ .path = "/.well-known/autoconfig/mail/config-v1.1.xml", .methods = READ,
	  .protocol = "autoconfig", .answer = autoconfig_answer, .any_origin = true },
	{ .path = "/autodiscover/autodiscover.xml", .methods = READ_OR_POST,
	  .protocol = "autodiscover", .answer = autodiscover_answer },
	{ .matches = is_json_path, .methods = READ, .protocol = "autodiscover-json",
	  .answer = autodiscover_json_answer },
	{ .path = "/.well-known/user-agent-configuration.json", .methods = READ,
	  .protocol = "pacc", .answer = pacc_answer, .any_origin = true },
	{ .path = "/profile.mobileconfig", .methods = METHOD_GET | METHOD_HEAD,
	  .protocol = "mobileconfig", .answer = mobileconfig_answer },
	{ .path = "/.well-known/caldav", .methods = ANY, .protocol = "well-known",
	  .answer = well_known_answer_caldav },
	{ .path = "/.well-known/carddav", .methods = ANY, .protocol = "well-known",
	  .answer = well_known_answer_carddav },
	{ .path = "/.well-known/jmap", .methods = ANY, .protocol = "well-known",
	  .answer = well_known_answer_jmap },
	{ .matches = is_page_path, .methods = METHOD_GET | METHOD_HEAD, .protocol = "page",
	  .answer = page_answer },
	{ .path = "/assets/page.css", .methods = METHOD_GET | METHOD_HEAD, .protocol = "page",
	  .answer = page_answer_style },
	{ .path = "/assets/page.js", .methods = METHOD_GET | METHOD_HEAD, .protocol = "page",
	  .answer = page_answer_script },
	{ .path = "/favicon.ico", .methods = METHOD_GET | METHOD_HEAD, .protocol = "page",
	  .answer = page_answer_icon },
	{ .path = "/profile-qr.svg", .methods = METHOD_GET | METHOD_HEAD, .protocol = "page",
	  .answer = profile_qr_answer },
	{ .path = "/healthz", .methods = METHOD_GET | METHOD_HEAD, .protocol = "health",
	  .answer = health_answer },
	{ .path = "/tls/ask", .methods = METHOD_GET | METHOD_HEAD, .protocol = "tls-ask",
	  .answer = tls_ask_answer },
	/* GNOME Online Accounts asks this first, of autoconfig.DOMAIN. */
	{ .path = "/.well-known/mail-v1.xml", .methods = READ, .protocol = "autoconfig",
	  .answer = autoconfig_answer, .any_origin = true },
	/* Nine, on Android. */
	{ .path = "/v1.1/mail/config-v1.1.xml", .methods = READ, .protocol = "autoconfig",
	  .answer = autoconfig_answer, .any_origin = true },
	{ .matches = is_database_path, .methods = READ, .protocol = "autoconfig",
	  .answer = autoconfig_answer_database, .any_origin = true },
};

static const struct route_row *find_row(struct str path)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (rows[i].path ? str_eq_fold(str_of(rows[i].path), path)
				 : rows[i].matches(path))
			return &rows[i];
	}
	return NULL;
}

static const char *allow_of(unsigned methods)
{
	if (methods & METHOD_POST)
		return "GET, HEAD, POST, OPTIONS";
	return methods & METHOD_OPTIONS ? "GET, HEAD, OPTIONS" : "GET, HEAD";
}

static void answer_row(const struct route_row *row, const struct snapshot *snapshot,
		       const struct request *request, const struct uri *uri,
		       struct reply *reply)
{
	if (!(row->methods & request->method)) {
		reply_error(reply, 405);
		reply->allow = allow_of(row->methods);
	} else if (request->method == METHOD_OPTIONS && row->methods != ANY) {
		reply->status = 204;
		reply->allow = allow_of(row->methods);
		reply->any_origin = row->any_origin;
	} else {
		row->answer(snapshot, request, uri, reply);
		reply->any_origin = row->any_origin && reply->status != 404;
	}
}

const char *route(const struct snapshot *snapshot, const struct request *request,
		  struct reply *ret_reply)
{
	struct request local = *request;
	struct uri uri;

	reply_init(ret_reply);

	const struct route_row *row =
		uri_parse(request->target, &uri) ? find_row(uri.path) : NULL;

	if (!row) {
		reply_not_found(ret_reply);
		return "none";
	}
	if (uri.authority.len)
		local.host = uri.authority; /* RFC 9112 section 3.2.2: it wins over Host */
	answer_row(row, snapshot, &local, &uri, ret_reply);
	return row->protocol;
}
