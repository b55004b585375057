/* Files of an export, from the descriptor of its folder on. */
#include "config.h"

#include "export_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

bool export_path_is_inside(struct str path)
{
	struct str rest = path;
	struct str part;

	for (size_t i = 0; i < path.len; i++) {
		if ((unsigned char)path.p[i] < 0x20)
			return false;
	}
	while (str_split(&rest, '/', &part)) {
		if (part.len == 0 || part.len >= EXPORT_NAME || str_eq(part, STR(".")) ||
		    str_eq(part, STR("..")))
			return false;
	}
	return path.len > 0;
}

int export_file_parent(int top, struct str path, bool create, char ret_name[EXPORT_NAME])
{
	int fd = dup(top);
	struct str part;

	while (fd >= 0 && str_split(&path, '/', &part)) {
		int next;

		snprintf(ret_name, EXPORT_NAME, "%.*s", STR_ARGS(part));
		if (!path.p)
			return fd;
		next = openat(fd, ret_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (next < 0 && errno == ENOENT && create && mkdirat(fd, ret_name, 0755) == 0) {
			next = openat(fd, ret_name,
				      O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
			if (next >= 0)
				fchmod(next, 0755); /* whatever the umask is: others serve it */
		}

		int reason = errno;

		close(fd);
		errno = reason;
		fd = next;
	}
	return fd;
}

static bool write_all(int fd, struct str bytes)
{
	while (bytes.len) {
		ssize_t n = write(fd, bytes.p, bytes.len);

		if (n < 0 && errno != EINTR)
			return false;
		if (n > 0)
			bytes = str_from(bytes, (size_t)n);
	}
	return true;
}

bool export_file_is_same(int folder, const char *name, struct str bytes)
{
	int fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat st;
	bool same = fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
		    (st.st_mode & 07777) == 0644 && (size_t)st.st_size == bytes.len;

	while (same && bytes.len) {
		char chunk[4096];
		ssize_t n = read(fd, chunk, sizeof(chunk));

		same = n > 0 && (size_t)n <= bytes.len && memcmp(chunk, bytes.p, (size_t)n) == 0;
		if (same)
			bytes = str_from(bytes, (size_t)n);
	}
	if (fd >= 0)
		close(fd);
	return same;
}

bool export_file_replace(int top, int folder, const char *name, struct str bytes)
{
	int fd;
	bool good;

	unlinkat(top, EXPORT_SCRATCH, 0);
	fd = openat(top, EXPORT_SCRATCH, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
		    0644);
	if (fd < 0)
		return false;
	good = write_all(fd, bytes) && fchmod(fd, 0644) == 0;
	good = close(fd) == 0 && good;
	if (good && renameat(top, EXPORT_SCRATCH, folder, name) == 0)
		return true;

	int reason = errno;

	unlinkat(top, EXPORT_SCRATCH, 0);
	errno = reason;
	return false;
}
