/* The hash map, and its hash: the ETags of all machines depend on its values. */
#include "unit.h"

#include "map.h"

/* Computed once apart from the C code, with integers of any length. */
static void known_hashes(void **state)
{
	static char every_byte[256];
	const struct {
		int line;
		struct str text;
		uint64_t seed;
		uint64_t hash;
	} rows[] = {
		{ __LINE__, STR(""), 0, 0xa035e2cc637f5704 },
		{ __LINE__, STR(""), 1, 0x615a395f4058ad5d },
		{ __LINE__, STR("a"), 0, 0xd57cd8fddd46dedb },
		{ __LINE__, STR("a\0"), 0, 0xee7f361a20bc0a56 },
		{ __LINE__, STR("example"), 0, 0xb198a78ae7e70429 },
		{ __LINE__, STR("example."), 0, 0xf875cea37fb90741 },
		{ __LINE__, STR("example.com"), 0, 0xcafe5abf94fb7faa },
		{ __LINE__, STR("centurylink.net"), 0, 0xd1724e7d7703a615 },
		{ __LINE__, STR("centurylink.net"), UINT64_MAX, 0x53d845951daad2df },
		{ __LINE__, STR("b\xc3\xbc" "cher"), 7, 0xa6805e2fc4a8b8ad },
		{ __LINE__, STR("\xff\xff\xff\xff\xff\xff\xff\xff"), 0, 0x54460d6a92128701 },
		{ __LINE__, { every_byte, 256 }, 3, 0xbdfd826698639e42 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(every_byte); i++)
		every_byte[i] = (char)i;
	for (size_t i = 0; i < COUNT(rows); i++) {
		uint64_t hash = hash_bytes(rows[i].text, rows[i].seed);

		if (hash != rows[i].hash)
			fail_msg("row of line %d: 0x%016llx", rows[i].line,
				 (unsigned long long)hash);
	}
}

/* Every bit of every byte, and the length, counts. */
static void hash_depends_on_all(void **state)
{
	char text[40] = "the quick brown fox jumps over the dog";
	uint64_t whole = hash_bytes((struct str){ text, sizeof(text) }, 0);

	(void)state;
	for (size_t i = 0; i < sizeof(text); i++) {
		assert_true(hash_bytes((struct str){ text, i }, 0) != whole);
		for (unsigned bit = 0; bit < 8; bit++) {
			text[i] = (char)(text[i] ^ (1 << bit));
			assert_true(hash_bytes((struct str){ text, sizeof(text) }, 0) != whole);
			text[i] = (char)(text[i] ^ (1 << bit));
		}
	}
	assert_true(hash_bytes((struct str){ text, sizeof(text) }, 0) == whole);
	assert_true(hash_bytes((struct str){ text, sizeof(text) }, 1) != whole);
}

static void put_and_find(void **state)
{
	struct map map = MAP_EMPTY;
	char key[] = "key";
	int one, two;
	void *present = &one;

	(void)state;
	assert_null(map_find(&map, STR("key")));
	assert_true(map_put(&map, STR("key"), &one, &present));
	assert_null(present);
	assert_int_equal(map.count, 1);
	assert_non_null(map_find(&map, str_of(key)));
	assert_ptr_equal(map_find(&map, str_of(key))->value, &one);
	assert_null(map_find(&map, STR("Key")));
	assert_null(map_find(&map, STR("ke")));
	assert_null(map_find(&map, STR("key\0")));
	assert_null(map_find(&map, STR("")));

	/* what is there stays */
	assert_true(map_put(&map, str_of(key), &two, &present));
	assert_ptr_equal(present, &one);
	assert_ptr_equal(map_find(&map, STR("key"))->value, &one);
	assert_true(map_find(&map, STR("key"))->key != key);
	assert_int_equal(map.count, 1);
	map_fini(&map);
	assert_null(map_find(&map, STR("key")));
}

static void empty_key(void **state)
{
	struct map map = MAP_EMPTY;
	void *present;
	int value;

	(void)state;
	assert_true(map_put(&map, STR(""), &value, &present));
	assert_null(present);
	assert_non_null(map_find(&map, STR("")));
	assert_ptr_equal(map_find(&map, STR(""))->value, &value);
	assert_null(map_find(&map, STR("x")));
	map_fini(&map);
}

/* At each size all keys so far are there, and there is a free slot to stop at. */
static void growth(void **state)
{
	static char keys[100][8];
	struct map map = MAP_EMPTY;
	void *present;

	(void)state;
	for (size_t i = 0; i < COUNT(keys); i++) {
		int len = snprintf(keys[i], sizeof(keys[i]), "k%zu", i);

		assert_true(map_put(&map, (struct str){ keys[i], (size_t)len }, keys[i],
				    &present));
		assert_null(present);
		assert_int_equal(map.count, i + 1);
		assert_true(map.count <= map.size / 4 * 3);
		assert_int_equal(map.size & (map.size - 1), 0);
		for (size_t j = 0; j <= i; j++) {
			const struct map_slot *slot = map_find(&map, str_of(keys[j]));

			assert_non_null(slot);
			assert_ptr_equal(slot->value, keys[j]);
		}
		assert_null(map_find(&map, STR("absent")));
	}
	map_fini(&map);
}

static void many_keys(void **state)
{
	enum { KEYS = 100000 };
	char(*keys)[32] = calloc(KEYS, sizeof(*keys));
	struct map map = MAP_EMPTY;
	void *present;
	char absent[40];

	(void)state;
	assert_non_null(keys);
	for (size_t i = 0; i < KEYS; i++) {
		snprintf(keys[i], sizeof(keys[i]), "customer-%zu.example.com", i);
		if (!map_put(&map, str_of(keys[i]), keys[i], &present) || present)
			fail_msg("key %zu", i);
	}
	assert_int_equal(map.count, KEYS);
	for (size_t i = 0; i < KEYS; i++) {
		const struct map_slot *slot = map_find(&map, str_of(keys[i]));

		if (!slot || slot->value != keys[i])
			fail_msg("key %zu is lost", i);
		snprintf(absent, sizeof(absent), "x%s", keys[i]);
		if (map_find(&map, str_of(absent)))
			fail_msg("key %s is found", absent);
	}
	map_fini(&map);
	free(keys);
}

/* A run of occupied slots is what a look-up costs at most. */
static void short_runs(void **state)
{
	enum { KEYS = 100000 };
	char(*keys)[32] = calloc(KEYS, sizeof(*keys));
	struct map map = MAP_EMPTY;
	void *present;
	size_t run = 0;
	size_t longest = 0;

	(void)state;
	assert_non_null(keys);
	for (size_t i = 0; i < KEYS; i++) {
		snprintf(keys[i], sizeof(keys[i]), "d%zu.example", i);
		assert_true(map_put(&map, str_of(keys[i]), keys[i], &present));
	}
	for (size_t i = 0; i < map.size; i++) {
		run = map.slots[i].key ? run + 1 : 0;
		longest = run > longest ? run : longest;
	}
	assert_in_range(longest, 1, 400);
	map_fini(&map);
	free(keys);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_hashes), cmocka_unit_test(hash_depends_on_all),
		cmocka_unit_test(put_and_find), cmocka_unit_test(empty_key),
		cmocka_unit_test(growth),	cmocka_unit_test(many_keys),
		cmocka_unit_test(short_runs),
	};

	return cmocka_run_group_tests_name("map", tests, NULL, NULL);
}
