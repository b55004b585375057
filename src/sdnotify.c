/* Datagrams to $NOTIFY_SOCKET, and descriptors after $LISTEN_FDS. */
#include "config.h"

#include "sdnotify.h"

#include "str.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

void sd_notify_state(const char *format, ...)
{
	const char *path = getenv("NOTIFY_SOCKET");
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	char state[300];
	va_list args;
	int fd;
	int len;

	if (!path || (path[0] != '/' && path[0] != '@') ||
	    strlen(path) >= sizeof(address.sun_path))
		return;
	memcpy(address.sun_path, path, strlen(path));
	if (path[0] == '@')
		address.sun_path[0] = '\0'; /* an abstract one */
	va_start(args, format);
	len = vsnprintf(state, sizeof(state), format, args);
	va_end(args);
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return;
	if (len > 0 && (size_t)len < sizeof(state)) {
		socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(path));

		sendto(fd, state, (size_t)len, MSG_NOSIGNAL, (struct sockaddr *)&address, size);
	}
	close(fd);
}

void sd_notify_reloading(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	sd_notify_state("RELOADING=1\nMONOTONIC_USEC=%lld",
			(long long)now.tv_sec * 1000000 + now.tv_nsec / 1000);
}

static bool number_in(const char *name, unsigned long *ret_number)
{
	const char *value = getenv(name);

	return value && str_number(str_of(value), 1000000000, ret_number);
}

size_t sd_passed_sockets(void)
{
	unsigned long pid;
	unsigned long count;

	if (!number_in("LISTEN_PID", &pid) || pid != (unsigned long)getpid() ||
	    !number_in("LISTEN_FDS", &count) || count > 1000)
		return 0;
	for (size_t i = 0; i < count; i++)
		fcntl(PASSED_FIRST + (int)i, F_SETFD, FD_CLOEXEC);
	return count;
}

const char *sd_passed_name(size_t index)
{
	static char name[64];
	const char *names = getenv("LISTEN_FDNAMES");
	struct str rest = str_of(names);
	struct str piece = STR("");

	for (size_t i = 0; i <= index; i++) {
		if (!str_split(&rest, ':', &piece))
			return "";
	}
	snprintf(name, sizeof(name), "%.*s", STR_ARGS(piece));
	return name;
}
