/*
 * The placeholders of autoconfig values: %EMAILADDRESS%, %EMAILLOCALPART%, %EMAILDOMAIN%.
 * (draft-ietf-mailmaint-autoconfig section 3.8)
 */
#ifndef MAILCONFD_PLACEHOLDER_H
#define MAILCONFD_PLACEHOLDER_H

#include "str.h"

enum placeholder {
	PLACEHOLDER_NONE, /* plain text */
	PLACEHOLDER_ADDRESS,
	PLACEHOLDER_LOCAL_PART,
	PLACEHOLDER_DOMAIN,
};

/*
 * Takes the next piece off the front of *rest: a known placeholder or the plain text before
 * one. A "%" that starts no known placeholder is plain text. False at the end.
 */
bool placeholder_next(struct str *rest, struct str *ret_piece, enum placeholder *ret_kind);

/* The first mistake in a value. */
enum placeholder_mistake {
	PLACEHOLDER_GOOD,
	PLACEHOLDER_UNCLOSED, /* "%EMAILADDRESS": no closing "%" */
	PLACEHOLDER_UNKNOWN,  /* "%EMAILADRESS%": not a placeholder that any program knows */
};

/*
 * Looks for mistakes: a "%" and a word in capitals that is no placeholder, or a word that is
 * nearly one, whatever its case. Percent escapes as in a URL are not mistaken for one. *ret_word
 * is the word without its "%".
 */
enum placeholder_mistake placeholder_check(struct str text, struct str *ret_word);

/* Is it a known word, whatever its case? */
bool placeholder_is_known(struct str word);

/* The known word that `word` is a typing mistake of, or the empty one. */
struct str placeholder_suggest(struct str word);

#endif
