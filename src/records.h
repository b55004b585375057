/*
 * The DNS records that a domain of the table should have, made of the same table and the same
 * answers as everything else. Pure: nothing is looked up in any DNS.
 */
#ifndef MAILCONFD_RECORDS_H
#define MAILCONFD_RECORDS_H

#include "address.h"
#include "arena.h"
#include "network.h"
#include "snapshot.h"

/* Where the world reaches the daemon: a name, or else addresses; neither is known: neither. */
struct records_host {
	struct str name; /* normalised; empty: none */
	const struct ip *addresses;
	size_t address_count;
};

enum dns_type {
	RECORD_A,
	RECORD_AAAA,
	RECORD_CNAME,
	RECORD_SRV,
	RECORD_TXT,
};

/* What a record is for, in the order in which people read it. */
enum record_group {
	RECORDS_OF_HOSTS,
	RECORDS_OF_AUTODISCOVER,
	RECORDS_OF_PACC,
	RECORDS_OF_MAIL,
	RECORDS_OF_DAV,
	RECORDS_OF_ABSENT,
	RECORD_GROUPS,
};

struct dns_record {
	enum record_group group;
	enum dns_type type;
	struct str label;		 /* the owner, without the domain behind it */
	unsigned ttl;			 /* seconds */
	unsigned priority, weight, port; /* of SRV */
	struct str data; /* the address; the target, empty for the root; the text, whole */
	bool open;	 /* the data is not known, since no host was said */
};

/* What people should know about a group. */
struct record_note {
	enum record_group group;
	struct str text; /* one line */
};

struct records {
	struct arena *arena; /* of everything below */
	struct domain domain;
	struct dns_record *items; /* in order within each group */
	size_t count, size;
	struct record_note *notes;
	size_t note_count, note_size;
};

/*
 * Makes the records of a domain. They live with the arena, whose failure is the caller's to
 * look for. False when the domain is not answered.
 */
bool records_make(struct arena *arena, const struct snapshot *snapshot, const struct domain *domain,
		  const struct records_host *host, struct records *ret_records);

#endif
