/* The bump allocator. */
#include "unit.h"

#include "arena.h"

static int new_arena(void **state)
{
	*state = arena_new();
	return *state ? 0 : -1;
}

static int free_arena(void **state)
{
	arena_free(*state);
	return 0;
}

static bool all_zero(const char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (bytes[i])
			return false;
	}
	return true;
}

/* Sizes around the block limits, each piece filled so that an overlap would show. */
static void pieces(void **state)
{
	struct arena *arena = *state;
	unsigned char *kept[3000];
	size_t total = 0;

	for (size_t i = 0; i < COUNT(kept); i++) {
		size_t size = 1 + i * 7 % 300;

		kept[i] = arena_alloc(arena, size);
		assert_non_null(kept[i]);
		assert_int_equal((uintptr_t)kept[i] % _Alignof(max_align_t), 0);
		assert_true(all_zero((const char *)kept[i], size));
		memset(kept[i], (int)(i % 251 + 1), size);
		total += size;
	}
	for (size_t i = 0; i < COUNT(kept); i++) {
		size_t size = 1 + i * 7 % 300;

		for (size_t j = 0; j < size; j++)
			assert_int_equal(kept[i][j], i % 251 + 1);
	}
	assert_true(arena_size(arena) >= total);
	assert_true(arena_size(arena) < 3 * total);
	assert_false(arena_failed(arena));
}

static void large_piece(void **state)
{
	struct arena *arena = *state;
	size_t size = 5 * 1024 * 1024 + 1;
	char *small = arena_alloc(arena, 10);
	char *large = arena_alloc(arena, size);

	assert_non_null(small);
	assert_non_null(large);
	assert_true(all_zero(large, size));
	memset(large, 'x', size);
	assert_true(all_zero(small, 10));
	assert_non_null(arena_alloc(arena, 10));
	assert_true(arena_size(arena) >= size);
}

static void nothing(void **state)
{
	struct arena *arena = *state;

	assert_int_equal(arena_size(arena), 0);
	assert_non_null(arena_alloc(arena, 0));
	assert_non_null(arena_array(arena, 0, 8));
	assert_non_null(arena_array(arena, 8, 0));
	assert_false(arena_failed(arena));
}

static void texts(void **state)
{
	struct arena *arena = *state;
	char original[] = "text";
	struct str copy = arena_str(arena, str_of(original));
	struct str with_nul = arena_str(arena, STR("a\0b"));
	struct str empty = arena_str(arena, (struct str){ 0 });
	struct str printed = arena_printf(arena, "%s-%d-%.*s", "x", 42, STR_ARGS(copy));

	original[0] = 'X';
	assert_str(copy, "text");
	assert_int_equal(copy.p[copy.len], '\0');
	assert_int_equal(with_nul.len, 3);
	assert_memory_equal(with_nul.p, "a\0b", 4);
	assert_int_equal(empty.len, 0);
	assert_non_null(empty.p);
	assert_int_equal(empty.p[0], '\0');
	assert_str(printed, "x-42-text");
	assert_int_equal(printed.p[printed.len], '\0');
}

static void long_print(void **state)
{
	struct str text = arena_printf(*state, "%20000d", 7);

	assert_int_equal(text.len, 20000);
	assert_int_equal(text.p[19998], ' ');
	assert_int_equal(text.p[19999], '7');
}

static void overflow(void **state)
{
	struct arena *arena = *state;

	assert_null(arena_array(arena, SIZE_MAX / 2, 3));
	assert_true(arena_failed(arena));
}

/* After one failure nothing succeeds, so that a load needs to ask only once. */
static void failure_sticks(void **state)
{
	struct arena *arena = *state;
	char *before = arena_alloc(arena, 8);

	assert_non_null(before);
	memcpy(before, "before", 7);
	assert_null(arena_alloc(arena, SIZE_MAX - 8));
	assert_true(arena_failed(arena));
	assert_null(arena_alloc(arena, 1));
	assert_null(arena_array(arena, 1, 1));
	assert_str(arena_str(arena, STR("x")), "");
	assert_str(arena_printf(arena, "x"), "");
	assert_string_equal(before, "before");
}

static void freeing_nothing(void **state)
{
	(void)state;
	arena_free(NULL);
}

#define ARENA_TEST(function) cmocka_unit_test_setup_teardown(function, new_arena, free_arena)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ARENA_TEST(pieces),	    ARENA_TEST(large_piece),
		ARENA_TEST(nothing),	    ARENA_TEST(texts),
		ARENA_TEST(long_print),	    ARENA_TEST(overflow),
		ARENA_TEST(failure_sticks), cmocka_unit_test(freeing_nothing),
	};

	return cmocka_run_group_tests_name("arena", tests, NULL, NULL);
}
