/* From domains to host names, and back. */
#include "config.h"

#include "hosts.h"

#include "placeholder.h"
#include "route.h"

bool host_fill(struct str pattern, struct str domain, struct domain *ret_host)
{
	struct buf buf = BUF_EMPTY;
	bool good = true;
	struct str piece;
	enum placeholder kind;

	while (placeholder_next(&pattern, &piece, &kind)) {
		good = good && (kind == PLACEHOLDER_NONE || kind == PLACEHOLDER_DOMAIN);
		buf_add(&buf, kind == PLACEHOLDER_DOMAIN ? domain : piece);
	}
	good = good && !buf_failed(&buf) && domain_parse(buf_str(&buf), ret_host);
	buf_fini(&buf);
	return good;
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

/* Is there anything that Autodiscover can say? */
static bool has_autodiscover(const struct provider *provider)
{
	const struct server *servers = provider->incoming_servers.items;

	for (size_t i = 0; i < provider->incoming_servers.count; i++) {
		if (str_eq(servers[i].type, STR("imap")) || str_eq(servers[i].type, STR("pop3")))
			return true;
	}
	return false;
}

static struct str autodiscover_pattern(const struct provider *provider)
{
	(void)provider;
	return STR("autodiscover.%EMAILDOMAIN%");
}

bool host_of_autodiscover(const struct provider *provider, struct str domain,
			  struct domain *ret_host)
{
	return has_autodiscover(provider) &&
	       host_fill(autodiscover_pattern(provider), domain, ret_host);
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

static bool is_autoconfig(const struct table *table, struct str rest)
{
	struct str unused;
	const struct provider *exchanger =
		names_find_named(&table->mail_exchangers, rest, &unused);

	return provider_of(table, rest) || (exchanger && provider_is_answered(exchanger));
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
static bool is_autodiscover_of(const struct table *table, const struct provider *provider,
			       struct str host)
{
	struct str pattern = autodiscover_pattern(provider);
	bool for_all = str_find(pattern, '%') == pattern.len;
	struct str domain = domain_within(host, pattern);
	struct domain made;

	if (for_all ? !provider_is_answered(provider) : provider_of(table, domain) != provider)
		return false;
	return host_of_autodiscover(provider, domain, &made) && str_eq(domain_str(&made), host);
}

static bool is_autodiscover(const struct table *table, struct str host)
{
	for (size_t i = 0; i < table->provider_count; i++) {
		if (is_autodiscover_of(table, table->providers[i], host))
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
bool host_is_answered(const struct snapshot *snapshot, struct str host)
{
	const struct table *table = snapshot_table(snapshot);
	struct domain name;
	struct str rest;

	if (!domain_parse(host, &name))
		return false;
	rest = domain_str(&name);
	if (is_exact(table, rest) || is_autodiscover(table, rest))
		return true;
	if (take(&rest, STR("autoconfig.")))
		return is_autoconfig(table, rest);
	if (take(&rest, STR("ua-auto-config.")))
		return is_pacc(snapshot, rest);
	if (take(&rest, STR("autodiscover.")))
		return false;
	take(&rest, STR("www."));
	return provider_of(table, rest);
}
