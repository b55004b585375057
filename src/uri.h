/* Request targets: path, query, authority. Percent escapes are decoded once, here. */
#ifndef MAILCONFD_URI_H
#define MAILCONFD_URI_H

#include "str.h"

enum {
	URI_PATH_MOST = 400,  /* bytes of a decoded path: a domain name and a long prefix */
	URI_VALUE_MOST = 320, /* bytes of a decoded query value: a 64 + 1 + 255 byte address */
};

struct uri {
	struct str authority; /* of the absolute form; empty in others; borrowed */
	struct str path;      /* decoded, within `buffer` */
	struct str raw_path;  /* as sent; borrowed */
	struct str query;     /* as sent, without its "?"; borrowed */
	char buffer[URI_PATH_MOST];
};

/*
 * Takes a target apart. False when it is no path or too long, has a bad escape or a NUL, or
 * dot or empty segments: there is nothing at such a place.
 */
bool uri_parse(struct str target, struct uri *ret_uri);

/*
 * The first value that is not empty of the parameter `name`, whose case counts. A "+" stays
 * a plus sign: no mail program sends it for a space, and several send it for itself. Values
 * that are too long, badly escaped or not UTF-8 are passed over. Decoded into `buffer`.
 */
bool uri_parameter(struct str query, struct str name, char buffer[URI_VALUE_MOST],
		   struct str *ret_value);

enum uri_presence {
	URI_ABSENT,
	URI_PRESENT,
	URI_AMBIGUOUS, /* given twice, or not to be read */
};

/*
 * For questions that must not be guessed: the one value of a parameter, whose name counts in
 * any case. An empty value is none. *ret_value is empty unless it is present.
 */
enum uri_presence uri_parameter_once(struct str query, struct str name,
				     char buffer[URI_VALUE_MOST], struct str *ret_value);

/* The same of a form, which sends a plus sign for a space. */
enum uri_presence uri_form_value(struct str query, struct str name, char buffer[URI_VALUE_MOST],
				 struct str *ret_value);

/* Is all of it characters that a URL may have (RFC 3986), so that it may stand in one? */
bool uri_is_clean(struct str text);

#endif
