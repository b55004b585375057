/* Files of the administrator and places in them. */
#include "config.h"

#include "source.h"

#include "buf.h"
#include "utf8.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* Tables of a million domains stay well below; it keeps a mistaken path from eating memory. */
static const size_t largest_file = (size_t)1 << 30;

static bool read_all(int fd, struct buf *buf)
{
	char chunk[64 * 1024];
	ssize_t n;

	while ((n = read(fd, chunk, sizeof(chunk))) > 0) {
		buf_add(buf, (struct str){ .p = chunk, .len = (size_t)n });
		if (buf->len > largest_file) {
			errno = EFBIG;
			return false;
		}
	}
	return n == 0;
}

static bool read_file(const char *path, struct buf *buf)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	bool good = fd >= 0 && read_all(fd, buf);
	int reason = errno;

	if (fd >= 0)
		close(fd);
	errno = reason;
	return good;
}

struct source *source_read(const char *path)
{
	struct buf buf = BUF_EMPTY;
	struct source *source;
	int reason;

	if (!read_file(path, &buf)) {
		reason = errno;
		goto failed;
	}
	reason = ENOMEM;
	source = calloc(1, sizeof(*source));
	if (!source)
		goto failed;
	source->path = strdup(path);
	source->text.p = buf_take(&buf, &source->text.len);
	if (source->path && source->text.p)
		return source;
	source_free(source);
failed:
	buf_fini(&buf);
	errno = reason;
	return NULL;
}

struct source *source_load(const char *path, struct diags *diags)
{
	struct source *source = source_read(path);
	struct place place = { .file = path };

	if (!source && errno == ENOMEM)
		diag_add(diags, SEVERITY_ERROR, &place, "out of memory");
	else if (!source)
		diag_add(diags, SEVERITY_ERROR, &place, "cannot read the file: %s",
			 strerror(errno));
	return source;
}

void source_free(struct source *source)
{
	if (!source)
		return;
	free(source->path);
	free((void *)(uintptr_t)source->text.p);
	free(source->lines);
	free(source);
}

static void find_lines(struct source *source)
{
	size_t count = 1;

	for (size_t i = 0; i < source->text.len; i++)
		count += source->text.p[i] == '\n';
	source->lines = reallocarray(NULL, count, sizeof(*source->lines));
	if (!source->lines)
		return;
	source->lines[0] = 0;
	source->line_count = 1;
	for (size_t i = 0; i < source->text.len; i++) {
		if (source->text.p[i] == '\n')
			source->lines[source->line_count++] = i + 1;
	}
}

/*
 * Counted on from the last place where that is before this one in its line: a file that is
 * all in one line would take as many steps for each place as it has bytes.
 */
static unsigned column_of(struct source *source, size_t line, size_t offset)
{
	size_t from = source->lines[line];
	size_t column = 1;

	if (source->last_offset >= from && source->last_offset <= offset && source->last_column) {
		from = source->last_offset;
		column = source->last_column;
	}
	column += utf8_count((struct str){ .p = source->text.p + from, .len = offset - from });
	source->last_offset = offset;
	source->last_column = (unsigned)column;
	return (unsigned)column;
}

struct place source_place(struct source *source, size_t offset)
{
	struct place place = { .file = source->path };
	size_t low = 0;
	size_t high;

	if (!source->lines)
		find_lines(source);
	if (!source->lines)
		return place;
	if (offset > source->text.len)
		offset = source->text.len;
	high = source->line_count;
	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (source->lines[middle] <= offset)
			low = middle;
		else
			high = middle;
	}

	place.line = (unsigned)low + 1;
	place.column = column_of(source, low, offset);
	return place;
}

size_t source_line_offset(struct source *source, size_t line)
{
	if (!source->lines)
		find_lines(source);
	if (!source->lines || line == 0 || line > source->line_count)
		return source->text.len;
	return source->lines[line - 1];
}
