/* Making replies. */
#include "config.h"

#include "reply.h"

#include "placeholder.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

static const struct {
	unsigned status;
	const char *reason;
	struct str text;
} statuses[] = {
	{ 200, "OK", { 0 } },
	{ 204, "No Content", { 0 } },
	{ 301, "Moved Permanently", { 0 } },
	{ 302, "Found", { 0 } },
	{ 304, "Not Modified", { 0 } },
	{ 307, "Temporary Redirect", { 0 } },
#define STATUS(number, reason, text) { number, reason, { text "\n", sizeof(text "\n") - 1 } }
	STATUS(400, "Bad Request", "This is not a valid HTTP request."),
	STATUS(404, "Not Found", "There are no mail settings at this address."),
	STATUS(405, "Method Not Allowed", "This method is not possible here."),
	STATUS(413, "Content Too Large", "The request's body is too large."),
	STATUS(414, "URI Too Long", "The request's address is too long."),
	STATUS(429, "Too Many Requests", "Too many requests at once from this address."),
	STATUS(431, "Request Header Fields Too Large", "The request's header is too large."),
	STATUS(503, "Service Unavailable", "The server is overloaded; please ask again later."),
#undef STATUS
};

enum { STATUSES = sizeof(statuses) / sizeof(statuses[0]) };

void reply_init(struct reply *reply)
{
	memset(reply, 0, offsetof(struct reply, scratch));
}

void reply_fini(struct reply *reply)
{
	free(reply->taken);
	reply->taken = NULL;
	arena_free(reply->arena);
	reply->arena = NULL;
}

void reply_take(struct reply *reply, struct buf *buf)
{
	size_t len;

	reply->taken = buf_take(buf, &len);
	if (reply->taken)
		reply->text = (struct str){ .p = reply->taken, .len = len };
	else
		reply_error(reply, 503);
}

const char *reply_reason(unsigned status)
{
	for (size_t i = 0; i < STATUSES; i++) {
		if (statuses[i].status == status)
			return statuses[i].reason;
	}
	return "Unknown";
}

void reply_error(struct reply *reply, unsigned status)
{
	reply_init(reply);
	reply->status = status;
	reply->content_type = "text/plain; charset=utf-8";
	for (size_t i = 0; i < STATUSES; i++) {
		if (statuses[i].status == status)
			reply->text = statuses[i].text;
	}
}

/* Never an empty body: with one, KMail and Geary stop looking elsewhere. */
static const char cache_not_found[] = "max-age=60";

void reply_not_found(struct reply *reply)
{
	reply_error(reply, 404);
	reply->cache_control = cache_not_found;
}

bool reply_is_not_found(const struct reply *reply)
{
	return reply->status == 404 && reply->cache_control == cache_not_found;
}

/* The escaper for a hole's place in the document. */
static size_t escape(enum output_method method, enum hole hole, struct str text, char *out)
{
	if (hole == HOLE_ADDRESS_URL || hole == HOLE_LOCAL_PART_URL)
		return escape_url(text, out);
	switch (method) {
	case OUTPUT_JSON:
		return escape_json(text, out);
	case OUTPUT_XML:
	case OUTPUT_HTML:
		break;
	}
	return escape_xml(text, out);
}

void reply_fill(struct reply *reply, enum hole hole, struct str text)
{
	char *out = reply->scratch + reply->scratch_used;
	size_t len;

	if (!reply->program || !(reply->program->holes_used & 1u << hole))
		return;
	if (text.len * ESCAPE_XML_MOST > sizeof(reply->scratch) - reply->scratch_used) {
		reply_fini(reply);
		reply_error(reply, 503); /* cannot be: addresses are shorter */
		return;
	}
	len = escape(reply->program->method, hole, text, out);
	reply->values.hole[hole] = (struct str){ .p = out, .len = len };
	reply->scratch_used += len;
}

void reply_fill_address(struct reply *reply, const struct address *address)
{
	reply_fill(reply, HOLE_ADDRESS, address->text);
	reply_fill(reply, HOLE_LOCAL_PART, address->local_part);
	reply_fill(reply, HOLE_ADDRESS_URL, address->text);
	reply_fill(reply, HOLE_LOCAL_PART_URL, address->local_part);
}

struct str reply_printf(struct reply *reply, const char *format, ...)
{
	char *out = reply->scratch + reply->scratch_used;
	size_t room = sizeof(reply->scratch) - reply->scratch_used;
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(out, room, format, args);
	va_end(args);
	if (len < 0 || (size_t)len >= room)
		return STR("");
	reply->scratch_used += (size_t)len + 1;
	return (struct str){ .p = out, .len = (size_t)len };
}

struct str reply_pattern(struct reply *reply, struct str pattern, struct str email_domain)
{
	char *out = reply->scratch + reply->scratch_used;
	size_t room = sizeof(reply->scratch) - reply->scratch_used;
	size_t len = 0;
	struct str piece;
	enum placeholder kind;

	while (placeholder_next(&pattern, &piece, &kind)) {
		if (kind == PLACEHOLDER_DOMAIN)
			piece = email_domain;
		if (len + piece.len >= room)
			return STR("");
		memcpy(out + len, piece.p, piece.len);
		len += piece.len;
	}
	if (len >= room)
		return STR("");
	out[len] = '\0';
	reply->scratch_used += len + 1;
	return (struct str){ .p = out, .len = len };
}

void reply_redirect(struct reply *reply, unsigned status, struct str location)
{
	if (location.len == 0) {
		reply_not_found(reply);
		return;
	}
	reply->status = status;
	reply->location = location.p;
}

static void write_tag(uint64_t digest, char tag[REPLY_ETAG])
{
	static const char digits[] = "0123456789abcdef";

	*tag++ = '"';
	for (int shift = 60; shift >= 0; shift -= 4)
		*tag++ = digits[digest >> shift & 15];
	*tag++ = '"';
	*tag = '\0';
}

/* RFC 9110 section 13.1.2: a list of tags, compared weakly, or "*". */
static bool is_known(struct str list, struct str tag)
{
	struct str element;

	while (str_split(&list, ',', &element)) {
		element = str_trim(element);
		if (str_starts(element, STR("W/")))
			element = str_from(element, 2);
		if (str_eq(element, tag) || str_eq(element, STR("*")))
			return true;
	}
	return false;
}

void reply_tag(struct reply *reply, const struct request *request)
{
	reply->digest = program_digest(reply->program, &reply->values);
	write_tag(reply->digest, reply->etag);
	if (request->if_none_match.len && is_known(request->if_none_match, str_of(reply->etag))) {
		reply->status = 304;
		reply->content_type = NULL;
		reply->program = NULL;
	}
}

static char *unsigned_body(const struct reply *reply, size_t *ret_len)
{
	size_t len = reply->program ? program_size(reply->program, &reply->values)
				    : reply->text.len;
	char *bytes = malloc(len ? len : 1);

	if (!bytes)
		return NULL;
	if (reply->program)
		program_run(reply->program, &reply->values, bytes);
	else if (len)
		memcpy(bytes, reply->text.p, len);
	*ret_len = len;
	return bytes;
}

char *reply_body(const struct reply *reply, size_t *ret_len)
{
	size_t len;
	char *bytes = unsigned_body(reply, &len);
	char *result;

	if (!bytes || !reply->signer) {
		*ret_len = bytes ? len : 0;
		return bytes;
	}
	result = signer_sign(reply->signer, (struct str){ .p = bytes, .len = len }, ret_len);
	free(bytes);
	return result;
}
