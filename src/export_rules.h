/*
 * What the rules of web servers are made from: for each page its header fields, for each
 * redirect its host and where it leads. Collected from the answers; pure, like what writes
 * the rules from it.
 */
#ifndef MAILCONFD_EXPORT_RULES_H
#define MAILCONFD_EXPORT_RULES_H

#include "arena.h"
#include "buf.h"
#include "export.h"

/* What the answers of one page have in common. NULL: that field is not sent. */
struct export_rule {
	bool has_files;
	const char *content_type;
	const char *cache_control;
	bool any_origin;
	const char *allow; /* NULL: every method is answered alike */
	bool posts;	   /* POST is one of them */
	bool options_any_origin;
	bool plain_is_none;	  /* over http nothing is there */
	bool has_redirects;	  /* over https; then over http, too */
	bool has_plain_redirects; /* only over http */
	bool follows;		  /* the location goes on with the path and query asked for */
	unsigned redirect_status;
	const char *redirect_cache_control;
	bool redirect_any_origin;
};

struct export_redirect {
	size_t page;
	bool plain_only;
	struct str host;
	struct str location;
};

/* An answer that is the same everywhere. */
struct export_text {
	struct str body;
	const char *content_type, *cache_control;
};

struct export_rules {
	struct arena *arena;
	struct str root; /* where the tree will be for the server; checked */
	struct export_rule pages[EXPORT_PAGES];
	struct export_redirect *redirects; /* after export_rules_finish() by page, scheme, host */
	size_t redirect_count, redirect_size;
	struct str *domains; /* of the database; sorted then, too */
	size_t domain_count, domain_size;
	struct export_text not_found, refusal, no_choice;
	bool differs; /* one page answers with different fields: no rule can say that */
	bool failed;  /* out of memory */
};

/* False when out of memory. `root` is borrowed. */
bool export_rules_init(struct export_rules *rules, const struct snapshot *snapshot,
		       struct str root);
void export_rules_fini(struct export_rules *rules);

/* An export_visit: `closure` is the rules. */
void export_rules_add(void *closure, const struct export_answer *answer);

/* Sorts, and drops what is there twice. False when memory was short. */
bool export_rules_finish(struct export_rules *rules);

/* Where a host leads at a page over https; NULL: nowhere. Only after export_rules_finish(). */
const struct export_redirect *export_rules_find(const struct export_rules *rules, size_t page,
						struct str host);

/* May the path stand in a configuration file? Nothing in it needs quoting within quotes. */
bool export_root_is_good(struct str root);

/* The paths of a page as a regular expression with its anchors; case does not matter. */
void export_add_pattern(struct buf *buf, size_t page);

/* Is anything said at that page? */
bool export_is_used(const struct export_rules *rules, size_t page);

/* Does it only lead elsewhere? Then a web site may have something of its own at that path. */
bool export_only_leads(const struct export_rules *rules, size_t page);

/* Is that page one of those that the query chooses from, and the first of them? */
bool export_is_choice(size_t page);
bool export_is_first_choice(size_t page);

/* The files. Each appends to `buf`. */
void export_nginx_maps(struct buf *buf, const struct export_rules *rules);
void export_nginx_locations(struct buf *buf, const struct export_rules *rules);
void export_nginx_example(struct buf *buf, const struct export_rules *rules);
void export_apache_rules(struct buf *buf, const struct export_rules *rules);
void export_apache_map(struct buf *buf, const struct export_rules *rules);
void export_apache_example(struct buf *buf, const struct export_rules *rules);
void export_readme(struct buf *buf, const struct export_rules *rules);

/* Of one host, for Netlify and Cloudflare Pages; empty where there is nothing to say. */
void export_cdn_headers(struct buf *buf, const struct export_rules *rules);
void export_cdn_redirects(struct buf *buf, const struct export_rules *rules, struct str host);

#endif
