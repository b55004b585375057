/*
 * How many connections or requests each client has at once. Counted in a fixed table
 * without locks, shared by all workers; two clients that fall on the same place are counted
 * together, which a table much larger than the number of connections makes rare.
 */
#ifndef MAILCONFD_PEERS_H
#define MAILCONFD_PEERS_H

#include "network.h"

struct peers;

/* For a table of `connections`, at most `limit` for each client. Owned, or NULL. */
struct peers *peers_new(unsigned connections, unsigned limit);
void peers_free(struct peers *peers);

/* Has the client as many as it may? */
bool peers_is_full(const struct peers *peers, const struct ip *client);

/* Counts one more, or one less. */
void peers_enter(struct peers *peers, const struct ip *client);
void peers_leave(struct peers *peers, const struct ip *client);

#endif
