/* Parsing and resolving names and tests. */
#include "config.h"

#include "expression.h"

#include "suggest.h"

#include <stdarg.h>
#include <stdio.h>

static const struct {
	const char *name;
	enum reference_kind kind;
	enum hole hole;
} plain_names[] = {
	{ "address", REFERENCE_REQUEST, HOLE_ADDRESS },
	{ "localPart", REFERENCE_REQUEST, HOLE_LOCAL_PART },
	{ "domain", REFERENCE_REQUEST, HOLE_DOMAIN },
	{ "name", REFERENCE_REQUEST, HOLE_NAME },
	{ "profileIdentifier", REFERENCE_REQUEST, HOLE_PROFILE_IDENTIFIER },
	{ "profileUUID", REFERENCE_REQUEST, HOLE_PROFILE_UUID },
	{ "mailUUID", REFERENCE_REQUEST, HOLE_MAIL_UUID },
	{ "calendarUUID", REFERENCE_REQUEST, HOLE_CALENDAR_UUID },
	{ "addressBookUUID", REFERENCE_REQUEST, HOLE_ADDRESS_BOOK_UUID },
	{ "addressURL", REFERENCE_REQUEST, HOLE_ADDRESS_URL },
	{ "domainTitle", REFERENCE_REQUEST, HOLE_DOMAIN_TITLE },
	{ "typed", REFERENCE_REQUEST, HOLE_TYPED },
	{ "host", REFERENCE_REQUEST, HOLE_HOST },
	{ "variant", REFERENCE_VARIANT, HOLE_NONE },
	{ "language", REFERENCE_LANGUAGE, HOLE_NONE },
};

enum { PLAIN_NAMES = sizeof(plain_names) / sizeof(plain_names[0]) };

/* What is quoted may hold line ends ("&#10;"), and a message is one line. */
static void flatten(char *text)
{
	for (; *text; text++) {
		if (ascii_is_space(*text))
			*text = ' ';
	}
}

__attribute__((format(printf, 2, 3))) static bool fail(struct expression_error *error,
						       const char *format, ...)
{
	va_list args;

	*error = (struct expression_error){ 0 };
	va_start(args, format);
	vsnprintf(error->text, sizeof(error->text), format, args);
	va_end(args);
	flatten(error->text);
	return false;
}

/* The whole name with its last word, found wrong, replaced by a near one. */
static void suggest(struct expression_error *error, struct str before, struct str word)
{
	int len;

	if (word.len == 0)
		return;
	len = snprintf(error->suggestion_text, sizeof(error->suggestion_text), "%.*s%.*s",
		       STR_ARGS(before), STR_ARGS(word));
	flatten(error->suggestion_text);
	if (len > 0 && (size_t)len < sizeof(error->suggestion_text))
		error->suggestion = str_of(error->suggestion_text);
}

static bool unknown_start(struct str whole, struct str start, const struct scope *scope,
			  struct expression_error *error)
{
	struct str rest = str_from(whole, start.len);
	struct str near = STR("");
	char fixed[120];

	for (size_t i = 0; i < scope->depth; i++) {
		if (suggest_is_near(start, scope->levels[i].name))
			near = scope->levels[i].name;
	}
	for (size_t i = 0; i < PLAIN_NAMES; i++) {
		if (suggest_is_near(start, str_of(plain_names[i].name)))
			near = str_of(plain_names[i].name);
	}
	fail(error, "unknown variable \"%.*s\"", STR_ARGS(whole));
	if (near.len && near.len + rest.len < sizeof(fixed)) {
		snprintf(fixed, sizeof(fixed), "%.*s%.*s", STR_ARGS(near), STR_ARGS(rest));
		suggest(error, STR(""), str_of(fixed));
	}
	return false;
}

static const struct record *record_at(const struct scope *scope, size_t level)
{
	return level == SCOPE_SITE ? scope->site : scope->levels[level].record;
}

/* The innermost level of that name. */
static bool find_level(const struct scope *scope, struct str name, size_t *ret_level)
{
	for (size_t i = scope->depth; i > 0; i--) {
		if (str_eq(scope->levels[i - 1].name, name)) {
			*ret_level = i - 1;
			return true;
		}
	}
	*ret_level = SCOPE_SITE;
	return scope->site && str_eq(name, STR("site"));
}

/* A loop whose list is wrong: what its items have is not known, so nothing is wrong in them. */
static bool is_unknown(const struct scope *scope, const struct reference *reference)
{
	return reference->kind == REFERENCE_FIELD && !record_at(scope, reference->level);
}

/* Follows the words behind the first through the records. */
static bool resolve_path(struct str whole, struct str rest, const struct record *record,
			 struct reference *reference, struct expression_error *error)
{
	struct str word;

	while (str_split(&rest, '.', &word)) {
		const struct field *field = record ? record_field(record, word) : NULL;
		struct str before = { .p = whole.p, .len = (size_t)(word.p - whole.p) };

		if (!field || (field->use & FIELD_HIDDEN)) {
			fail(error, "unknown variable \"%.*s\"", STR_ARGS(whole));
			if (record)
				suggest(error, before,
					record_suggest(record, word, FIELD_HIDDEN));
			return false;
		}
		if (reference->path_len == REFERENCE_DEEPEST)
			return fail(error, "\"%.*s\" goes too deep", STR_ARGS(whole));
		reference->path[reference->path_len++] = field;
		record = field->type == FIELD_RECORD ? field->record : NULL;
	}
	return true;
}

static bool resolve(struct str text, const struct scope *scope, struct reference *ret_reference,
		    struct expression_error *ret_error)
{
	struct str whole = str_trim(text);
	size_t dot = str_find(whole, '.');
	struct str start = str_first(whole, dot);
	struct reference reference = { .kind = REFERENCE_FIELD };

	if (whole.len == 0)
		return fail(ret_error, "expected the name of a variable, found nothing");
	for (size_t i = 0; i < PLAIN_NAMES; i++) {
		if (str_eq(whole, str_of(plain_names[i].name))) {
			*ret_reference = (struct reference){ .kind = plain_names[i].kind,
							     .hole = plain_names[i].hole };
			return true;
		}
	}
	if (!find_level(scope, start, &reference.level))
		return unknown_start(whole, start, scope, ret_error);
	if (dot == whole.len)
		return fail(ret_error, "\"%.*s\" stands for a whole object: expected \"%.*s.\" "
				       "and the name of a member",
			    STR_ARGS(whole), STR_ARGS(whole));
	if (!is_unknown(scope, &reference) &&
	    !resolve_path(whole, str_from(whole, dot + 1), record_at(scope, reference.level),
			  &reference, ret_error))
		return false;
	*ret_reference = reference;
	return true;
}

static const struct field *last_field(const struct reference *reference)
{
	return reference->path_len ? reference->path[reference->path_len - 1] : NULL;
}

static bool is_list(const struct field *field)
{
	return field && (field->type == FIELD_LIST || field->type == FIELD_AUTHENTICATION);
}

bool expression_value(struct str text, const struct scope *scope,
		      struct reference *ret_reference, struct expression_error *ret_error)
{
	if (!resolve(text, scope, ret_reference, ret_error))
		return false;

	const struct field *field = last_field(ret_reference);

	if (is_list(field) || (field && field->type == FIELD_RECORD))
		return fail(ret_error, "\"%.*s\" is %s: expected a text, number or flag",
			    STR_ARGS(str_trim(text)), is_list(field) ? "a list" : "an object");
	return true;
}

bool expression_list(struct str text, const struct scope *scope, struct reference *ret_reference,
		     const struct record **ret_record, struct expression_error *ret_error)
{
	if (!resolve(text, scope, ret_reference, ret_error))
		return false;
	if (is_unknown(scope, ret_reference)) {
		*ret_record = NULL;
		return true;
	}
	if (!is_list(last_field(ret_reference)))
		return fail(ret_error, "\"%.*s\" is no list: there is nothing to repeat for",
			    STR_ARGS(str_trim(text)));
	*ret_record = last_field(ret_reference)->record;
	return true;
}

/* The quoted text behind a comparison sign. */
static bool parse_quoted(struct str text, struct str *ret_text, struct expression_error *error)
{
	struct str quoted = str_trim(text);
	char quote = quoted.len ? quoted.p[0] : '\0';

	if (quoted.len < 2 || (quote != '\'' && quote != '"') ||
	    quoted.p[quoted.len - 1] != quote ||
	    str_find(str_from(quoted, 1), quote) != quoted.len - 2)
		return fail(error, "expected a text in single quotes, found \"%.*s\"",
			    STR_ARGS(quoted));
	*ret_text = str_first(str_from(quoted, 1), quoted.len - 2);
	return true;
}

static bool parse_comparison(struct str text, size_t sign, const struct scope *scope,
			     struct test_term *term, struct expression_error *error)
{
	bool differs = sign > 0 && text.p[sign - 1] == '!';
	struct str name = str_first(text, sign - differs);

	term->comparison = differs ? COMPARE_NOT_EQUAL : COMPARE_EQUAL;
	if (!parse_quoted(str_from(text, sign + 1), &term->text, error) ||
	    !expression_value(name, scope, &term->reference, error))
		return false;
	if (term->reference.kind == REFERENCE_REQUEST)
		return fail(error,
			    "\"%.*s\" cannot be compared: templates are put together "
			    "before there is a request",
			    STR_ARGS(str_trim(name)));
	return true;
}

/* Does `text` start with that word, and then end or go on with white space? */
static bool starts_word(struct str text, struct str word)
{
	return str_starts(text, word) && (text.len == word.len || ascii_is_space(text.p[word.len]));
}

static bool parse_term(struct str text, const struct scope *scope, struct test_term *term,
		       struct expression_error *error)
{
	text = str_trim(text);

	size_t sign = str_find(text, '=');
	bool negated = starts_word(text, STR("not"));

	if (sign < text.len)
		return parse_comparison(text, sign, scope, term, error);
	term->comparison = negated ? COMPARE_NOT_GIVEN : COMPARE_GIVEN;
	return resolve(negated ? str_from(text, 3) : text, scope, &term->reference, error);
}

/* Takes what stands before the next "or" or "and" off *rest; quotes are jumped over. */
static struct str next_term(struct str *rest, struct str *ret_joint)
{
	struct str term = *rest;
	char quote = '\0';

	*ret_joint = STR("");
	for (size_t i = 0; i < term.len; i++) {
		struct str here = str_from(term, i);

		if (quote) {
			quote = term.p[i] == quote ? '\0' : quote;
			continue;
		}
		if (term.p[i] == '\'' || term.p[i] == '"')
			quote = term.p[i];
		if (i && !ascii_is_space(term.p[i - 1]))
			continue;
		if (starts_word(here, STR("or")))
			*ret_joint = STR("or");
		else if (starts_word(here, STR("and")))
			*ret_joint = STR("and");
		if (ret_joint->len) {
			*rest = str_from(here, ret_joint->len);
			return str_first(term, i);
		}
	}
	*rest = (struct str){ 0 };
	return term;
}

bool expression_test(struct str text, const struct scope *scope, struct arena *arena,
		     struct test *ret_test, struct expression_error *ret_error)
{
	struct str rest = text;
	struct str joint;
	struct test test = { 0 };
	bool any = false;
	size_t most = 1;

	for (struct str count = text; count.p; most++)
		next_term(&count, &joint);
	test.terms = arena_array(arena, most, sizeof(*test.terms));
	if (!test.terms)
		return fail(ret_error, "out of memory");
	while (rest.p) {
		struct str term = next_term(&rest, &joint);

		if (!parse_term(term, scope, &test.terms[test.count++], ret_error))
			return false;
		test.all |= str_eq(joint, STR("and"));
		any |= str_eq(joint, STR("or"));
	}
	if (test.all && any)
		return fail(ret_error, "\"and\" and \"or\" in one test: expected one of them; use "
				       "a test inside a test");
	for (size_t i = 0; i < test.count; i++)
		test.terms[i].text = arena_str(arena, test.terms[i].text);
	*ret_test = test;
	return true;
}
