/* What a single value must look like. Each function says what was expected and found. */
#include "config.h"

#include "reader_value.h"

#include "buf.h"
#include "placeholder.h"
#include "provider.h"
#include "suggest.h"
#include "utf8.h"

#include <stdio.h>
#include <stdlib.h>

void value_expected(const struct value *value, const char *what)
{
	reader_expected(value->reader, value->at, value->field->name, what, value->json);
}

void value_wrong(const struct value *value, const char *format, ...)
{
	struct place place = reader_place(value->reader, value->at);
	va_list args;

	va_start(args, format);
	diag_vadd(value->reader->diags, SEVERITY_ERROR, &place, value->field->name, format, args);
	va_end(args);
}

size_t find_invisible(struct str text, bool spaces_allowed, uint32_t *ret_character)
{
	size_t number = 1;

	for (struct str rest = text; rest.len; number++) {
		uint32_t character = 0;

		/* What nearly all names are made of, in tables of a million. */
		if (rest.p[0] > ' ' && rest.p[0] < 0x7f) {
			rest = str_from(rest, 1);
			continue;
		}

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

bool value_has_invisible(const struct value *value, struct str text, bool spaces_allowed)
{
	uint32_t character;
	size_t number = find_invisible(text, spaces_allowed, &character);

	if (number)
		value_wrong(value, "character %zu is U+%04X, %s", number, (unsigned)character,
		      utf8_invisible_name(character));
	return number > 0;
}

bool value_has_good_placeholders(const struct value *value, struct str text)
{
	struct str word;
	struct str near;

	switch (placeholder_check(text, &word)) {
	case PLACEHOLDER_GOOD:
		return true;
	case PLACEHOLDER_UNCLOSED:
		value_wrong(value, "placeholder \"%%%.*s\" lacks its closing \"%%\"", STR_ARGS(word));
		return false;
	case PLACEHOLDER_UNKNOWN:
		break;
	}
	value_wrong(value, "unknown placeholder \"%%%.*s%%\"", STR_ARGS(word));
	near = placeholder_suggest(word);
	if (near.len)
		diag_hint(value->reader->diags, "did you mean \"%%%.*s%%\"?", STR_ARGS(near));
	return false;
}

static bool take_text(const struct value *value, struct str *ret_text)
{
	struct str text = json_text(value->json);
	size_t characters = utf8_count(text);

	if (!json_is_string(value->json)) {
		value_expected(value, "a text");
		return false;
	}
	if (text.len == 0) {
		value_wrong(value, "expected a text, found an empty one");
		return false;
	}
	if (value_has_invisible(value, text, !(value->field->use & FIELD_UNBROKEN)))
		return false;
	if (value->field->most && characters > value->field->most) {
		value_wrong(value, "expected at most %u characters, found %zu", value->field->most,
		      characters);
		return false;
	}
	*ret_text = text;
	return true;
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
		value_has_good_placeholders(value, text);
	else
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

	value_expected(value, what ? what : "a word");
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
	value_expected(value, what);
}

static void read_flag(const struct value *value, enum flag *member)
{
	if (json_is_boolean(value->json))
		*member = json_is_true(value->json) ? FLAG_TRUE : FLAG_FALSE;
	else
		value_expected(value, "true or false");
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
		value_expected(value, "a list with at least one way to log in");
		return;
	}
	if (count == 0) {
		value_wrong(value, "expected a list with at least one way to log in, found an empty list");
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
		value_expected(value, "a list of domain names");
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
