/* Which provider a name belongs to. */
#include "unit.h"

#include "names.h"
#include "provider.h"

static struct provider providers[8];

static void add(struct names *names, const char *name, size_t provider)
{
	struct provider *present = &providers[7];

	assert_true(names_add(names, str_of(name), &providers[provider], &present));
	assert_null(present);
}

static void precedence(void **state)
{
	static const struct {
		int line;
		const char *name;
		int provider; /* -1: none */
	} rows[] = {
		{ __LINE__, "example.com", 0 },
		{ __LINE__, "a.example.com", 1 },
		{ __LINE__, "b.example.com", 2 },
		{ __LINE__, "c.b.example.com", 3 },
		{ __LINE__, "d.c.b.example.com", 3 },
		{ __LINE__, "x.a.example.com", 1 }, /* below "*.example.com" */
		{ __LINE__, "x.y.z.example.com", 1 },
		{ __LINE__, "aexample.com", 4 },
		{ __LINE__, "example.com.org", 4 },
		{ __LINE__, "com", 4 },
		{ __LINE__, "", 4 },
		{ __LINE__, "nowhere.example", 4 },
		{ __LINE__, "below.only.net", 5 },
		{ __LINE__, "only.net", 4 }, /* not below itself */
	};
	struct names names = NAMES_EMPTY;
	struct str name;

	(void)state;
	add(&names, "*", 4);
	add(&names, "*.only.net", 5);
	add(&names, "*.b.example.com", 3);
	add(&names, "b.example.com", 2);
	add(&names, "*.example.com", 1);
	add(&names, "example.com", 0);
	assert_int_equal(names_count(&names), 6);
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct provider *found =
			names_find(&names, str_of(rows[i].name), &name);

		ROW_INT(&rows[i], found ? found - providers : -1, rows[i].provider);
		ROW_STR(&rows[i], name, rows[i].name);
		found = names_find_named(&names, str_of(rows[i].name), &name);
		ROW_INT(&rows[i], found ? found - providers : 4, rows[i].provider);
		ROW_STR(&rows[i], name, rows[i].name);
	}
	names_fini(&names);
	assert_int_equal(names_count(&names), 0);
	assert_null(names_find(&names, STR("example.com"), &name));
	assert_null(names_find(&names, STR("nowhere.example"), &name));
}

/* A subdomain is another domain, and so is the domain above. */
static void exact_only(void **state)
{
	static const char *const others[] = {
		"www.example.com", "autoconfig.example.com", "com", "example.co",
		"xexample.com",	   "example.com.",	     "Example.com", "",
	};
	struct names names = NAMES_EMPTY;
	struct str name;

	(void)state;
	add(&names, "example.com", 0);
	assert_ptr_equal(names_find(&names, STR("example.com"), &name), &providers[0]);
	for (size_t i = 0; i < COUNT(others); i++) {
		if (names_find(&names, str_of(others[i]), &name))
			fail_msg("\"%s\" is found", others[i]);
	}
	names_fini(&names);
}

static void wildcard_only(void **state)
{
	struct names names = NAMES_EMPTY;
	struct str name;

	(void)state;
	add(&names, "*.example.com", 1);
	assert_null(names_find(&names, STR("example.com"), &name));
	assert_null(names_find(&names, STR("badexample.com"), &name));
	assert_ptr_equal(names_find(&names, STR("a.example.com"), &name), &providers[1]);
	assert_ptr_equal(names_find(&names, STR("*.example.com"), &name), &providers[1]);
	names_fini(&names);
}

/* The name that was found is the one that was put in, which lives longer than the question. */
static void found_name_is_kept(void **state)
{
	char question[] = "example.com";
	const char *stored = "example.com";
	struct names names = NAMES_EMPTY;
	struct str name;

	(void)state;
	add(&names, stored, 0);
	assert_ptr_equal(names_find(&names, str_of(question), &name), &providers[0]);
	assert_ptr_equal(name.p, stored);
	names_fini(&names);
}

static void added_twice(void **state)
{
	static const char *const all[] = { "example.com", "*.example.com", "*" };
	struct names names = NAMES_EMPTY;
	struct provider *present;
	struct str name;

	(void)state;
	for (size_t i = 0; i < COUNT(all); i++) {
		add(&names, all[i], 0);
		assert_true(names_add(&names, str_of(all[i]), &providers[1], &present));
		assert_ptr_equal(present, &providers[0]);
		assert_true(names_add(&names, str_of(all[i]), &providers[0], &present));
		assert_ptr_equal(present, &providers[0]);
		assert_int_equal(names_count(&names), i + 1);
	}
	assert_ptr_equal(names_find(&names, STR("example.com"), &name), &providers[0]);
	assert_ptr_equal(names_find(&names, STR("a.example.com"), &name), &providers[0]);
	assert_ptr_equal(names_find(&names, STR("other"), &name), &providers[0]);
	names_fini(&names);
}

static void visit(void *closure, enum name_kind kind, struct str name,
		  const struct provider *provider)
{
	static const char *const forms[] = { "exact", "below", "others" };
	char (*lines)[64] = closure;

	snprintf(lines[provider - providers], 64, "%s %.*s", forms[kind], STR_ARGS(name));
}

static void each(void **state)
{
	struct names names = NAMES_EMPTY;
	char lines[COUNT(providers)][64] = { "" };

	(void)state;
	names_each(&names, visit, lines);
	add(&names, "example.com", 0);
	add(&names, "*.example.com", 1);
	add(&names, "*", 2);
	add(&names, "b.example.com", 3);
	names_each(&names, visit, lines);
	assert_string_equal(lines[0], "exact example.com");
	assert_string_equal(lines[1], "below example.com");
	assert_string_equal(lines[2], "others ");
	assert_string_equal(lines[3], "exact b.example.com");
	assert_string_equal(lines[4], "");
	names_fini(&names);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(precedence),	 cmocka_unit_test(exact_only),
		cmocka_unit_test(wildcard_only), cmocka_unit_test(found_name_is_kept),
		cmocka_unit_test(added_twice),	 cmocka_unit_test(each),
	};

	return cmocka_run_group_tests_name("names", tests, NULL, NULL);
}
