/* A program that stands beside a config.status has been built there and not installed. */
#include "config.h"

#include "paths.h"

#include <limits.h>
#include <unistd.h>

bool path_exists(const char *path)
{
	return access(path, F_OK) == 0;
}

/*
 * The source tree above the folder of the program, shown as short as can be: as it is seen
 * from the working directory, when that is inside.
 */
static const char *source_tree(struct arena *arena)
{
	char path[PATH_MAX];
	ssize_t len = readlink("/proc/self/exe", path, sizeof(path));
	struct str folder = { .p = path, .len = len > 0 ? (size_t)len : 0 };
	struct str tree;

	folder.len = str_find_last(folder, '/');
	if (len <= 0 || folder.len == (size_t)len)
		return NULL;
	if (!path_exists(arena_printf(arena, "%.*s/config.status", STR_ARGS(folder)).p))
		return NULL;
	folder.len = str_find_last(folder, '/');
	tree = arena_printf(arena, "%.*s", STR_ARGS(folder));
	if (!path_exists(arena_printf(arena, "%s/conf/mailconfd.json", tree.p).p))
		return NULL;
	if (getcwd(path, sizeof(path)) && str_eq(str_of(path), tree))
		return ".";
	return tree.p;
}

static const char *choose(struct arena *arena, const char *in_tree, const char *installed)
{
	const char *tree = source_tree(arena);

	if (!tree)
		return installed;
	if (strcmp(tree, ".") == 0)
		return in_tree;
	return arena_printf(arena, "%s/%s", tree, in_tree).p;
}

const char *default_settings(struct arena *arena)
{
	return choose(arena, "conf/mailconfd.json", MAILCONFD_SYSCONFDIR "/mailconfd.json");
}

const char *default_templates(struct arena *arena)
{
	return choose(arena, "templates", MAILCONFD_PKGDATADIR "/templates");
}
