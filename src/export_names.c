/* The names to export, and what is said about those that a file cannot answer for. */
#include "config.h"

#include "export_names.h"

#include "export.h"

#include <stdio.h>
#include <stdlib.h>

static void choose_domain(void *closure, enum name_kind kind, struct str name,
			  const struct provider *provider)
{
	struct export_names *names = closure;

	if (!provider_is_answered(provider))
		return;
	if (kind == NAME_EXACT)
		names->domains[names->domain_count++] = name;
	else if (kind == NAME_OTHERS)
		fprintf(stderr,
			"mailconf export: note: \"*\", every other domain, is not exported: name "
			"the domains that you mean on the command line\n");
	else
		fprintf(stderr,
			"mailconf export: note: \"*.%.*s\" is not exported: name the domains below "
			"it on the command line\n",
			STR_ARGS(name));
}

static void choose_exchanger(void *closure, enum name_kind kind, struct str name,
			     const struct provider *provider)
{
	struct export_names *names = closure;

	if (!provider_is_answered(provider))
		return;
	if (kind == NAME_EXACT) {
		names->exchangers[names->exchanger_count++] = name;
		fprintf(stderr,
			"mailconf export: note: mail exchanger \"%.*s\" is exported without its "
			"customers' domains: it answers the same to all of them\n",
			STR_ARGS(name));
	} else {
		fprintf(stderr,
			"mailconf export: note: mail exchangers \"*%s%.*s\" are not exported: a "
			"file needs the host's full name\n",
			kind == NAME_BELOW ? "." : "", STR_ARGS(name));
	}
}

static int by_name(const void *a, const void *b)
{
	const struct str *one = a, *two = b;

	return str_cmp(*one, *two);
}

static bool choose_all(struct export_names *names, const struct table *table)
{
	names->domains = calloc(names_count(&table->domains) + 1, sizeof(struct str));
	names->exchangers = calloc(names_count(&table->mail_exchangers) + 1, sizeof(struct str));
	if (!names->domains || !names->exchangers)
		return false;
	names_each(&table->domains, choose_domain, names);
	names_each(&table->mail_exchangers, choose_exchanger, names);
	qsort(names->domains, names->domain_count, sizeof(struct str), by_name);
	qsort(names->exchangers, names->exchanger_count, sizeof(struct str), by_name);
	return true;
}

static bool choose_given(struct export_names *names, const struct table *table, char **given,
			 size_t count)
{
	bool good = true;

	names->domains = calloc(count, sizeof(struct str));
	names->given = calloc(count, sizeof(struct domain));
	if (!names->domains || !names->given)
		return false;
	for (size_t i = 0; i < count; i++) {
		const char *text = given[i];
		struct domain *domain = &names->given[i];
		struct match match;

		if (domain_parse(str_of(text), domain) &&
		    table_find_domain(table, domain_str(domain), &match) &&
		    provider_is_answered(match.provider)) {
			names->domains[names->domain_count++] = domain_str(domain);
			continue;
		}
		fprintf(stderr, "mailconf export: %s: not a domain of the table\n", text);
		good = false;
	}
	return good;
}

/* One of the hosts that an export has? */
static bool is_exported(struct str autodiscover_host)
{
	for (size_t i = 0; i < EXPORT_HOSTS; i++) {
		struct str label = str_of(export_labels[i]);

		if (str_starts(autodiscover_host, label) &&
		    str_eq(str_from(autodiscover_host, label.len), STR("%EMAILDOMAIN%")))
			return true;
	}
	return false;
}

/* Where Autodiscover is told to be elsewhere, the address has to say for which domain. */
static bool note_hosts(const struct export_names *names, const struct table *table)
{
	bool *noted = calloc(table->provider_count + 1, sizeof(bool));

	if (!noted)
		return false;
	for (size_t i = 0; i < names->domain_count; i++) {
		struct match match;

		if (!table_find_domain(table, names->domains[i], &match) ||
		    noted[match.provider->number] || is_exported(match.provider->autodiscover_host))
			continue;
		noted[match.provider->number] = true;
		fprintf(stderr,
			"mailconf export: note: Autodiscover of provider \"%.*s\" is at \"%.*s\": "
			"only the daemon can answer there\n",
			STR_ARGS(match.provider->id), STR_ARGS(match.provider->autodiscover_host));
	}
	free(noted);
	return true;
}

bool export_names_choose(struct export_names *names, const struct table *table, char **given,
			 size_t count)
{
	*names = (struct export_names){ 0 };
	return (count ? choose_given(names, table, given, count) : choose_all(names, table)) &&
	       note_hosts(names, table);
}

void export_names_fini(struct export_names *names)
{
	free(names->domains);
	free(names->exchangers);
	free(names->given);
}
