/*
 * What a program is made for: a document of a protocol, as template and provider will see
 * it. The documents there are: documents.h.
 */
#ifndef MAILCONFD_DOCUMENT_H
#define MAILCONFD_DOCUMENT_H

#include "catalog.h"

struct site;

/* Up to so many providers, documents that are seldom asked for are made at load, too. */
enum { PROVIDERS_KEPT = 64 };

struct document {
	const char *template; /* its file in the folder of templates */
	const char *variant;  /* what `variant` stands for in it; NULL: nothing */
	bool with_address;    /* for requests that name an address */
	bool with_name;	      /* and a person */
	bool of_site;	      /* of no provider */
	bool seldom;	      /* beyond PROVIDERS_KEPT made when it is asked for, not at load */
	const struct catalog *catalog; /* of its language; NULL: as the template has it */
	const struct site *site;       /* what `site` stands for; NULL: nothing */
};

#endif
