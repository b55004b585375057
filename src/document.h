/*
 * What a program is made for: a document of a protocol, as template and provider will see
 * it. The documents there are: documents.h.
 */
#ifndef MAILCONFD_DOCUMENT_H
#define MAILCONFD_DOCUMENT_H

#include <stdbool.h>

struct document {
	const char *template; /* its file in the folder of templates */
	const char *variant;  /* what `variant` stands for in it; NULL: nothing */
	bool with_address;    /* for requests that name an address */
	bool with_name;	      /* and a person */
};

#endif
