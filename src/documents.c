/* The list of documents: a new one is a row here, a number in the header and a template. */
#include "config.h"

#include "documents.h"

const struct document documents[DOCUMENTS] = {
	/* Placeholders stay: the answer is the same for every local part. */
	[DOCUMENT_AUTOCONFIG] = { .template = "autoconfig.xml" },
	[DOCUMENT_AUTODISCOVER] = { .template = "autodiscover.xml" },
	[DOCUMENT_AUTODISCOVER_ADDRESS] = { .template = "autodiscover.xml", .with_address = true },
};
