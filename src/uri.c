/* Taking request targets apart. */
#include "config.h"

#include "uri.h"

#include "utf8.h"

static int hex_digit(char c)
{
	if (ascii_is_digit(c))
		return c - '0';
	c = ascii_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/*
 * Decodes percent escapes, and of a form plus signs, into at most `size` bytes. False for a bad
 * escape or a NUL.
 */
static bool decode(struct str text, bool is_form, char *buffer, size_t size,
		   struct str *ret_text)
{
	size_t len = 0;

	while (text.len) {
		char c = text.p[0];
		size_t used = 1;

		if (c == '%') {
			int high = text.len > 2 ? hex_digit(text.p[1]) : -1;
			int low = text.len > 2 ? hex_digit(text.p[2]) : -1;

			if (high < 0 || low < 0)
				return false;
			c = (char)(high << 4 | low);
			used = 3;
		}
		if (c == '+' && is_form && used == 1)
			c = ' ';
		if (c == '\0' || len == size)
			return false;
		buffer[len++] = c;
		text = str_from(text, used);
	}
	*ret_text = (struct str){ .p = buffer, .len = len };
	return true;
}

/* RFC 9112 section 3.2.2: a server must take the absolute form. Delta Chat up to 2.58 sends it. */
static struct str take_authority(struct str target, struct str *ret_authority)
{
	*ret_authority = STR("");
	if (str_starts_fold(target, STR("http://")))
		target = str_from(target, 7);
	else if (str_starts_fold(target, STR("https://")))
		target = str_from(target, 8);
	else
		return target;

	size_t end = 0;

	while (end < target.len && target.p[end] != '/' && target.p[end] != '?')
		end++;
	*ret_authority = str_first(target, end);
	return str_from(target, end);
}

static bool has_odd_segment(struct str path)
{
	struct str rest = str_from(path, 1);
	struct str segment;

	while (str_split(&rest, '/', &segment)) {
		if (str_eq(segment, STR(".")) || str_eq(segment, STR("..")) ||
		    (segment.len == 0 && rest.p))
			return true;
	}
	return false;
}

bool uri_parse(struct str target, struct uri *ret_uri)
{
	struct str rest = take_authority(target, &ret_uri->authority);
	size_t question = str_find(rest, '?');
	struct str path = str_first(rest, question);

	ret_uri->raw_path = path;
	ret_uri->query = question < rest.len ? str_from(rest, question + 1) : STR("");
	if (path.len == 0 && ret_uri->authority.len)
		path = STR("/");
	if (!str_starts(path, STR("/")))
		return false;
	return decode(path, false, ret_uri->buffer, sizeof(ret_uri->buffer), &ret_uri->path) &&
	       !has_odd_segment(ret_uri->path);
}

bool uri_parameter(struct str query, struct str name, char buffer[URI_VALUE_MOST],
		   struct str *ret_value)
{
	struct str pair;

	while (str_split(&query, '&', &pair)) {
		size_t equals = str_find(pair, '=');
		struct str value;

		if (equals == pair.len || !str_eq(str_first(pair, equals), name))
			continue;
		if (decode(str_from(pair, equals + 1), false, buffer, URI_VALUE_MOST, &value) &&
		    value.len && utf8_valid(value)) {
			*ret_value = value;
			return true;
		}
	}
	return false;
}

static enum uri_presence find_once(struct str query, struct str name, bool is_form,
				   char buffer[URI_VALUE_MOST], struct str *ret_value)
{
	enum uri_presence presence = URI_ABSENT;
	struct str pair;

	*ret_value = STR("");
	while (str_split(&query, '&', &pair)) {
		size_t equals = str_find(pair, '=');

		if (!str_eq_fold(str_first(pair, equals), name))
			continue;
		if (presence != URI_ABSENT || equals == pair.len ||
		    !decode(str_from(pair, equals + 1), is_form, buffer, URI_VALUE_MOST,
			    ret_value) ||
		    !utf8_valid(*ret_value)) {
			*ret_value = STR("");
			return URI_AMBIGUOUS;
		}
		presence = ret_value->len ? URI_PRESENT : URI_ABSENT;
	}
	return presence;
}

enum uri_presence uri_parameter_once(struct str query, struct str name,
				     char buffer[URI_VALUE_MOST], struct str *ret_value)
{
	return find_once(query, name, false, buffer, ret_value);
}

enum uri_presence uri_form_value(struct str query, struct str name, char buffer[URI_VALUE_MOST],
				 struct str *ret_value)
{
	return find_once(query, name, true, buffer, ret_value);
}

bool uri_is_clean(struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (!ascii_is_alnum(text.p[i]) &&
		    (!text.p[i] || !strchr("-._~:/?#[]@!$&'()*+,;=%", text.p[i])))
			return false;
	}
	return true;
}
