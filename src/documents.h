/* The documents that the protocols answer, each with its template. */
#ifndef MAILCONFD_DOCUMENTS_H
#define MAILCONFD_DOCUMENTS_H

#include "snapshot.h"

enum document_number {
	DOCUMENT_AUTOCONFIG,
	DOCUMENT_AUTODISCOVER,	       /* no address known */
	DOCUMENT_AUTODISCOVER_ADDRESS, /* for an address */
	DOCUMENTS,
};

/* By number; for snapshot_load(). */
extern const struct document documents[DOCUMENTS];

#endif
