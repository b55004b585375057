/*
 * A reply, as the protocols make it: what to say, not yet the bytes. The body is a program
 * with the values for its holes, or a text; reply_body() makes it.
 */
#ifndef MAILCONFD_REPLY_H
#define MAILCONFD_REPLY_H

#include "address.h"
#include "escape.h"
#include "program.h"
#include "request.h"
#include "signer.h"

enum {
	/* Escaped address and local part, both again for URLs, a person's name, domains, what
	   is made of them, and a Location. */
	REPLY_SCRATCH = 4 * ADDRESS_MOST * ESCAPE_XML_MOST + 320 * ESCAPE_XML_MOST +
			12 * DOMAIN_MOST,
	REPLY_ETAG = 19, /* 16 digits in quotes, and a NUL */
};

/* A header field; a list of them ends with one without a name. */
struct reply_field {
	const char *name;
	const char *value;
};

struct reply {
	unsigned status;
	const char *content_type;  /* NULL: no body */
	const char *cache_control; /* NULL: not sent, like the next three */
	const char *allow;
	const char *location; /* within scratch */
	const char *content_disposition;
	const char *content_language;
	const struct reply_field *more; /* constant; NULL: none */
	bool any_origin;      /* Access-Control-Allow-Origin: * */
	char etag[REPLY_ETAG]; /* empty: not sent */
	uint64_t digest;       /* that it is made of */

	const struct program *program; /* lives with the snapshot */
	const struct signer *signer;   /* that signs the body; NULL: nobody; as program */
	struct values values;
	struct str text; /* the body where program is NULL */
	char *taken;	 /* its memory, where it was made for this reply; reply_fini() */
	struct arena *arena; /* of the program, where that was made for this reply, too */

	size_t scratch_used;
	char scratch[REPLY_SCRATCH];
};

/* Nothing yet, status 0. Cheaper than zeroing all of it. */
void reply_init(struct reply *reply);

/* Frees what was made for this reply alone. Not needed for those of GET without a page. */
void reply_fini(struct reply *reply);

/* Makes what is in a buffer the body, and leaves the buffer empty. */
void reply_take(struct reply *reply, struct buf *buf);

/* A short text that says what is wrong, and nothing of the request. */
void reply_error(struct reply *reply, unsigned status);

/* What is not known: 404, to be remembered for a minute. */
void reply_not_found(struct reply *reply);

/* Is it that, and unchanged since? Such replies are all alike. */
bool reply_is_not_found(const struct reply *reply);

/* Fills a hole, if the program has it: `text` is escaped for its place and copied. */
void reply_fill(struct reply *reply, enum hole hole, struct str text);

/*
 * A pattern of the table with its %EMAILDOMAIN% filled, in the scratch space and terminated;
 * the empty text when there is no room.
 */
struct str reply_pattern(struct reply *reply, struct str pattern, struct str email_domain);

/* 301, 302 or 307 to `location`, which lives with the reply; 404 where it is empty. */
void reply_redirect(struct reply *reply, unsigned status, struct str location);

/* Fills all that is made of an address, but for its domain. */
void reply_fill_address(struct reply *reply, const struct address *address);

/* Formats into the scratch space; the empty text when there is no room. */
struct str reply_printf(struct reply *reply, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * Sets the entity tag from the program and its values, and turns the reply into 304 when
 * the request has that tag already.
 */
void reply_tag(struct reply *reply, const struct request *request);

/*
 * The body, signed where it is to be. Returns owned memory to be freed with free(), never
 * NULL for an empty one; NULL when out of memory or when it could not be signed.
 */
char *reply_body(const struct reply *reply, size_t *ret_len);

/* "Not Found" and the like. */
const char *reply_reason(unsigned status);

#endif
