/* Exact names first, in one look-up; wildcards cost only tables that have them. */
#include "config.h"

#include "names.h"

bool names_add(struct names *names, struct str name, struct provider *provider,
	       struct provider **ret_present)
{
	void *present = NULL;
	bool good = true;

	if (str_eq(name, STR("*"))) {
		present = names->all_others;
		if (!present)
			names->all_others = provider;
	} else if (str_starts(name, STR("*."))) {
		good = map_put(&names->below, str_from(name, 2), provider, &present);
	} else {
		good = map_put(&names->exact, name, provider, &present);
	}
	*ret_present = present;
	return good;
}

struct provider *names_find_named(const struct names *names, struct str name,
				  struct str *ret_name)
{
	const struct map_slot *slot = map_find(&names->exact, name);
	struct str rest = name;

	*ret_name = name;
	if (slot) {
		*ret_name = (struct str){ .p = slot->key, .len = slot->key_len };
		return slot->value;
	}
	while (names->below.count && str_find(rest, '.') < rest.len) {
		rest = str_from(rest, str_find(rest, '.') + 1);
		slot = map_find(&names->below, rest);
		if (slot)
			return slot->value;
	}
	return NULL;
}

struct provider *names_find(const struct names *names, struct str name, struct str *ret_name)
{
	struct provider *provider = names_find_named(names, name, ret_name);

	return provider ? provider : names->all_others;
}

static void visit_map(const struct map *map, enum name_kind kind, names_visitor *visit,
		      void *closure)
{
	for (size_t i = 0; i < map->size; i++) {
		const struct map_slot *slot = &map->slots[i];

		if (slot->key)
			visit(closure, kind, (struct str){ .p = slot->key, .len = slot->key_len },
			      slot->value);
	}
}

void names_each(const struct names *names, names_visitor *visit, void *closure)
{
	visit_map(&names->exact, NAME_EXACT, visit, closure);
	visit_map(&names->below, NAME_BELOW, visit, closure);
	if (names->all_others)
		visit(closure, NAME_OTHERS, STR(""), names->all_others);
}

size_t names_count(const struct names *names)
{
	return names->exact.count + names->below.count + (names->all_others != NULL);
}

void names_fini(struct names *names)
{
	map_fini(&names->exact);
	map_fini(&names->below);
	*names = NAMES_EMPTY;
}
