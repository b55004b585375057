/* Loading the templates of several documents. */
#include "config.h"

#include "template_set.h"

#include "provider.h"

bool template_set_load(const struct document *documents, size_t count,
		       const struct folders *folders, const struct record *site,
		       struct arena *arena, struct diags *diags,
		       const struct template *const **ret_templates)
{
	const struct template **templates = arena_array(arena, count, sizeof(*templates));
	bool good = templates != NULL;

	for (size_t i = 0; templates && i < count; i++) {
		const char *name = documents[i].template;
		size_t same = 0;

		while (strcmp(documents[same].template, name) != 0)
			same++;
		if (same < i) {
			templates[i] = templates[same];
			continue;
		}
		templates[i] = template_load(folders_find(folders, name, arena), &provider_record,
					     site, arena, diags);
		good = good && templates[i];
	}
	*ret_templates = templates;
	return good;
}
