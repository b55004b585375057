/* A request, as the protocols see it. All texts are borrowed for the time of the answer. */
#ifndef MAILCONFD_REQUEST_H
#define MAILCONFD_REQUEST_H

#include "str.h"

#include <time.h>

/* One bit each, so that a route can name several. */
enum method {
	METHOD_GET = 1 << 0,
	METHOD_HEAD = 1 << 1,
	METHOD_POST = 1 << 2,
	METHOD_OPTIONS = 1 << 3,
	METHOD_OTHER = 1 << 4,
};

struct request {
	enum method method;
	struct str target;	  /* as sent: "/path?query", or absolute form */
	struct str host;	  /* of the Host field, or as a trusted proxy forwards it */
	bool secure;		  /* the client came by https */
	struct str if_none_match; /* empty: not sent */
	struct str accept_language, user_agent; /* empty: not sent */
	struct str body;
	time_t now;
};

#endif
