/* The list of documents: a new one is a row here, a number in the header and a template. */
#include "config.h"

#include "documents.h"

const struct document documents[DOCUMENTS] = {
	/* Placeholders stay: the answer is the same for every local part. */
	[DOCUMENT_AUTOCONFIG] = { .template = "autoconfig.xml" },
	[DOCUMENT_AUTODISCOVER] = { .template = "autodiscover.xml" },
	[DOCUMENT_AUTODISCOVER_ADDRESS] = { .template = "autodiscover.xml", .with_address = true },
	[DOCUMENT_MOBILESYNC] = { .template = "mobilesync.xml", .with_address = true },
	[DOCUMENT_JSON_AUTODISCOVER] = { .template = "autodiscover-json.xml",
					 .variant = "AutodiscoverV1" },
	[DOCUMENT_JSON_ACTIVE_SYNC] = { .template = "autodiscover-json.xml",
					.variant = "ActiveSync" },
	[DOCUMENT_JSON_EWS] = { .template = "autodiscover-json.xml", .variant = "Ews" },
	/* load.c sets the revision that the options name. */
	[DOCUMENT_PACC] = { .template = "pacc.xml", .variant = "03" },
	[DOCUMENT_PROFILE_IMAP] = { .template = "mobileconfig.xml", .variant = "imap",
				    .with_address = true, .seldom = true },
	[DOCUMENT_PROFILE_IMAP_NAME] = { .template = "mobileconfig.xml", .variant = "imap",
					 .with_address = true, .with_name = true,
					 .seldom = true },
	[DOCUMENT_PROFILE_POP3] = { .template = "mobileconfig.xml", .variant = "pop3",
				    .with_address = true, .seldom = true },
	[DOCUMENT_PROFILE_POP3_NAME] = { .template = "mobileconfig.xml", .variant = "pop3",
					 .with_address = true, .with_name = true,
					 .seldom = true },
};
