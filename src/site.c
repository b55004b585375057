/* Listing the public domains, and the languages. */
#include "config.h"

#include "site.h"

#include "address.h"

#include <stddef.h>
#include <stdlib.h>

#define MEMBER(key, kind, holder, member) \
	.name = (key), .type = (kind), .use = FIELD_DERIVED, .offset = offsetof(holder, member)

static const struct field domain_fields[] = {
	{ MEMBER("name", FIELD_TEXT, struct site_domain, name) },
	{ MEMBER("title", FIELD_TEXT, struct site_domain, title) },
};

static const struct record domain_record = {
	.name = "domain",
	.size = sizeof(struct site_domain),
	.fields = domain_fields,
	.field_count = sizeof(domain_fields) / sizeof(domain_fields[0]),
};

static const struct field language_fields[] = {
	{ MEMBER("code", FIELD_TEXT, struct site_language, code) },
	{ MEMBER("name", FIELD_TEXT, struct site_language, name) },
};

static const struct record language_record = {
	.name = "language",
	.size = sizeof(struct site_language),
	.fields = language_fields,
	.field_count = sizeof(language_fields) / sizeof(language_fields[0]),
};

static const struct field site_fields[] = {
	{ MEMBER("domains", FIELD_LIST, struct site, domains), .record = &domain_record },
	{ MEMBER("languages", FIELD_LIST, struct site, languages), .record = &language_record },
	{ MEMBER("qrCodes", FIELD_FLAG, struct site, qr_codes) },
};

const struct record site_record = {
	.name = "site",
	.size = sizeof(struct site),
	.fields = site_fields,
	.field_count = sizeof(site_fields) / sizeof(site_fields[0]),
};

static bool is_listed(enum name_kind kind, const struct provider *provider)
{
	return kind == NAME_EXACT && provider->public_domains == FLAG_TRUE &&
	       provider_is_answered(provider);
}

static void count_domain(void *closure, enum name_kind kind, struct str name,
			 const struct provider *provider)
{
	(void)name;
	*(size_t *)closure += is_listed(kind, provider);
}

struct listing {
	struct arena *arena;
	struct site_domain *domains;
	size_t count;
};

static void add_domain(void *closure, enum name_kind kind, struct str name,
		       const struct provider *provider)
{
	struct listing *listing = closure;

	if (is_listed(kind, provider))
		listing->domains[listing->count++] = (struct site_domain){
			.name = name,
			.title = domain_title(name, listing->arena),
		};
}

static int compare(const void *a, const void *b)
{
	const struct site_domain *left = a, *right = b;

	return str_cmp(left->title, right->title);
}

static bool list_domains(struct site *site, const struct table *table, struct arena *arena)
{
	struct listing listing = { .arena = arena };
	size_t count = 0;

	names_each(&table->domains, count_domain, &count);
	listing.domains = arena_array(arena, count, sizeof(*listing.domains));
	if (!listing.domains)
		return false;
	names_each(&table->domains, add_domain, &listing);
	qsort(listing.domains, count, sizeof(*listing.domains), compare);
	site->domains = (struct list){ .items = listing.domains, .count = count, .total = count };
	return true;
}

bool site_make(struct site *ret_site, const struct table *table, const struct catalog *catalogs,
	       size_t catalog_count, struct arena *arena)
{
	size_t count = catalog_count + 1;
	struct site_language *languages = arena_array(arena, count, sizeof(*languages));

	if (!languages)
		return false;
	languages[0] = (struct site_language){ .code = STR("en"), .name = STR("English") };
	for (size_t i = 0; i < catalog_count; i++)
		languages[i + 1] = (struct site_language){
			.code = catalogs[i].code,
			.name = catalogs[i].name,
		};
	ret_site->qr_codes = HAVE_QRENCODE ? FLAG_TRUE : FLAG_FALSE;
	ret_site->languages = (struct list){ .items = languages, .count = count, .total = count };
	return list_domains(ret_site, table, arena);
}
