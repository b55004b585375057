/* Looking for a file in one folder, and then in the other. */
#include "config.h"

#include "folders.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

bool folders_check(const struct folders *folders, struct diags *diags)
{
	struct place place = { .file = folders->own };
	struct stat st;

	if (stat(folders->own, &st) < 0)
		diag_add(diags, SEVERITY_ERROR, &place, "cannot read the folder: %s",
			 strerror(errno));
	else if (!S_ISDIR(st.st_mode))
		diag_add(diags, SEVERITY_ERROR, &place, "expected a folder of templates");
	else
		return true;
	return false;
}

const char *folders_find(const struct folders *folders, const char *name, struct arena *arena)
{
	const char *path = arena_printf(arena, "%s/%s", folders->own, name).p;

	if (folders->standard && access(path, F_OK) < 0 && errno == ENOENT)
		path = arena_printf(arena, "%s/%s", folders->standard, name).p;
	return path;
}
