/* systemd's two small protocols: sd_notify(3) and sd_listen_fds(3). No library needed. */
#ifndef MAILCONFD_SDNOTIFY_H
#define MAILCONFD_SDNOTIFY_H

#include <stddef.h>

/* Sends a state, such as "READY=1\nSTATUS=…". Nothing happens without a service manager. */
void sd_notify_state(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* RELOADING=1, with the time that systemd 253 and later ask for. */
void sd_notify_reloading(void);

enum { PASSED_FIRST = 3 }; /* the first descriptor that is passed */

/* How many sockets were passed to this process, from PASSED_FIRST on. */
size_t sd_passed_sockets(void);

/* The FileDescriptorName of number `index`, or "". Lives until the next call. */
const char *sd_passed_name(size_t index);

#endif
