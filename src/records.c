/* What a domain needs beside its services, and what it has not. SRV: RFC 2782. */
#include "config.h"

#include "records_making.h"

#include "asked.h"
#include "digest.h"
#include "hosts.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum {
	TTL = 3600,
	TTL_PACC = 300, /* a changed table needs its new digest soon */
};

const char *const service_labels[SERVICES] = {
	[IMAPS] = "_imaps._tcp",
	[IMAP] = "_imap._tcp",
	[POP3S] = "_pop3s._tcp",
	[POP3] = "_pop3._tcp",
	[SUBMISSIONS] = "_submissions._tcp",
	[SUBMISSION] = "_submission._tcp",
	[SIEVE] = "_sieve._tcp",
	[JMAP] = "_jmap._tcp",
	[CALDAVS] = "_caldavs._tcp",
	[CALDAV] = "_caldav._tcp",
	[CARDDAVS] = "_carddavs._tcp",
	[CARDDAV] = "_carddav._tcp",
	[AUTODISCOVER] = "_autodiscover._tcp",
};

/* Room for one more at the end of an array in the arena; NULL when out of memory. */
static void *grow(struct arena *arena, void *items, size_t count, size_t *size, size_t item_size)
{
	size_t larger = *size ? *size * 2 : 16;
	void *copy;

	if (count < *size)
		return items;
	copy = arena_array(arena, larger, item_size);
	if (!copy)
		return NULL;
	if (count)
		memcpy(copy, items, count * item_size);
	*size = larger;
	return copy;
}

void records_add(struct making *making, struct dns_record record)
{
	struct records *records = making->records;
	struct dns_record *items = grow(records->arena, records->items, records->count,
					&records->size, sizeof(*items));

	if (!items)
		return;
	if (!record.ttl)
		record.ttl = TTL;
	records->items = items;
	items[records->count++] = record;
}

void records_note(struct making *making, enum record_group group, const char *format, ...)
{
	struct records *records = making->records;
	struct record_note *notes = grow(records->arena, records->notes, records->note_count,
					 &records->note_size, sizeof(*notes));
	char text[512]; /* a line; host names are the longest in it */
	va_list args;

	if (!notes)
		return;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	records->notes = notes;
	notes[records->note_count++] = (struct record_note){
		.group = group,
		.text = arena_str(records->arena, str_of(text)),
	};
}

/* --- Names of the daemon -------------------------------------------------- */

static bool has_host(const struct records *records, struct str label)
{
	for (size_t i = 0; i < records->count; i++) {
		if (str_eq(records->items[i].label, label))
			return true;
	}
	return false;
}

static void add_addresses(struct making *making, struct str label)
{
	for (size_t i = 0; i < making->host->address_count; i++) {
		const struct ip *ip = &making->host->addresses[i];
		char text[IP_TEXT];

		ip_format(ip, text);
		records_add(making, (struct dns_record){
					    .type = ip_is_v4(ip) ? RECORD_A : RECORD_AAAA,
					    .label = label,
					    .data = arena_str(making->records->arena, str_of(text)),
				    });
	}
}

/* A name that leads to the daemon, if it lies below the domain: others are another zone's. */
static bool add_host(struct making *making, struct str name)
{
	const struct records_host *host = making->host;
	struct arena *arena = making->records->arena;
	struct str label;

	if (name.len <= making->domain.len + 1 || !str_ends(name, making->domain) ||
	    name.p[name.len - making->domain.len - 1] != '.')
		return false;
	label = arena_str(arena, str_first(name, name.len - making->domain.len - 1));
	if (has_host(making->records, label))
		return true;
	if (str_eq(name, host->name))
		records_note(making, RECORDS_OF_HOSTS,
			     "%.*s is the daemon's own name: it has its addresses.",
			     STR_ARGS(name));
	else if (host->address_count)
		add_addresses(making, label);
	else
		records_add(making, (struct dns_record){
					    .type = RECORD_CNAME,
					    .label = label,
					    .data = host->name,
					    .open = host->name.len == 0,
				    });
	return true;
}

/*
 * One record, at port 443: Outlook and exchangelib look at no other port, Thunderbird sorts
 * weights the wrong way round.
 */
static void add_autodiscover(struct making *making, const struct snapshot *snapshot,
			     const struct provider *provider)
{
	struct arena *arena = making->records->arena;
	struct domain host;
	struct str name;

	if (!host_of_autodiscover(snapshot, provider, making->domain, &host))
		return;
	name = arena_str(arena, domain_str(&host));
	making->said[AUTODISCOVER] = true;
	records_add(making, (struct dns_record){
				    .group = RECORDS_OF_AUTODISCOVER,
				    .type = RECORD_SRV,
				    .label = str_of(service_labels[AUTODISCOVER]),
				    .port = 443,
				    .data = name,
			    });
	if (!add_host(making, name) || making->host->name.len == 0 ||
	    str_eq(name, making->host->name))
		return;
	records_note(making, RECORDS_OF_AUTODISCOVER,
		     "RFC 2782 wants no alias as the target of SRV, and %.*s is one.",
		     STR_ARGS(name));
	records_note(making, RECORDS_OF_AUTODISCOVER,
		     "With the daemon's addresses as --host it has those instead.");
}

/* --- PACC ----------------------------------------------------------------- */

static struct str digest_of(struct arena *arena, const struct reply *reply)
{
	size_t len;
	char *body = reply_body(reply, &len);
	unsigned char digest[DIGEST_SHA256];
	struct buf text = BUF_EMPTY;
	struct str copy = { 0 };

	if (body && digest_sha256((struct str){ .p = body, .len = len }, digest)) {
		buf_add(&text, STR("v=UAAC1; a=sha256; d="));
		digest_base64(&text, digest, sizeof(digest));
		copy = arena_str(arena, buf_str(&text));
	}
	buf_fini(&text);
	free(body);
	return copy;
}

/* The digest is of the very bytes that are answered. */
static void add_pacc(struct making *making, const struct snapshot *snapshot)
{
	struct reply reply;
	struct domain host;
	struct str text;

	if (!host_of_pacc(snapshot, making->domain, &host, &reply))
		return;
	text = digest_of(making->records->arena, &reply);
	if (text.len == 0) {
		records_note(making, RECORDS_OF_PACC, "The digest could not be made.");
		return;
	}
	add_host(making, domain_str(&host));
	records_add(making, (struct dns_record){
				    .group = RECORDS_OF_PACC,
				    .type = RECORD_TXT,
				    .label = STR("_ua-auto-config"),
				    .ttl = TTL_PACC,
				    .data = text,
			    });
}

/* RFC 2782: the root as target means that the service is decidedly not there. */
static void add_absent(struct making *making)
{
	for (size_t i = 0; i < SERVICES; i++) {
		if (!making->said[i])
			records_add(making, (struct dns_record){
						    .group = RECORDS_OF_ABSENT,
						    .type = RECORD_SRV,
						    .label = str_of(service_labels[i]),
					    });
	}
}

bool records_make(struct arena *arena, const struct snapshot *snapshot, const struct domain *domain,
		  const struct records_host *host, struct records *ret_records)
{
	struct records records = { .arena = arena, .domain = *domain };
	struct making making = { .records = &records, .host = host };
	struct asked asked;
	struct domain name;

	making.domain = domain_str(&records.domain);
	if (!asked_by_domain(snapshot_table(snapshot), domain, &asked))
		return false;
	if (host->name.len == 0 && host->address_count == 0)
		records_note(&making, RECORDS_OF_HOSTS,
			     "HOST is the daemon's host name. Say it with --host, or its "
			     "addresses, for A and AAAA.");
	if (host_of_autoconfig(snapshot, asked.provider, making.domain, &name))
		add_host(&making, domain_str(&name));
	add_autodiscover(&making, snapshot, asked.provider);
	add_pacc(&making, snapshot);
	records_add_services(&making, asked.provider);
	/* Of a provider that only says where else to ask nothing is known. */
	if (asked.provider->incoming_servers.count)
		add_absent(&making);
	*ret_records = records;
	return true;
}
