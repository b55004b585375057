/*
 * Rules for Apache 2.4: mod_rewrite and mod_headers. Hosts and where they are redirected to
 * stand in a map, so that no value from the table is part of a rule.
 */
#include "config.h"

#include "export_rules.h"

#include <stdio.h>

#define HOST "%%{ENV:mailconf_host}" /* within a format */

/* The fields of one kind of answer, which a rule marked by setting `mark`. */
static void add_fields(struct buf *buf, const char *mark, const char *page,
		       const char *cache_control, bool any_origin)
{
	if (cache_control)
		buf_addf(buf, "Header always set Cache-Control \"%s\" env=%s_%s\n", cache_control,
			 mark, page);
	if (any_origin)
		buf_addf(buf, "Header always set Access-Control-Allow-Origin \"*\" env=%s_%s\n",
			 mark, page);
	buf_addf(buf, "Header always set X-Content-Type-Options nosniff env=%s_%s\n", mark, page);
}

static void add_pattern(struct buf *buf, size_t page)
{
	buf_add(buf, STR("RewriteRule \""));
	export_add_pattern(buf, page);
	buf_add(buf, STR("\" "));
}

static void add_methods(struct buf *buf, const struct export_rule *rule, size_t page)
{
	const char *name = export_pages[page].name;

	if (!rule->allow)
		return;
	buf_add(buf, STR("RewriteCond %{REQUEST_METHOD} =OPTIONS\n"));
	add_pattern(buf, page);
	buf_addf(buf, "- [NC,R=204,END,E=mailconf_options_%s:1]\n", name);
	buf_addf(buf, "Header always set Allow \"%s\" env=mailconf_options_%s\n", rule->allow,
		 name);
	add_fields(buf, "mailconf_options", name, NULL, rule->options_any_origin);
	buf_addf(buf, "RewriteCond %%{REQUEST_METHOD} !^(?:GET|HEAD%s)$\n",
		 rule->posts ? "|POST" : "");
	add_pattern(buf, page);
	buf_addf(buf, "- [NC,R=405,END,E=mailconf_method_%s:1]\n", name);
	buf_addf(buf, "Header always set Allow \"%s\" env=REDIRECT_mailconf_method_%s\n",
		 rule->allow, name);
}

/*
 * THE_REQUEST has the path and query as they came: "GET /path?query HTTP/1.1". Newer Apaches
 * refuse a "?" that is not one of the rule's own; with nothing behind it, it goes.
 */
static void add_redirect_rule(struct buf *buf, const struct export_rule *rule, size_t page,
			      bool plain)
{
	const struct export_page *row = &export_pages[page];

	if (plain)
		buf_add(buf, STR("RewriteCond %{REQUEST_SCHEME} =http\n"));
	buf_addf(buf, "RewriteCond \"${mailconf:%s" HOST "%s}%s\n", plain ? "http:" : "", row->path,
		 rule->follows ? " %{THE_REQUEST}\" \"^(\\S+) \\S+ (/[^?\\s]*)[?]?(\\S*)\""
			       : "\" \"^([^?]+)()[?]?(.*)$\"");
	add_pattern(buf, page);
	buf_addf(buf, "\"%%1%%2?%%3\" [NC,R=%u,END,NE,QSD,E=mailconf_redirect_%s:1]\n",
		 rule->redirect_status, row->name);
}

static void add_file_rule(struct buf *buf, const struct export_rules *rules, size_t page)
{
	const struct export_page *row = &export_pages[page];
	struct buf file = BUF_EMPTY;

	if (row->is_database)
		buf_addf(&file, "%.*s/sites/%%1%s%c", STR_ARGS(rules->root), export_pages[0].file,
			 '\0');
	else
		buf_addf(&file, "%.*s/sites/" HOST "%s%c", STR_ARGS(rules->root), row->file, '\0');
	if (row->is_database)
		buf_add(buf, STR("RewriteCond \"${mailconf:v1.1:${mailconf_lower:$1}}\" "
				 "\"^(.+)$\"\n"));
	if (export_is_choice(page))
		buf_addf(buf, "RewriteCond %%{QUERY_STRING} \"(?:^|&)protocol=%s(?:&|$)\" [NC]\n",
			 row->protocol);
	if (!row->is_database)
		buf_addf(buf, "RewriteCond \"%s\" -f\n", buf_failed(&file) ? "" : file.p);
	add_pattern(buf, page);
	buf_addf(buf, "\"%s\" \"[NC,END,T=%s,E=mailconf_file_%s:1]\"\n",
		 buf_failed(&file) ? "" : file.p, rules->pages[page].content_type, row->name);
	buf_fini(&file);
}

/* A query that chooses nothing at all, or nothing that the host has. */
static void add_no_choice(struct buf *buf, const struct export_rules *rules, size_t page,
			  bool at_all)
{
	if (at_all)
		buf_add(buf, STR("RewriteCond %{QUERY_STRING} \"!(?:^|&)protocol=[^&]\" [NC]\n"));
	else
		buf_addf(buf, "RewriteCond \"%.*s/sites/" HOST "%s\" -f\n", STR_ARGS(rules->root),
			 export_pages[page].file);
	add_pattern(buf, page);
	buf_add(buf, STR("- [NC,R=400,END]\n"));
}

/* Nothing was there: so says the daemon, whatever else this server has at that path. */
static void add_none(struct buf *buf, size_t page)
{
	add_pattern(buf, page);
	buf_add(buf, STR("- [NC,R=404,END]\n"));
}

static void add_page(struct buf *buf, const struct export_rules *rules, size_t page)
{
	const struct export_page *row = &export_pages[page];
	const struct export_rule *rule = &rules->pages[page];

	buf_addf(buf, "\n# %s%s%s%s\n", row->path, row->is_database ? "DOMAIN" : "",
		 row->protocol ? "?Protocol=" : "", row->protocol ? row->protocol : "");
	if (!export_is_choice(page) || export_is_first_choice(page))
		add_methods(buf, rule, page);
	if (rule->has_redirects)
		add_redirect_rule(buf, rule, page, false);
	if (rule->has_plain_redirects)
		add_redirect_rule(buf, rule, page, true);
	if (rule->redirect_status)
		add_fields(buf, "mailconf_redirect", row->name, rule->redirect_cache_control,
			   rule->redirect_any_origin);
	if (rule->plain_is_none || rule->has_plain_redirects) {
		buf_add(buf, STR("RewriteCond %{REQUEST_SCHEME} =http\n"));
		add_none(buf, page);
	}
	if (export_is_choice(page) && export_is_first_choice(page))
		add_no_choice(buf, rules, page, true);
	if (rule->has_files) {
		add_file_rule(buf, rules, page);
		add_fields(buf, "mailconf_file", row->name, rule->cache_control, rule->any_origin);
	}
	if (!export_is_choice(page) && !export_only_leads(rules, page))
		add_none(buf, page);
}

/* After all of them: the first is there for every domain. */
static void add_choices(struct buf *buf, const struct export_rules *rules)
{
	size_t first = EXPORT_PAGES;

	for (size_t i = 0; i < EXPORT_PAGES; i++) {
		if (!export_is_choice(i) || !export_is_used(rules, i))
			continue;
		add_page(buf, rules, i);
		if (first == EXPORT_PAGES)
			first = i;
	}
	if (first == EXPORT_PAGES)
		return;
	add_no_choice(buf, rules, first, false);
	add_none(buf, first);
}

static void add_error(struct buf *buf, const struct export_rules *rules, const char *file,
		      unsigned status, const struct export_text *text)
{
	char mark[16];

	snprintf(mark, sizeof(mark), "%u", status);
	buf_addf(buf,
		 "RewriteCond %%{ENV:REDIRECT_STATUS} =%u\n"
		 "RewriteRule \"^/mailconf-error/%s$\" \"%.*s/errors/%s\" "
		 "\"[END,T=%s,E=mailconf_error_%u:1]\"\n",
		 status, file, STR_ARGS(rules->root), file, text->content_type, status);
	add_fields(buf, "mailconf_error", mark, text->cache_control, false);
}

/* The texts of errors are files, and only for these paths: a web site keeps its own. */
static void add_errors(struct buf *buf, const struct export_rules *rules)
{
	const char *separator = "";

	buf_add(buf, STR("\n<LocationMatch \"(?i)"));
	for (size_t i = 0; i < EXPORT_PAGES; i++) {
		if (!export_is_used(rules, i) || export_only_leads(rules, i) ||
		    (export_is_choice(i) && !export_is_first_choice(i)))
			continue;
		buf_add(buf, str_of(separator));
		export_add_pattern(buf, i);
		separator = "|";
	}
	buf_add(buf, STR("\">\n"
			 "\tErrorDocument 400 /mailconf-error/400.json\n"
			 "\tErrorDocument 404 /mailconf-error/404.txt\n"
			 "\tErrorDocument 405 /mailconf-error/405.txt\n"
			 "</LocationMatch>\n"));
	add_error(buf, rules, "400.json", 400, &rules->no_choice);
	add_error(buf, rules, "404.txt", 404, &rules->not_found);
	add_error(buf, rules, "405.txt", 405, &rules->refusal);
}

void export_apache_rules(struct buf *buf, const struct export_rules *rules)
{
	buf_addf(buf,
		 "# Made by \"mailconf export\". For <VirtualHost> sections: see\n"
		 "# apache-example.conf. Needs mod_rewrite and mod_headers. It takes these paths\n"
		 "# over, in any case, and no others.\n"
		 "\n"
		 "<Directory \"%.*s\">\n"
		 "\tRequire all granted\n"
		 "\tAllowOverride None\n"
		 "\tOptions None\n"
		 "</Directory>\n"
		 "\n"
		 "RewriteEngine On\n"
		 "RewriteMap mailconf_lower int:tolower\n"
		 "RewriteMap mailconf \"txt:%.*s/apache-map.txt\"\n"
		 "\n"
		 "# The host that was asked, without port or dot at the end. It is a folder.\n"
		 "RewriteCond \"${mailconf_lower:%%{HTTP_HOST}}\" "
		 "\"^([a-z0-9][a-z0-9.-]*?)\\.?(?::[0-9]*)?$\"\n"
		 "RewriteRule ^ - [E=mailconf_host:%%1]\n",
		 STR_ARGS(rules->root), STR_ARGS(rules->root));
	add_errors(buf, rules);
	for (size_t i = 0; i < EXPORT_PAGES; i++) {
		if (export_is_used(rules, i) && !export_is_choice(i))
			add_page(buf, rules, i);
	}
	add_choices(buf, rules);
}

void export_apache_map(struct buf *buf, const struct export_rules *rules)
{
	buf_add(buf, STR("# Made by \"mailconf export\": what apache.conf looks up.\n"));
	for (size_t i = 0; i < rules->redirect_count; i++) {
		const struct export_redirect *redirect = &rules->redirects[i];

		buf_addf(buf, "%s%.*s%s %.*s\n", redirect->plain_only ? "http:" : "",
			 STR_ARGS(redirect->host), export_pages[redirect->page].path,
			 STR_ARGS(redirect->location));
	}
	for (size_t i = 0; i < rules->domain_count; i++)
		buf_addf(buf, "v1.1:%.*s %.*s\n", STR_ARGS(rules->domains[i]),
			 STR_ARGS(rules->domains[i]));
}

void export_apache_example(struct buf *buf, const struct export_rules *rules)
{
	static const char names[] = "\tServerName mailconf.invalid\n"
				    "\tServerAlias autoconfig.* autodiscover.* ua-auto-config.*\n";
	/* No query, no path, no client: they hold, or are, what is nobody's business. */
	static const char log[] =
		"\tErrorLog \"${APACHE_LOG_DIR}/mailconf-error.log\"\n"
		"\tLogLevel crit\n"
		"\tCustomLog \"${APACHE_LOG_DIR}/mailconf.log\" \"%{%FT%T%z}t %V %m %>s %B\"\n"
		"\tMergeSlashes Off\n"
		"\tLimitRequestBody 16384\n";

	buf_addf(
		buf,
		"# Made by \"mailconf export\": servers for the host names that mail programs\n"
		"# look for. Copy it and edit the copy, as the next export writes this file anew:\n"
		"#\n"
		"#     cp apache-example.conf /etc/apache2/sites-available/mailconf.conf\n"
		"#     a2enmod rewrite headers ssl && a2ensite mailconf\n"
		"#     apachectl configtest && systemctl reload apache2\n"
		"#\n"
		"# To edit: the two certificate lines. The certificate covers every name that is\n"
		"# a folder of sites/ and has a DNS record; mail programs reject others silently.\n"
		"# Behind a proxy of yours that speaks TLS for this server: one <VirtualHost> on\n"
		"# the port that it asks, with \"ServerName https://mailconf.invalid\".\n"
		"\n"
		"<VirtualHost *:80>\n%s%s"
		"\tInclude \"%.*s/apache.conf\"\n"
		"\tRewriteRule ^ - [R=404,END]\n"
		"\tErrorDocument 404 /mailconf-error/404.txt\n"
		"</VirtualHost>\n"
		"\n"
		"<VirtualHost *:443>\n%s%s"
		"\tSSLEngine On\n"
		"\tSSLCertificateFile /etc/ssl/mailconf/fullchain.pem\n"
		"\tSSLCertificateKeyFile /etc/ssl/mailconf/privkey.pem\n"
		"\tSSLProtocol -all +TLSv1.2 +TLSv1.3\n"
		"\tInclude \"%.*s/apache.conf\"\n"
		"\tRewriteRule ^ - [R=404,END]\n"
		"\tErrorDocument 404 /mailconf-error/404.txt\n"
		"</VirtualHost>\n"
		"\n"
		"# The web site of a mail domain itself: this line in its <VirtualHost> sections,\n"
		"# for both ports and before rewriting rules of its own.\n"
		"#\n"
		"#\tInclude \"%.*s/apache.conf\"\n",
		names, log, STR_ARGS(rules->root), names, log, STR_ARGS(rules->root),
		STR_ARGS(rules->root));
}
