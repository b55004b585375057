/* Listening sockets: TCP and unix, made here or passed by systemd. */
#ifndef MAILCONFD_LISTENER_H
#define MAILCONFD_LISTENER_H

#include "str.h"

struct listener {
	int *fds;	  /* one for each worker; the same one where it cannot be several */
	size_t count;	  /* of them */
	bool shared;	  /* all of `fds` are the first */
	bool passed;	  /* by systemd: it outlives the daemon */
	bool public_http; /* clients come here directly, by plain http */
	char name[120];	  /* "127.0.0.1:8080", "unix:/run/…": for messages */
	char *unlink;	  /* the path of a unix socket that goes with the daemon, or NULL */
};

/* Could it be listened on, as far as its form goes? */
bool listener_is_address(const char *address);

/*
 * Opens `address` ("127.0.0.1:8080", "[::1]:8080", "*:8080", "unix:/path"), which is one by
 * its form, for `workers` threads. Port 0 is a free one, and stands in the name. On failure
 * *ret_error is the reason, a whole sentence without a full stop; lives until the next call.
 */
bool listener_open(struct listener *ret_listener, const char *address, size_t workers,
		   bool public_http, const char **ret_error);

/* Takes over a socket that was passed. `name` is its FileDescriptorName. */
bool listener_take(struct listener *ret_listener, int fd, const char *name, size_t workers,
		   const char **ret_error);

/* Closes all, and removes the path of a unix socket that was made here. */
void listener_close(struct listener *listener);

#endif
