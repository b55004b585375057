/*
 * The static export: which questions have an answer that no address changes, so that a file
 * can give it, and what the daemon answers to them. Pure, like route(), which makes every
 * answer; export_tree.c writes the files, export_nginx.c and the like the servers' rules.
 */
#ifndef MAILCONFD_EXPORT_H
#define MAILCONFD_EXPORT_H

#include "reply.h"
#include "snapshot.h"

/* One path of the daemon; two pages share a path where the query chooses. */
struct export_page {
	const char *name;     /* for names in rules: letters and "_" */
	const char *path;     /* lower case; of the database without the domain behind it */
	const char *file;     /* below the site's folder; "/" and what is in a path */
	const char *protocol; /* what the query says; NULL: it does not matter */
	bool is_database;     /* asked of any host, about the domain at the path's end */
};

extern const struct export_page export_pages[];

enum {
	EXPORT_PAGES = 13,
	EXPORT_HOSTS = 4
};

/* What one host says at one page. All borrowed for the time of the call. */
struct export_answer {
	struct str host; /* a host name, normalised; the domain where the page is the database */
	size_t page;	 /* its number */
	const struct reply *reply; /* over https */
	const struct reply *plain; /* over http */
	struct str target;	   /* what was asked for: a redirect may end in it */
};

typedef void export_visit(void *closure, const struct export_answer *answer);

/* The names that programs ask about a domain: the domain itself is one of them. */
extern const char *const export_labels[EXPORT_HOSTS]; /* "autoconfig.", "" */

/*
 * Hands on every answer about a domain, normalised, that is a success or a redirect over https:
 * its hosts' by page, then the database's. False when it is not in the table, or not answered.
 */
bool export_domain(const struct snapshot *snapshot, struct str domain, export_visit *visit,
		   void *closure);

/* The same for a name of mail exchangers, as far as its hosts answer without an address. */
bool export_mail_exchanger(const struct snapshot *snapshot, struct str name, export_visit *visit,
			   void *closure);

/* What depends on no domain: the answer to OPTIONS, to a method that a page does not have, to
   a query that says nothing where it chooses, and to whoever asks for what is not there. */
void export_options(const struct snapshot *snapshot, size_t page, struct reply *ret_reply);
void export_refusal(const struct snapshot *snapshot, size_t page, struct reply *ret_reply);
void export_no_choice(const struct snapshot *snapshot, struct reply *ret_reply);
void export_not_found(const struct snapshot *snapshot, struct reply *ret_reply);

/* Is it a reply that becomes a rule, with a Location? */
bool export_is_redirect(const struct reply *reply);

#endif
