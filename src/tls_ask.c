/*
 * GET /tls/ask?domain=NAME: shall there be a certificate for this name? A proxy that gets
 * certificates at the first handshake asks before it does: Caddy's "on_demand_tls { ask … }".
 * It takes 200 for yes, and any other status for no.
 */
#include "config.h"

#include "handler.h"
#include "hosts.h"

void tls_ask_answer(const struct snapshot *snapshot, const struct request *request,
		    const struct uri *uri, struct reply *reply)
{
	char buffer[URI_VALUE_MOST];
	struct str name;

	(void)request;
	if (uri_parameter(uri->query, STR("domain"), buffer, &name) &&
	    host_is_answered(snapshot, name)) {
		reply->status = 200;
		reply->content_type = "text/plain; charset=utf-8";
		reply->text = STR("This name is answered here.\n");
	} else {
		reply_not_found(reply);
	}
	/* A name can come with the next reload. */
	reply->cache_control = "no-store";
}
