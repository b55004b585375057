/*
 * What PACC can say (draft-ietf-mailmaint-pacc): TLS from the first byte on the standard
 * port, the address as the user name, a password or OAuth for public clients. A provider
 * that needs more is refused as a whole: half an account is worse than another way to find
 * it.
 */
#include "config.h"

#include "terms.h"

#include "placeholder.h"
#include "weburl.h"

enum {
	PORT_IMAPS = 993,
	PORT_POP3S = 995,
	PORT_SUBMISSIONS = 465,
	PORT_HTTPS = 443,
};

static bool is(struct str text, const char *word)
{
	return str_eq(text, str_of(word));
}

static bool needs_address(struct str pattern)
{
	struct str piece;
	enum placeholder kind;

	while (placeholder_next(&pattern, &piece, &kind)) {
		if (kind == PLACEHOLDER_ADDRESS || kind == PLACEHOLDER_LOCAL_PART)
			return true;
	}
	return false;
}

static bool takes_password(const struct server *server)
{
	const struct authentication *methods = server->authentication.items;

	for (size_t i = 0; i < server->authentication.count; i++) {
		if (is(methods[i].name, "password-cleartext") ||
		    is(methods[i].name, "password-encrypted") || is(methods[i].name, "PLAIN") ||
		    is(methods[i].name, "LOGIN") || is(methods[i].name, "Basic"))
			return true;
	}
	/* Who says nothing of it means what everybody does. */
	return server->authentication.count == 0;
}

/* What the walk through a provider's mail servers finds. */
struct found_mail {
	const struct server *server; /* that can be said */
	bool any;		     /* of that type, whether it can or not */
};

static struct found_mail find(const struct list *list, const char *type, unsigned port)
{
	const struct server *servers = list->items;
	struct found_mail found = { 0 };

	for (size_t i = 0; i < list->count; i++) {
		if (!is(servers[i].type, type))
			continue;
		found.any = true;
		if (!found.server && is(servers[i].socket_type, "SSL") && servers[i].port == port)
			found.server = &servers[i];
	}
	return found;
}

static bool has_other_login(const struct server *server)
{
	return server && server->username.len && !is(server->username, "%EMAILADDRESS%");
}

/* The URL of a service, if it is one that PACC takes: https, its own port, no address in it. */
static struct str service_url(const struct server *server, bool needs_path)
{
	struct weburl url;

	if (!server || !weburl_parse(server->url, &url) || !url.secure || url.port != PORT_HTTPS ||
	    needs_address(server->url) || has_other_login(server))
		return STR("");
	if (needs_path && (url.path.len == 0 || is(url.path, "/")))
		return STR("");
	return server->url;
}

/* An issuer identifier of RFC 8414: https, no query, no fragment, nobody's name in it. */
static struct str issuer_of(const struct provider *provider)
{
	struct str issuer = provider->oauth2 ? provider->oauth2->issuer : STR("");
	struct weburl url;

	if (!weburl_parse(issuer, &url) || !url.secure || str_find(issuer, '?') < issuer.len ||
	    str_find(issuer, '#') < issuer.len || str_find(url.host, '@') < url.host.len)
		return STR("");
	return issuer;
}

/* No control characters are in it: the reader has seen to that. */
static struct str name_of(const struct provider *provider)
{
	struct str name = provider->display_name;

	for (size_t i = 0; i + 1 < name.len; i++) {
		if (name.p[i] == ' ' && name.p[i + 1] == ' ')
			return provider->id;
	}
	return str_find(name, '%') < name.len ? provider->id : name;
}

static struct str documentation_of(const struct provider *provider)
{
	const struct documentation *pages = provider->documentation.items;

	return provider->documentation.count && !needs_address(pages[0].url) ? pages[0].url
									       : STR("");
}

/* The rule that forbids to say it, or the empty text. */
static struct str refuse(const struct provider *provider, const struct found_mail *imap,
			 const struct found_mail *pop3, const struct found_mail *smtp,
			 struct str jmap)
{
	const struct server *jmap_server = provider_first(&provider->incoming_servers, "jmap");

	if ((imap->any || pop3->any) && !imap->server && !pop3->server)
		return STR("no incoming server with TLS from the first byte on port 993 (IMAP) or "
			   "995 (POP3)");
	if (!imap->any && !pop3->any && !jmap.len)
		return STR("no server that PACC has a name for (IMAP, POP3, JMAP)");
	if ((imap->any || pop3->any) && !smtp->server)
		return STR("no outgoing server with TLS from the first byte on port 465");
	if (has_other_login(imap->server) || has_other_login(pop3->server) ||
	    has_other_login(smtp->server) || has_other_login(jmap_server))
		return STR("a user name that is not the address");
	return STR("");
}

void pacc_terms(struct provider *provider, struct arena *arena)
{
	const struct list *incoming = &provider->incoming_servers;
	struct found_mail imap = find(incoming, "imap", PORT_IMAPS);
	struct found_mail pop3 = find(incoming, "pop3", PORT_POP3S);
	struct found_mail smtp = find(&provider->outgoing_servers, "smtp", PORT_SUBMISSIONS);
	const struct server *jmap_server = provider_first(incoming, "jmap");
	struct str jmap = service_url(jmap_server, false);
	const struct server *first = imap.server   ? imap.server
				     : pop3.server ? pop3.server
						   : jmap_server;
	struct pacc *pacc;

	provider->pacc_lack = refuse(provider, &imap, &pop3, &smtp, jmap);
	if (provider->pacc_lack.len == 0 && !takes_password(first) && !issuer_of(provider).len)
		provider->pacc_lack =
			STR("no log-in by password, and no oAuth2 issuer that is an https URL");
	if (provider->pacc_lack.len)
		return;
	pacc = arena_alloc(arena, sizeof(*pacc));
	if (!pacc)
		return;
	pacc->name = name_of(provider);
	pacc->short_name = provider->display_short_name;
	pacc->imap = imap.server ? imap.server->hostname : STR("");
	pacc->pop3 = pop3.server ? pop3.server->hostname : STR("");
	pacc->submit = smtp.server ? smtp.server->hostname : STR("");
	pacc->jmap = jmap;
	pacc->caldav = service_url(provider->caldav, true);
	pacc->carddav = service_url(provider->carddav, true);
	pacc->webdav = service_url(provider_first(&provider->file_shares, "webdav"), true);
	pacc->password = takes_password(first) ? FLAG_TRUE : FLAG_FALSE;
	pacc->oauth_issuer = issuer_of(provider);
	pacc->documentation = documentation_of(provider);
	provider->pacc = pacc;
}
