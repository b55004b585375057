/*
 * A growing output buffer. Failure sticks: add as you like, and look once, in buf_take()
 * or buf_failed().
 */
#ifndef MAILCONFD_BUF_H
#define MAILCONFD_BUF_H

#include "str.h"

struct buf {
	char *p;
	size_t len;
	size_t size;
	bool failed;
};

/* An empty buffer; costs nothing until something is added. */
#define BUF_EMPTY ((struct buf){ 0 })

void buf_add(struct buf *buf, struct str s);
void buf_addc(struct buf *buf, char c);
void buf_addf(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* What is in it so far; borrowed until the next addition. */
struct str buf_str(const struct buf *buf);

bool buf_failed(const struct buf *buf);

/*
 * Moves the bytes out: returns owned memory with a NUL behind it, to be freed with free(),
 * and leaves the buffer empty. NULL when any addition failed.
 */
char *buf_take(struct buf *buf, size_t *ret_len);

void buf_fini(struct buf *buf);

#endif
