/* Following names through the provider's members. */
#include "config.h"

#include "evaluate.h"

#include "provider.h"

#include <stdio.h>

static const void *follow(const struct evaluator *evaluator, const struct reference *reference)
{
	const void *object = evaluator->objects[reference->level];

	if (!object)
		return NULL; /* a page that is of no provider */
	for (size_t i = 0; i < reference->path_len; i++) {
		const void *member = field_at(reference->path[i], object);

		if (reference->path[i]->type != FIELD_RECORD)
			return member;
		object = *(const void *const *)member;
		if (!object)
			return NULL;
	}
	return object;
}

static void read_member(const struct field *field, const void *member, struct found *found)
{
	switch (field->type) {
	case FIELD_TEXT:
	case FIELD_WORD:
	case FIELD_PATH:
		found->text = *(const struct str *)member;
		break;
	case FIELD_URL:
	case FIELD_SECURE_URL:
		found->is_url = true;
		__attribute__((fallthrough));
	case FIELD_PATTERN:
	case FIELD_HOSTNAME:
		found->text = *(const struct str *)member;
		found->is_pattern = true;
		break;
	case FIELD_NUMBER:
		if (*(const unsigned *)member) {
			snprintf(found->number, sizeof(found->number), "%u",
				 *(const unsigned *)member);
			found->text = str_of(found->number);
		}
		break;
	case FIELD_FLAG:
		if (*(const enum flag *)member != FLAG_NOT_GIVEN)
			found->text = *(const enum flag *)member == FLAG_TRUE ? STR("true")
									      : STR("false");
		break;
	case FIELD_RECORD:
	case FIELD_LIST:
	case FIELD_AUTHENTICATION:
	case FIELD_NAMES:
		break; /* no text; expression.c refuses them as values */
	}
}

/* Does a request for the document bring what goes into the hole? */
static bool is_brought(const struct document *document, enum hole hole)
{
	switch (hole) {
	case HOLE_DOMAIN:
		return true;
	case HOLE_NAME:
		return document->with_name;
	case HOLE_TYPED:
	case HOLE_DOMAIN_TITLE:
	case HOLE_HOST:
		return true;
	default:
		return document->with_address;
	}
}

static struct str language_of(const struct document *document)
{
	return document->catalog ? document->catalog->code : STR("en");
}

void evaluate(const struct evaluator *evaluator, const struct reference *reference,
	      struct found *ret_found)
{
	const void *member;

	*ret_found = (struct found){ .hole = HOLE_NONE };
	switch (reference->kind) {
	case REFERENCE_REQUEST:
		if (is_brought(evaluator->document, reference->hole))
			ret_found->hole = reference->hole;
		return;
	case REFERENCE_VARIANT:
		ret_found->text = str_of(evaluator->document->variant);
		return;
	case REFERENCE_LANGUAGE:
		ret_found->text = language_of(evaluator->document);
		return;
	case REFERENCE_FIELD:
		break;
	}
	member = follow(evaluator, reference);
	if (member)
		read_member(reference->path[reference->path_len - 1], member, ret_found);
}

const struct list *evaluate_list(const struct evaluator *evaluator,
				 const struct reference *reference)
{
	return follow(evaluator, reference);
}

static bool has_language(const struct list *list, struct str language)
{
	const struct localized *texts = list->items;

	for (size_t i = 0; i < list->count; i++) {
		if (str_eq_fold(texts[i].lang, language))
			return true;
	}
	return false;
}

bool evaluate_suits(const struct evaluator *evaluator, const struct reference *reference,
		    const struct list *list, size_t item)
{
	const struct field *field = reference->path[reference->path_len - 1];
	const struct localized *texts = list->items;
	const struct str wanted[] = { language_of(evaluator->document), STR("en"), STR("") };

	if (!(field->use & FIELD_HERE))
		return true;
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		if (has_language(list, wanted[i]))
			return str_eq_fold(texts[item].lang, wanted[i]);
	}
	return true;
}

/* Is a list not empty, an object there, a value given? A flag that is false is not. */
static bool is_given(const struct evaluator *evaluator, const struct reference *reference)
{
	const struct field *last =
		reference->path_len ? reference->path[reference->path_len - 1] : NULL;
	const void *member = last ? follow(evaluator, reference) : NULL;
	struct found found;

	if (last && last->type == FIELD_RECORD)
		return member != NULL;
	if (last && (last->type == FIELD_LIST || last->type == FIELD_AUTHENTICATION))
		return member && ((const struct list *)member)->count > 0;
	evaluate(evaluator, reference, &found);
	if (last && last->type == FIELD_FLAG)
		return str_eq(found.text, STR("true"));
	return !found_nothing(&found);
}

static bool holds_term(const struct evaluator *evaluator, const struct test_term *term)
{
	struct found found;

	switch (term->comparison) {
	case COMPARE_GIVEN:
		return is_given(evaluator, &term->reference);
	case COMPARE_NOT_GIVEN:
		return !is_given(evaluator, &term->reference);
	case COMPARE_EQUAL:
		evaluate(evaluator, &term->reference, &found);
		return str_eq(found.text, term->text);
	case COMPARE_NOT_EQUAL:
		evaluate(evaluator, &term->reference, &found);
		return !str_eq(found.text, term->text);
	}
	return false;
}

bool evaluate_test(const struct evaluator *evaluator, const struct test *test)
{
	for (size_t i = 0; i < test->count; i++) {
		if (holds_term(evaluator, &test->terms[i]) != test->all)
			return !test->all;
	}
	return test->all || test->count == 0;
}
