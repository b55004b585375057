/* IP addresses and networks, version 4 and 6 alike: version 4 as ::ffff:a.b.c.d. */
#ifndef MAILCONFD_NETWORK_H
#define MAILCONFD_NETWORK_H

#include "str.h"

struct sockaddr;

struct ip {
	unsigned char bytes[16];
};

struct network {
	struct ip ip;
	unsigned bits; /* that count, from the front: 0 to 128 */
};

/* "192.0.2.1", "2001:db8::1", "[2001:db8::1]". */
bool ip_parse(struct str text, struct ip *ret_ip);

/* Is it one of version 4? */
bool ip_is_v4(const struct ip *ip);

enum { IP_TEXT = 46 }; /* INET6_ADDRSTRLEN: the longest, with its NUL */

/* Writes it in the shortest form, without brackets. */
void ip_format(const struct ip *ip, char ret_text[IP_TEXT]);

/* False for sockets of other families. */
bool ip_of_sockaddr(const struct sockaddr *address, struct ip *ret_ip);

bool ip_is_loopback(const struct ip *ip);

/*
 * What stands for one client when clients are counted: an address of version 4, and the
 * first 64 bits of version 6, of which one client has as many addresses as it likes.
 */
struct ip ip_client_part(struct ip ip);

/* An address, or an address and a number of bits: "192.0.2.0/24". */
bool network_parse(struct str text, struct network *ret_network);

bool network_contains(const struct network *network, const struct ip *ip);

#endif
