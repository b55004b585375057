/* What a browser says of the person in front of it: languages, and the system. */
#ifndef MAILCONFD_VISITOR_H
#define MAILCONFD_VISITOR_H

#include "pages.h"

/*
 * The language of the pages that suits an Accept-Language field best (RFC 9110 section
 * 12.5.4, by the look-up of RFC 4647 section 3.4): a number for pages_language(). The first
 * one, English, where nothing does.
 */
size_t visitor_language(const struct pages *pages, struct str accept_language);

/* The language of that code. False when the pages do not have it. */
bool visitor_find_language(const struct pages *pages, struct str code, size_t *ret_language);

/* The key of the page's part for the system that a User-Agent field names; empty: none. */
struct str visitor_system(struct str user_agent);

#endif
