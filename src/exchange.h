/*
 * What the HTTP library tells about one request while it arrives: fields that matter, and
 * the body up to its limit.
 */
#ifndef MAILCONFD_EXCHANGE_H
#define MAILCONFD_EXCHANGE_H

#include "forwarded.h"
#include "request.h"

/* The fields that are looked at. Texts are the library's, for the time of the request. */
struct fields {
	struct str host;
	struct str if_none_match;
	struct str accept_language, user_agent;
	struct str content_length;
	struct forwarded_fields forwarded;
	unsigned hosts;		  /* how often each came */
	unsigned content_lengths;
	bool has_transfer_encoding;
	bool expects_continue;
};

/* Notes one header field, when it is one of those. Names in any case. */
void fields_note(struct fields *fields, struct str name, struct str value);

enum {
	/* A longer body is refused at once; up to here it is read and dropped, so that the
	   program that is still writing it gets to read the answer. */
	BODY_DROPPED_MOST = 1024 * 1024,
};

/*
 * Is the message as HTTP wants it? 0, or the status to refuse it with: two lengths, a length
 * beside a transfer coding and a missing Host are how requests are smuggled. Also 413 where
 * the declared length is beyond all bearing, or the client waits to be told.
 */
unsigned fields_verdict(const struct fields *fields, bool http_1_1, unsigned body_limit);

/* A body that arrives in pieces. */
struct body {
	char *bytes; /* `limit` of them, made when the first arrive */
	size_t len;
	size_t seen; /* also what was dropped */
};

/* Takes a piece. Bytes beyond the limit are counted and dropped. False: out of memory. */
bool body_add(struct body *body, struct str piece, unsigned limit);

#endif
