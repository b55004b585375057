/*
 * The escaper. Quotes are escaped inside elements too: it costs nothing, and no place that
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
