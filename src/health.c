/* GET /healthz: for load balancers and monitoring. Whoever answers this is able to answer. */
#include "config.h"

#include "handler.h"

void health_answer(const struct snapshot *snapshot, const struct request *request,
		   const struct uri *uri, struct reply *reply)
{
	const struct table *table = snapshot_table(snapshot);
	time_t loaded_at = snapshot_loaded_at(snapshot);
	struct tm tm;
	char loaded[32];

	(void)request;
	(void)uri;
	if (!gmtime_r(&loaded_at, &tm) || !strftime(loaded, sizeof(loaded), "%FT%TZ", &tm))
		loaded[0] = '\0';
	reply->status = 200;
	reply->content_type = "text/plain; charset=utf-8";
	reply->cache_control = "no-store";
	reply->text = reply_printf(reply, "ok\ndomains %zu\nproviders %zu\nloaded %s\n",
				   names_count(&table->domains), table->provider_count, loaded);
}
