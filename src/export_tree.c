/* Which files an export had, and has: planned, written, listed, removed. */
#include "config.h"

#include "export_tree.h"

#include "arena.h"
#include "buf.h"
#include "export_file.h"
#include "map.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define MARKER ".mailconf-export"

static const char signature[] = "mailconf export 1";

/* One list of paths: of the export before, or of this one. */
struct file_set {
	struct map map;
	struct str *paths; /* in the order of the list */
	size_t count, size;
};

struct export_tree {
	char *folder;
	char *first_line; /* of the list: the signature, and the kind */
	int fd;
	struct arena *arena; /* the paths */
	struct file_set before, now;
	struct export_count done;
	char *problem;
};

static void say(struct export_tree *tree, struct str path, const char *what, const char *reason)
{
	struct buf text = BUF_EMPTY;

	if (tree->problem)
		return;
	buf_addf(&text, "%s%s%.*s: %s", tree->folder, path.len ? "/" : "", STR_ARGS(path), what);
	if (reason)
		buf_addf(&text, ": %s", reason);
	tree->problem = buf_take(&text, &(size_t){ 0 });
	if (!tree->problem)
		tree->problem = strdup("out of memory");
}

static void say_errno(struct export_tree *tree, struct str path, const char *what)
{
	say(tree, path, what, strerror(errno));
}

/* --- Paths and sets --- */

static bool has(const struct file_set *set, struct str path)
{
	return map_find(&set->map, path) != NULL;
}

static void add(struct export_tree *tree, struct file_set *set, struct str path)
{
	struct str copy;
	void *present;

	if (tree->problem || has(set, path))
		return;
	if (!export_path_is_inside(path)) {
		say(tree, path, "is no path within an export", NULL);
		return;
	}
	if (set->count == set->size) {
		size_t size = set->size ? set->size * 2 : 256;
		struct str *paths = reallocarray(set->paths, size, sizeof(*paths));

		if (paths) {
			set->paths = paths;
			set->size = size;
		}
	}
	copy = arena_str(tree->arena, path);
	if (set->count == set->size || arena_failed(tree->arena) ||
	    !map_put(&set->map, copy, set, &present))
		say(tree, path, "out of memory", NULL);
	else
		set->paths[set->count++] = copy;
}

/* --- Files --- */

void export_tree_write(struct export_tree *tree, struct str path, struct str bytes)
{
	char name[EXPORT_NAME];
	int folder;

	if (tree->problem)
		return;
	folder = export_file_parent(tree->fd, path, true, name);
	if (folder < 0) {
		say_errno(tree, path, "cannot write");
		return;
	}
	if (!export_file_is_same(folder, name, bytes)) {
		if (export_file_replace(tree->fd, folder, name, bytes))
			tree->done.written++;
		else
			say_errno(tree, path, "cannot write");
	}
	close(folder);
}

/* --- The list --- */

static void write_list(struct export_tree *tree, bool both)
{
	struct buf text = BUF_EMPTY;

	buf_addf(&text, "%s\n", tree->first_line);
	for (size_t i = 0; i < tree->now.count; i++)
		buf_addf(&text, "%.*s\n", STR_ARGS(tree->now.paths[i]));
	for (size_t i = 0; both && i < tree->before.count; i++) {
		if (!has(&tree->now, tree->before.paths[i]))
			buf_addf(&text, "%.*s\n", STR_ARGS(tree->before.paths[i]));
	}
	if (buf_failed(&text))
		say(tree, STR(MARKER), "out of memory", NULL);
	else if (!tree->problem && !export_file_is_same(tree->fd, MARKER, buf_str(&text)) &&
		 !export_file_replace(tree->fd, tree->fd, MARKER, buf_str(&text)))
		say_errno(tree, STR(MARKER), "cannot write");
	buf_fini(&text);
}

static void parse_list(struct export_tree *tree, struct str text)
{
	struct str line;

	if (!str_split(&text, '\n', &line) || !str_eq(line, str_of(tree->first_line))) {
		say(tree, STR(MARKER),
		    "is not the list of an export of this kind, or of a version that is "
		    "known",
		    NULL);
		return;
	}
	while (str_split(&text, '\n', &line)) {
		if (line.len)
			add(tree, &tree->before, line);
	}
}

/* False when there is none. */
static bool read_list(struct export_tree *tree)
{
	int fd = openat(tree->fd, MARKER, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct buf text = BUF_EMPTY;
	char chunk[4096];
	ssize_t n;

	if (fd < 0) {
		if (errno != ENOENT)
			say_errno(tree, STR(MARKER), "cannot read");
		return false;
	}
	while ((n = read(fd, chunk, sizeof(chunk))) > 0)
		buf_add(&text, (struct str){ .p = chunk, .len = (size_t)n });
	if (n < 0)
		say_errno(tree, STR(MARKER), "cannot read");
	else if (buf_failed(&text))
		say(tree, STR(MARKER), "out of memory", NULL);
	else
		parse_list(tree, buf_str(&text));
	close(fd);
	buf_fini(&text);
	return true;
}

/* --- The folder --- */

static bool is_empty(struct export_tree *tree)
{
	int fd = openat(tree->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *entries = fd >= 0 ? fdopendir(fd) : NULL;
	const struct dirent *entry;
	bool empty = true;

	if (!entries) {
		say_errno(tree, STR(""), "cannot read the folder");
		if (fd >= 0)
			close(fd);
		return true;
	}
	while (empty && (entry = readdir(entries)))
		empty = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
	closedir(entries);
	return empty;
}

static void open_folder(struct export_tree *tree)
{
	bool made = mkdir(tree->folder, 0755) == 0;

	if (!made && errno != EEXIST) {
		say_errno(tree, STR(""), "cannot make the folder");
		return;
	}
	tree->fd = open(tree->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (tree->fd < 0)
		say_errno(tree, STR(""), "cannot open the folder");
	else if (made && fchmod(tree->fd, 0755) != 0)
		say_errno(tree, STR(""), "cannot set the mode");
	else if (flock(tree->fd, LOCK_EX | LOCK_NB) != 0)
		say(tree, STR(""), "another export is writing here", NULL);
	else if (!read_list(tree) && !is_empty(tree))
		say(tree, STR(""),
		    "is neither empty nor an earlier export; choose a new folder, or empty it",
		    NULL);
}

struct export_tree *export_tree_open(const char *folder, const char *kind)
{
	struct export_tree *tree = calloc(1, sizeof(*tree));

	if (!tree)
		return NULL;
	tree->fd = -1;
	tree->arena = arena_new();
	tree->folder = strdup(folder);
	if (asprintf(&tree->first_line, "%s%s%s", signature, kind ? " " : "", kind ? kind : "") < 0)
		tree->first_line = NULL;
	if (!tree->arena || !tree->folder || !tree->first_line) {
		export_tree_free(tree);
		return NULL;
	}
	for (size_t len = strlen(folder); len > 1 && tree->folder[len - 1] == '/'; len--)
		tree->folder[len - 1] = '\0';
	open_folder(tree);
	return tree;
}

void export_tree_free(struct export_tree *tree)
{
	if (!tree)
		return;
	if (tree->fd >= 0)
		close(tree->fd);
	map_fini(&tree->before.map);
	map_fini(&tree->now.map);
	free(tree->before.paths);
	free(tree->now.paths);
	arena_free(tree->arena);
	free(tree->folder);
	free(tree->first_line);
	free(tree->problem);
	free(tree);
}

const char *export_tree_problem(const struct export_tree *tree)
{
	return tree->problem;
}

struct export_count export_tree_count(const struct export_tree *tree)
{
	struct export_count count = tree->done;

	count.files = tree->now.count;
	return count;
}

void export_tree_plan(struct export_tree *tree, struct str path)
{
	add(tree, &tree->now, path);
}

static int by_text(const void *a, const void *b)
{
	const struct str *one = a, *two = b;

	return str_cmp(*one, *two);
}

/* The list comes first: an export that breaks off can be repeated, and clears up. */
void export_tree_begin(struct export_tree *tree)
{
	if (tree->now.count)
		qsort(tree->now.paths, tree->now.count, sizeof(struct str), by_text);
	for (size_t i = 0; i < tree->now.count && !tree->problem; i++) {
		struct str path = tree->now.paths[i];
		char name[EXPORT_NAME];
		struct stat st;
		int folder = has(&tree->before, path)
				     ? -1
				     : export_file_parent(tree->fd, path, false, name);

		if (folder < 0)
			continue;
		if (fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) == 0)
			say(tree, path, "is in the way: no export wrote it", NULL);
		close(folder);
	}
	if (!tree->problem)
		write_list(tree, true);
}

/* Folders above it that nothing is left in. */
static void remove_folders(struct export_tree *tree, struct str path)
{
	size_t slash;

	while ((slash = str_find_last(path, '/')) < path.len) {
		char name[EXPORT_NAME];
		int folder;
		bool removed;

		path = str_first(path, slash);
		folder = export_file_parent(tree->fd, path, false, name);
		if (folder < 0)
			return;
		removed = unlinkat(folder, name, AT_REMOVEDIR) == 0;
		close(folder);
		if (!removed)
			return;
	}
}

static void remove_file(struct export_tree *tree, struct str path)
{
	char name[EXPORT_NAME];
	int folder = export_file_parent(tree->fd, path, false, name);
	bool removed = folder >= 0 && unlinkat(folder, name, 0) == 0;

	if (!removed && errno != ENOENT)
		say_errno(tree, path, "cannot remove");
	if (folder >= 0)
		close(folder);
	if (removed) {
		tree->done.removed++;
		remove_folders(tree, path);
	}
}

void export_tree_end(struct export_tree *tree)
{
	for (size_t i = 0; i < tree->before.count && !tree->problem; i++) {
		if (!has(&tree->now, tree->before.paths[i]))
			remove_file(tree, tree->before.paths[i]);
	}
	if (!tree->problem)
		write_list(tree, false);
	if (!tree->problem && syncfs(tree->fd) != 0)
		say_errno(tree, STR(""), "cannot write");
}
