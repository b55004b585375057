/*
 * What is left of a template once a provider is known: texts, and a few holes that only the
 * request can fill. To run one is to add lengths, allocate once, and copy.
 */
#ifndef MAILCONFD_PROGRAM_H
#define MAILCONFD_PROGRAM_H

#include "arena.h"
#include "buf.h"

#include <stdint.h>

/* In what language the document is: it decides how values are escaped. */
enum output_method {
	OUTPUT_XML,
	OUTPUT_JSON,
	OUTPUT_HTML,
};

/* Their numbers go into entity tags: new kinds come last. */
enum hole {
	HOLE_ADDRESS,	   /* the address asked about */
	HOLE_LOCAL_PART,   /* what stands before its "@" */
	HOLE_DOMAIN,	   /* the domain that is answered */
	HOLE_EMAIL_DOMAIN, /* what %EMAILDOMAIN% stands for */
	HOLE_NONE,	   /* the end of a program */
	HOLE_ADDRESS_URL,  /* the first two again, as pieces of a URL */
	HOLE_LOCAL_PART_URL,
	HOLE_NAME,		 /* of the person; the rest is of a profile: mobileconfig.c */
	HOLE_PROFILE_IDENTIFIER,
	HOLE_PROFILE_UUID,
	HOLE_MAIL_UUID,
	HOLE_CALENDAR_UUID,
	HOLE_ADDRESS_BOOK_UUID,
	HOLE_TYPED, /* of the page: what the person typed */
	HOLE_DOMAIN_TITLE,
	HOLE_HOST, /* where the domain has this daemon */
	HOLES,
};

struct piece {
	struct str text; /* written first */
	enum hole hole;	 /* written behind it; HOLE_NONE at the end */
};

/* A stretch that may come before its neighbours: parts follow each other without a gap. */
struct program_part {
	struct str key;
	size_t first, count; /* pieces */
};

/* Constant once made; lives with the snapshot. */
struct program {
	const struct piece *pieces; /* NULL: there is no such document */
	size_t count;
	enum output_method method;
	const struct program_part *parts;
	size_t part_count;
	size_t text_size;    /* bytes of all texts */
	uint64_t digest;     /* of the texts and holes, the same for the same program everywhere */
	unsigned holes_used; /* a bit for each kind */
};

/* What goes into the holes, escaped for the document already. */
struct values {
	struct str hole[HOLES];
	struct str first_part; /* the key of the part that comes first; empty: as they are */
};

/* Bytes of the result, without a NUL. */
size_t program_size(const struct program *program, const struct values *values);

/* Writes program_size() bytes. */
void program_run(const struct program *program, const struct values *values, char *out);

/* A digest of what program_run() writes, without writing it. */
uint64_t program_digest(const struct program *program, const struct values *values);

/* Making one: text and holes in order; neighbouring texts melt together. */
struct program_builder {
	struct arena *arena;
	struct buf text;   /* since the last hole */
	struct buf pieces; /* of struct piece */
	struct buf parts;  /* of struct program_part */
	struct program program;
};

void program_builder_init(struct program_builder *builder, struct arena *arena);
void program_builder_text(struct program_builder *builder, struct str text);
void program_builder_hole(struct program_builder *builder, enum hole hole);

/* Between these two calls a part is made. Parts are not inside each other. */
void program_builder_begin_part(struct program_builder *builder, struct str key);
void program_builder_end_part(struct program_builder *builder);

/* Ends it, moves it into the arena. False when out of memory. */
bool program_builder_finish(struct program_builder *builder, struct program *ret_program);

#endif
