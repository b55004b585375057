/* The choice of the domain. */
#include "config.h"

#include "asked.h"

/* A provider of which nothing is answered is not found, in any protocol. */
static bool accept(struct asked *asked, const struct match *match)
{
	asked->provider = match->provider;
	asked->domain = match->domain;
	asked->email_domain = match->domain;
	return provider_is_answered(match->provider);
}

/* Labels under which programs look for a service of the domain behind them. */
static struct str without_label(struct str host)
{
	static const struct str labels[] = {
		{ .p = "autoconfig.", .len = 11 },
		{ .p = "autodiscover.", .len = 13 },
		{ .p = "ua-auto-config.", .len = 15 },
		{ .p = "www.", .len = 4 },
	};

	for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++) {
		if (str_starts(host, labels[i]))
			return str_from(host, labels[i].len);
	}
	return host;
}

bool asked_by_domain(const struct table *table, const struct domain *domain,
		     struct asked *ret_asked)
{
	struct match match;

	ret_asked->name = *domain;
	return table_find_domain(table, domain_str(&ret_asked->name), &match) &&
	       accept(ret_asked, &match);
}

/*
 * A domain may itself begin with such a label, so the whole name comes first; but a wildcard
 * must not take "autoconfig.example.com" for a mail domain, so that counts only where the
 * table says it in full.
 */
static bool find_host(const struct table *table, struct str host, struct match *ret_match)
{
	struct str shorter = without_label(host);

	if (shorter.len == host.len)
		return table_find_domain(table, host, ret_match);
	return table_find_exact(table, host, ret_match) ||
	       table_find_domain(table, shorter, ret_match);
}

bool asked_by_host(const struct table *table, struct str host, const struct domain *email_domain,
		   struct asked *ret_asked)
{
	struct match match;
	struct str name;

	if (!domain_parse_host(host, &ret_asked->name))
		return false;
	name = domain_str(&ret_asked->name);
	if (find_host(table, name, &match))
		return accept(ret_asked, &match);
	if (!table_find_mail_exchanger(table, without_label(name), &match) &&
	    !table_find_mail_exchanger(table, name, &match))
		return false;
	if (!accept(ret_asked, &match))
		return false;
	/* The customer's domain is known from the address only; else the program knows it. */
	ret_asked->email_domain = STR("%EMAILDOMAIN%");
	if (email_domain) {
		ret_asked->email_name = *email_domain;
		ret_asked->email_domain = domain_str(&ret_asked->email_name);
	}
	return true;
}
