/* Framing: what is checked of a message before any protocol looks at it. */
#include "config.h"

#include "exchange.h"

#include <stdlib.h>

void fields_note(struct fields *fields, struct str name, struct str value)
{
	switch (name.len) {
	case 4:
		if (str_eq_fold(name, STR("Host"))) {
			fields->host = value;
			fields->hosts++;
		}
		break;
	case 6:
		if (str_eq_fold(name, STR("Expect")))
			fields->expects_continue = str_eq_fold(value, STR("100-continue"));
		break;
	case 9:
		if (str_eq_fold(name, STR("Forwarded")))
			fields->forwarded.forwarded = value;
		break;
	case 10:
		if (str_eq_fold(name, STR("User-Agent")))
			fields->user_agent = value;
		break;
	case 13:
		if (str_eq_fold(name, STR("If-None-Match")))
			fields->if_none_match = value;
		break;
	case 14:
		if (str_eq_fold(name, STR("Content-Length"))) {
			fields->content_length = value;
			fields->content_lengths++;
		}
		break;
	case 15:
		if (str_eq_fold(name, STR("X-Forwarded-For")))
			fields->forwarded.x_for = value;
		else if (str_eq_fold(name, STR("Accept-Language")))
			fields->accept_language = value;
		break;
	case 16:
		if (str_eq_fold(name, STR("X-Forwarded-Host")))
			fields->forwarded.x_host = value;
		break;
	case 17:
		if (str_eq_fold(name, STR("X-Forwarded-Proto")))
			fields->forwarded.x_proto = value;
		else if (str_eq_fold(name, STR("Transfer-Encoding")))
			fields->has_transfer_encoding = true;
		break;
	default:
		break;
	}
}

unsigned fields_verdict(const struct fields *fields, bool http_1_1, unsigned body_limit)
{
	unsigned long length = 0;

	if (fields->hosts > 1 || (http_1_1 && fields->hosts == 0))
		return 400;
	if (fields->content_lengths > 1 ||
	    (fields->content_lengths && fields->has_transfer_encoding))
		return 400;
	for (size_t i = 0; i < fields->content_length.len; i++) {
		if (!ascii_is_digit(fields->content_length.p[i]))
			return 400;
	}
	if (fields->content_lengths && fields->content_length.len == 0)
		return 400;
	if (fields->content_lengths &&
	    !str_number(fields->content_length, BODY_DROPPED_MOST, &length))
		return 413;
	return length > body_limit && fields->expects_continue ? 413 : 0;
}

bool body_add(struct body *body, struct str piece, unsigned limit)
{
	size_t room = limit - body->len;
	size_t taken = piece.len < room ? piece.len : room;

	if (!body->bytes)
		body->bytes = malloc(limit);
	if (!body->bytes)
		return false;
	memcpy(body->bytes + body->len, piece.p, taken);
	body->len += taken;
	body->seen += piece.len;
	return true;
}
