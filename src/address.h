/*
 * Mail addresses and domain names as they come from outside: checked, and brought to the
 * one form in which they are compared (lower case, A-labels, no dot at the end).
 */
#ifndef MAILCONFD_ADDRESS_H
#define MAILCONFD_ADDRESS_H

#include "arena.h"
#include "str.h"

enum {
	DOMAIN_MOST = 253,  /* bytes of a domain name; RFC 1035 section 2.3.4 */
	LABEL_MOST = 63,    /* bytes of one label; the same */
	ADDRESS_MOST = 254, /* bytes of an address; RFC 5321 section 4.5.3.1.3 */
};

/* A domain name in the form in which it is looked up. */
struct domain {
	size_t len;
	char text[DOMAIN_MOST + 1];
};

static inline struct str domain_str(const struct domain *domain)
{
	return (struct str){ .p = domain->text, .len = domain->len };
}

/*
 * Normalises a domain name: U-labels become A-labels (IDNA 2008 after UTS 46), letters lower
 * case, one dot at the end goes. False when it is no domain name; *ret_domain is undefined then.
 */
bool domain_parse(struct str text, struct domain *ret_domain);

/* The same for the value of a Host field: a port goes first. IP literals are no domain. */
bool domain_parse_host(struct str host, struct domain *ret_domain);

/*
 * A domain name as people write it: labels in their own script, where that leads back to the
 * same name. A copy in the arena.
 */
struct str domain_title(struct str name, struct arena *arena);

/* An address that may be written into an answer. */
struct address {
	struct str text;       /* as sent; borrowed */
	struct str local_part; /* within text */
	struct domain domain;
};

/*
 * Strict: one "@", neither part empty, valid UTF-8, no control character, no white space, no
 * angle bracket, at most ADDRESS_MOST bytes. Programs disagree at which of several "@" to
 * split, so an address with more than one is refused.
 */
bool address_parse(struct str text, struct address *ret_address);

/*
 * Lenient: only the domain behind the last "@", however strange the local part is. For
 * answers that do not depend on the local part and must not fail because of it.
 */
bool address_parse_domain(struct str text, struct domain *ret_domain);

#endif
