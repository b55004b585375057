/*
 * Which record leads to which server. RFC 6186 and 8314 for mail, 5804 for filters, 8620 for
 * JMAP, 6764 for calendars and address books.
 *
 * No record leads to a service without encryption: what DNS says can be forged on the way,
 * and a program that follows it would send the password in clear.
 */
#include "config.h"

#include "records_making.h"

#include "hosts.h"
#include "placeholder.h"
#include "weburl.h"

enum {
	STEP = 10, /* between priorities: room for what is put in by hand */
	PRIORITY_MOST = 65535,
};

/* A type of server that has a host and a port; SERVICES where DNS has no name for it. */
static const struct kind {
	const char *type;
	const char *title;
	enum service direct, starttls;
} kinds[] = {
	{ "imap", "IMAP", IMAPS, IMAP },
	{ "pop3", "POP3", POP3S, POP3 },
	{ "smtp", "SMTP", SUBMISSIONS, SUBMISSION },
	{ "managesieve", "ManageSieve", SERVICES, SIEVE },
};

enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };

static bool has_same(const struct records *records, const struct dns_record *record)
{
	for (size_t i = 0; i < records->count; i++) {
		const struct dns_record *other = &records->items[i];

		if (other->type == RECORD_SRV && str_eq(other->label, record->label) &&
		    other->port == record->port && str_eq(other->data, record->data))
			return true;
	}
	return false;
}

/* Says where a service is. *priority is the next free one. */
static void add_service(struct making *making, enum record_group group, enum service service,
			struct str host, unsigned port, unsigned *priority)
{
	struct dns_record record = {
		.group = group,
		.type = RECORD_SRV,
		.label = str_of(service_labels[service]),
		.priority = *priority,
		.weight = 1,
		.port = port,
		.data = host,
	};

	making->said[service] = true;
	/* The table may name a server twice, for two ways to log in. */
	if (has_same(making->records, &record) || *priority > PRIORITY_MOST)
		return;
	record.data = arena_str(making->records->arena, host);
	records_add(making, record);
	*priority += STEP;
}

static const struct kind *kind_of(const struct server *server)
{
	for (size_t i = 0; i < KINDS; i++) {
		if (str_eq(server->type, str_of(kinds[i].type)))
			return &kinds[i];
	}
	return NULL;
}

static void note_unsayable(struct making *making, enum record_group group, const char *title)
{
	records_note(making, group,
		     "%s: its host has no name that a record could lead to.", title);
}

static void add_server(struct making *making, const struct kind *kind, const struct server *server,
		       enum service service, unsigned *priority)
{
	struct domain host;

	if (host_fill(server->hostname, making->domain, &host)) {
		add_service(making, RECORDS_OF_MAIL, service, domain_str(&host), server->port,
			    priority);
	} else {
		making->said[service] = true;
		note_unsayable(making, RECORDS_OF_MAIL, kind->title);
	}
}

/* The servers of one kind with one security, in the table's order; how many there are. */
static size_t add_servers(struct making *making, const struct list *list, const struct kind *kind,
			  const char *socket_type, enum service service, unsigned *priority)
{
	const struct server *servers = list->items;
	size_t found = 0;

	for (size_t i = 0; i < list->count; i++) {
		if (kind_of(&servers[i]) != kind ||
		    !str_eq(servers[i].socket_type, str_of(socket_type)))
			continue;
		found++;
		if (service != SERVICES)
			add_server(making, kind, &servers[i], service, priority);
	}
	return found;
}

static void add_kind(struct making *making, const struct list *list, const struct kind *kind,
		     unsigned *priority)
{
	size_t direct = add_servers(making, list, kind, "SSL", kind->direct, priority);
	size_t starttls = add_servers(making, list, kind, "STARTTLS", kind->starttls, priority);
	size_t plain = add_servers(making, list, kind, "plain", SERVICES, priority);

	if (direct && kind->direct == SERVICES) {
		making->said[kind->starttls] = true;
		records_note(making, RECORDS_OF_MAIL,
			     "%s: DNS has no name for it with TLS from the first byte.",
			     kind->title);
	}
	if (plain && direct + starttls == 0)
		records_note(making, RECORDS_OF_ABSENT,
			     "%s is there without encryption only: no record leads there.",
			     kind->title);
}

/*
 * One order through all of a list: RFC 6186 section 3.4 has a domain say by the priorities
 * which of IMAP and POP3 it prefers. Direct TLS comes before STARTTLS (RFC 8314).
 */
static void add_list(struct making *making, const struct list *list)
{
	const struct server *servers = list->items;
	unsigned priority = 0;
	bool done[KINDS] = { false };

	for (size_t i = 0; i < list->count; i++) {
		const struct kind *kind = kind_of(&servers[i]);

		if (!kind || done[kind - kinds])
			continue;
		done[kind - kinds] = true;
		add_kind(making, list, kind, &priority);
	}
}

/*
 * The context path of RFC 6764 section 4. A query is no part of it. Where it depends on more
 * of the address than the domain there is none to say, and a program that got none asks
 * /.well-known/ of the host (section 5).
 */
static struct str context_path(struct making *making, struct str path)
{
	struct arena *arena = making->records->arena;
	struct str text = STR("path=");
	size_t end = 0;
	struct str piece;
	enum placeholder kind;

	while (end < path.len && path.p[end] != '?' && path.p[end] != '#')
		end++;
	path = end ? str_first(path, end) : STR("/");
	while (placeholder_next(&path, &piece, &kind)) {
		if (kind == PLACEHOLDER_ADDRESS || kind == PLACEHOLDER_LOCAL_PART)
			return STR("");
		if (kind == PLACEHOLDER_DOMAIN)
			piece = making->domain;
		text = arena_printf(arena, "%.*s%.*s", STR_ARGS(text), STR_ARGS(piece));
	}
	return text;
}

static void add_path(struct making *making, enum service service, const char *title,
		     struct str path)
{
	struct str text = context_path(making, path);

	if (text.len)
		records_add(making, (struct dns_record){
					    .group = RECORDS_OF_DAV,
					    .type = RECORD_TXT,
					    .label = str_of(service_labels[service]),
					    .data = text,
				    });
	else
		records_note(making, RECORDS_OF_DAV,
			     "%s: its path is another for each address; programs find it by "
			     "/.well-known/.",
			     title);
}

/* Servers by URL. A context path belongs to the owner's name, so the first one's is said. */
static void add_urls(struct making *making, const struct list *list, const char *type,
		     const char *title, enum record_group group, enum service service)
{
	const struct server *servers = list->items;
	unsigned priority = 0;

	for (size_t i = 0; i < list->count; i++) {
		struct weburl weburl;
		struct domain host;
		struct ip ip;
		bool is_first = !making->said[service];

		if (!str_eq(servers[i].type, str_of(type)) ||
		    !weburl_parse(servers[i].url, &weburl) || !weburl.secure)
			continue;
		if (ip_parse(weburl.host, &ip) ||
		    !host_fill(weburl.host, making->domain, &host)) {
			making->said[service] = true;
			note_unsayable(making, group, title);
			continue;
		}
		/* Servers with other paths cannot stand beside it. */
		if (!is_first && group == RECORDS_OF_DAV)
			continue;
		add_service(making, group, service, domain_str(&host), weburl.port, &priority);
		if (group == RECORDS_OF_DAV)
			add_path(making, service, title, weburl.path);
	}
}

void records_add_services(struct making *making, const struct provider *provider)
{
	add_list(making, &provider->incoming_servers);
	add_list(making, &provider->outgoing_servers);
	add_list(making, &provider->setup_servers);
	add_urls(making, &provider->incoming_servers, "jmap", "JMAP", RECORDS_OF_MAIL, JMAP);
	add_urls(making, &provider->calendars, "caldav", "CalDAV", RECORDS_OF_DAV, CALDAVS);
	add_urls(making, &provider->address_books, "carddav", "CardDAV", RECORDS_OF_DAV, CARDDAVS);
}
