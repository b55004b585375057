/* From domains to host names, and back. */
#include "config.h"

#include "hosts.h"

#include "documents.h"
#include "placeholder.h"
#include "route.h"

bool host_fill(struct str pattern, struct str domain, struct domain *ret_host)
{
	char text[DOMAIN_MOST + 1]; /* one dot at the end may go */
	size_t len = 0;
	struct str piece;
	enum placeholder kind;

	while (placeholder_next(&pattern, &piece, &kind)) {
		if (kind == PLACEHOLDER_DOMAIN)
			piece = domain;
		else if (kind != PLACEHOLDER_NONE)
			return false;
		if (piece.len > sizeof(text) - len)
			return false;
		memcpy(text + len, piece.p, piece.len);
		len += piece.len;
	}
	return domain_parse((struct str){ .p = text, .len = len }, ret_host);
}

bool host_below(struct str label, struct str domain, struct domain *ret_host)
{
	struct domain host = { .len = label.len + domain.len };

	if (host.len > DOMAIN_MOST)
		return false;
	memcpy(host.text, label.p, label.len);
	memcpy(host.text + label.len, domain.p, domain.len);
	host.text[host.len] = '\0';
	*ret_host = host;
	return true;
}

bool host_of_autoconfig(const struct snapshot *snapshot, const struct provider *provider,
			struct str domain, struct domain *ret_host)
{
	return snapshot_program(snapshot, provider, DOCUMENT_AUTOCONFIG) &&
	       host_below(STR("autoconfig."), domain, ret_host);
}

/* Is there anything that Autodiscover can say, in any of its forms? */
static bool has_autodiscover(const struct snapshot *snapshot, const struct provider *provider)
{
	static const enum document_number forms[] = {
		DOCUMENT_AUTODISCOVER_ADDRESS,
		DOCUMENT_MOBILESYNC,
		DOCUMENT_JSON_ACTIVE_SYNC,
		DOCUMENT_JSON_EWS,
	};

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		if (snapshot_program(snapshot, provider, forms[i]))
			return true;
	}
	return false;
}

bool host_of_autodiscover(const struct snapshot *snapshot, const struct provider *provider,
			  struct str domain, struct domain *ret_host)
{
	return has_autodiscover(snapshot, provider) &&
	       host_fill(provider->autodiscover_host, domain, ret_host);
}

bool host_of_pacc(const struct snapshot *snapshot, struct str domain, struct domain *ret_host,
		  struct reply *ret_reply)
{
	struct request request = {
		.method = METHOD_GET,
		.target = STR("/.well-known/user-agent-configuration.json"),
		.secure = true,
	};

	if (!host_below(STR("ua-auto-config."), domain, ret_host))
		return false;
	request.host = domain_str(ret_host);
	route(snapshot, &request, ret_reply);
	return ret_reply->status == 200;
}

/* The answered provider of a domain that the table names, be it by a wildcard. */
static const struct provider *provider_of(const struct table *table, struct str domain)
{
	struct str unused;
	const struct provider *provider = names_find_named(&table->domains, domain, &unused);

	return provider && provider_is_answered(provider) ? provider : NULL;
}

static bool is_exact(const struct table *table, struct str host)
{
	struct match match;

	return table_find_exact(table, host, &match) && provider_is_answered(match.provider);
}

static bool is_autoconfig(const struct snapshot *snapshot, struct str rest)
{
	const struct table *table = snapshot_table(snapshot);
	const struct provider *provider = provider_of(table, rest);
	struct domain host;
	struct str unused;

	if (!provider)
		provider = names_find_named(&table->mail_exchangers, rest, &unused);
	return provider && host_of_autoconfig(snapshot, provider, rest, &host);
}

static bool is_pacc(const struct snapshot *snapshot, struct str rest)
{
	struct reply reply;
	struct domain host;

	return provider_of(snapshot_table(snapshot), rest) &&
	       host_of_pacc(snapshot, rest, &host, &reply);
}

/* The domain that stands in `host` where the pattern has %EMAILDOMAIN%; empty for none. */
static struct str domain_within(struct str host, struct str pattern)
{
	const struct str word = STR("%EMAILDOMAIN%");
	size_t start = str_find(pattern, '%');
	struct str before = str_first(pattern, start);
	struct str rest = str_from(pattern, start);

	if (!str_starts(rest, word))
		return STR("");
	rest = str_from(rest, word.len);
	if (host.len <= before.len + rest.len || !str_starts(host, before) || !str_ends(host, rest))
		return STR("");
	return str_first(str_from(host, before.len), host.len - before.len - rest.len);
}

/* Is it where this provider has Autodiscover, for one of its domains or for all? */
static bool is_autodiscover_of(const struct snapshot *snapshot, const struct provider *provider,
			       struct str host)
{
	struct str pattern = provider->autodiscover_host;
	bool for_all = str_find(pattern, '%') == pattern.len;
	struct str domain = domain_within(host, pattern);
	struct domain made;

	if (!for_all && provider_of(snapshot_table(snapshot), domain) != provider)
		return false;
	return host_of_autodiscover(snapshot, provider, domain, &made) &&
	       str_eq(domain_str(&made), host);
}

static bool is_autodiscover(const struct snapshot *snapshot, struct str host)
{
	const struct table *table = snapshot_table(snapshot);
	size_t dot = str_find(host, '.');
	const struct provider *near =
		dot < host.len ? provider_of(table, str_from(host, dot + 1)) : NULL;

	/* Nearly always it is a label and the domain; large tables should not be searched. */
	if (near && is_autodiscover_of(snapshot, near, host))
		return true;
	for (size_t i = 0; i < table->provider_count; i++) {
		if (is_autodiscover_of(snapshot, table->providers[i], host))
			return true;
	}
	return false;
}

/* Takes the label off the front of *host. */
static bool take(struct str *host, struct str label)
{
	if (!str_starts(*host, label))
		return false;
	*host = str_from(*host, label.len);
	return true;
}

/*
 * As a host is read for an answer (asked.c): a name that begins with a label of a service is a
 * domain only where the table says it in full.
 */
static bool is_domain_or_label(const struct snapshot *snapshot, struct str host)
{
	const struct table *table = snapshot_table(snapshot);

	if (is_exact(table, host))
		return true;
	if (take(&host, STR("autoconfig.")))
		return is_autoconfig(snapshot, host);
	if (take(&host, STR("ua-auto-config.")))
		return is_pacc(snapshot, host);
	if (take(&host, STR("autodiscover.")))
		return false; /* that is the table's to say */
	take(&host, STR("www."));
	return provider_of(table, host);
}

bool host_is_answered(const struct snapshot *snapshot, struct str host)
{
	struct domain name;

	return domain_parse(host, &name) && (is_domain_or_label(snapshot, domain_str(&name)) ||
					     is_autodiscover(snapshot, domain_str(&name)));
}
