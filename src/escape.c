/*
 * The escapers. Of XML: quotes are escaped inside elements too: it costs nothing, and no place that
 * text moves to later becomes unsafe. Tab and line ends become references, since an
 * attribute would turn them into spaces.
 */
#include "config.h"

#include "escape.h"

static struct str xml_entity(char c)
{
	switch (c) {
	case '&':
		return STR("&amp;");
	case '<':
		return STR("&lt;");
	case '>':
		return STR("&gt;");
	case '"':
		return STR("&quot;");
	case '\'':
		return STR("&#39;");
	case '\t':
		return STR("&#9;");
	case '\n':
		return STR("&#10;");
	case '\r':
		return STR("&#13;");
	default:
		return (struct str){ 0 };
	}
}

size_t escape_xml(struct str text, char *out)
{
	char *end = out;

	for (size_t i = 0; i < text.len; i++) {
		struct str entity = xml_entity(text.p[i]);

		if (entity.len) {
			memcpy(end, entity.p, entity.len);
			end += entity.len;
		} else {
			*end++ = text.p[i];
		}
	}
	return (size_t)(end - out);
}

void escape_xml_buf(struct buf *buf, struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		struct str entity = xml_entity(text.p[i]);

		if (entity.len)
			buf_add(buf, entity);
		else
			buf_addc(buf, text.p[i]);
	}
}

/* One byte; `out` has room for ESCAPE_JSON_MOST. */
static size_t json_byte(char c, char *out)
{
	static const char digits[] = "0123456789abcdef";
	unsigned char byte = (unsigned char)c;

	if (byte < 0x20 || byte == 0x7f) {
		memcpy(out, "\\u00", 4);
		out[4] = digits[byte >> 4];
		out[5] = digits[byte & 15];
		return 6;
	}
	if (c == '"' || c == '\\') {
		*out++ = '\\';
		*out = c;
		return 2;
	}
	*out = c;
	return 1;
}

size_t escape_json(struct str text, char *out)
{
	char *end = out;

	for (size_t i = 0; i < text.len; i++)
		end += json_byte(text.p[i], end);
	return (size_t)(end - out);
}

void escape_json_buf(struct buf *buf, struct str text)
{
	char out[ESCAPE_JSON_MOST];

	for (size_t i = 0; i < text.len; i++) {
		size_t len = json_byte(text.p[i], out);

		buf_add(buf, (struct str){ .p = out, .len = len });
	}
}

static bool is_unreserved(char c)
{
	return ascii_is_alnum(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

size_t escape_url(struct str text, char *out)
{
	static const char digits[] = "0123456789ABCDEF";
	char *end = out;

	for (size_t i = 0; i < text.len; i++) {
		unsigned char byte = (unsigned char)text.p[i];

		if (is_unreserved(text.p[i])) {
			*end++ = text.p[i];
			continue;
		}
		*end++ = '%';
		*end++ = digits[byte >> 4];
		*end++ = digits[byte & 15];
	}
	return (size_t)(end - out);
}

/* "\DDD" is a byte by its number, whatever it would mean by itself. */
static void add_number(struct buf *buf, char c)
{
	buf_addf(buf, "\\%03u", (unsigned)(unsigned char)c);
}

void escape_zone_string(struct buf *buf, struct str text)
{
	buf_addc(buf, '"');
	for (size_t i = 0; i < text.len; i++) {
		char c = text.p[i];

		if (c < ' ' || c > '~') {
			add_number(buf, c);
			continue;
		}
		if (c == '"' || c == '\\')
			buf_addc(buf, '\\');
		buf_addc(buf, c);
	}
	buf_addc(buf, '"');
}

void escape_zone_name(struct buf *buf, struct str name)
{
	for (size_t i = 0; i < name.len; i++) {
		char c = name.p[i];

		if (ascii_is_alnum(c) || c == '-' || c == '_' || c == '.')
			buf_addc(buf, c);
		else
			add_number(buf, c);
	}
}
