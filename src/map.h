/*
 * A hash map from names to pointers. Built once, then only read: look-ups from several
 * threads need no lock. Keys are borrowed and compared byte by byte.
 */
#ifndef MAILCONFD_MAP_H
#define MAILCONFD_MAP_H

#include "str.h"

#include <stdint.h>

struct map {
	struct map_slot *slots;
	size_t size; /* a power of two, or 0 */
	size_t count;
};

struct map_slot {
	const char *key; /* NULL: free */
	uint32_t key_len;
	uint32_t hash;
	void *value;
};

#define MAP_EMPTY ((struct map){ 0 })

/* 64 bits that depend on every byte of `s`; the same on every machine and in every run. */
uint64_t hash_bytes(struct str s, uint64_t seed);

/*
 * Puts `value` under `key`, which must outlive the map. When the key is there already
 * nothing changes and *ret_present is its value. False when out of memory.
 */
bool map_put(struct map *map, struct str key, void *value, void **ret_present);

/* The slot of `key`, or NULL. Its key is the bytes that were put in. */
const struct map_slot *map_find(const struct map *map, struct str key);

void map_fini(struct map *map);

#endif
