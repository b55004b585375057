/*
 * Open addressing with linear probing, at most three quarters full. The table is the
 * administrator's, so a fixed seed is safe: an asker chooses what is looked up, never what
 * is stored, and a look-up costs at most the longest run of the stored names.
 */
#include "config.h"

#include "map.h"

#include <stdlib.h>

/* Multiply and fold: the 128-bit product, its halves combined. */
static uint64_t mix(uint64_t a, uint64_t b)
{
	__uint128_t product = (__uint128_t)a * b;

	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

uint64_t hash_bytes(struct str s, uint64_t seed)
{
	const uint64_t k0 = 0x9e3779b97f4a7c15u;
	const uint64_t k1 = 0xbf58476d1ce4e5b9u;
	uint64_t hash = mix(seed ^ k0, s.len ^ k1);

	while (s.len) {
		unsigned char chunk[8] = { 0 };
		size_t n = s.len < sizeof(chunk) ? s.len : sizeof(chunk);
		uint64_t word = 0;

		memcpy(chunk, s.p, n);
		for (size_t i = 0; i < sizeof(chunk); i++)
			word |= (uint64_t)chunk[i] << (8 * i);
		hash = mix(hash ^ word ^ k1, k0);
		s = str_from(s, n);
	}
	return hash;
}

static uint32_t hash_key(struct str key)
{
	return (uint32_t)(hash_bytes(key, 0) >> 32);
}

/* The slot that holds the key, or the free one where it belongs. */
static struct map_slot *probe(const struct map *map, struct str key, uint32_t hash)
{
	for (size_t i = hash;; i++) {
		struct map_slot *slot = &map->slots[i & (map->size - 1)];

		if (!slot->key)
			return slot;
		if (slot->hash == hash && slot->key_len == key.len &&
		    memcmp(slot->key, key.p, key.len) == 0)
			return slot;
	}
}

static bool grow(struct map *map)
{
	struct map larger = { .size = map->size ? map->size * 2 : 16 };

	larger.slots = calloc(larger.size, sizeof(*larger.slots));
	if (!larger.slots)
		return false;
	for (size_t i = 0; i < map->size; i++) {
		const struct map_slot *slot = &map->slots[i];
		struct str key = { .p = slot->key, .len = slot->key_len };

		if (slot->key)
			*probe(&larger, key, slot->hash) = *slot;
	}
	larger.count = map->count;
	free(map->slots);
	*map = larger;
	return true;
}

bool map_put(struct map *map, struct str key, void *value, void **ret_present)
{
	uint32_t hash = hash_key(key);

	if (key.len > UINT32_MAX)
		return false;
	if (map->count >= map->size / 4 * 3 && !grow(map))
		return false;

	struct map_slot *slot = probe(map, key, hash);

	*ret_present = slot->key ? slot->value : NULL;
	if (!slot->key) {
		*slot = (struct map_slot){
			.key = key.p,
			.key_len = (uint32_t)key.len,
			.hash = hash,
			.value = value,
		};
		map->count++;
	}
	return true;
}

const struct map_slot *map_find(const struct map *map, struct str key)
{
	if (map->size == 0)
		return NULL;

	const struct map_slot *slot = probe(map, key, hash_key(key));

	return slot->key ? slot : NULL;
}

void map_fini(struct map *map)
{
	free(map->slots);
	*map = MAP_EMPTY;
}
