/* Host names, domain names and web addresses: what they must look like. */
#include "config.h"

#include "address.h"
#include "buf.h"
#include "placeholder.h"
#include "reader_value.h"
#include "utf8.h"

/* Full host names only: at least two labels, and not the digits of an IP address. */
static bool is_full_name(struct str name)
{
	size_t dot = str_find_last(name, '.');

	return dot < name.len && !ascii_is_digit(name.p[dot + 1]);
}

static void take_domain(const struct value *value, struct str text, struct str *member)
{
	struct domain domain;

	if (!domain_parse(text, &domain)) {
		value_expected(value, "a host name of letters, digits, hyphens and dots");
		return;
	}
	if (!is_full_name(domain_str(&domain))) {
		value_expected(value, "a full host name such as \"mail.example.com\"");
		return;
	}
	*member = arena_str(value->reader->arena, domain_str(&domain));
}

/* No top-level domain is a number. */
static bool is_address(struct str name)
{
	size_t dot = str_find_last(name, '.');

	for (size_t i = dot + 1; i < name.len; i++) {
		if (!ascii_is_digit(name.p[i]))
			return false;
	}
	return dot < name.len;
}

/*
 * Thunderbird takes any legal host name for an id, also "MessagingEngine", and ISPDB has such
 * ones. It is shown nowhere and looked up nowhere, so its capitals stay.
 */
static void take_id(const struct value *value, struct str text, struct str *member)
{
	struct domain domain;

	if (!domain_parse(text, &domain) || is_address(domain_str(&domain))) {
		value_expected(value, "a host name of letters, digits, hyphens and dots");
		return;
	}
	if (!str_eq_fold(text, domain_str(&domain)))
		text = domain_str(&domain);
	*member = arena_str(value->reader->arena, text);
}

/* Stands for %EMAILDOMAIN% while a host name is checked. Long enough to be nobody's. */
static const struct str stand_in = { .p = "emaildomain-stands-here.example", .len = 31 };

/* False, and said, where a placeholder cannot be part of a host name. */
static bool add_stand_ins(const struct value *value, struct str text, struct buf *buf,
			  size_t *ret_count)
{
	struct str piece;
	enum placeholder kind;

	*ret_count = 0;
	while (placeholder_next(&text, &piece, &kind)) {
		if (kind == PLACEHOLDER_ADDRESS || kind == PLACEHOLDER_LOCAL_PART) {
			value_wrong(value, "\"%.*s\" has no place in a host name: expected "
				     "\"%%EMAILDOMAIN%%\" or none", STR_ARGS(piece));
			return false;
		}
		*ret_count += kind == PLACEHOLDER_DOMAIN;
		buf_add(buf, kind == PLACEHOLDER_DOMAIN ? stand_in : piece);
	}
	return true;
}

/* The way back. False when one is missing: it had become part of an A-label. */
static bool add_placeholders(struct str name, size_t count, struct buf *buf)
{
	while (name.len) {
		bool here = str_starts(name, stand_in);

		buf_add(buf, here ? STR("%EMAILDOMAIN%") : str_first(name, 1));
		name = str_from(name, here ? stand_in.len : 1);
		count -= here;
	}
	return count == 0;
}

static void take_host_pattern(const struct value *value, struct str text, struct str *member)
{
	struct buf example = BUF_EMPTY;
	struct buf pattern = BUF_EMPTY;
	struct domain domain;
	size_t count;

	if (!value_has_good_placeholders(value, text) || !add_stand_ins(value, text, &example, &count))
		goto out;
	if (!domain_parse(buf_str(&example), &domain) ||
	    !add_placeholders(domain_str(&domain), count, &pattern))
		value_expected(value, "a host name of letters, digits, hyphens and dots");
	else if (buf_failed(&example) || buf_failed(&pattern))
		value_wrong(value, "out of memory");
	else
		*member = arena_str(value->reader->arena, buf_str(&pattern));
out:
	buf_fini(&example);
	buf_fini(&pattern);
}

void read_hostname(const struct value *value, struct str *member)
{
	struct str text = json_text(value->json);

	if (!json_is_string(value->json) || text.len == 0)
		value_expected(value, "a host name");
	else if (value_has_invisible(value, text, false))
		return;
	else if (value->field->use & FIELD_LITERAL)
		take_id(value, text, member);
	else if (str_find(text, '%') < text.len)
		take_host_pattern(value, text, member);
	else
		take_domain(value, text, member);
}

/* Host and port of a web address. */
static bool good_authority(const struct value *value, struct str authority)
{
	struct buf example = BUF_EMPTY;
	struct domain domain;
	size_t count;
	bool good = false;

	if (str_find(authority, '@') < authority.len) {
		value_wrong(value, "a user name or password has no place in a web address");
		return false;
	}
	if (add_stand_ins(value, authority, &example, &count)) {
		good = domain_parse_host(buf_str(&example), &domain) && !buf_failed(&example);
		if (!good)
			value_expected(value, "a host name behind \"://\"");
	}
	buf_fini(&example);
	return good;
}

void read_url(const struct value *value, bool secure_only, struct str *member)
{
	struct str text = json_text(value->json);
	struct str rest;
	size_t end = 0;

	if (str_starts(text, STR("https://"))) {
		rest = str_from(text, 8);
	} else if (!secure_only && str_starts(text, STR("http://"))) {
		rest = str_from(text, 7);
	} else {
		value_expected(value, secure_only ? "a web address that starts with https://"
					    : "a web address that starts with https:// or http://");
		return;
	}
	if (value_has_invisible(value, text, false) || !value_has_good_placeholders(value, text))
		return;
	while (end < rest.len && !memchr("/?#", rest.p[end], 3))
		end++;
	if (good_authority(value, str_first(rest, end)))
		*member = arena_str(value->reader->arena, text);
}

static struct str expected_text(struct arena *arena, const char *what, struct str text)
{
	struct buf found = BUF_EMPTY;
	struct str message;

	json_describe_text(&found, text);
	message = arena_printf(arena, "expected %s, found %.*s", what, STR_ARGS(buf_str(&found)));
	buf_fini(&found);
	return message;
}

struct str reader_domain_text(struct arena *arena, struct str text, struct str *ret_mistake)
{
	bool wildcard = str_starts(text, STR("*."));
	struct str name = wildcard ? str_from(text, 2) : text;
	struct domain domain;
	uint32_t character;
	size_t number = find_invisible(text, false, &character);

	if (str_eq(text, STR("*")))
		return STR("*");
	if (name.len == 0)
		*ret_mistake = expected_text(arena, "a domain name", text);
	else if (number)
		*ret_mistake = arena_printf(arena, "character %zu is U+%04X, %s", number,
					    (unsigned)character, utf8_invisible_name(character));
	else if (!domain_parse(name, &domain))
		*ret_mistake = expected_text(
			arena, "a domain name of letters, digits, hyphens and dots", text);
	else if (is_address(domain_str(&domain)))
		*ret_mistake = expected_text(arena, "a domain name and no IP address", text);
	else
		return arena_printf(arena, "%s%.*s", wildcard ? "*." : "",
				    STR_ARGS(domain_str(&domain)));
	return STR("");
}

struct str reader_domain(const struct reader *reader, struct json_at at, const char *key,
			 const json_t *json)
{
	struct str mistake = STR("");
	struct str name;

	if (!json_is_string(json)) {
		reader_expected(reader, at, key, "a domain name", json);
		return mistake;
	}
	name = reader_domain_text(reader->arena, json_text(json), &mistake);
	if (mistake.len) {
		struct place place = reader_place(reader, at);

		diag_add(reader->diags, SEVERITY_ERROR, &place, "\"%s\": %.*s", key,
			 STR_ARGS(mistake));
	}
	return name;
}
