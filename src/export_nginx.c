/*
 * Rules for nginx. Hosts are folders, so most of it knows no domain: nginx gives $host in
 * lower case, without port or dot at the end, and never with a slash.
 */
#include "config.h"

#include "export_rules.h"

#include <stdio.h>

enum {
	/* A longer key than this is a regular expression: nginx refuses to start over one that
	   does not fit a bucket of its hash: 64 bytes, of which it takes 18 or less. */
	KEY_MOST = 46,
};

static void add_host(struct buf *buf, const char *scheme, struct str host)
{
	bool fits = strlen(scheme) + host.len <= KEY_MOST;

	buf_addf(buf, "\t\"%s%s", fits ? "" : "~*^", scheme);
	for (size_t i = 0; i < host.len; i++) {
		if (!fits && host.p[i] == '.')
			buf_addc(buf, '\\');
		buf_addc(buf, host.p[i]);
	}
	buf_add(buf, fits ? STR("\" ") : STR("$\" "));
}

/* A text in quotes; there is no other way to say "$" than by a variable. */
static void add_text(struct buf *buf, struct str text)
{
	buf_addc(buf, '"');
	for (size_t i = 0; i < text.len; i++) {
		char c = text.p[i];

		if (c == '$')
			buf_add(buf, STR("${mailconf_dollar}"));
		else if (c == '\n')
			buf_add(buf, STR("\\n"));
		else if (c == '"' || c == '\\')
			buf_addf(buf, "\\%c", c);
		else
			buf_addc(buf, c);
	}
	buf_addc(buf, '"');
}

/* What a redirect's key begins with, in front of the host. */
static void add_key(struct buf *buf, const char *scheme, const struct export_redirect *redirect,
		    const char *page)
{
	add_host(buf, scheme ? scheme : page, redirect->host);
	add_text(buf, redirect->location);
	buf_add(buf, STR(";\n"));
}

static void add_redirects(struct buf *buf, const struct export_rules *rules, size_t page)
{
	bool leads = export_only_leads(rules, page);
	char name[64];

	snprintf(name, sizeof(name), "%s ", export_pages[page].name);
	buf_addf(buf, "\n# Where %s leads.\nmap \"%s $host\" $mailconf_to_%s {\n",
		 export_pages[page].path, leads ? "$mailconf_page" : "$mailconf_scheme",
		 export_pages[page].name);
	for (size_t i = 0; i < rules->redirect_count; i++) {
		const struct export_redirect *redirect = &rules->redirects[i];

		if (redirect->page != page)
			continue;
		if (leads) {
			add_key(buf, NULL, redirect, name);
			continue;
		}
		add_key(buf, "http ", redirect, name);
		if (!redirect->plain_only)
			add_key(buf, "https ", redirect, name);
	}
	buf_add(buf, STR("}\n"));
}

/* Paths in any case, to the names of pages. */
static void add_pages(struct buf *buf, const struct export_rules *rules)
{
	bool any = false;

	for (size_t i = 0; i < EXPORT_PAGES; i++) {
		if (!export_only_leads(rules, i))
			continue;
		if (!any)
			buf_add(buf, STR("\n# Paths that only lead elsewhere, in any case.\n"
					 "map $uri $mailconf_page {\n"));
		any = true;
		buf_addf(buf, "\t%s %s;\n", export_pages[i].path, export_pages[i].name);
	}
	if (any)
		buf_add(buf, STR("}\n"));
}

static void add_choices(struct buf *buf, const struct export_rules *rules)
{
	buf_add(buf, STR("\n# Autodiscover's JSON: the file by the protocol that is asked for, in "
			 "any case.\nmap $arg_protocol $mailconf_json {\n\tdefault /none;\n"));
	for (size_t i = 0; i < EXPORT_PAGES; i++) {
		if (export_is_choice(i) && rules->pages[i].has_files)
			buf_addf(buf, "\t%s %s;\n", export_pages[i].protocol, export_pages[i].file);
	}
	buf_add(buf, STR("}\n"));
}

static void add_domains(struct buf *buf, const struct export_rules *rules)
{
	buf_add(buf, STR("\n# The database of providers, /v1.1/DOMAIN: the domain in any case.\n"
			 "map $uri $mailconf_asked {\n"
			 "\t\"~*/v1\\.1/(?<mailconf_name>[^/]+)$\" $mailconf_name;\n"
			 "}\n"
			 "map $mailconf_asked $mailconf_domain {\n"
			 "\tdefault none;\n"));
	for (size_t i = 0; i < rules->domain_count; i++) {
		add_host(buf, "", rules->domains[i]);
		buf_addf(buf, "%.*s;\n", STR_ARGS(rules->domains[i]));
	}
	buf_add(buf, STR("}\n"));
}

void export_nginx_maps(struct buf *buf, const struct export_rules *rules)
{
	bool dollar = false;

	buf_add(buf, STR("# Made by \"mailconf export\". For the http{} context, once: see\n"
			 "# nginx-example.conf, which includes this.\n"));
	for (size_t i = 0; i < rules->redirect_count; i++)
		dollar |= str_find(rules->redirects[i].location, '$') <
			  rules->redirects[i].location.len;
	if (dollar)
		buf_add(buf, STR("\ngeo $mailconf_dollar {\n\tdefault \"$\";\n}\n"));
	add_pages(buf, rules);
	for (size_t i = 0; i < EXPORT_PAGES; i++) {
		if (rules->pages[i].has_redirects || rules->pages[i].has_plain_redirects)
			add_redirects(buf, rules, i);
		if (export_is_choice(i) && export_is_first_choice(i) && export_is_used(rules, i))
			add_choices(buf, rules);
	}
	if (rules->domain_count)
		add_domains(buf, rules);
}

static void add_fields(struct buf *buf, const char *indent, const char *cache_control,
		       bool any_origin)
{
	if (cache_control)
		buf_addf(buf, "%sadd_header Cache-Control \"%s\";\n", indent, cache_control);
	if (any_origin)
		buf_addf(buf, "%sadd_header Access-Control-Allow-Origin *;\n", indent);
	buf_addf(buf, "%sadd_header X-Content-Type-Options nosniff;\n", indent);
}

static void add_methods(struct buf *buf, const struct export_page *page,
			const struct export_rule *rule)
{
	if (!rule->allow)
		return;
	buf_addf(buf, "\tset $mailconf_allow \"%s\";\n", rule->allow);
	buf_add(buf, STR("\tif ($request_method = OPTIONS) {\n"
			 "\t\tadd_header Allow $mailconf_allow;\n"));
	add_fields(buf, "\t\t", NULL, rule->options_any_origin);
	buf_add(buf, STR("\t\treturn 204;\n\t}\n"));
	if (!rule->posts) {
		buf_add(buf, STR("\tif ($request_method !~ \"^(?:GET|HEAD)$\") {\n"
				 "\t\treturn 405;\n\t}\n"
				 "\terror_page 405 @mailconf_405;\n"));
		return;
	}
	/* A file refuses POST with 405; the second look at it is a GET. */
	buf_addf(buf,
		 "\tif ($request_method !~ \"^(?:GET|HEAD|POST)$\") {\n"
		 "\t\treturn 418;\n\t}\n"
		 "\terror_page 418 =405 @mailconf_405;\n"
		 "\t# A file cannot be POSTed to: it is answered as if it were a GET.\n"
		 "\terror_page 405 =200 %s;\n",
		 page->path);
}

static void add_redirect_rule(struct buf *buf, const struct export_page *page,
			      const struct export_rule *rule)
{
	if (!rule->redirect_status)
		return;
	buf_addf(buf, "\tif ($mailconf_to_%s) {\n", page->name);
	add_fields(buf, "\t\t", rule->redirect_cache_control, rule->redirect_any_origin);
	buf_addf(buf, "\t\treturn %u $mailconf_to_%s%s;\n\t}\n", rule->redirect_status, page->name,
		 rule->follows ? "$request_uri" : "");
}

static void add_file_rule(struct buf *buf, const struct export_rules *rules, size_t number)
{
	const struct export_page *page = &export_pages[number];
	const struct export_rule *rule = &rules->pages[number];

	if (rule->plain_is_none || rule->has_plain_redirects)
		buf_add(buf, STR("\tif ($mailconf_scheme = http) {\n\t\treturn 404;\n\t}\n"));
	if (export_is_choice(number))
		buf_addf(buf,
			 "\terror_page 400 @mailconf_400;\n"
			 "\tif ($arg_protocol = \"\") {\n\t\treturn 400;\n\t}\n"
			 "\tif (!-f \"%.*s/sites/$host%s\") {\n\t\treturn 404;\n\t}\n",
			 STR_ARGS(rules->root), page->file);
	buf_addf(buf, "\troot \"%.*s/sites/%s\";\n", STR_ARGS(rules->root),
		 page->is_database ? "$mailconf_domain" : "$host");
	buf_add(buf, STR("\ttypes { }\n"));
	buf_addf(buf, "\tdefault_type \"%s\";\n", rule->content_type);
	add_fields(buf, "\t", rule->cache_control, rule->any_origin);
	if (export_is_choice(number))
		buf_add(buf, STR("\ttry_files $mailconf_json =400;\n"));
	else
		buf_addf(buf, "\ttry_files %s =404;\n",
			 page->is_database ? export_pages[0].file : page->file);
}

/* Before any location, so that a host that leads nowhere keeps what it has at that path. */
static void add_lead(struct buf *buf, const struct export_rules *rules, size_t number)
{
	const struct export_rule *rule = &rules->pages[number];
	const char *name = export_pages[number].name;

	buf_addf(buf,
		 "\nif ($mailconf_to_%s) {\n\trewrite ^ /mailconf-to-%s last;\n}\n"
		 "location = /mailconf-to-%s {\n\tinternal;\n\taccess_log off;\n"
		 "\terror_page 404 @mailconf_404;\n",
		 name, name, name);
	add_fields(buf, "\t", rule->redirect_cache_control, rule->redirect_any_origin);
	buf_addf(buf, "\treturn %u $mailconf_to_%s;\n}\n", rule->redirect_status, name);
}

static void add_location(struct buf *buf, const struct export_rules *rules, size_t number)
{
	const struct export_page *page = &export_pages[number];
	const struct export_rule *rule = &rules->pages[number];

	buf_add(buf, STR("\nlocation ~* \""));
	export_add_pattern(buf, number);
	buf_add(buf, STR("\" {\n\taccess_log off;\n\terror_page 404 @mailconf_404;\n"));
	add_methods(buf, page, rule);
	add_redirect_rule(buf, page, rule);
	add_file_rule(buf, rules, number);
	buf_add(buf, STR("}\n"));
}

static void add_error(struct buf *buf, unsigned status, const struct export_text *text,
		      const char *more)
{
	buf_addf(buf, "\nlocation @mailconf_%u {\n\taccess_log off;\n\ttypes { }\n\tdefault_type \"%s\";\n", status,
		 text->content_type);
	if (text->cache_control)
		buf_addf(buf, "\tadd_header Cache-Control \"%s\" always;\n", text->cache_control);
	buf_addf(buf, "%s\tadd_header X-Content-Type-Options nosniff always;\n\treturn %u ", more,
		 status);
	add_text(buf, text->body);
	buf_add(buf, STR(";\n}\n"));
}

void export_nginx_locations(struct buf *buf, const struct export_rules *rules)
{
	buf_add(buf,
		STR("# Made by \"mailconf export\". For server{} blocks: see nginx-example.conf.\n"
		    "# It takes these paths over, in any case, and no others. Nothing is logged\n"
		    "# there, for queries hold mail addresses.\n"));
	for (size_t i = 0; i < EXPORT_PAGES; i++) {
		if (export_only_leads(rules, i))
			add_lead(buf, rules, i);
		else if (export_is_used(rules, i) &&
			 (!export_is_choice(i) || export_is_first_choice(i)))
			add_location(buf, rules, i);
	}
	add_error(buf, 400, &rules->no_choice, "");
	add_error(buf, 404, &rules->not_found, "");
	add_error(buf, 405, &rules->refusal, "\tadd_header Allow $mailconf_allow always;\n");
}

void export_nginx_example(struct buf *buf, const struct export_rules *rules)
{
	buf_addf(
		buf,
		"# Made by \"mailconf export\": a server for the host names that mail programs\n"
		"# look for. Copy it and edit the copy, as the next export writes this file anew:\n"
		"#\n"
		"#     cp nginx-example.conf /etc/nginx/conf.d/mailconf.conf\n"
		"#     nginx -t && systemctl reload nginx\n"
		"#\n"
		"# To edit: the two certificate lines. The certificate covers every name that is\n"
		"# a folder of sites/ and has a DNS record; mail programs reject others silently.\n"
		"# Several certificates: repeat the server block with other names.\n"
		"\n"
		"include \"%.*s/nginx.conf\";\n"
		"\n"
		"# How the client came. Behind a proxy of yours that speaks TLS for this server\n"
		"# and sets the field: map $http_x_forwarded_proto instead of $scheme.\n"
		"map $scheme $mailconf_scheme {\n"
		"\tdefault http;\n"
		"\thttps https;\n"
		"}\n"
		"\n"
		"server {\n"
		"\tlisten 80;\n"
		"\tlisten [::]:80;\n"
		"\tlisten 443 ssl;\n"
		"\tlisten [::]:443 ssl;\n"
		"\tserver_name ~^autoconfig\\. ~^autodiscover\\. ~^ua-auto-config\\.;\n"
		"\n"
		"\tssl_certificate /etc/ssl/mailconf/fullchain.pem;\n"
		"\tssl_certificate_key /etc/ssl/mailconf/privkey.pem;\n"
		"\tssl_protocols TLSv1.2 TLSv1.3;\n"
		"\n"
		"\t# An error line would hold the query, and with it a mail address.\n"
		"\terror_log /var/log/nginx/mailconf-error.log emerg;\n"
		"\tclient_max_body_size 16k;\n"
		"\tmerge_slashes off;\n"
		"\n"
		"\tinclude \"%.*s/nginx-locations.conf\";\n"
		"\n"
		"\tlocation / {\n"
		"\t\taccess_log off;\n"
		"\t\terror_page 404 @mailconf_404;\n"
		"\t\treturn 404;\n"
		"\t}\n"
		"}\n"
		"\n"
		"# The web site of a mail domain itself: this line in its server block, for both\n"
		"# ports, and the rest of the site stays as it is.\n"
		"#\n"
		"#\tinclude \"%.*s/nginx-locations.conf\";\n",
		STR_ARGS(rules->root), STR_ARGS(rules->root), STR_ARGS(rules->root));
}
