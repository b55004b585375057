/* The pages for people, each in every language; for pages_load(). */
#ifndef MAILCONFD_PAGE_H
#define MAILCONFD_PAGE_H

#include "pages.h"

enum page_number {
	PAGE_FOUND, /* the settings of a domain */
	PAGE_FOUND_ADDRESS, /* and of an address */
	PAGE_START, /* these three are of no provider */
	PAGE_UNKNOWN,
	PAGE_MALFORMED,
	PAGES,
};

enum page_asset {
	PAGE_STYLE,
	PAGE_SCRIPT,
	PAGE_ASSETS,
};

extern const struct document page_documents[PAGES];
extern const char *const page_assets[PAGE_ASSETS];

#endif
