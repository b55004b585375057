/* What a single value must look like. Each function says what was expected and found. */
#include "config.h"

#include "reader_value.h"

#include "address.h"
#include "buf.h"
#include "placeholder.h"
#include "provider.h"
#include "suggest.h"
#include "utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* One value being read. */
struct value {
	const struct reader *reader;
	const struct field *field;
	struct json_at at;
	const json_t *json;
};

static void expected(const struct value *value, const char *what)
{
	reader_expected(value->reader, value->at, value->field->name, what, value->json);
}

__attribute__((format(printf, 2, 3))) static void wrong(const struct value *value,
							const char *format, ...)
{
	struct place place = reader_place(value->reader, value->at);
	char *text = NULL;
	va_list args;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		text = NULL;
	va_end(args);
	diag_add(value->reader->diags, SEVERITY_ERROR, &place, "\"%s\": %s", value->field->name,
		 text ? text : "out of memory");
	free(text);
}

/*
 * The first character that cannot be seen: its number, or 0. Pages that people copy from are
 * full of no-break spaces; in a host name they would only show as a program that finds nothing.
 */
static size_t find_invisible(struct str text, bool spaces_allowed, uint32_t *ret_character)
{
	size_t number = 1;

	for (struct str rest = text; rest.len; number++) {
		uint32_t character = 0;
		size_t len = utf8_decode(rest, &character);
		bool shown = character == ' ' && spaces_allowed && number > 1 && rest.len > 1;

		if (len && !shown && utf8_invisible_name(character) &&
		    (!spaces_allowed || character == ' ' || utf8_is_control(character))) {
			*ret_character = character;
			return number;
		}
		rest = str_from(rest, len ? len : 1);
	}
	return 0;
}

static bool has_invisible(const struct value *value, struct str text, bool spaces_allowed)
{
	uint32_t character;
	size_t number = find_invisible(text, spaces_allowed, &character);

	if (number)
		wrong(value, "character %zu is U+%04X, %s", number, (unsigned)character,
		      utf8_invisible_name(character));
	return number > 0;
}

static bool take_text(const struct value *value, struct str *ret_text)
{
	struct str text = json_text(value->json);
	size_t characters = utf8_count(text);

	if (!json_is_string(value->json)) {
		expected(value, "a text");
		return false;
	}
	if (text.len == 0) {
		wrong(value, "expected a text, found an empty one");
		return false;
	}
	if (has_invisible(value, text, !(value->field->use & FIELD_UNBROKEN)))
		return false;
	if (value->field->most && characters > value->field->most) {
		wrong(value, "expected at most %u characters, found %zu", value->field->most,
		      characters);
		return false;
	}
	*ret_text = text;
	return true;
}

static bool good_placeholders(const struct value *value, struct str text)
{
	struct str word;
	struct str near;

	switch (placeholder_check(text, &word)) {
	case PLACEHOLDER_GOOD:
		return true;
	case PLACEHOLDER_UNCLOSED:
		wrong(value, "placeholder \"%%%.*s\" lacks its closing \"%%\"", STR_ARGS(word));
		return false;
	case PLACEHOLDER_UNKNOWN:
		break;
	}
	wrong(value, "unknown placeholder \"%%%.*s%%\"", STR_ARGS(word));
	near = placeholder_suggest(word);
	if (near.len)
		diag_hint(value->reader->diags, "did you mean \"%%%.*s%%\"?", STR_ARGS(near));
	return false;
}

static void read_text(const struct value *value, struct str *member)
{
	struct str text;

	if (take_text(value, &text))
		*member = arena_str(value->reader->arena, text);
}

/*
 * A user name may hold the key of an input field between percent signs, which only the whole
 * provider knows: checks.c looks at words that are no placeholders.
 */
static void read_pattern(const struct value *value, struct str *member)
{
	struct str text;
	struct str word;

	if (!take_text(value, &text))
		return;
	if (placeholder_check(text, &word) == PLACEHOLDER_UNCLOSED)
		good_placeholders(value, text);
	else
		*member = arena_str(value->reader->arena, text);
}

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
		expected(value, "a host name of letters, digits, hyphens and dots");
		return;
	}
	if (!is_full_name(domain_str(&domain))) {
		expected(value, "a full host name such as \"mail.example.com\"");
		return;
	}
	*member = arena_str(value->reader->arena, domain_str(&domain));
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
			wrong(value, "\"%.*s\" has no place in a host name: expected "
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

	if (!good_placeholders(value, text) || !add_stand_ins(value, text, &example, &count))
		goto out;
	if (!domain_parse(buf_str(&example), &domain) ||
	    !add_placeholders(domain_str(&domain), count, &pattern))
		expected(value, "a host name of letters, digits, hyphens and dots");
	else if (buf_failed(&example) || buf_failed(&pattern))
		wrong(value, "out of memory");
	else
		*member = arena_str(value->reader->arena, buf_str(&pattern));
out:
	buf_fini(&example);
	buf_fini(&pattern);
}

static void read_hostname(const struct value *value, struct str *member)
{
	struct str text = json_text(value->json);

	if (!json_is_string(value->json) || text.len == 0)
		expected(value, "a host name");
	else if (has_invisible(value, text, false))
		return;
	else if (str_find(text, '%') < text.len && !(value->field->use & FIELD_LITERAL))
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
		wrong(value, "a user name or password has no place in a web address");
		return false;
	}
	if (add_stand_ins(value, authority, &example, &count)) {
		good = domain_parse_host(buf_str(&example), &domain) && !buf_failed(&example);
		if (!good)
			expected(value, "a host name behind \"://\"");
	}
	buf_fini(&example);
	return good;
}

static void read_url(const struct value *value, bool secure_only, struct str *member)
{
	struct str text = json_text(value->json);
	struct str rest;
	size_t end = 0;

	if (str_starts(text, STR("https://"))) {
		rest = str_from(text, 8);
	} else if (!secure_only && str_starts(text, STR("http://"))) {
		rest = str_from(text, 7);
	} else {
		expected(value, secure_only ? "a web address that starts with https://"
					    : "a web address that starts with https:// or http://");
		return;
	}
	if (has_invisible(value, text, false) || !good_placeholders(value, text))
		return;
	while (end < rest.len && !memchr("/?#", rest.p[end], 3))
		end++;
	if (good_authority(value, str_first(rest, end)))
		*member = arena_str(value->reader->arena, text);
}

static void list_words(struct buf *buf, const char *const *words)
{
	for (size_t i = 0; words[i]; i++) {
		size_t len = strlen(words[i]);
		bool open = words[i][len - 1] == ':';

		buf_addf(buf, "%s%s%s", i ? ", " : "", words[i], open ? "NAME" : "");
	}
}

/* RFC 4422 section 3.1, without its capitals: programs compare without regard to case. */
static bool is_mechanism(struct str name)
{
	for (size_t i = 0; i < name.len; i++) {
		if (!ascii_is_alnum(name.p[i]) && name.p[i] != '-' && name.p[i] != '_')
			return false;
	}
	return name.len > 0;
}

static bool is_word(const char *const *words, struct str text)
{
	for (size_t i = 0; words[i]; i++) {
		struct str word = str_of(words[i]);

		if (str_ends(word, STR(":"))) { /* "sasl:" and a name */
			if (str_starts(text, word) && is_mechanism(str_from(text, word.len)))
				return true;
		} else if (str_eq(word, text)) {
			return true;
		}
	}
	return false;
}

static bool take_word(const struct value *value, struct str *ret_word)
{
	struct str text = json_text(value->json);
	struct buf choice = BUF_EMPTY;

	if (is_word(value->field->words, text)) {
		*ret_word = text;
		return true;
	}
	if (value->field->words[0] && value->field->words[1])
		buf_add(&choice, STR("one of "));
	list_words(&choice, value->field->words);

	char *what = buf_take(&choice, NULL);

	expected(value, what ? what : "a word");
	free(what);
	for (size_t i = 0; text.len && value->field->words[i]; i++) {
		struct str word = str_of(value->field->words[i]);

		if (suggest_is_near(text, word) && !str_ends(word, STR(":"))) {
			diag_suggest(value->reader->diags, word);
			break;
		}
	}
	return false;
}

static void read_word(const struct value *value, struct str *member)
{
	struct str word;

	if (take_word(value, &word))
		*member = arena_str(value->reader->arena, word);
}

static void read_number(const struct value *value, unsigned *member)
{
	json_int_t number = json_integer_value(value->json);
	char what[64];

	if (json_is_integer(value->json) && number >= 1 && number <= value->field->most) {
		*member = (unsigned)number;
		return;
	}
	snprintf(what, sizeof(what), "a whole number from 1 to %u", value->field->most);
	expected(value, what);
}

static void read_flag(const struct value *value, enum flag *member)
{
	if (json_is_boolean(value->json))
		*member = json_is_true(value->json) ? FLAG_TRUE : FLAG_FALSE;
	else
		expected(value, "true or false");
}

/* "sasl:SCRAM-SHA-256" is the system "sasl" and the name behind the colon. */
static struct authentication split_authentication(struct arena *arena, struct str word)
{
	struct authentication method = { 0 };
	size_t colon = str_find(word, ':');

	if (colon < word.len) {
		method.system = arena_str(arena, str_first(word, colon));
		word = str_from(word, colon + 1);
	}
	method.name = arena_str(arena, word);
	return method;
}

static void read_authentication(const struct value *value, struct list *member)
{
	size_t count = json_array_size(value->json);
	struct authentication *methods;

	if (!json_is_array(value->json)) {
		expected(value, "a list with at least one way to log in");
		return;
	}
	if (count == 0) {
		wrong(value, "expected a list with at least one way to log in, found an empty list");
		return;
	}
	methods = arena_array(value->reader->arena, count, sizeof(*methods));
	if (!methods)
		return;
	member->items = methods;
	for (size_t i = 0; i < count; i++) {
		struct value item = *value;
		struct str word;

		item.at = (struct json_at){ .parent = value->json, .index = i };
		item.json = json_array_get(value->json, i);
		if (!take_word(&item, &word))
			continue;
		methods[member->count] = split_authentication(value->reader->arena, word);
		methods[member->count++].ordinal = i;
	}
	member->total = member->count;
}

static void read_names(const struct value *value, const json_t **member)
{
	if (json_is_array(value->json))
		*member = value->json;
	else
		expected(value, "a list of domain names");
}

void reader_value(const struct reader *reader, const struct field *field, const json_t *parent,
		  const json_t *json, void *member)
{
	struct value value = {
		.reader = reader,
		.field = field,
		.at = { .parent = parent, .key = field->name },
		.json = json,
	};

	switch (field->type) {
	case FIELD_TEXT:
	case FIELD_PATH:
		read_text(&value, member);
		break;
	case FIELD_PATTERN:
		read_pattern(&value, member);
		break;
	case FIELD_HOSTNAME:
		read_hostname(&value, member);
		break;
	case FIELD_URL:
		read_url(&value, false, member);
		break;
	case FIELD_SECURE_URL:
		read_url(&value, true, member);
		break;
	case FIELD_WORD:
		read_word(&value, member);
		break;
	case FIELD_NUMBER:
		read_number(&value, member);
		break;
	case FIELD_FLAG:
		read_flag(&value, member);
		break;
	case FIELD_AUTHENTICATION:
		read_authentication(&value, member);
		break;
	case FIELD_NAMES:
		read_names(&value, member);
		break;
	case FIELD_RECORD:
	case FIELD_LIST:
		break; /* reader.c */
	}
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
