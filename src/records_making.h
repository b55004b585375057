/*
 * Records in the making: what records.c and records_services.c share. Out of memory is the
 * arena's to remember.
 */
#ifndef MAILCONFD_RECORDS_MAKING_H
#define MAILCONFD_RECORDS_MAKING_H

#include "records.h"

enum service {
	IMAPS,
	IMAP,
	POP3S,
	POP3,
	SUBMISSIONS,
	SUBMISSION,
	SIEVE,
	JMAP,
	CALDAVS,
	CALDAV,
	CARDDAVS,
	CARDDAV,
	AUTODISCOVER,
	SERVICES,
};

extern const char *const service_labels[SERVICES];

struct making {
	struct records *records;
	const struct records_host *host;
	struct str domain;
	bool said[SERVICES]; /* has its record, or cannot have one */
};

/* Adds a record; its texts live with the arena. A TTL of 0 stands for the usual one. */
void records_add(struct making *making, struct dns_record record);

/* Adds a line that people should know. */
void records_note(struct making *making, enum record_group group, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Adds the services of a provider for mail, calendars and address books. */
void records_add_services(struct making *making, const struct provider *provider);

#endif
