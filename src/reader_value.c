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
 * Names the first character that cannot be seen. Pages that people copy from are full of
 * no-break spaces; in a host name they would only show as a program that finds nothing.
 */
static bool has_invisible(const struct value *value, struct str text, bool spaces_allowed)
{
	size_t number = 1;

	for (struct str rest = text; rest.len; number++) {
		uint32_t character = 0;
		size_t len = utf8_decode(rest, &character);
		bool shown = character == ' ' && spaces_allowed && number > 1 && rest.len > 1;
		const char *name = utf8_invisible_name(character);

		if (name && !shown && (!spaces_allowed || character == ' ' ||
				       utf8_is_control(character))) {
			wrong(value, "character %zu is U+%04X, %s", number, (unsigned)character,
			      name);
			return true;
		}
		rest = str_from(rest, len ? len : 1);
	}
	return false;
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
	if (has_invisible(value, text, true))
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
 * User names may hold the key of an input field between percent signs, which only the
 * whole provider knows: checks.c looks at those.
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

/* A host name with %EMAILDOMAIN% is checked with a domain in its place, and kept as it is. */
static void take_host_pattern(const struct value *value, struct str text, struct str *member)
{
	struct buf example = BUF_EMPTY;
	struct str rest = text;
	struct str piece;
	enum placeholder kind;
	struct domain domain;

	if (!good_placeholders(value, text))
		return;
	while (placeholder_next(&rest, &piece, &kind)) {
		if (kind == PLACEHOLDER_ADDRESS || kind == PLACEHOLDER_LOCAL_PART) {
			wrong(value, "\"%.*s\" has no place in a host name: expected "
				     "\"%%EMAILDOMAIN%%\" or none", STR_ARGS(piece));
			buf_fini(&example);
			return;
		}
		buf_add(&example, kind == PLACEHOLDER_DOMAIN ? STR("example.com") : piece);
	}
	if (!domain_parse(buf_str(&example), &domain))
		expected(value, "a host name of letters, digits, hyphens and dots");
	else
		*member = arena_str(value->reader->arena, text);
	buf_fini(&example);
}

static void read_hostname(const struct value *value, struct str *member)
{
	struct str text = json_text(value->json);

	if (!json_is_string(value->json) || text.len == 0)
		expected(value, "a host name");
	else if (has_invisible(value, text, false))
		return;
	else if (str_find(text, '%') < text.len)
		take_host_pattern(value, text, member);
	else
		take_domain(value, text, member);
}

static void read_url(const struct value *value, bool secure_only, struct str *member)
{
	struct str text = json_text(value->json);
	struct str rest;
	struct domain domain;

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

	size_t end = 0;

	while (end < rest.len && !memchr("/?#", rest.p[end], 3))
		end++;

	struct str host = str_first(rest, end);

	if (str_find(host, '@') < host.len) {
		wrong(value, "a user name or password has no place in a web address");
		return;
	}
	if (str_find(host, '%') == host.len && !domain_parse_host(host, &domain)) {
		expected(value, "a host name behind \"://\"");
		return;
	}
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

static bool is_word(const char *const *words, struct str text)
{
	for (size_t i = 0; words[i]; i++) {
		struct str word = str_of(words[i]);

		if (str_eq(word, text))
			return true;
		if (str_ends(word, STR(":")) && str_starts(text, word) && text.len > word.len)
			return true; /* "sasl:" and a name */
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
	buf_add(&choice, STR("one of "));
	list_words(&choice, value->field->words);

	char *what = buf_take(&choice, NULL);

	expected(value, what ? what : "a word");
	free(what);
	for (size_t i = 0; text.len && value->field->words[i]; i++) {
		struct str word = str_of(value->field->words[i]);

		if (suggest_is_near(text, word)) {
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

	if (!json_is_array(value->json) || count == 0) {
		expected(value, "a list with at least one way to log in");
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
		if (take_word(&item, &word))
			methods[member->count++] =
				split_authentication(value->reader->arena, word);
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

struct str reader_domain(const struct reader *reader, struct json_at at, const char *key,
			 const json_t *json)
{
	const struct field field = { .name = key };
	const struct value value = { .reader = reader, .field = &field, .at = at, .json = json };
	struct str text = json_text(json);
	struct str domain = STR("");
	struct domain parsed;

	if (!json_is_string(json) || text.len == 0)
		expected(&value, "a domain name");
	else if (has_invisible(&value, text, false))
		return domain;
	else if (!domain_parse(text, &parsed))
		expected(&value, "a domain name of letters, digits, hyphens and dots");
	else
		domain = arena_str(reader->arena, domain_str(&parsed));
	return domain;
}
