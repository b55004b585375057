/* The parts of a web address of the table, which the reader has checked. */
#ifndef MAILCONFD_WEBURL_H
#define MAILCONFD_WEBURL_H

#include "str.h"

struct weburl {
	bool secure;	 /* https */
	struct str host; /* without brackets or port; may hold placeholders */
	unsigned port;	 /* the scheme's own where none is said */
	struct str path; /* from its "/" on, with the query; empty where there is none */
};

/* Texts are borrowed from `url`. False for what is no http or https address with a host. */
bool weburl_parse(struct str url, struct weburl *ret_weburl);

#endif
