/*
 * PACC: one JSON document a domain, whose digest stands in the DNS
 * (draft-ietf-mailmaint-pacc). Over https or not at all; found by the host alone.
 */
#include "config.h"

#include "asked.h"
#include "documents.h"
#include "handler.h"

void pacc_answer(const struct snapshot *snapshot, const struct request *request,
		 const struct uri *uri, struct reply *reply)
{
	const struct program *program = NULL;
	struct asked asked;

	(void)uri;
	if (request->secure &&
	    asked_by_host(snapshot_table(snapshot), request->host, NULL, &asked))
		program = snapshot_program(snapshot, asked.provider, DOCUMENT_PACC);
	if (!program) {
		reply_not_found(reply);
		return;
	}
	reply->program = program;
	reply->status = 200;
	reply->content_type = "application/json";
	/* Short: while an old digest goes out of the caches, the old bytes must not stay. */
	reply->cache_control = "public, max-age=300";
	reply_fill(reply, HOLE_DOMAIN, asked.domain);
	reply_fill(reply, HOLE_EMAIL_DOMAIN, asked.email_domain);
	reply_tag(reply, request);
}
