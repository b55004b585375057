/* The table that is made, and where its values came from. */
#include "config.h"

#include "import.h"

#include <stdlib.h>

/* A key of the map: no value is at two places of one parent, but for true and false. */
struct origin_id {
	const json_t *parent, *value;
};

struct origin {
	struct origin_id id;
	struct place place;
};

static struct str id_str(const struct origin_id *id)
{
	return (struct str){ .p = (const char *)id, .len = sizeof(*id) };
}

void origins_note(struct origins *origins, const json_t *parent, const json_t *value,
		  struct place place)
{
	struct origin *origin = arena_alloc(origins->arena, sizeof(*origin));
	void *present = NULL;

	if (!origin)
		return;
	*origin = (struct origin){ .id = { .parent = parent, .value = value }, .place = place };
	if (map_put(&origins->map, id_str(&origin->id), origin, &present) && present)
		((struct origin *)present)->place = place;
}

struct place origins_find(const void *closure, const json_t *parent, const json_t *value)
{
	const struct origins *origins = closure;
	const struct origin_id id = { .parent = parent, .value = value };
	const struct map_slot *slot = map_find(&origins->map, id_str(&id));

	return slot ? ((const struct origin *)slot->value)->place : origins->whole;
}

void origins_fini(struct origins *origins)
{
	map_fini(&origins->map);
}

bool import_init(struct import *import, struct diags *diags)
{
	*import = (struct import){
		.arena = arena_new(),
		.diags = diags,
		.providers = json_array(),
	};
	return import->arena && import->providers;
}

void import_fini(struct import *import)
{
	json_decref(import->providers);
	map_fini(&import->domains);
	map_fini(&import->mail_exchangers);
	arena_free(import->arena);
}

static int add_piece(const char *text, size_t len, void *closure)
{
	buf_add(closure, (struct str){ .p = text, .len = len });
	return 0;
}

bool import_print(struct buf *buf, const json_t *table)
{
	bool good = table && json_dump_callback(table, add_piece, buf, JSON_INDENT(2)) == 0;

	buf_addc(buf, '\n');
	return good && !buf_failed(buf);
}

bool import_write(struct import *import, struct buf *buf)
{
	json_t *table = json_pack("{s:s, s:O}", "$schema", "mailconfd-table.schema.json",
				  "providers", import->providers);
	bool good = !import->failed && !arena_failed(import->arena) && import_print(buf, table);

	json_decref(table);
	return good;
}
