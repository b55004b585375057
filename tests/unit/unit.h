/*
 * What the unit tests share: cmocka, comparing pieces of text, files in a folder that goes
 * away with the test, findings as one text.
 *
 * A table of cases has in each row the line it stands on (`int line`, filled by __LINE__);
 * the ROW_* checks name it when they fail.
 */
#ifndef MAILCONFD_UNIT_H
#define MAILCONFD_UNIT_H

#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "diag.h"
#include "str.h"

#include <errno.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define ROW_TRUE(row, condition)                                             \
	do {                                                                 \
		if (!(condition))                                            \
			fail_msg("row of line %d: %s", (row)->line, #condition); \
	} while (0)

#define ROW_INT(row, got, want) \
	unit_row_int((row)->line, (long long)(got), (long long)(want), #got)

/* `want` is a terminated string; `got` a struct str. */
#define ROW_STR(row, got, want) unit_row_str((row)->line, (got), (want), #got)

#define assert_str(got, want) unit_row_str(__LINE__, (got), (want), #got)

static inline void unit_row_int(int line, long long got, long long want, const char *what)
{
	if (got != want)
		fail_msg("line %d: %s is %lld, expected %lld", line, what, got, want);
}

static inline void unit_row_str(int line, struct str got, const char *want, const char *what)
{
	if (!str_eq(got, str_of(want)))
		fail_msg("line %d: %s is\n%.*s\nexpected\n%s", line, what, STR_ARGS(got), want);
}

/* A folder for one test: unit_setup and unit_teardown keep it in *state. */
struct unit {
	char folder[256];
	char path[512]; /* of the file written last */
	struct diags *diags;
	char *findings;
};

static inline int unit_setup(void **state)
{
	const char *parent = getenv("TMPDIR");
	struct unit *unit = calloc(1, sizeof(*unit));

	if (!unit)
		return -1;
	snprintf(unit->folder, sizeof(unit->folder), "%s/mailconfd-unit-XXXXXX",
		 parent && *parent ? parent : "/tmp");
	unit->diags = diags_new();
	*state = unit;
	return unit->diags && mkdtemp(unit->folder) ? 0 : -1;
}

static inline int unit_remove(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	(void)st;
	(void)flag;
	(void)ftw;
	return remove(path);
}

static inline int unit_teardown(void **state)
{
	struct unit *unit = *state;
	int result = nftw(unit->folder, unit_remove, 8, FTW_DEPTH | FTW_PHYS);

	diags_free(unit->diags);
	free(unit->findings);
	free(unit);
	return result;
}

/* Writes a file of the folder; the path is valid until the next one. */
static inline const char *unit_write_bytes(struct unit *unit, const char *name, struct str text)
{
	FILE *file;

	snprintf(unit->path, sizeof(unit->path), "%s/%s", unit->folder, name);
	file = fopen(unit->path, "wb");
	assert_non_null(file);
	assert_int_equal(fwrite(text.p, 1, text.len, file), text.len);
	assert_int_equal(fclose(file), 0);
	return unit->path;
}

static inline const char *unit_write(struct unit *unit, const char *name, const char *text)
{
	return unit_write_bytes(unit, name, str_of(text));
}

/* Forgets the findings so far. */
static inline void unit_fresh(struct unit *unit)
{
	diags_free(unit->diags);
	unit->diags = diags_new();
	assert_non_null(unit->diags);
}

/* One line a finding, without the folder's path. Valid until the next call. */
static inline const char *unit_findings(struct unit *unit)
{
	size_t len = strlen(unit->folder);
	size_t size;
	FILE *stream;
	char *from;
	char *to;

	free(unit->findings);
	stream = open_memstream(&unit->findings, &size);
	assert_non_null(stream);
	diags_print(unit->diags, diags_print_line, stream);
	assert_int_equal(fclose(stream), 0);
	for (from = to = unit->findings; *from;) {
		if (strncmp(from, unit->folder, len) == 0 && from[len] == '/')
			from += len + 1;
		else
			*to++ = *from++;
	}
	*to = '\0';
	return unit->findings;
}

/* A file of the source tree. */
static inline const char *unit_source(const char *name, char *path, size_t size)
{
	const char *top = getenv("top_srcdir");

	snprintf(path, size, "%s/%s", top ? top : ".", name);
	return path;
}

#define UNIT_TEST(function) \
	cmocka_unit_test_setup_teardown(function, unit_setup, unit_teardown)

#endif
