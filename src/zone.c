/* The zone file: aligned, and with a word on each part, for whoever pastes it. */
#include "config.h"

#include "zone.h"

#include "escape.h"

enum {
	STRING_MOST = 255
}; /* bytes of a character-string; RFC 1035 section 3.3 */

const char *dns_type_name(enum dns_type type)
{
	switch (type) {
	case RECORD_A:
		return "A";
	case RECORD_AAAA:
		return "AAAA";
	case RECORD_CNAME:
		return "CNAME";
	case RECORD_SRV:
		return "SRV";
	case RECORD_TXT:
		return "TXT";
	}
	return "";
}

static const char *heading_of(enum record_group group)
{
	switch (group) {
	case RECORDS_OF_HOSTS:
		return "Where mail programs ask this daemon.";
	case RECORDS_OF_AUTODISCOVER:
		return "Where Outlook and other programs find Autodiscover.";
	case RECORDS_OF_PACC:
		return "PACC: programs take the answer only if a record has its digest. Before\n"
		       "; the daemon loads a changed table, add the new record beside the old one.";
	case RECORDS_OF_MAIL:
		return "Mail. The lowest first number is tried first.";
	case RECORDS_OF_DAV:
		return "Calendars and address books.";
	case RECORDS_OF_ABSENT:
		return "Not offered, so that programs need not try. Leave out what the domain has\n"
		       "; and the table does not name.";
	case RECORD_GROUPS:
		break;
	}
	return "";
}

/* A full name does not depend on the zone that it is pasted into. */
static void write_name(struct buf *buf, struct str name)
{
	escape_zone_name(buf, name);
	buf_addc(buf, '.');
}

/* Programs put the strings of a record together again. */
static void write_strings(struct buf *buf, struct str text)
{
	do {
		size_t len = text.len < STRING_MOST ? text.len : STRING_MOST;

		escape_zone_string(buf, str_first(text, len));
		text = str_from(text, len);
		if (text.len)
			buf_addc(buf, ' ');
	} while (text.len);
}

void zone_write_data(struct buf *buf, const struct dns_record *record)
{
	switch (record->type) {
	case RECORD_A:
	case RECORD_AAAA:
		buf_add(buf, record->data);
		break;
	case RECORD_SRV:
		buf_addf(buf, "%u %u %u ", record->priority, record->weight, record->port);
		write_name(buf, record->data);
		break;
	case RECORD_CNAME:
		write_name(buf, record->data);
		break;
	case RECORD_TXT:
		write_strings(buf, record->data);
		break;
	}
}

static size_t widest_label(const struct records *records)
{
	size_t widest = 0;

	for (size_t i = 0; i < records->count; i++) {
		if (records->items[i].label.len > widest)
			widest = records->items[i].label.len;
	}
	return widest;
}

/* One that is open becomes a comment: it shows what is missing, and does no harm. */
static void write_record(struct buf *buf, const struct dns_record *record, size_t width)
{
	buf_addf(buf, "%s", record->open ? "; " : "");
	escape_zone_name(buf, record->label);
	buf_addf(buf, "%*s %5u IN %-5s ", (int)(width - record->label.len), "", record->ttl,
		 dns_type_name(record->type));
	if (record->open)
		buf_add(buf, STR("HOST."));
	else
		zone_write_data(buf, record);
	buf_addc(buf, '\n');
}

static void write_notes(struct buf *buf, const struct records *records, enum record_group group)
{
	for (size_t i = 0; i < records->note_count; i++) {
		if (records->notes[i].group == group)
			buf_addf(buf, "; %.*s\n", STR_ARGS(records->notes[i].text));
	}
}

static void write_group(struct buf *buf, const struct records *records, enum record_group group,
			size_t width)
{
	write_notes(buf, records, group);
	for (size_t i = 0; i < records->count; i++) {
		if (records->items[i].group == group)
			write_record(buf, &records->items[i], width);
	}
}

void zone_write(struct buf *buf, const struct records *records)
{
	size_t width = widest_label(records);

	buf_add(buf, STR("$ORIGIN "));
	write_name(buf, domain_str(&records->domain));
	buf_addc(buf, '\n');
	for (unsigned i = 0; i < RECORD_GROUPS; i++) {
		struct buf group = BUF_EMPTY;

		write_group(&group, records, (enum record_group)i, width);
		if (group.len)
			buf_addf(buf, "\n; %s\n%.*s", heading_of((enum record_group)i),
				 STR_ARGS(buf_str(&group)));
		buf_fini(&group);
	}
}
