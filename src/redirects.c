/* Following each redirect for one step, and asking whether there would be another. */
#include "config.h"

#include "redirects.h"

#include "address.h"
#include "placeholder.h"
#include "weburl.h"

struct redirect {
	struct redirect *next;
	const struct provider *provider;
	struct place place; /* of its value */
};

static bool has_placeholder(struct str pattern, bool except_local_part)
{
	struct str piece;
	enum placeholder kind;

	while (placeholder_next(&pattern, &piece, &kind)) {
		if (kind != PLACEHOLDER_NONE &&
		    !(except_local_part && kind == PLACEHOLDER_LOCAL_PART))
			return true;
	}
	return false;
}

/* The domain of a redirectAddr: literal, behind the only "@". */
static bool target_domain(struct str pattern, struct domain *ret_domain)
{
	size_t at = str_find(pattern, '@');

	return at > 0 && at < pattern.len && str_find_last(pattern, '@') == at &&
	       !has_placeholder(str_first(pattern, at), true) &&
	       domain_parse(str_from(pattern, at + 1), ret_domain);
}

static void check_form(const struct reader *reader, const struct provider *provider,
		       const struct place *place)
{
	struct domain domain;

	if (provider->redirect_addr.len && provider->redirect_url.len) {
		diag_add(reader->diags, SEVERITY_ERROR, place,
			 "\"redirectAddr\" and \"redirectUrl\": expected one of them");
	} else if (provider->redirect_addr.len &&
		   !target_domain(provider->redirect_addr, &domain)) {
		diag_add(reader->diags, SEVERITY_ERROR, place,
			 "\"redirectAddr\": expected an address, found \"%.*s\"",
			 STR_ARGS(provider->redirect_addr));
		diag_hint(reader->diags, "as in \"%%EMAILLOCALPART%%@example.com\"");
	} else if (has_placeholder(provider->redirect_url, false)) {
		diag_add(reader->diags, SEVERITY_ERROR, place,
			 "\"redirectUrl\": unexpected placeholder: programs ask for it without an "
			 "address, too");
	}
}

void redirects_note(struct redirects *redirects, const struct reader *reader, const json_t *json,
		    const struct provider *provider, struct str file)
{
	struct redirect *redirect;

	if (provider->redirect_addr.len == 0 && provider->redirect_url.len == 0)
		return;
	redirect = arena_alloc(reader->arena, sizeof(*redirect));
	if (!redirect)
		return;
	redirect->provider = provider;
	redirect->place = json_value_place(reader->file, json,
					   provider->redirect_addr.len ? "redirectAddr"
								       : "redirectUrl");
	redirect->place.file = file.p; /* which outlives the reader */
	check_form(reader, provider, &redirect->place);
	redirect->next = redirects->first;
	redirects->first = redirect;
}

static bool is_redirected(const struct provider *provider)
{
	return provider->redirect_addr.len || provider->redirect_url.len;
}

/* Is the host one of ours for a domain that is redirected? */
static bool leads_on(const struct redirects *redirects, const struct table *table,
		     struct str host)
{
	struct str shorter = str_starts(host, STR("autodiscover."))
				     ? str_from(host, sizeof("autodiscover.") - 1)
				     : host;
	struct match match;

	if (table_find_exact(table, host, &match) || table_find_domain(table, shorter, &match))
		return is_redirected(match.provider);
	for (const struct redirect *other = redirects->first; other; other = other->next) {
		if (str_eq(other->provider->autodiscover_host, host))
			return true;
	}
	return false;
}

static void check_address(const struct redirect *redirect, const struct table *table,
			  struct diags *diags)
{
	struct domain domain;
	struct match match;

	if (!target_domain(redirect->provider->redirect_addr, &domain) ||
	    !table_find_domain(table, domain_str(&domain), &match) ||
	    !is_redirected(match.provider))
		return;
	diag_add(diags, SEVERITY_ERROR, &redirect->place,
		 match.provider == redirect->provider
			 ? "\"redirectAddr\": leads back to this provider's own domain \"%.*s\""
			 : "\"redirectAddr\": leads to \"%.*s\", which is redirected itself",
		 STR_ARGS(domain_str(&domain)));
	diag_hint(diags, "programs stop after the second redirect: name the last domain");
}

static void check_url(const struct redirects *redirects, const struct redirect *redirect,
		      const struct table *table, struct diags *diags)
{
	struct weburl url;
	struct domain host;

	if (!weburl_parse(redirect->provider->redirect_url, &url) ||
	    !domain_parse(url.host, &host) || !leads_on(redirects, table, domain_str(&host)))
		return;
	diag_add(diags, SEVERITY_ERROR, &redirect->place,
		 "\"redirectUrl\": leads to \"%.*s\", which is redirected itself",
		 STR_ARGS(domain_str(&host)));
	diag_hint(diags, "name a place that answers with settings");
}

void redirects_check(const struct redirects *redirects, const struct table *table,
		     struct diags *diags)
{
	for (const struct redirect *redirect = redirects->first; redirect;
	     redirect = redirect->next) {
		check_address(redirect, table, diags);
		check_url(redirects, redirect, table, diags);
	}
}
