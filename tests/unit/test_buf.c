/* The growing buffer. */
#include "unit.h"

#include "buf.h"

static void adding(void **state)
{
	struct buf buf = BUF_EMPTY;
	size_t len = 0;
	char *text;

	(void)state;
	buf_add(&buf, STR("ab"));
	buf_addc(&buf, 'c');
	buf_addf(&buf, "-%d-%s", 42, "x");
	buf_add(&buf, STR("\0z"));
	assert_int_equal(buf_str(&buf).len, 10);
	assert_memory_equal(buf_str(&buf).p, "abc-42-x\0z", 10);
	assert_false(buf_failed(&buf));
	text = buf_take(&buf, &len);
	assert_non_null(text);
	assert_int_equal(len, 10);
	assert_memory_equal(text, "abc-42-x\0z", 11);
	free(text);
}

static void empty(void **state)
{
	struct buf buf = BUF_EMPTY;
	size_t len = 7;
	char *text;

	(void)state;
	assert_str(buf_str(&buf), "");
	assert_non_null(buf_str(&buf).p);
	buf_add(&buf, (struct str){ 0 });
	buf_addf(&buf, "%s", "");
	assert_int_equal(buf_str(&buf).len, 0);
	text = buf_take(&buf, &len);
	assert_non_null(text);
	assert_int_equal(len, 0);
	assert_string_equal(text, "");
	free(text);
}

/* Byte by byte past every doubling, in both ways of adding. */
static void growing(void **state)
{
	struct buf buf = BUF_EMPTY;
	size_t len;
	char *text;

	(void)state;
	for (size_t i = 0; i < 10000; i++) {
		buf_addc(&buf, (char)('a' + i % 26));
		buf_addf(&buf, "%zu", i % 10);
	}
	text = buf_take(&buf, &len);
	assert_non_null(text);
	assert_int_equal(len, 20000);
	assert_int_equal(strlen(text), 20000);
	for (size_t i = 0; i < 10000; i++) {
		assert_int_equal(text[2 * i], 'a' + i % 26);
		assert_int_equal(text[2 * i + 1], '0' + i % 10);
	}
	free(text);
}

static void exact_sizes(void **state)
{
	char source[600];

	(void)state;
	memset(source, 'x', sizeof(source));
	for (size_t len = 0; len < sizeof(source); len++) {
		struct buf buf = BUF_EMPTY;
		size_t taken;
		char *text;

		buf_addf(&buf, "%.*s", (int)len, source);
		text = buf_take(&buf, &taken);
		assert_non_null(text);
		assert_int_equal(taken, len);
		assert_int_equal(strlen(text), len);
		free(text);
	}
}

static void taken_is_empty(void **state)
{
	struct buf buf = BUF_EMPTY;
	char *first;
	char *second;

	(void)state;
	buf_add(&buf, STR("first"));
	first = buf_take(&buf, NULL);
	assert_int_equal(buf.len, 0);
	assert_null(buf.p);
	buf_add(&buf, STR("second"));
	second = buf_take(&buf, NULL);
	assert_string_equal(first, "first");
	assert_string_equal(second, "second");
	free(first);
	free(second);
}

static void failure_sticks(void **state)
{
	struct buf buf = BUF_EMPTY;
	size_t len = 7;

	(void)state;
	buf_add(&buf, STR("before"));
	buf_add(&buf, (struct str){ .p = "", .len = SIZE_MAX });
	assert_true(buf_failed(&buf));
	buf_add(&buf, STR("after"));
	buf_addc(&buf, 'c');
	buf_addf(&buf, "%d", 1);
	assert_true(buf_failed(&buf));
	assert_str(buf_str(&buf), "before");
	assert_null(buf_take(&buf, &len));
	assert_int_equal(len, 7); /* a failed call leaves it alone */

	/* and the buffer can be used again */
	assert_false(buf_failed(&buf));
	buf_add(&buf, STR("again"));
	assert_str(buf_str(&buf), "again");
	buf_fini(&buf);
}

static void ending(void **state)
{
	struct buf buf = BUF_EMPTY;

	(void)state;
	buf_fini(&buf);
	buf_add(&buf, STR("text"));
	buf_fini(&buf);
	assert_null(buf.p);
	assert_int_equal(buf.len, 0);
	assert_int_equal(buf.size, 0);
	buf_fini(&buf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(adding),	  cmocka_unit_test(empty),
		cmocka_unit_test(growing),	  cmocka_unit_test(exact_sizes),
		cmocka_unit_test(taken_is_empty), cmocka_unit_test(failure_sticks),
		cmocka_unit_test(ending),
	};

	return cmocka_run_group_tests_name("buf", tests, NULL, NULL);
}
