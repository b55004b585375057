/*
 * Blocks are doubled up to a limit, so that a small table costs one small block and a large
 * one few large ones. A request bigger than a block gets a block of its own.
 */
#include "config.h"

#include "arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum {
	FIRST_BLOCK = 4 * 1024,
	LARGEST_BLOCK = 1024 * 1024,
	ALIGNMENT = _Alignof(max_align_t),
};

struct block {
	struct block *next;
	size_t size; /* of bytes[] */
	size_t used;
	_Alignas(max_align_t) char bytes[];
};

struct arena {
	struct block *blocks; /* the one in use first */
	size_t next_size;
	size_t total;
	bool failed;
};

struct arena *arena_new(void)
{
	struct arena *arena = calloc(1, sizeof(*arena));

	if (arena)
		arena->next_size = FIRST_BLOCK;
	return arena;
}

void arena_free(struct arena *arena)
{
	if (!arena)
		return;
	for (struct block *block = arena->blocks, *next; block; block = next) {
		next = block->next;
		free(block);
	}
	free(arena);
}

static struct block *add_block(struct arena *arena, size_t least)
{
	size_t size = arena->next_size > least ? arena->next_size : least;
	struct block *block = malloc(sizeof(*block) + size);

	if (!block)
		return NULL;
	block->size = size;
	block->used = 0;
	block->next = arena->blocks;
	arena->blocks = block;
	arena->total += sizeof(*block) + size;
	if (arena->next_size < LARGEST_BLOCK)
		arena->next_size *= 2;
	return block;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	struct block *block = arena->blocks;

	if (arena->failed || size > SIZE_MAX / 2) {
		arena->failed = true;
		return NULL;
	}
	size = (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
	if (!block || block->size - block->used < size)
		block = add_block(arena, size);
	if (!block) {
		arena->failed = true;
		return NULL;
	}

	void *bytes = block->bytes + block->used;

	block->used += size;
	return memset(bytes, 0, size);
}

void *arena_array(struct arena *arena, size_t count, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(count, size, &bytes)) {
		arena->failed = true;
		return NULL;
	}
	return arena_alloc(arena, bytes);
}

struct str arena_str(struct arena *arena, struct str s)
{
	char *copy = arena_alloc(arena, s.len + 1);

	if (!copy)
		return STR("");
	if (s.len)
		memcpy(copy, s.p, s.len);
	return (struct str){ .p = copy, .len = s.len };
}

struct str arena_printf(struct arena *arena, const char *format, ...)
{
	char *text = NULL;
	va_list args;

	va_start(args, format);

	int len = vasprintf(&text, format, args);

	va_end(args);
	if (len < 0) {
		arena->failed = true;
		return STR("");
	}

	struct str copy = arena_str(arena, (struct str){ .p = text, .len = (size_t)len });

	free(text);
	return copy;
}

bool arena_failed(const struct arena *arena)
{
	return arena->failed;
}

size_t arena_size(const struct arena *arena)
{
	return arena->total;
}
