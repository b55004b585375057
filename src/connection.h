/*
 * The connections of one listening socket, from accept to close: who is at the other end,
 * how many they have, and who takes too long. Nothing of HTTP is known here.
 */
#ifndef MAILCONFD_CONNECTION_H
#define MAILCONFD_CONNECTION_H

#include "forwarded.h"
#include "peers.h"

#include <time.h>

struct sockaddr;

/* All that are open. */
struct connections {
	struct connection *first;
	unsigned count;
	const struct proxies *proxies;
	struct peers *peers; /* NULL: no limit by address */
	bool public_http;    /* nobody is a proxy here */
	time_t patience;     /* seconds that one request may take */
	time_t swept;	     /* when slow ones were last looked for */
};

struct connection {
	struct connection *next, **link;
	void *handle; /* the HTTP library's */
	int fd;
	struct ip ip;
	bool has_ip;  /* unix sockets have none */
	bool trusted; /* a proxy that is believed what it forwards */
	bool counted; /* among the peers */
	bool busy;    /* a request is being read or answered */
	time_t since; /* opened, or done with the last request */
};

/* May one more come from this address? */
bool connections_admit(const struct connections *connections, const struct sockaddr *address);

/* Returns owned by `connections`, or NULL when out of memory. */
struct connection *connection_open(struct connections *connections,
				   const struct sockaddr *address, int fd, void *handle);
void connection_close(struct connections *connections, struct connection *connection);

/* Between two requests: the time starts anew. */
void connection_rest(struct connection *connection);

/*
 * To be called often, works once a second: shuts down those that have been at one request
 * for too long. Each byte renews the HTTP library's own timeout, so a client could drip for
 * ever.
 */
void connections_sweep(struct connections *connections);

#endif
