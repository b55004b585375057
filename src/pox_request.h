/*
 * What a mail program posts to Autodiscover: "plain old XML", a small document with an
 * address and the schema of the answer. ([MS-OXDSCLI] section 2.2.3)
 */
#ifndef MAILCONFD_POX_REQUEST_H
#define MAILCONFD_POX_REQUEST_H

#include "address.h"

enum pox_schema {
	POX_OUTLOOK,	/* also where none is named */
	POX_MOBILESYNC, /* Exchange ActiveSync */
	POX_OTHER,
};

enum {
	POX_ADDRESS_MOST = 1024, /* bytes; what is longer is no address */
	POX_SCHEMA_MOST = 128,
};

struct pox_request {
	bool has_address;
	bool has_legacy_dn; /* a directory name, which only Exchange understands */
	enum pox_schema schema;
	struct str address; /* trimmed, not checked; within the buffer */
	char buffer[POX_ADDRESS_MOST];
};

/*
 * Reads a posted body. As tolerant as real programs need (any case, any namespace, no XML
 * declaration, a byte order mark, white space around), and no more: false for everything
 * that is not such a document, has two addresses, or goes beyond what one needs.
 */
bool pox_request_parse(struct str body, struct pox_request *ret_request);

#endif
