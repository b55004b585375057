/* "Did you mean". */
#include "unit.h"

#include "suggest.h"

static void near(void **state)
{
	static const struct {
		int line;
		const char *typed, *word;
		bool near;
	} rows[] = {
		{ __LINE__, "hostname", "hostname", true },
		{ __LINE__, "hostName", "hostname", true },
		{ __LINE__, "HOSTNAME", "hostname", true },
		/* one too many */
		{ __LINE__, "hostnames", "hostname", true },
		{ __LINE__, "hhostname", "hostname", true },
		{ __LINE__, "hosttname", "hostname", true },
		{ __LINE__, "xhostname", "hostname", true },
		/* one too few */
		{ __LINE__, "hostnam", "hostname", true },
		{ __LINE__, "ostname", "hostname", true },
		{ __LINE__, "hosname", "hostname", true },
		/* one wrong */
		{ __LINE__, "hostnane", "hostname", true },
		{ __LINE__, "xostname", "hostname", true },
		{ __LINE__, "hostnamx", "hostname", true },
		/* neighbours swapped */
		{ __LINE__, "hsotname", "hostname", true },
		{ __LINE__, "ohstname", "hostname", true },
		{ __LINE__, "hostnaem", "hostname", true },
		{ __LINE__, "HOSTNAEM", "hostname", true },
		/* farther away */
		{ __LINE__, "hostnam2x", "hostname", false },
		{ __LINE__, "hotsnaem", "hostname", false },
		{ __LINE__, "stohname", "hostname", false },
		{ __LINE__, "host", "hostname", false },
		{ __LINE__, "hostnamexx", "hostname", false },
		{ __LINE__, "hoxtxame", "hostname", false },
		{ __LINE__, "", "hostname", false },
		{ __LINE__, "port", "hostname", false },
		{ __LINE__, "emanrohst", "hostname", false },
		/* short words: a mistake in one letter is another word */
		{ __LINE__, "a", "a", true },
		{ __LINE__, "A", "a", true },
		{ __LINE__, "b", "a", false },
		{ __LINE__, "", "a", false },
		{ __LINE__, "", "", true },
		{ __LINE__, "x", "", false },
		{ __LINE__, "i", "id", true },
		{ __LINE__, "di", "id", true },
		{ __LINE__, "", "id", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		ROW_INT(&rows[i],
			suggest_is_near(str_of(rows[i].typed), str_of(rows[i].word)),
			rows[i].near);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(near),
	};

	return cmocka_run_group_tests_name("suggest", tests, NULL, NULL);
}
