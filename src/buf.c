/* The growing output buffer. */
#include "config.h"

#include "buf.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* Room for `more` bytes and a NUL. */
static bool reserve(struct buf *buf, size_t more)
{
	if (buf->failed || more > SIZE_MAX / 4 - buf->len) {
		buf->failed = true;
		return false;
	}

	size_t need = buf->len + more + 1;

	if (need <= buf->size)
		return true;

	size_t size = buf->size ? buf->size : 128;

	while (size < need)
		size *= 2;

	char *p = realloc(buf->p, size);

	if (!p) {
		buf->failed = true;
		return false;
	}
	buf->p = p;
	buf->size = size;
	return true;
}

void buf_add(struct buf *buf, struct str s)
{
	if (!reserve(buf, s.len))
		return;
	if (s.len)
		memcpy(buf->p + buf->len, s.p, s.len);
	buf->len += s.len;
}

void buf_addc(struct buf *buf, char c)
{
	buf_add(buf, (struct str){ .p = &c, .len = 1 });
}

void buf_addf(struct buf *buf, const char *format, ...)
{
	va_list args;

	va_start(args, format);

	int len = vsnprintf(NULL, 0, format, args);

	va_end(args);
	if (len < 0) {
		buf->failed = true;
		return;
	}
	if (!reserve(buf, (size_t)len))
		return;
	va_start(args, format);
	vsnprintf(buf->p + buf->len, (size_t)len + 1, format, args);
	va_end(args);
	buf->len += (size_t)len;
}

struct str buf_str(const struct buf *buf)
{
	return (struct str){ .p = buf->p ? buf->p : "", .len = buf->len };
}

bool buf_failed(const struct buf *buf)
{
	return buf->failed;
}

char *buf_take(struct buf *buf, size_t *ret_len)
{
	char *p = NULL;

	if (reserve(buf, 0)) {
		p = buf->p;
		p[buf->len] = '\0';
		if (ret_len)
			*ret_len = buf->len;
		buf->p = NULL;
	}
	buf_fini(buf);
	return p;
}

void buf_fini(struct buf *buf)
{
	free(buf->p);
	*buf = BUF_EMPTY;
}
