/*
 * What Apple's configuration profiles can say (apple/device-management, mdm/profiles/
 * com.apple.mail.managed.yaml): one incoming server, one outgoing, passwords only.
 */
#include "config.h"

#include "terms.h"

#include "weburl.h"

static bool is(struct str text, const char *word)
{
	return str_eq(text, str_of(word));
}

/* One way to log in, in Apple's word; empty where Apple has none. */
static struct str apple_word(const struct server *server, const struct authentication *method)
{
	bool sasl = is(method->system, "sasl");
	bool plain_socket = is(server->socket_type, "plain");

	if (method->system.len && !sasl)
		return STR("");
	if (sasl && is(method->name, "CRAM-MD5"))
		return STR("EmailAuthCRAMMD5");
	/* Of "encrypted" nobody knows which it is; inside TLS a plain password always works. */
	if (is(method->name, "password-encrypted"))
		return plain_socket ? STR("EmailAuthCRAMMD5") : STR("EmailAuthPassword");
	if (is(method->name, "password-cleartext") ||
	    (sasl && (is(method->name, "PLAIN") || is(method->name, "LOGIN"))))
		return STR("EmailAuthPassword");
	if (is(method->name, "NTLM"))
		return STR("EmailAuthNTLM");
	if (is(server->type, "smtp") &&
	    (is(method->name, "none") || is(method->name, "client-IP-address")))
		return STR("EmailAuthNone");
	return STR("");
}

static struct str authentication_of(const struct server *server)
{
	const struct authentication *methods = server->authentication.items;
	struct str word = STR("");

	for (size_t i = 0; i < server->authentication.count && !word.len; i++)
		word = apple_word(server, &methods[i]);
	return word;
}

/* The first that Apple can log in to, before all others one with TLS from the first byte. */
static const struct server *choose(const struct list *list, const char *type)
{
	const struct server *servers = list->items;
	const struct server *chosen = NULL;

	for (size_t i = 0; i < list->count; i++) {
		bool secure = is(servers[i].socket_type, "SSL");

		if (!is(servers[i].type, type) || !authentication_of(&servers[i]).len)
			continue;
		if (!chosen || (secure && !is(chosen->socket_type, "SSL")))
			chosen = &servers[i];
	}
	return chosen;
}

static struct str login_of(const struct server *server)
{
	return server->login_is_known == FLAG_TRUE ? server->username : STR("");
}

/*
 * UseSSL on port 143, 110 or 587 makes the device use STARTTLS; without it, the password
 * would go out in clear.
 */
static struct apple_mail *mail_of(const struct server *server, struct arena *arena)
{
	struct apple_mail *mail = server ? arena_alloc(arena, sizeof(*mail)) : NULL;

	if (!mail)
		return NULL;
	mail->hostname = server->hostname;
	mail->port = server->port;
	mail->use_ssl = is(server->socket_type, "plain") ? FLAG_FALSE : FLAG_TRUE;
	mail->authentication = authentication_of(server);
	if (!is(mail->authentication, "EmailAuthNone"))
		mail->username = login_of(server);
	return mail;
}

/* A calendar or address book: the device asks for a password, and knows nothing else. */
static bool takes_password(const struct server *server)
{
	const struct authentication *methods = server->authentication.items;

	for (size_t i = 0; i < server->authentication.count; i++) {
		if (is(methods[i].name, "Basic") || is(methods[i].name, "Digest") ||
		    is(methods[i].name, "password-cleartext") ||
		    is(methods[i].name, "password-encrypted"))
			return true;
	}
	return server->authentication.count == 0;
}

static struct apple_dav *dav_of(const struct server *server, struct arena *arena)
{
	struct weburl url;
	struct apple_dav *dav;

	if (!server || !takes_password(server) || !weburl_parse(server->url, &url))
		return NULL;
	dav = arena_alloc(arena, sizeof(*dav));
	if (!dav)
		return NULL;
	dav->hostname = url.host;
	dav->port = url.port;
	dav->path = url.path;
	dav->username = login_of(server);
	return dav;
}

static struct apple_mail *incoming_of(const struct server *server, const struct server *smtp,
				      struct arena *arena)
{
	struct apple_mail *mail = mail_of(server, arena);

	if (mail && server->username.len && str_eq(server->username, smtp->username))
		mail->same_login = FLAG_TRUE;
	return mail;
}

void apple_terms(struct provider *provider, struct arena *arena)
{
	const struct server *imap = choose(&provider->incoming_servers, "imap");
	const struct server *pop3 = choose(&provider->incoming_servers, "pop3");
	const struct server *smtp = choose(&provider->outgoing_servers, "smtp");
	struct apple *apple;

	if (!imap && !pop3)
		provider->apple_lack =
			STR("no IMAP or POP3 server that takes a password (Apple knows no OAuth2)");
	else if (!smtp)
		provider->apple_lack = STR("no SMTP server that takes a password or no log-in");
	if (provider->apple_lack.len)
		return;
	apple = arena_alloc(arena, sizeof(*apple));
	if (!apple)
		return;
	apple->imap = incoming_of(imap, smtp, arena);
	apple->pop3 = incoming_of(pop3, smtp, arena);
	apple->smtp = mail_of(smtp, arena);
	/* Both are of one array, in the table's order. */
	apple->prefers_pop3 = !imap || (pop3 && pop3 < imap) ? FLAG_TRUE : FLAG_FALSE;
	apple->caldav = dav_of(provider->caldav, arena);
	apple->carddav = dav_of(provider->carddav, arena);
	provider->apple = apple;
}
