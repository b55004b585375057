/* Programs: texts and holes. */
#include "unit.h"

#include "program.h"

static const struct values values = {
	.hole = {
		[HOLE_ADDRESS] = { .p = "ann@q.com", .len = 9 },
		[HOLE_LOCAL_PART] = { .p = "ann", .len = 3 },
		[HOLE_DOMAIN] = { .p = "q.com", .len = 5 },
		[HOLE_EMAIL_DOMAIN] = { .p = "", .len = 0 },
	},
};

/* "A", "L", "D" and "E" are holes, all else is text. */
static struct program make(struct arena *arena, const char *text)
{
	static const char letters[] = "ALDE";
	struct program_builder builder;
	struct program program;

	program_builder_init(&builder, arena);
	for (; *text; text++) {
		const char *letter = strchr(letters, *text);

		if (letter)
			program_builder_hole(&builder, (enum hole)(letter - letters));
		else
			program_builder_text(&builder, (struct str){ text, 1 });
	}
	assert_true(program_builder_finish(&builder, &program));
	return program;
}

static char *run(const struct program *program, const struct values *with)
{
	size_t size = program_size(program, with);
	char *out = malloc(size + 1);

	assert_non_null(out);
	program_run(program, with, out);
	out[size] = '\0';
	return out;
}

static void running(void **state)
{
	static const struct {
		int line;
		const char *program, *output;
		size_t pieces;
		unsigned holes;
	} rows[] = {
		{ __LINE__, "", "", 1, 0 },
		{ __LINE__, "text", "text", 1, 0 },
		{ __LINE__, "D", "q.com", 2, 1 << HOLE_DOMAIN },
		{ __LINE__, "<D>", "<q.com>", 2, 1 << HOLE_DOMAIN },
		{ __LINE__, "AD", "ann@q.comq.com", 3, 1 << HOLE_ADDRESS | 1 << HOLE_DOMAIN },
		{ __LINE__, "L@D;A", "ann@q.com;ann@q.com", 4,
		  1 << HOLE_LOCAL_PART | 1 << HOLE_DOMAIN | 1 << HOLE_ADDRESS },
		{ __LINE__, "xEy", "xy", 2, 1 << HOLE_EMAIL_DOMAIN },
		{ __LINE__, "DDD", "q.comq.comq.com", 4, 1 << HOLE_DOMAIN },
	};
	struct arena *arena = arena_new();

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct program program = make(arena, rows[i].program);
		char *out = run(&program, &values);

		ROW_STR(&rows[i], str_of(out), rows[i].output);
		ROW_INT(&rows[i], program.count, rows[i].pieces);
		ROW_INT(&rows[i], program.holes_used, rows[i].holes);
		free(out);
	}
	arena_free(arena);
}

/* Values may hold anything, and be as long as they like. */
static void odd_values(void **state)
{
	static char large[100000];
	struct values odd = { .hole = { [HOLE_DOMAIN] = { large, sizeof(large) } } };
	struct arena *arena = arena_new();
	struct program program = make(arena, "<D>");
	char *out;

	(void)state;
	memset(large, '\0', sizeof(large));
	out = run(&program, &odd);
	assert_int_equal(program_size(&program, &odd), sizeof(large) + 2);
	assert_int_equal(out[0], '<');
	assert_memory_equal(out + 1, large, sizeof(large));
	assert_int_equal(out[sizeof(large) + 1], '>');
	free(out);
	odd.hole[HOLE_DOMAIN] = (struct str){ 0 };
	out = run(&program, &odd);
	assert_string_equal(out, "<>");
	free(out);
	arena_free(arena);
}

static void digest_of_equals(void **state)
{
	struct arena *one = arena_new();
	struct arena *other = arena_new();
	char copy[] = "q.com";
	struct values same = values;
	struct program a = make(one, "x<D>y");
	struct program b = make(other, "x<D>y");

	(void)state;
	same.hole[HOLE_DOMAIN] = str_of(copy);
	assert_true(a.digest == b.digest);
	assert_true(program_digest(&a, &values) == program_digest(&b, &same));

	/* what no hole shows does not count */
	same.hole[HOLE_ADDRESS] = STR("bob@q.com");
	same.hole[HOLE_LOCAL_PART] = STR("bob");
	assert_true(program_digest(&a, &values) == program_digest(&a, &same));
	arena_free(one);
	arena_free(other);
}

static void digest_of_differences(void **state)
{
	/* no two of these write the same bytes for all values */
	static const char *const programs[] = {
		"",   "x",   "y",    "xy",  "yx",  "D",	  "A",	"L",  "E",
		"xD", "Dx",  "xDy",  "xyD", "Dxy", "xAy", "DD", "AD", "DA",
		"ADx", "AxD", "xAD", "DDD",
	};
	uint64_t digests[COUNT(programs)];
	struct arena *arena = arena_new();

	(void)state;
	for (size_t i = 0; i < COUNT(programs); i++) {
		struct program program = make(arena, programs[i]);

		digests[i] = program_digest(&program, &values);
		for (size_t j = 0; j < i; j++) {
			if (digests[i] == digests[j])
				fail_msg("\"%s\" and \"%s\"", programs[i], programs[j]);
		}
	}
	arena_free(arena);
}

static void digest_of_holes(void **state)
{
	struct arena *arena = arena_new();
	struct program program = make(arena, "A L D E");
	uint64_t digest = program_digest(&program, &values);

	(void)state;
	for (enum hole hole = 0; hole < HOLES; hole++) {
		struct values other = values;
		bool is_used = (program.holes_used & 1u << hole) != 0;

		other.hole[hole] = STR("other");
		assert_int_equal(program_digest(&program, &other) != digest, is_used);
	}
	assert_true(program_digest(&program, &values) == digest);
	arena_free(arena);
}

/* Bytes that move from one value to its neighbour. */
static void digest_of_borders(void **state)
{
	struct values one = { .hole = { [HOLE_ADDRESS] = STR("ab"), [HOLE_DOMAIN] = STR("c") } };
	struct values other = { .hole = { [HOLE_ADDRESS] = STR("a"), [HOLE_DOMAIN] = STR("bc") } };
	struct arena *arena = arena_new();
	struct program program = make(arena, "A|D");

	(void)state;
	assert_true(program_digest(&program, &one) != program_digest(&program, &other));
	arena_free(arena);
}

/* ETags are made of these: computed once apart from the C code. */
static void known_digests(void **state)
{
	struct arena *arena = arena_new();
	struct program text = make(arena, "text");
	struct program holes = make(arena, "<D>A");

	(void)state;
	assert_true(text.digest == 0x09a9fb0add195375);
	assert_true(holes.digest == 0x34cb3d963c5cdbdd);
	assert_true(program_digest(&holes, &values) == 0x928a99525b69a691);
	arena_free(arena);
}

/* "[" and "]" around a part, whose key is the letter behind "[". */
static struct program make_parts(struct arena *arena, const char *text)
{
	struct program_builder builder;
	struct program program;

	program_builder_init(&builder, arena);
	for (; *text; text++) {
		if (*text == '[')
			program_builder_begin_part(&builder, (struct str){ ++text, 1 });
		else if (*text == ']')
			program_builder_end_part(&builder);
		else if (*text == 'D')
			program_builder_hole(&builder, HOLE_DOMAIN);
		else
			program_builder_text(&builder, (struct str){ text, 1 });
	}
	assert_true(program_builder_finish(&builder, &program));
	return program;
}

static void parts(void **state)
{
	static const struct {
		int line;
		const char *program, *first, *output;
	} rows[] = {
		{ __LINE__, "<[a1][b2][c3]>", "", "<123>" },
		{ __LINE__, "<[a1][b2][c3]>", "a", "<123>" },
		{ __LINE__, "<[a1][b2][c3]>", "b", "<213>" },
		{ __LINE__, "<[a1][b2][c3]>", "c", "<312>" },
		{ __LINE__, "<[a1][b2][c3]>", "d", "<123>" },
		{ __LINE__, "<[a1][b2][c3]>", "ab", "<123>" },
		{ __LINE__, "[a1][b2]", "b", "21" },
		{ __LINE__, "[a][b]", "b", "" },
		{ __LINE__, "<[a][b2]>", "b", "<2>" },
		{ __LINE__, "<[a1][b]>", "b", "<1>" },
		{ __LINE__, "[a1]", "a", "1" },
		{ __LINE__, "<12>", "a", "<12>" },
		/* with holes at either end */
		{ __LINE__, "D[aD][bD2D]D", "b", "q.comq.com2q.comq.comq.com" },
		{ __LINE__, "D[a1D][b2]x", "b", "q.com21q.comx" },
		{ __LINE__, "D[a1D][b2]x", "", "q.com1q.com2x" },
		{ __LINE__, "[aD1][b2D]", "b", "2q.comq.com1" },
	};
	struct arena *arena = arena_new();

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct program program = make_parts(arena, rows[i].program);
		struct values with = values;
		char *out;

		with.first_part = str_of(rows[i].first);
		out = run(&program, &with);
		ROW_STR(&rows[i], str_of(out), rows[i].output);
		free(out);
	}
	arena_free(arena);
}

/* Answers in another order are other answers; those in the same are the same. */
static void digest_of_parts(void **state)
{
	struct arena *arena = arena_new();
	struct program program = make_parts(arena, "<[a1][b2]>");
	struct program plain = make_parts(arena, "<12>");
	struct values first = values, second = values, none = values;

	(void)state;
	first.first_part = STR("a");
	second.first_part = STR("b");
	none.first_part = STR("c");
	assert_true(program_digest(&program, &second) != program_digest(&program, &values));
	assert_true(program_digest(&program, &first) != program_digest(&program, &second));
	assert_true(program_digest(&plain, &first) == program_digest(&plain, &second));
	assert_int_equal(program_size(&program, &second), program_size(&program, &values));
	assert_true(program_digest(&program, &none) == program_digest(&program, &none));
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parts),
		cmocka_unit_test(digest_of_parts),
		cmocka_unit_test(running),
		cmocka_unit_test(odd_values),
		cmocka_unit_test(digest_of_equals),
		cmocka_unit_test(digest_of_differences),
		cmocka_unit_test(digest_of_holes),
		cmocka_unit_test(digest_of_borders),
		cmocka_unit_test(known_digests),
	};

	return cmocka_run_group_tests_name("program", tests, NULL, NULL);
}
