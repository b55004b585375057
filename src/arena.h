/*
 * A bump allocator: everything that one load allocates, freed by one call.
 *
 * Failure sticks: after the first allocation that could not be made every later one fails
 * too, and arena_failed() says so. A load therefore asks once, at its end.
 */
#ifndef MAILCONFD_ARENA_H
#define MAILCONFD_ARENA_H

#include "str.h"

struct arena;

/* Returns owned, or NULL when out of memory. */
struct arena *arena_new(void);

/* Frees everything allocated from it. NULL is fine. */
void arena_free(struct arena *arena);

/* `size` zeroed bytes, aligned for any type; they live with the arena. NULL on failure. */
void *arena_alloc(struct arena *arena, size_t size);

/* An array of `count` zeroed elements; NULL on failure and on overflow. */
void *arena_array(struct arena *arena, size_t count, size_t size);

/* A copy of `s`, with a NUL behind it; the empty string on failure. */
struct str arena_str(struct arena *arena, struct str s);

/* A formatted text; the empty string on failure. */
struct str arena_printf(struct arena *arena, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

bool arena_failed(const struct arena *arena);

/* Bytes asked of the system, for reports. */
size_t arena_size(const struct arena *arena);

#endif
