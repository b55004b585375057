/* Keeping the list. */
#include "config.h"

#include "connection.h"

#include "log.h"

#include <stdlib.h>
#include <sys/socket.h>

/* Seconds of a clock that never jumps. */
static time_t seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
	return now.tv_sec;
}

static bool is_proxy(const struct connections *connections, const struct ip *ip)
{
	return !connections->public_http && proxies_trust(connections->proxies, ip);
}

bool connections_admit(const struct connections *connections, const struct sockaddr *address)
{
	struct ip ip;

	if (!connections->peers || !ip_of_sockaddr(address, &ip) || is_proxy(connections, &ip) ||
	    !peers_is_full(connections->peers, &ip))
		return true;
	log_line(LOG_WARNING, "too many connections from one address: refused one");
	return false;
}

struct connection *connection_open(struct connections *connections,
				   const struct sockaddr *address, int fd, void *handle)
{
	struct connection *connection = calloc(1, sizeof(*connection));

	if (!connection)
		return NULL;
	connection->handle = handle;
	connection->fd = fd;
	connection->since = seconds();
	connection->has_ip = ip_of_sockaddr(address, &connection->ip);
	connection->trusted = connection->has_ip ? is_proxy(connections, &connection->ip)
						 : !connections->public_http;
	connection->counted = connections->peers && connection->has_ip && !connection->trusted;
	if (connection->counted)
		peers_enter(connections->peers, &connection->ip);
	connection->next = connections->first;
	connection->link = &connections->first;
	if (connection->next)
		connection->next->link = &connection->next;
	connections->first = connection;
	connections->count++;
	return connection;
}

void connection_close(struct connections *connections, struct connection *connection)
{
	if (connection->counted)
		peers_leave(connections->peers, &connection->ip);
	*connection->link = connection->next;
	if (connection->next)
		connection->next->link = connection->link;
	connections->count--;
	free(connection);
}

void connection_rest(struct connection *connection)
{
	connection->busy = false;
	connection->since = seconds();
}

void connections_sweep(struct connections *connections)
{
	time_t now = seconds();

	if (now == connections->swept)
		return;
	connections->swept = now;
	for (struct connection *connection = connections->first; connection;
	     connection = connection->next) {
		if (now - connection->since > connections->patience)
			shutdown(connection->fd, SHUT_RDWR);
	}
}
