/*
 * Each rule comes from a program's source or from watching it; the program is named in the
 * warning. Servers that are off are not looked at.
 */
#include "config.h"

#include "lint.h"

struct linted {
	const struct reader *reader;
	const struct server *server;
	const json_t *json;
	struct json_at at;
};

__attribute__((format(printf, 3, 4))) static void warn(const struct linted *linted,
						       const char *key, const char *format, ...)
{
	struct place place = key && json_object_get(linted->json, key)
				     ? json_value_place(linted->reader->file, linted->json, key)
				     : reader_place(linted->reader, linted->at);
	va_list args;

	va_start(args, format);
	diag_vadd(linted->reader->diags, SEVERITY_WARNING, &place, NULL, format, args);
	va_end(args);
}

static bool is(struct str value, const char *word)
{
	return str_eq(value, str_of(word));
}

/* Thunderbird for Android and K-9 read imap and smtp only, and reject the file as a whole. */
static bool is_read_by_android(const struct server *server)
{
	return is(server->type, "imap") || is(server->type, "smtp");
}

static bool has_common_authentication(const struct server *server)
{
	const struct authentication *methods = server->authentication.items;

	for (size_t i = 0; i < server->authentication.count; i++) {
		if (methods[i].system.len == 0 && (is(methods[i].name, "password-cleartext") ||
						   is(methods[i].name, "password-encrypted") ||
						   is(methods[i].name, "OAuth2")))
			return true;
	}
	return false;
}

static bool is_standard_starttls_port(unsigned port)
{
	return port == 143 || port == 110 || port == 587 || port == 25;
}

static bool is_number(struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (!ascii_is_digit(text.p[i]))
			return false;
	}
	return text.len > 0;
}

static void lint_username(const struct linted *linted)
{
	struct str username = linted->server->username;

	if (username.len == 0)
		warn(linted, NULL,
		     "no \"username\": Thunderbird would log in as \"undefined\", and Thunderbird "
		     "for Android rejects the whole file");
	else if (is_number(username) || is(username, "true") || is(username, "false"))
		warn(linted, "username",
		     "Thunderbird takes the user name \"%.*s\" for a number or a truth value and "
		     "changes it", STR_ARGS(username));
}

static void lint_security(const struct linted *linted)
{
	const struct server *server = linted->server;

	if (is(server->socket_type, "plain") && is_read_by_android(server))
		warn(linted, "socketType",
		     "Thunderbird for Android rejects the whole file because of an %.*s server "
		     "with socketType plain", STR_ARGS(server->type));
	if (is(server->socket_type, "STARTTLS") && !is_standard_starttls_port(server->port) &&
	    !is(server->type, "managesieve"))
		warn(linted, "port",
		     "STARTTLS on port %u: Thunderbird takes it for TLS from the first byte when "
		     "it finds it by Autodiscover", server->port);
}

/* Where a port is another protocol's, or is used for the other kind of TLS, a digit is wrong. */
static void lint_port(const struct linted *linted)
{
	static const struct {
		unsigned port;
		const char *type;
		const char *socket_type; /* NULL: any */
	} usual[] = {
		{ 993, "imap", "SSL" }, { 143, "imap", NULL }, { 995, "pop3", "SSL" },
		{ 110, "pop3", NULL },	{ 465, "smtp", "SSL" }, { 587, "smtp", NULL },
		{ 25, "smtp", NULL },
	};
	const struct server *server = linted->server;

	if (!is(server->type, "imap") && !is(server->type, "pop3") && !is(server->type, "smtp"))
		return;
	for (size_t i = 0; i < sizeof(usual) / sizeof(usual[0]); i++) {
		if (usual[i].port != server->port)
			continue;
		if (!is(server->type, usual[i].type))
			warn(linted, "port", "port %u is the usual one of %s, not of %.*s",
			     server->port, usual[i].type, STR_ARGS(server->type));
		else if (!usual[i].socket_type && is(server->socket_type, "SSL"))
			warn(linted, "port", "socketType SSL on port %u, where STARTTLS is usual",
			     server->port);
	}
}

static void lint_authentication(const struct linted *linted)
{
	const struct server *server = linted->server;

	if (is_read_by_android(server) && !has_common_authentication(server))
		warn(linted, "authentication",
		     "Thunderbird for Android rejects the whole file because of an %.*s server "
		     "without password-cleartext, password-encrypted or OAuth2",
		     STR_ARGS(server->type));
	else if (server->authentication.count == 1 && server->url.len == 0 &&
		 is(((const struct authentication *)server->authentication.items)->name,
		    "OAuth2"))
		warn(linted, "authentication",
		     "OAuth2 alone: Thunderbird ignores the server unless its host is one of "
		     "those built into the program");
}

/* Thunderbird knows them on outgoing servers only. */
static void lint_without_login(const struct linted *linted)
{
	const struct authentication *methods = linted->server->authentication.items;
	const json_t *array = json_object_get(linted->json, "authentication");

	if (is(linted->server->type, "smtp"))
		return;
	for (size_t i = 0; i < linted->server->authentication.count; i++) {
		struct place place;

		if (methods[i].system.len || (!is(methods[i].name, "none") &&
					      !is(methods[i].name, "client-IP-address")))
			continue;
		place = json_item_place(linted->reader->file, array, methods[i].ordinal);
		diag_add(linted->reader->diags, SEVERITY_WARNING, &place,
			 "Thunderbird does not know \"%.*s\" on incoming servers and passes it "
			 "over", STR_ARGS(methods[i].name));
	}
}

/* Evolution uses the last server of a type, whatever stands before it. */
static void lint_last_plain(const struct reader *reader, const json_t *array,
			    const struct list *list)
{
	const struct server *servers = list->items;

	for (size_t i = 0; i < list->total; i++) {
		bool secure_before = false;
		bool last = true;

		for (size_t j = 0; j < list->total; j++) {
			bool same = !servers[j].off.len &&
				    str_eq(servers[j].type, servers[i].type);

			secure_before |= same && j < i && !is(servers[j].socket_type, "plain");
			last &= !(same && j > i);
		}
		if (!servers[i].off.len && last && secure_before &&
		    is(servers[i].socket_type, "plain")) {
			struct linted linted = {
				.reader = reader,
				.server = &servers[i],
				.json = json_array_get(array, i),
			};

			warn(&linted, "socketType",
			     "Evolution uses the last %.*s server, and so no encryption",
			     STR_ARGS(servers[i].type));
		}
	}
}

static size_t lint_list(const struct reader *reader, const json_t *json, const char *key,
			const struct list *list)
{
	const json_t *array = json_object_get(json, key);
	const struct server *servers = list->items;
	size_t on = 0;

	for (size_t i = 0; i < list->total; i++) {
		struct linted linted = {
			.reader = reader,
			.server = &servers[i],
			.json = json_array_get(array, i),
			.at = { .parent = array, .index = i },
		};

		if (servers[i].off.len)
			continue;
		on++;
		lint_username(&linted);
		lint_security(&linted);
		lint_port(&linted);
		lint_authentication(&linted);
		lint_without_login(&linted);
	}
	lint_last_plain(reader, array, list);
	return on;
}

static void lint_domains(const struct linted *whole, const struct provider *provider)
{
	if (json_array_size(provider->domains) == 0 && provider->domains_file.len == 0 &&
	    json_array_size(provider->mail_exchangers) == 0)
		warn(whole, NULL, "provider \"%.*s\" has no domain: it is never answered",
		     STR_ARGS(provider->id));
}

/* OAuth itself calls a web address so; this format, and Thunderbird's own list, host names. */
static void lint_oauth2(const struct reader *reader, const json_t *json,
			const struct provider *provider)
{
	const struct linted linted = { .reader = reader, .json = json_object_get(json, "oAuth2") };
	struct str issuer = provider->oauth2 ? provider->oauth2->issuer : STR("");

	if (str_find(issuer, '/') < issuer.len)
		warn(&linted, "issuer", "\"issuer\": expected a host name as Thunderbird's own list has "
					"them, found the web address \"%.*s\"", STR_ARGS(issuer));
}

void lint_provider(const struct reader *reader, const json_t *json, struct json_at at,
		   const struct provider *provider)
{
	const struct linted whole = { .reader = reader, .json = json, .at = at };
	size_t incoming =
		lint_list(reader, json, "incomingServers", &provider->incoming_servers);
	size_t outgoing =
		lint_list(reader, json, "outgoingServers", &provider->outgoing_servers);

	lint_domains(&whole, provider);
	lint_oauth2(reader, json, provider);
	if (incoming == 0 && (provider->redirect_addr.len || provider->redirect_url.len))
		return; /* Autodiscover leads elsewhere */
	if (incoming == 0)
		warn(&whole, NULL, "provider \"%.*s\" has no incoming server that is on: nothing "
				   "is answered for its domains", STR_ARGS(provider->id));
	else if (outgoing == 0)
		warn(&whole, NULL, "provider \"%.*s\" has no outgoing server that is on: "
				   "Thunderbird and Geary refuse the answer",
		     STR_ARGS(provider->id));
}
