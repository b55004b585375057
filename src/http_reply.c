/* Making responses, and keeping those that will be asked for again. */
#include "config.h"

#include "http_reply.h"

#include "log.h"

#include <stdlib.h>

static void add_field(struct MHD_Response *response, const char *name, const char *value)
{
	if (value && value[0] && MHD_add_response_header(response, name, value) != MHD_YES)
		log_line(LOG_ERROR, "cannot send the field %s: out of memory", name);
}

static struct MHD_Response *make_response(const struct reply *reply, bool closing)
{
	size_t size;
	char *bytes = reply_body(reply, &size);
	struct MHD_Response *response = NULL;

	if (bytes)
		response = MHD_create_response_from_buffer(size, bytes, MHD_RESPMEM_MUST_FREE);
	if (!response) {
		free(bytes);
		return NULL;
	}
	add_field(response, "Content-Type", reply->content_type);
	add_field(response, "Cache-Control", reply->cache_control);
	add_field(response, "ETag", reply->etag);
	add_field(response, "Allow", reply->allow);
	add_field(response, "Location", reply->location);
	add_field(response, "Content-Disposition", reply->content_disposition);
	add_field(response, "Access-Control-Allow-Origin", reply->any_origin ? "*" : NULL);
	add_field(response, "Content-Language", reply->content_language);
	for (const struct reply_field *field = reply->more; field && field->name; field++)
		add_field(response, field->name, field->value);
	add_field(response, "X-Content-Type-Options", "nosniff");
	if (reply->status == 429 || reply->status == 503)
		add_field(response, "Retry-After", "1");
	if (closing)
		add_field(response, "Connection", "close");
	return response;
}

/*
 * One program asks again and again after a 404, 25 times a second, and never stops: the
 * answer to it must not cost more than a good one.
 */
static enum MHD_Result send_not_found(struct reply_store *store, struct MHD_Connection *handle,
				      const struct reply *reply)
{
	if (!store->not_found)
		store->not_found = make_response(reply, false);
	if (!store->not_found)
		return MHD_NO;
	return MHD_queue_response(handle, 404, store->not_found);
}

/* The place for a reply that depends on program and domain alone, or NULL. */
static struct kept_reply *place_of(struct reply_store *store, const struct reply *reply)
{
	struct str domain = reply->values.hole[HOLE_DOMAIN];
	unsigned holes = 1u << HOLE_DOMAIN;

	/* They differ on a host of mail exchangers only. */
	if (str_eq(domain, reply->values.hole[HOLE_EMAIL_DOMAIN]))
		holes |= 1u << HOLE_EMAIL_DOMAIN;
	if (!reply->program || reply->status != 200 || !reply->etag[0] ||
	    (reply->program->holes_used & ~holes) || domain.len > DOMAIN_MOST)
		return NULL;
	return &store->kept[reply->digest & (KEPT_REPLIES - 1)];
}

static bool is_kept(const struct kept_reply *kept, const struct reply *reply)
{
	return kept->response && kept->program == reply->program &&
	       str_eq(domain_str(&kept->domain), reply->values.hole[HOLE_DOMAIN]);
}

static void keep(struct kept_reply *kept, const struct reply *reply,
		 struct MHD_Response *response)
{
	struct str domain = reply->values.hole[HOLE_DOMAIN];

	if (program_size(reply->program, &reply->values) > KEPT_SIZE_MOST)
		return;
	if (kept->response)
		MHD_destroy_response(kept->response);
	kept->program = reply->program;
	kept->domain.len = domain.len;
	if (domain.len) /* a program without that hole */
		memcpy(kept->domain.text, domain.p, domain.len);
	kept->response = response;
}

static enum MHD_Result send_new(struct MHD_Connection *handle, const struct reply *reply,
				bool closing, struct kept_reply *place)
{
	struct MHD_Response *response = make_response(reply, closing);
	enum MHD_Result result;

	if (!response)
		return MHD_NO; /* no memory even for an error: the connection is closed */
	result = MHD_queue_response(handle, reply->status, response);
	if (place)
		keep(place, reply, response);
	if (!place || place->response != response)
		MHD_destroy_response(response); /* the library keeps its own reference */
	return result;
}

enum MHD_Result reply_store_send(struct reply_store *store, struct MHD_Connection *handle,
				 const struct reply *reply, bool closing)
{
	struct kept_reply *place;

	if (closing)
		return send_new(handle, reply, true, NULL);
	if (reply_is_not_found(reply))
		return send_not_found(store, handle, reply);
	place = place_of(store, reply);
	if (place && is_kept(place, reply))
		return MHD_queue_response(handle, reply->status, place->response);
	return send_new(handle, reply, false, place);
}

void reply_store_forget(struct reply_store *store)
{
	for (size_t i = 0; i < KEPT_REPLIES; i++) {
		if (store->kept[i].response)
			MHD_destroy_response(store->kept[i].response);
		store->kept[i].response = NULL;
	}
	if (store->not_found)
		MHD_destroy_response(store->not_found);
	store->not_found = NULL;
}
