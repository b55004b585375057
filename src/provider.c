/* What follows from what a provider says. */
#include "config.h"

#include "provider.h"

#include "placeholder.h"
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

void provider_complete(struct provider *provider)
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
}

bool provider_is_answered(const struct provider *provider)
{
	return provider->incoming_servers.count > 0;
}
