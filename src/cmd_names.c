/* mailconf names: the host names for which there must be a certificate. */
#include "config.h"

#include "command.h"
#include "hosts.h"
#include "tool.h"

#include <stdio.h>
#include <stdlib.h>

enum { OWN_WITH_DOMAINS };

struct name_list {
	struct str *names; /* the texts are the arena's */
	size_t count, size;
};

/* One listing in progress. */
struct listing {
	const struct snapshot *snapshot;
	struct arena *arena;
	bool with_domains;
	struct name_list hosts;
	struct name_list endless; /* each stands for any number, as the table writes it */
	bool failed;
};

static void put(struct listing *listing, struct name_list *list, struct str name)
{
	if (list->count == list->size) {
		size_t size = list->size ? list->size * 2 : 64;
		struct str *names = reallocarray(list->names, size, sizeof(*names));

		if (!names) {
			listing->failed = true;
			return;
		}
		list->names = names;
		list->size = size;
	}
	list->names[list->count++] = arena_str(listing->arena, name);
}

static void add(struct listing *listing, struct str name)
{
	if (host_is_answered(listing->snapshot, name))
		put(listing, &listing->hosts, name);
}

static void add_below(struct listing *listing, struct str label, struct str domain)
{
	struct domain host;

	if (host_below(label, domain, &host))
		add(listing, domain_str(&host));
}

static void add_endless(struct listing *listing, const char *label, enum name_kind kind,
			struct str name)
{
	put(listing, &listing->endless,
	    arena_printf(listing->arena, "%s%s%.*s", label, kind == NAME_BELOW ? "*." : "*",
			 STR_ARGS(name)));
}

static void visit_domain(void *closure, enum name_kind kind, struct str name,
			 const struct provider *provider)
{
	struct listing *listing = closure;
	struct domain host;

	if (!provider_is_answered(provider))
		return;
	if (kind != NAME_EXACT) {
		add_endless(listing, "", kind, name);
		return;
	}
	if (listing->with_domains)
		add(listing, name);
	add_below(listing, STR("autoconfig."), name);
	add_below(listing, STR("ua-auto-config."), name);
	if (host_of_autodiscover(listing->snapshot, provider, name, &host))
		add(listing, domain_str(&host));
}

/* Programs look for autoconfig below the domain that the MX record of a domain is in. */
static void visit_exchanger(void *closure, enum name_kind kind, struct str name,
			    const struct provider *provider)
{
	struct listing *listing = closure;

	if (!provider_is_answered(provider))
		return;
	if (kind == NAME_EXACT)
		add_below(listing, STR("autoconfig."), name);
	else
		add_endless(listing, "autoconfig.", kind, name);
}

static int compare(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

/* Sorted, and each once. */
static void sort(struct name_list *list)
{
	size_t kept = 0;

	if (list->count)
		qsort(list->names, list->count, sizeof(*list->names), compare);
	for (size_t i = 0; i < list->count; i++) {
		if (kept == 0 || !str_eq(list->names[i], list->names[kept - 1]))
			list->names[kept++] = list->names[i];
	}
	list->count = kept;
}

static void print(struct listing *listing)
{
	sort(&listing->hosts);
	sort(&listing->endless);
	for (size_t i = 0; i < listing->hosts.count; i++)
		printf("%.*s\n", STR_ARGS(listing->hosts.names[i]));
	if (listing->endless.count)
		fprintf(stderr, "mailconf names: any number of names, which are not listed:");
	for (size_t i = 0; i < listing->endless.count; i++)
		fprintf(stderr, "%s %.*s", i ? "," : "", STR_ARGS(listing->endless.names[i]));
	if (listing->endless.count)
		fprintf(stderr, "\n");
}

static int list(struct invocation *invocation, const struct snapshot *snapshot)
{
	const struct table *table = snapshot_table(snapshot);
	struct listing listing = {
		.snapshot = snapshot,
		.arena = invocation->options.arena,
		.with_domains = invocation->own[OWN_WITH_DOMAINS] != NULL,
	};
	bool failed;

	names_each(&table->domains, visit_domain, &listing);
	names_each(&table->mail_exchangers, visit_exchanger, &listing);
	failed = listing.failed || arena_failed(listing.arena);
	if (failed)
		command_complain(invocation->command, "out of memory");
	else
		print(&listing);
	free(listing.hosts.names);
	free(listing.endless.names);
	return failed;
}

static int run(struct invocation *invocation)
{
	struct snapshot *snapshot = tool_load(&invocation->options);
	int status = snapshot ? list(invocation, snapshot) : 1;

	snapshot_unref(snapshot);
	return status;
}

const struct command cmd_names = {
	.name = "names",
	.help = "print the host names that need a certificate",
	.operands = "",
	.about = "Prints every host name that needs a certificate, one a line.",
	.loads = true,
	.own = {
		[OWN_WITH_DOMAINS] = { .name = "with-domains",
				       .help = "the domains themselves, too" },
	},
	.run = run,
};
