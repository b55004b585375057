/*
 * _headers and _redirects, in the form that Netlify and Cloudflare Pages share: a host is a
 * site of its own. They know paths in one case, no query, no scheme and no POST.
 */
#include "config.h"

#include "export_rules.h"

/* The ways to write it that programs are known to use, beside lower case: exchangelib, iOS and
   Outlook's own lists the first, servers know the second. */
static const char *const spellings[] = {
	"/Autodiscover/Autodiscover.xml",
	"/AutoDiscover/AutoDiscover.xml",
};

enum {
	SPELLINGS = sizeof(spellings) / sizeof(spellings[0])
};

static bool is_spelt(const struct export_page *page, const char *spelling)
{
	return str_eq_fold(str_of(page->path), str_of(spelling));
}

static void add_headers(struct buf *buf, const char *path, const struct export_rule *rule)
{
	buf_addf(buf, "%s\n  Content-Type: %s\n", path, rule->content_type);
	if (rule->cache_control)
		buf_addf(buf, "  Cache-Control: %s\n", rule->cache_control);
	if (rule->any_origin)
		buf_add(buf, STR("  Access-Control-Allow-Origin: *\n"));
	buf_add(buf, STR("  X-Content-Type-Options: nosniff\n"));
}

void export_cdn_headers(struct buf *buf, const struct export_rules *rules)
{
	for (size_t i = 0; i < EXPORT_PAGES; i++) {
		const struct export_page *page = &export_pages[i];
		const struct export_rule *rule = &rules->pages[i];

		if (!rule->has_files || page->is_database)
			continue;
		add_headers(buf, page->file, rule);
		for (size_t j = 0; j < SPELLINGS; j++) {
			if (is_spelt(page, spellings[j]))
				add_headers(buf, spellings[j], rule);
		}
	}
}

void export_cdn_redirects(struct buf *buf, const struct export_rules *rules, struct str host)
{
	for (size_t i = 0; i < EXPORT_PAGES; i++) {
		const struct export_redirect *redirect = export_rules_find(rules, i, host);

		if (redirect)
			buf_addf(buf, "%s %.*s %u\n", export_pages[i].path,
				 STR_ARGS(redirect->location), rules->pages[i].redirect_status);
	}
	for (size_t i = 0; i < EXPORT_PAGES; i++) {
		for (size_t j = 0; j < SPELLINGS && rules->pages[i].has_files; j++) {
			if (is_spelt(&export_pages[i], spellings[j]))
				buf_addf(buf, "%s %s 200\n", spellings[j], export_pages[i].file);
		}
	}
}
