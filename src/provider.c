/* What follows from what a provider says. */
#include "config.h"

#include "provider.h"

#include "placeholder.h"
#include "terms.h"
#include "utf8.h"

/* Servers that are on, in their order, before those that are off. */
static void put_off_last(struct list *list)
{
	struct server *servers = list->items;
	size_t on = 0;

	for (size_t i = 0; i < list->total; i++) {
		if (servers[i].off.len)
			continue;

		struct server server = servers[i];

		memmove(&servers[on + 1], &servers[on], (i - on) * sizeof(*servers));
		servers[on++] = server;
	}
	list->count = on;
}

static bool has_system(const struct list *list)
{
	const struct server *servers = list->items;

	for (size_t i = 0; i < list->count; i++) {
		const struct authentication *methods = servers[i].authentication.items;

		for (size_t j = 0; j < servers[i].authentication.count; j++) {
			if (methods[j].system.len)
				return true;
		}
	}
	return false;
}

static bool has_url(const struct list *list)
{
	const struct server *servers = list->items;

	for (size_t i = 0; i < list->count; i++) {
		if (servers[i].url.len)
			return true;
	}
	return false;
}

/* Section 3.2.1 of the draft: 1.2 is 1.1 and sections by URL, other services, SASL names. */
static bool needs_version_1_2(const struct provider *provider)
{
	return has_url(&provider->incoming_servers) || has_system(&provider->incoming_servers) ||
	       has_system(&provider->outgoing_servers) || provider->calendars.count ||
	       provider->address_books.count || provider->file_shares.count ||
	       provider->setup_servers.count ||
	       (provider->oauth2 && provider->oauth2->client_id.len);
}

/*
 * Two percent signs that are no placeholder's enclose the key of an input field, which only
 * the mail program can ask for.
 */
static bool is_known_login(struct str username)
{
	bool known = username.len > 0;
	struct str piece;
	enum placeholder kind;

	while (placeholder_next(&username, &piece, &kind)) {
		size_t first = str_find(piece, '%');
		size_t last = str_find_last(piece, '%');

		known = known && (kind != PLACEHOLDER_NONE || first == last);
	}
	return known;
}

static void derive_server(struct server *server, const struct server *first_incoming)
{
	const struct authentication *methods = server->authentication.items;

	if (server->authentication.count)
		server->preferred_authentication = methods[0].name;
	server->same_login = first_incoming && server->username.len &&
					     str_eq(server->username, first_incoming->username)
				     ? FLAG_TRUE
				     : FLAG_FALSE;
	server->login_is_known = is_known_login(server->username) ? FLAG_TRUE : FLAG_FALSE;
}

/* Required by the format, but not always given: the name cut, unless that would cut a "%…%". */
static struct str short_name(const struct provider *provider)
{
	struct str name = provider->display_name;

	if (str_find(name, '%') < name.len)
		name = provider->id;
	return str_trim(utf8_first(name, 20));
}

const struct server *provider_first(const struct list *list, const char *type)
{
	const struct server *servers = list->items;

	for (size_t i = 0; i < list->count; i++) {
		if (str_eq(servers[i].type, str_of(type)))
			return &servers[i];
	}
	return NULL;
}

/* A URL that stands with a server of its own, or as Exchange's beside it. */
static struct str service_url(const struct list *list, const char *type, size_t exchange_member)
{
	const struct server *own = provider_first(list, type);
	const struct server *exchange = provider_first(list, "exchange");

	if (own && own->url.len)
		return own->url;
	return exchange ? *(const struct str *)(const void *)((const char *)exchange +
							      exchange_member)
			: STR("");
}

static struct server *first_url(const struct list *list, const char *type)
{
	struct server *servers = list->items;

	for (size_t i = 0; i < list->count; i++) {
		if (str_eq(servers[i].type, str_of(type)) && servers[i].url.len)
			return &servers[i];
	}
	return NULL;
}

static bool is_address_login(const struct list *list)
{
	const struct server *servers = list->items;

	for (size_t i = 0; i < list->count; i++) {
		if (!str_eq(servers[i].username, STR("%EMAILADDRESS%")))
			return false;
	}
	return true;
}

/* A page that links to itself helps nobody. */
static void derive_documentation(const struct list *list)
{
	struct documentation *documents = list->items;

	for (size_t i = 0; i < list->count; i++)
		documents[i].is_settings_page =
			str_ends(documents[i].url, STR("/settings/%EMAILDOMAIN%")) ? FLAG_TRUE
										     : FLAG_FALSE;
}

/* Which services are there, for protocols that tell of one at a time. */
static void derive_services(struct provider *provider)
{
	const struct list *incoming = &provider->incoming_servers;
	const struct server *jmap = provider_first(incoming, "jmap");

	provider->has_mailbox =
		provider_first(incoming, "imap") || provider_first(incoming, "pop3") ? FLAG_TRUE : FLAG_FALSE;
	provider->is_full_address_login =
		incoming->count && is_address_login(incoming) &&
				is_address_login(&provider->outgoing_servers)
			? FLAG_TRUE
			: FLAG_FALSE;
	provider->active_sync_url =
		service_url(incoming, "activeSync", offsetof(struct server, eas_url));
	provider->ews_url = service_url(incoming, "ews", offsetof(struct server, ews_url));
	provider->jmap_url = jmap ? jmap->url : STR("");
	provider->caldav = first_url(&provider->calendars, "caldav");
	provider->carddav = first_url(&provider->address_books, "carddav");
	derive_documentation(&provider->documentation);
	if (provider->autodiscover_host.len == 0)
		provider->autodiscover_host = STR("autodiscover.%EMAILDOMAIN%");
}

void provider_complete(struct provider *provider, struct arena *arena)
{
	struct list *lists[] = {
		&provider->incoming_servers, &provider->outgoing_servers, &provider->calendars,
		&provider->address_books,    &provider->file_shares,	  &provider->setup_servers,
	};

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		put_off_last(lists[i]);
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		const struct server *first =
			provider->incoming_servers.count ? provider->incoming_servers.items : NULL;
		struct server *servers = lists[i]->items;

		for (size_t j = 0; j < lists[i]->count; j++)
			derive_server(&servers[j], first);
	}
	provider->format_version = needs_version_1_2(provider) ? STR("1.2") : STR("1.1");
	if (provider->display_short_name.len == 0)
		provider->display_short_name = short_name(provider);
	derive_services(provider);
	if (provider->incoming_servers.count) {
		apple_terms(provider, arena);
		pacc_terms(provider, arena);
	}
}

bool provider_is_answered(const struct provider *provider)
{
	return provider->incoming_servers.count > 0 || provider->redirect_addr.len ||
	       provider->redirect_url.len;
}
