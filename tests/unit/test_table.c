/* Tables of one or several files: whose domain is it? */
#include "unit.h"

#include "buf.h"
#include "table.h"

struct loaded {
	struct arena *arena;
	struct table table;
};

/* A file with one provider; `members` stands between its names and its servers. */
static void write_provider(struct unit *unit, const char *file, const char *id,
			   const char *members)
{
	char text[2000];

	snprintf(text, sizeof(text),
		 "{\"providers\": [{\"id\": \"%s\", \"displayName\": \"x\",\n%s%s\n"
		 "\"incomingServers\": [{\"type\": \"pop3\", \"hostname\": \"a.b\", \"port\": 995,"
		 " \"socketType\": \"SSL\", \"authentication\": [\"password-cleartext\"],"
		 " \"username\": \"x\"}],\n"
		 "\"outgoingServers\": [{\"type\": \"smtp\", \"hostname\": \"a.b\", \"port\": 465,"
		 " \"socketType\": \"SSL\", \"authentication\": [\"password-cleartext\"],"
		 " \"username\": \"x\"}]}]}\n",
		 id, members, *members ? "," : "");
	unit_write(unit, file, text);
}

/* Loads up to four files or folders of the test's folder; "." is the folder itself. */
static void load(struct unit *unit, struct loaded *loaded, const char *const *names, size_t count)
{
	static char paths[4][600];
	const char *pointers[4];

	assert_true(count <= COUNT(paths));
	for (size_t i = 0; i < count; i++) {
		if (strcmp(names[i], ".") == 0)
			snprintf(paths[i], sizeof(paths[i]), "%s", unit->folder);
		else
			snprintf(paths[i], sizeof(paths[i]), "%s/%s", unit->folder, names[i]);
		pointers[i] = paths[i];
	}
	*loaded = (struct loaded){ .arena = arena_new() };
	assert_non_null(loaded->arena);
	table_load(&loaded->table, loaded->arena, pointers, count, unit->diags);
}

#define LOAD(unit, loaded, ...)                                                       \
	load(unit, loaded, (const char *const[]){ __VA_ARGS__ },                      \
	     COUNT(((const char *const[]){ __VA_ARGS__ })))

static void unload(struct loaded *loaded)
{
	table_fini(&loaded->table);
	arena_free(loaded->arena);
}

/* The id of the domain's provider and the domain that is answered: "id domain", or "". */
static const char *find(const struct loaded *loaded, const char *domain)
{
	static char found[600];
	struct match match;

	found[0] = '\0';
	if (table_find_domain(&loaded->table, str_of(domain), &match))
		snprintf(found, sizeof(found), "%.*s %.*s", STR_ARGS(match.provider->id),
			 STR_ARGS(match.domain));
	return found;
}

static const char *find_exact(const struct loaded *loaded, const char *domain)
{
	static char found[600];
	struct match match;

	found[0] = '\0';
	if (table_find_exact(&loaded->table, str_of(domain), &match))
		snprintf(found, sizeof(found), "%.*s %.*s", STR_ARGS(match.provider->id),
			 STR_ARGS(match.domain));
	return found;
}

static const char *find_exchanger(const struct loaded *loaded, const char *host)
{
	static char found[600];
	struct match match;

	found[0] = '\0';
	if (table_find_mail_exchanger(&loaded->table, str_of(host), &match))
		snprintf(found, sizeof(found), "%.*s %.*s", STR_ARGS(match.provider->id),
			 STR_ARGS(match.domain));
	return found;
}

static void one_file(void **state)
{
	struct unit *unit = *state;
	struct loaded loaded;

	write_provider(unit, "a.json", "a.example",
		       "\"domains\": [\"Example.COM.\", \"b\xc3\xbc" "cher.example\", "
		       "\"xn--FA-HIA.example\"]");
	LOAD(unit, &loaded, "a.json");
	assert_string_equal(unit_findings(unit), "");
	assert_int_equal(loaded.table.provider_count, 1);
	assert_int_equal(names_count(&loaded.table.domains), 3);
	assert_string_equal(find(&loaded, "example.com"), "a.example example.com");
	assert_string_equal(find(&loaded, "xn--bcher-kva.example"),
			    "a.example xn--bcher-kva.example");
	assert_string_equal(find(&loaded, "xn--fa-hia.example"), "a.example xn--fa-hia.example");
	assert_string_equal(find(&loaded, "www.example.com"), "");
	assert_string_equal(find(&loaded, "com"), "");
	assert_string_equal(find(&loaded, ""), "");
	/* the id is no domain unless it is one */
	assert_string_equal(find(&loaded, "a.example"), "");
	unload(&loaded);
}

static void several_files(void **state)
{
	struct unit *unit = *state;
	struct loaded loaded;

	write_provider(unit, "a.json", "a.example", "\"domains\": [\"one.example\"]");
	write_provider(unit, "b.json", "b.example", "\"domains\": [\"two.example\"]");
	LOAD(unit, &loaded, "b.json", "a.json");
	assert_string_equal(unit_findings(unit), "");
	assert_int_equal(loaded.table.provider_count, 2);
	assert_str(loaded.table.providers[0]->id, "b.example");
	assert_int_equal(loaded.table.providers[0]->number, 0);
	assert_int_equal(loaded.table.providers[1]->number, 1);
	assert_string_equal(find(&loaded, "one.example"), "a.example one.example");
	assert_string_equal(find(&loaded, "two.example"), "b.example two.example");
	unload(&loaded);
}

/* Of a folder: the *.json files by name; no schemas, no hidden files, nothing else. */
static void folder(void **state)
{
	struct unit *unit = *state;
	struct loaded loaded;

	write_provider(unit, "20.json", "b.example", "\"domains\": [\"two.example\"]");
	write_provider(unit, "10.json", "a.example", "\"domains\": [\"one.example\"]");
	unit_write(unit, "table.schema.json", "not a table");
	unit_write(unit, ".hidden.json", "not a table");
	unit_write(unit, "notes.txt", "not a table");
	unit_write(unit, "old.json~", "not a table");
	unit_write(unit, "30.json.off", "not a table");
	LOAD(unit, &loaded, ".");
	assert_string_equal(unit_findings(unit), "");
	assert_int_equal(loaded.table.provider_count, 2);
	assert_str(loaded.table.providers[0]->id, "a.example");
	assert_str(loaded.table.providers[1]->id, "b.example");
	unload(&loaded);
}

static void empty_folder(void **state)
{
	struct unit *unit = *state;
	struct loaded loaded;
	char expected[600];

	unit_write(unit, "notes.txt", "not a table");
	LOAD(unit, &loaded, ".");
	unload(&loaded);
	snprintf(expected, sizeof(expected),
		 "%s: error: no table in this folder: expected files that end in .json\n",
		 unit->folder);
	assert_string_equal(unit_findings(unit), expected);
}

static void missing(void **state)
{
	struct unit *unit = *state;
	struct loaded loaded;

	write_provider(unit, "a.json", "a.example", "\"domains\": [\"one.example\"]");
	LOAD(unit, &loaded, "none.json", "a.json", "nowhere/b.json");
	assert_string_equal(unit_findings(unit),
			    "none.json: error: cannot read the file: No such file or directory\n"
			    "nowhere/b.json: error: cannot read the file: No such file or "
			    "directory\n");
	/* the others are read nevertheless, for their findings */
	assert_int_equal(loaded.table.provider_count, 1);
	unload(&loaded);
}

static void nothing(void **state)
{
	struct unit *unit = *state;
	struct loaded loaded = { .arena = arena_new() };

	table_load(&loaded.table, loaded.arena, NULL, 0, unit->diags);
	assert_string_equal(unit_findings(unit), "");
	assert_int_equal(loaded.table.provider_count, 0);
	assert_string_equal(find(&loaded, "example.com"), "");
	assert_string_equal(find_exchanger(&loaded, "mx.example.com"), "");
	unload(&loaded);
}

/* A broken file hides no finding of another one. */
static void findings_of_all_files(void **state)
{
	struct unit *unit = *state;
	struct loaded loaded;

	unit_write(unit, "a.json", "{\n");
	unit_write(unit, "b.json", "{\"providers\": 7}");
	unit_write(unit, "c.json", "{\"providers\": [],\n \"x\": 1}");
	LOAD(unit, &loaded, ".");
	unload(&loaded);
	assert_int_equal(diags_errors(unit->diags), 3);
	assert_non_null(strstr(unit_findings(unit), "a.json:2:"));
	assert_non_null(strstr(unit->findings, "\nb.json:1:15: error: \"providers\": expected a "
					       "list, found 7\nc.json:2:2: error: unknown key"));
}

static void duplicates_in_one_file(void **state)
{
	struct unit *unit = *state;
	struct loaded loaded;

	write_provider(unit, "a.json", "a.example",
		       "\"domains\": [\"one.example\",\n \"ONE.example.\"]");
	LOAD(unit, &loaded, "a.json");
	assert_string_equal(unit_findings(unit),
			    "a.json:3:2: warning: domain \"one.example\" is named twice for "
			    "provider \"a.example\"\n");
	assert_int_equal(names_count(&loaded.table.domains), 1);
	unload(&loaded);
}

static void duplicates_across_files(void **state)
{
	struct unit *unit = *state;
	struct loaded loaded;
	char expected[1500];

	write_provider(unit, "a.json", "a.example",
		       "\"domains\": [\"one.example\", \"*\", \"*.two.example\"]");
	write_provider(unit, "b.json", "b.example",
		       "\"domains\": [\"x.example\",\n \"one.example\",\n \"*\",\n "
		       "\"*.two.example\",\n \"two.example\"]");
	LOAD(unit, &loaded, "a.json", "b.json");
	snprintf(expected, sizeof(expected),
		 "b.json:3:2: error: domain \"one.example\" belongs to provider \"a.example\" of "
		 "a.json already\n"
		 "b.json:4:2: error: domain \"*\" belongs to provider \"a.example\" of a.json "
		 "already\n"
		 "b.json:5:2: error: domain \"*.two.example\" belongs to provider \"a.example\" of "
		 "a.json already\n");
	assert_string_equal(unit_findings(unit), expected);
	unload(&loaded);
}

/* The same file twice: every domain of it clashes with itself. */
static void same_file_twice(void **state)
{
	struct unit *unit = *state;
	struct loaded loaded;

	write_provider(unit, "a.json", "a.example", "\"domains\": [\"one.example\"]");
	LOAD(unit, &loaded, "a.json", "a.json");
	assert_string_equal(unit_findings(unit),
			    "a.json:2:13: error: domain \"one.example\" belongs to provider "
			    "\"a.example\" of a.json already\n");
	unload(&loaded);
}

static void wildcards(void **state)
{
	static const struct {
		int line;
		const char *domain, *found, *exact;
	} rows[] = {
		{ __LINE__, "one.example", "a.example one.example", "a.example one.example" },
		{ __LINE__, "x.one.example", "b.example x.one.example", "" },
		{ __LINE__, "y.x.one.example", "b.example y.x.one.example", "" },
		{ __LINE__, "z.one.example", "a.example z.one.example", "a.example z.one.example" },
		{ __LINE__, "other.example", "c.example other.example", "" },
		{ __LINE__, "xn--bcher-kva.example", "c.example xn--bcher-kva.example", "" },
		{ __LINE__, "a.xn--bcher-kva.example", "b.example a.xn--bcher-kva.example", "" },
		{ __LINE__, "*", "c.example *", "" },
		{ __LINE__, "*.one.example", "b.example *.one.example", "" },
	};
	struct unit *unit = *state;
	struct loaded loaded;

	write_provider(unit, "a.json", "a.example",
		       "\"domains\": [\"one.example\", \"z.one.example\"]");
	write_provider(unit, "b.json", "b.example",
		       "\"domains\": [\"*.One.example\", \"*.b\xc3\xbc" "cher.example\"]");
	write_provider(unit, "c.json", "c.example", "\"domains\": [\"*\"]");
	LOAD(unit, &loaded, ".");
	assert_string_equal(unit_findings(unit), "");
	for (size_t i = 0; i < COUNT(rows); i++) {
		ROW_STR(&rows[i], str_of(find(&loaded, rows[i].domain)), rows[i].found);
		ROW_STR(&rows[i], str_of(find_exact(&loaded, rows[i].domain)), rows[i].exact);
	}
	unload(&loaded);
}

static void domains_file(void **state)
{
	struct unit *unit = *state;
	struct loaded loaded;

	unit_write(unit, "customers.txt",
		   "# customers\n"
		   "\n"
		   "one.example\r\n"
		   "  Two.Example.  # since 2020\n"
		   "\tb\xc3\xbc" "cher.example\n"
		   "*.three.example\n"
		   "last.example");
	write_provider(unit, "a.json", "a.example",
		       "\"domains\": [\"zero.example\"], \"domainsFile\": \"customers.txt\"");
	LOAD(unit, &loaded, "a.json");
	assert_string_equal(unit_findings(unit), "");
	assert_int_equal(names_count(&loaded.table.domains), 6);
	assert_string_equal(find(&loaded, "zero.example"), "a.example zero.example");
	assert_string_equal(find(&loaded, "one.example"), "a.example one.example");
	assert_string_equal(find(&loaded, "two.example"), "a.example two.example");
	assert_string_equal(find(&loaded, "xn--bcher-kva.example"),
			    "a.example xn--bcher-kva.example");
	assert_string_equal(find(&loaded, "x.three.example"), "a.example x.three.example");
	assert_string_equal(find(&loaded, "three.example"), "");
	assert_string_equal(find(&loaded, "last.example"), "a.example last.example");
	unload(&loaded);
}

static void only_a_domains_file(void **state)
{
	struct unit *unit = *state;
	struct loaded loaded;
	char members[600];

	unit_write(unit, "customers.txt", "*.one.example\n*\ntwo.example\nthree.example\n");
	snprintf(members, sizeof(members), "\"domainsFile\": \"%s\"", unit->path);
	write_provider(unit, "a.json", "a.example", members); /* a whole path */
	LOAD(unit, &loaded, "a.json");
	assert_string_equal(unit_findings(unit), "");
	assert_string_equal(find(&loaded, "any.example"), "a.example any.example");
	unload(&loaded);
}

static void mistakes_in_domains_file(void **state)
{
	struct unit *unit = *state;
	struct loaded loaded;

	unit_write(unit, "customers.txt",
		   "one.example\n"
		   "two_.example\n"
		   "  three example\n"
		   "one.example\n"
		   "ann@four.example\n"
		   "five.example, six.example\n"
		   "b.example\n"
		   "*.*.example\n"
		   "seven\xff.example\n");
	write_provider(unit, "a.json", "a.example", "\"domainsFile\": \"customers.txt\"");
	write_provider(unit, "0.json", "b.example", "\"domains\": [\"b.example\"]");
	LOAD(unit, &loaded, "0.json", "a.json");
	unload(&loaded);
#define EXPECTED(found) \
	"error: expected a domain name of letters, digits, hyphens and dots, found \"" found "\"\n"
	assert_string_equal(unit_findings(unit),
			    "customers.txt:2:1: " EXPECTED("two_.example")
			    "customers.txt:3:3: error: character 6 is U+0020, a space\n"
			    "customers.txt:4:1: warning: domain \"one.example\" is named twice for "
			    "provider \"a.example\"\n"
			    "customers.txt:5:1: " EXPECTED("ann@four.example")
			    "customers.txt:6:1: error: character 14 is U+0020, a space\n"
			    "customers.txt:7:1: error: domain \"b.example\" belongs to provider "
			    "\"b.example\" of 0.json already\n"
			    "customers.txt:8:1: " EXPECTED("*.*.example")
			    "customers.txt:9:1: " EXPECTED("seven<0xFF>.example"));
}

static void missing_domains_file(void **state)
{
	struct unit *unit = *state;
	struct loaded loaded;

	write_provider(unit, "a.json", "a.example", "\"domainsFile\": \"none.txt\"");
	LOAD(unit, &loaded, "a.json");
	unload(&loaded);
	assert_true(str_starts(str_of(unit_findings(unit)),
			       STR("a.json:2:16: error: \"domainsFile\": cannot read ")));
	assert_non_null(strstr(unit->findings, "none.txt: No such file or directory\n"));
}

/* An empty list of domains is not a mistake: it may be filled tomorrow. */
static void empty_domains_file(void **state)
{
	struct unit *unit = *state;
	struct loaded loaded;

	unit_write(unit, "customers.txt", "");
	write_provider(unit, "a.json", "a.example", "\"domainsFile\": \"customers.txt\"");
	LOAD(unit, &loaded, "a.json");
	assert_string_equal(unit_findings(unit), "");
	assert_int_equal(names_count(&loaded.table.domains), 0);
	unload(&loaded);
}

static void many_domains(void **state)
{
	enum { DOMAINS = 100000 };
	struct unit *unit = *state;
	struct loaded loaded;
	struct buf buf = BUF_EMPTY;
	char domain[64];

	for (unsigned i = 0; i < DOMAINS; i++)
		buf_addf(&buf, "customer-%u.example\n", i);
	unit_write_bytes(unit, "customers.txt", buf_str(&buf));
	buf_fini(&buf);
	write_provider(unit, "a.json", "a.example", "\"domainsFile\": \"customers.txt\"");
	LOAD(unit, &loaded, "a.json");
	assert_string_equal(unit_findings(unit), "");
	assert_int_equal(names_count(&loaded.table.domains), DOMAINS);
	for (unsigned i = 0; i < DOMAINS; i += 11) {
		struct match match;

		snprintf(domain, sizeof(domain), "customer-%u.example", i);
		assert_true(table_find_domain(&loaded.table, str_of(domain), &match));
		assert_str(match.domain, domain);
	}
	assert_string_equal(find(&loaded, "customer-100000.example"), "");
	unload(&loaded);
}

static void many_providers(void **state)
{
	struct unit *unit = *state;
	struct loaded loaded;
	struct buf buf = BUF_EMPTY;

	buf_add(&buf, STR("{\"providers\": ["));
	for (unsigned i = 0; i < 1000; i++)
		buf_addf(&buf,
			 "%s\n{\"id\": \"p%u.example\", \"displayName\": \"x\", \"domains\": "
			 "[\"d%u.example\"]}", i ? "," : "", i, i);
	buf_add(&buf, STR("]}"));
	unit_write_bytes(unit, "a.json", buf_str(&buf));
	buf_fini(&buf);
	LOAD(unit, &loaded, "a.json");
	assert_int_equal(diags_errors(unit->diags), 0);
	assert_int_equal(diags_warnings(unit->diags), 1000); /* no servers */
	assert_int_equal(loaded.table.provider_count, 1000);
	for (unsigned i = 0; i < 1000; i++)
		assert_int_equal(loaded.table.providers[i]->number, i);
	assert_string_equal(find(&loaded, "d999.example"), "p999.example d999.example");
	assert_string_equal(find(&loaded, "d16.example"), "p16.example d16.example");
	unload(&loaded);
}

static void mail_exchangers(void **state)
{
	struct unit *unit = *state;
	struct loaded loaded;

	write_provider(unit, "a.json", "a.example",
		       "\"domains\": [\"*\", \"one.example\", \"two.example\"],\n"
		       "\"mailExchangers\": [\"MX.a.example\", \"*.mx.a.example\"]");
	write_provider(unit, "b.json", "b.example", "\"mailExchangers\": [\"mx.b.example\"]");
	LOAD(unit, &loaded, ".");
	assert_string_equal(unit_findings(unit), "");
	/* with the name that was asked for, and none of the provider's domains */
	assert_string_equal(find_exchanger(&loaded, "mx.a.example"), "a.example mx.a.example");
	assert_string_equal(find_exchanger(&loaded, "x.mx.a.example"), "a.example x.mx.a.example");
	assert_string_equal(find_exchanger(&loaded, "mx.b.example"), "b.example mx.b.example");
	/* the two kinds of names have nothing to do with each other */
	assert_string_equal(find_exchanger(&loaded, "one.example"), "");
	assert_string_equal(find_exchanger(&loaded, "mx.c.example"), "");
	assert_string_equal(find_exact(&loaded, "mx.a.example"), "");
	unload(&loaded);
}

static void claimed_mail_exchangers(void **state)
{
	struct unit *unit = *state;
	struct loaded loaded;

	write_provider(unit, "a.json", "a.example", "\"mailExchangers\": [\"mx.example\"]");
	write_provider(
		unit, "b.json", "b.example",
		"\"domains\": [\"mx.example\"],\n\"mailExchangers\": [\"mx.example\", \"x y\"]");
	LOAD(unit, &loaded, ".");
	unload(&loaded);
	assert_string_equal(unit_findings(unit),
			    "b.json:3:20: error: mail exchanger \"mx.example\" belongs to provider "
			    "\"a.example\" of a.json already\n"
			    "b.json:3:34: error: \"mailExchangers\": character 2 is U+0020, a "
			    "space\n");
}

/* Nothing of the table points into its files. */
static void files_are_gone(void **state)
{
	struct unit *unit = *state;
	struct loaded loaded;

	unit_write(unit, "customers.txt", "two.example\n");
	write_provider(unit, "a.json", "a.example",
		       "\"domains\": [\"one.example\"], \"domainsFile\": \"customers.txt\"");
	LOAD(unit, &loaded, "a.json");
	assert_int_equal(unlink(unit->path), 0);
	assert_string_equal(find(&loaded, "one.example"), "a.example one.example");
	assert_string_equal(find(&loaded, "two.example"), "a.example two.example");
	unload(&loaded);
	assert_int_equal(loaded.table.provider_count, 0);
	assert_string_equal(find(&loaded, "one.example"), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_TEST(one_file),		 UNIT_TEST(several_files),
		UNIT_TEST(folder),		 UNIT_TEST(empty_folder),
		UNIT_TEST(missing),		 UNIT_TEST(nothing),
		UNIT_TEST(findings_of_all_files), UNIT_TEST(duplicates_in_one_file),
		UNIT_TEST(duplicates_across_files), UNIT_TEST(same_file_twice),
		UNIT_TEST(wildcards),		 UNIT_TEST(domains_file),
		UNIT_TEST(only_a_domains_file),	 UNIT_TEST(mistakes_in_domains_file),
		UNIT_TEST(missing_domains_file), UNIT_TEST(empty_domains_file),
		UNIT_TEST(many_domains),	 UNIT_TEST(many_providers),
		UNIT_TEST(mail_exchangers),	 UNIT_TEST(claimed_mail_exchangers),
		UNIT_TEST(files_are_gone),
	};

	return cmocka_run_group_tests_name("table", tests, NULL, NULL);
}
