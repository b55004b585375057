/* Escaping: one function for each kind of place that text is written into. */
#ifndef MAILCONFD_ESCAPE_H
#define MAILCONFD_ESCAPE_H

#include "buf.h"
#include "str.h"

enum {
	/* The most that one byte becomes in XML: "&quot;". */
	ESCAPE_XML_MOST = 6,
	/* The most that one byte becomes in JSON: "\u001f". */
	ESCAPE_JSON_MOST = 6,
	/* The most that one byte becomes in a URL: "%2F". */
	ESCAPE_URL_MOST = 3,
};

/*
 * Writes `text` as XML character data that is safe in an element and in a quoted attribute
 * alike. `out` has room for ESCAPE_XML_MOST * text.len bytes; returns how many were
 * written. Characters that XML 1.0 does not know must have been refused before.
 */
size_t escape_xml(struct str text, char *out);

/* The same into a buffer. */
void escape_xml_buf(struct buf *buf, struct str text);

/*
 * Writes `text`, which is UTF-8, as the inside of a JSON string (RFC 8259 section 7). `out`
 * has room for ESCAPE_JSON_MOST * text.len bytes; returns how many were written.
 */
size_t escape_json(struct str text, char *out);

/* The same into a buffer. */
void escape_json_buf(struct buf *buf, struct str text);

/*
 * Writes `text` as a piece of a URL that cannot change its structure, wherever it stands:
 * only the unreserved characters of RFC 3986 stay. The result needs no escaping for XML.
 * `out` has room for ESCAPE_URL_MOST * text.len bytes; returns how many were written.
 */
size_t escape_url(struct str text, char *out);

/*
 * Appends `text` as a character-string of a zone file (RFC 1035 section 5.1), in its quotes.
 * One such string holds 255 bytes at most; to split is the caller's part.
 */
void escape_zone_string(struct buf *buf, struct str text);

/* Appends a name as a zone file has it. Its dots are those between labels. */
void escape_zone_name(struct buf *buf, struct str name);

#endif
