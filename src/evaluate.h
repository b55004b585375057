/*
 * What a name or a test of a template comes to, for one provider and document.
 */
#ifndef MAILCONFD_EVALUATE_H
#define MAILCONFD_EVALUATE_H

#include "document.h"
#include "expression.h"

struct evaluator {
	const struct document *document;
	const void *objects[SCOPE_LEVELS];  /* what the names of the scope stand for */
	size_t depth;			    /* of them */
};

/* What a reference comes to. */
struct found {
	enum hole hole; /* HOLE_NONE: it is known now */
	struct str text;
	bool is_pattern; /* it may hold placeholders */
	bool is_url;	 /* and they must not change its structure */
	char number[12];
};

/* `ret_found` is filled in place, since a number's text lies within it. */
void evaluate(const struct evaluator *evaluator, const struct reference *reference,
	      struct found *ret_found);

/* Nothing to be written, now or by a request? */
static inline bool found_nothing(const struct found *found)
{
	return found->hole == HOLE_NONE && found->text.len == 0;
}

/* The list, or NULL where the object that has it is not given. */
const struct list *evaluate_list(const struct evaluator *evaluator,
				 const struct reference *reference);

/*
 * Of a list of texts by language that is to suit the page: is this the language of an item that
 * counts? Those of the page's language do; else those in English; else those that say none;
 * else all. Of other lists, every item does.
 */
bool evaluate_suits(const struct evaluator *evaluator, const struct reference *reference,
		    const struct list *list, size_t item);

/* A test of no terms holds. */
bool evaluate_test(const struct evaluator *evaluator, const struct test *test);

#endif
