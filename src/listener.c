/*
 * One socket for each worker with SO_REUSEPORT, so that the kernel spreads the connections
 * and no two workers wait at the same one.
 */
#include "config.h"

#include "listener.h"

#include "network.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static char error_text[300];

__attribute__((format(printf, 2, 3))) static bool fail(const char **ret_error,
						       const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(error_text, sizeof(error_text), format, args);
	va_end(args);
	*ret_error = error_text;
	return false;
}

static bool fail_errno(const char **ret_error, const char *address)
{
	return fail(ret_error, "cannot listen on %s: %s", address, strerror(errno));
}

static bool prepare(struct listener *listener, size_t workers, const char **ret_error)
{
	listener->count = workers;
	listener->fds = reallocarray(NULL, workers, sizeof(int));
	if (!listener->fds)
		return fail(ret_error, "out of memory");
	for (size_t i = 0; i < workers; i++)
		listener->fds[i] = -1;
	return true;
}

static void share_first(struct listener *listener)
{
	listener->shared = true;
	for (size_t i = 1; i < listener->count; i++)
		listener->fds[i] = listener->fds[0];
}

static void name_of(const struct sockaddr *address, socklen_t len, char *name, size_t size)
{
	char host[INET6_ADDRSTRLEN + 20];
	char port[8];
	bool v6 = address->sa_family == AF_INET6;

	if (address->sa_family == AF_UNIX) {
		struct sockaddr_un un;

		memset(&un, 0, sizeof(un));
		memcpy(&un, address, len < sizeof(un) ? len : sizeof(un));
		snprintf(name, size, "unix:%.*s", (int)sizeof(un.sun_path) - 1, un.sun_path);
		return;
	}
	if (getnameinfo(address, len, host, sizeof(host), port, sizeof(port),
			NI_NUMERICHOST | NI_NUMERICSERV) != 0) {
		snprintf(name, size, "a socket");
		return;
	}
	snprintf(name, size, "%s%s%s:%s", v6 ? "[" : "", host, v6 ? "]" : "", port);
}

static int open_unix(const struct sockaddr_un *address, const char **ret_error, const char *name)
{
	const struct sockaddr *generic = (const struct sockaddr *)address;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	struct stat st;

	if (fd < 0)
		goto failed;
	/* What a daemon that was killed left behind is in the way; one that answers is not. */
	if (lstat(address->sun_path, &st) == 0 && S_ISSOCK(st.st_mode) &&
	    connect(fd, generic, sizeof(*address)) != 0 && errno == ECONNREFUSED)
		unlink(address->sun_path);
	close(fd);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0 || bind(fd, generic, sizeof(*address)) != 0 || listen(fd, SOMAXCONN) != 0)
		goto failed;
	/* Who may connect is decided by the folder; what is answered is public. */
	if (chmod(address->sun_path, 0666) != 0)
		goto failed;
	return fd;

failed:
	fail_errno(ret_error, name);
	if (fd >= 0)
		close(fd);
	return -1;
}

static bool open_path(struct listener *listener, const char *address, const char *path,
		      const char **ret_error)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };

	memcpy(un.sun_path, path, strlen(path));
	snprintf(listener->name, sizeof(listener->name), "%s", address);
	listener->fds[0] = open_unix(&un, ret_error, address);
	if (listener->fds[0] < 0)
		return false;
	listener->unlink = strdup(path);
	share_first(listener);
	return true;
}

static int open_tcp(const struct addrinfo *info, bool several, uint16_t port)
{
	struct sockaddr_storage address = { 0 };
	int fd = socket(info->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int on = 1;
	int off = 0;

	memcpy(&address, info->ai_addr, info->ai_addrlen);
	if (port && info->ai_family == AF_INET)
		((struct sockaddr_in *)&address)->sin_port = port;
	else if (port)
		((struct sockaddr_in6 *)&address)->sin6_port = port;
	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (several)
		setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on));
	if (info->ai_family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off));
	if (bind(fd, (struct sockaddr *)&address, info->ai_addrlen) == 0 &&
	    listen(fd, SOMAXCONN) == 0)
		return fd;

	int reason = errno;

	close(fd);
	errno = reason;
	return -1;
}

/* The port as the kernel chose it, in network order, for the sockets of the other workers. */
static uint16_t port_of(int fd)
{
	struct sockaddr_storage address;
	socklen_t len = sizeof(address);

	if (getsockname(fd, (struct sockaddr *)&address, &len) != 0)
		return 0;
	return address.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&address)->sin6_port
					     : ((struct sockaddr_in *)&address)->sin_port;
}

/* Sockets that share a port would share it with another daemon's, too: so look first. */
static bool is_free(const struct addrinfo *info)
{
	int fd = open_tcp(info, false, 0);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static bool open_all(struct listener *listener, const struct addrinfo *info)
{
	struct sockaddr_storage address;
	socklen_t len = sizeof(address);
	uint16_t port = 0;

	if (listener->count > 1 && !is_free(info))
		return false;
	for (size_t i = 0; i < listener->count; i++) {
		listener->fds[i] = open_tcp(info, listener->count > 1, port);
		if (listener->fds[i] < 0)
			return false;
		port = port_of(listener->fds[0]);
	}
	if (getsockname(listener->fds[0], (struct sockaddr *)&address, &len) == 0)
		name_of((struct sockaddr *)&address, len, listener->name,
			sizeof(listener->name));
	return true;
}

/* Splits at the last colon; brackets around the host go. */
static bool split_address(const char *address, char *host, size_t size, const char **ret_port)
{
	struct str text = str_of(address);
	size_t colon = str_find_last(text, ':');
	struct str name = str_first(text, colon);
	bool has_brackets = name.len >= 2 && name.p[0] == '[' && name.p[name.len - 1] == ']';
	unsigned long port;

	if (colon == text.len || !str_number(str_from(text, colon + 1), 65535, &port))
		return false;
	if (has_brackets)
		name = str_first(str_from(name, 1), name.len - 2);
	/* An address of version 6 has brackets, and nothing else has. */
	if (has_brackets != (str_find(name, ':') < name.len) || str_find(name, '[') < name.len)
		return false;
	if (name.len == 0 || name.len >= size)
		return false;
	memcpy(host, name.p, name.len);
	host[name.len] = '\0';
	*ret_port = address + colon + 1;
	return true;
}

static const char *unix_path(const char *address)
{
	bool is_path = str_starts(str_of(address), STR("unix:"));

	return is_path ? address + strlen("unix:") : NULL;
}

bool listener_is_address(const char *address)
{
	const char *path = unix_path(address);
	char host[INET6_ADDRSTRLEN + 20];
	const char *port;
	struct ip ip;

	if (path)
		return path[0] && strlen(path) < sizeof(((struct sockaddr_un *)NULL)->sun_path);
	return split_address(address, host, sizeof(host), &port) &&
	       (strcmp(host, "*") == 0 || ip_parse(str_of(host), &ip));
}

static bool open_port(struct listener *listener, const char *address, const char **ret_error)
{
	struct addrinfo hints = {
		.ai_socktype = SOCK_STREAM,
		.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV,
	};
	struct addrinfo *info = NULL;
	char host[INET6_ADDRSTRLEN + 20];
	const char *port;
	bool all;
	bool good;

	if (!split_address(address, host, sizeof(host), &port))
		return fail(ret_error, "cannot listen on %s", address);
	all = strcmp(host, "*") == 0;
	if (getaddrinfo(all ? "::" : host, port, &hints, &info) != 0)
		return fail(ret_error, "cannot listen on %s: \"%s\" is no IP address", address,
			    host);
	good = open_all(listener, info);
	freeaddrinfo(info);
	info = NULL;
	/* "*" where there is no version 6 at all. */
	if (!good && all && errno == EAFNOSUPPORT &&
	    getaddrinfo("0.0.0.0", port, &hints, &info) == 0) {
		good = open_all(listener, info);
		freeaddrinfo(info);
	}
	return good || fail_errno(ret_error, address);
}

bool listener_open(struct listener *ret_listener, const char *address, size_t workers,
		   bool public_http, const char **ret_error)
{
	struct listener listener = { .public_http = public_http };
	const char *path = unix_path(address);

	if (prepare(&listener, workers, ret_error) &&
	    (path ? open_path(&listener, address, path, ret_error)
		  : open_port(&listener, address, ret_error))) {
		*ret_listener = listener;
		return true;
	}
	listener_close(&listener);
	return false;
}

bool listener_take(struct listener *ret_listener, int fd, const char *name, size_t workers,
		   const char **ret_error)
{
	struct listener listener = {
		.passed = true,
		.public_http = strcmp(name, "public-http") == 0,
	};
	struct sockaddr_storage address;
	socklen_t len = sizeof(address);
	int listens = 0;
	socklen_t size = sizeof(listens);

	if (getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) != 0 || !listens)
		return fail(ret_error, "descriptor %d, passed by the service manager, is no "
				       "listening socket", fd);
	if (!prepare(&listener, workers, ret_error))
		return false;
	listener.fds[0] = fd;
	share_first(&listener);
	if (getsockname(fd, (struct sockaddr *)&address, &len) == 0)
		name_of((struct sockaddr *)&address, len, listener.name, sizeof(listener.name));
	*ret_listener = listener;
	return true;
}

void listener_close(struct listener *listener)
{
	size_t own = listener->shared ? 1 : listener->count;

	for (size_t i = 0; listener->fds && i < own; i++) {
		if (listener->fds[i] >= 0)
			close(listener->fds[i]);
	}
	if (listener->unlink)
		unlink(listener->unlink);
	free(listener->unlink);
	free(listener->fds);
	*listener = (struct listener){ 0 };
}
