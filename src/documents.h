/* The documents that the protocols answer, each with its template. */
#ifndef MAILCONFD_DOCUMENTS_H
#define MAILCONFD_DOCUMENTS_H

#include "snapshot.h"

enum document_number {
	DOCUMENT_AUTOCONFIG,
	DOCUMENT_AUTODISCOVER,	       /* no address known */
	DOCUMENT_AUTODISCOVER_ADDRESS, /* for an address */
	DOCUMENT_MOBILESYNC,
	DOCUMENT_JSON_AUTODISCOVER,
	DOCUMENT_JSON_ACTIVE_SYNC,
	DOCUMENT_JSON_EWS,
	DOCUMENT_PACC,
	DOCUMENT_PROFILE_IMAP,
	DOCUMENT_PROFILE_IMAP_NAME, /* with the person's name */
	DOCUMENT_PROFILE_POP3,
	DOCUMENT_PROFILE_POP3_NAME,
	DOCUMENTS,
};

/* By number; for snapshot_load(). */
extern const struct document documents[DOCUMENTS];

#endif
