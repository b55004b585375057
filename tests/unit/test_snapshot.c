/* The whole: table and templates together. */
#include "unit.h"

#include "snapshot.h"
#include "xml.h"

#define T " xmlns:t='urn:mailconfd:template:1'"

static const struct document documents[] = {
	{ .template = "a.xml" },
	{ .template = "a.xml", .with_address = true },
	{ .template = "b.xml", .with_address = true },
};

static const struct values values = {
	.hole = {
		[HOLE_ADDRESS] = { .p = "ann@one.example", .len = 15 },
		[HOLE_LOCAL_PART] = { .p = "ann", .len = 3 },
		[HOLE_DOMAIN] = { .p = "one.example", .len = 11 },
		[HOLE_EMAIL_DOMAIN] = { .p = "one.example", .len = 11 },
	},
};

#define SERVERS(host)                                                                         \
	"\"incomingServers\": [{\"type\": \"pop3\", \"hostname\": \"" host "\", \"port\": 995,"  \
	" \"socketType\": \"SSL\", \"authentication\": [\"password-cleartext\"],"                \
	" \"username\": \"x\"}],"                                                               \
	"\"outgoingServers\": [{\"type\": \"smtp\", \"hostname\": \"" host "\", \"port\": 465,"  \
	" \"socketType\": \"SSL\", \"authentication\": [\"password-cleartext\"],"                \
	" \"username\": \"x\"}]"

static void write_all(struct unit *unit)
{
	unit_write(unit, "a.xml", "<a" T " b='{provider.id}'><t:value select='address'/></a>");
	unit_write(unit, "b.xml", "<b" T "><t:value select='domain'/></b>");
	unit_write(unit, "t.json",
		   "{\"providers\": [\n"
		   "{\"id\": \"p.example\", \"displayName\": \"P\", \"domains\": [\"one.example\", "
		   "\"two.example\"], " SERVERS("mail.p.example") "},\n"
		   "{\"id\": \"q.example\", \"displayName\": \"Q\", \"domains\": [\"*\"], "
		   SERVERS("mail.q.example") "}]}");
}

static struct snapshot *load(struct unit *unit)
{
	const char *tables[] = { unit->path };
	struct snapshot_sources sources = {
		.tables = tables,
		.table_count = COUNT(tables),
		.templates = { .own = unit->folder },
		.documents = documents,
		.document_count = COUNT(documents),
	};

	snprintf(unit->path, sizeof(unit->path), "%s/t.json", unit->folder);
	return snapshot_load(&sources, unit->diags);
}

static void check_output(const struct snapshot *snapshot, const struct provider *provider,
			 size_t document, const char *expected)
{
	const struct program *program = snapshot_program(snapshot, provider, document);
	size_t size = program_size(program, &values);
	char *out = malloc(size + 1);
	struct str text = { .p = out, .len = size };

	assert_non_null(out);
	program_run(program, &values, out);
	text = str_from(text, str_find(text, '\n') + 1);
	assert_str(text, expected);
	free(out);
}

static void documents_of_providers(void **state)
{
	struct unit *unit = *state;
	struct snapshot *snapshot;
	struct match match;

	write_all(unit);
	snapshot = load(unit);
	assert_string_equal(unit_findings(unit), "");
	assert_non_null(snapshot);
	assert_true(table_find_domain(snapshot_table(snapshot), STR("one.example"), &match));
	check_output(snapshot, match.provider, 0, "<a b=\"p.example\"/>\n");
	check_output(snapshot, match.provider, 1, "<a b=\"p.example\">ann@one.example</a>\n");
	check_output(snapshot, match.provider, 2, "<b>one.example</b>\n");
	assert_true(table_find_domain(snapshot_table(snapshot), STR("any.example"), &match));
	check_output(snapshot, match.provider, 0, "<a b=\"q.example\"/>\n");
	check_output(snapshot, match.provider, 1, "<a b=\"q.example\">ann@one.example</a>\n");
	check_output(snapshot, match.provider, 2, "<b>one.example</b>\n");
	snapshot_unref(snapshot);
}

static void summaries(void **state)
{
	static const struct {
		int line;
		const char *table, *summary;
	} rows[] = {
		{ __LINE__, "{\"providers\": []}", "0 domains of 0 providers" },
		{ __LINE__, "{\"providers\": [{\"id\": \"p.example\", \"displayName\": \"P\", "
			    "\"domains\": [\"one.example\"], " SERVERS("a.b") "}]}",
		  "1 domain of 1 provider" },
		{ __LINE__, "{\"providers\": [{\"id\": \"p.example\", \"displayName\": \"P\", "
			    "\"domains\": [\"one.example\", \"*.two.example\", \"*\"], "
			    SERVERS("a.b") "}]}",
		  "3 domains of 1 provider" },
	};
	struct unit *unit = *state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct snapshot *snapshot;

		write_all(unit);
		unit_write(unit, "t.json", rows[i].table);
		snapshot = load(unit);
		ROW_TRUE(&rows[i], snapshot != NULL);
		ROW_STR(&rows[i], str_of(snapshot_summary(snapshot)), rows[i].summary);
		snapshot_unref(snapshot);
	}
}

static void loaded_at(void **state)
{
	struct unit *unit = *state;
	struct snapshot *snapshot;
	time_t before = time(NULL);
	time_t after;

	write_all(unit);
	snapshot = load(unit);
	after = time(NULL);
	assert_non_null(snapshot);
	assert_in_range(snapshot_loaded_at(snapshot), before, after);
	snapshot_unref(snapshot);
}

/* Warnings are said, and do not stop it. */
static void warnings(void **state)
{
	struct unit *unit = *state;
	struct snapshot *snapshot;

	write_all(unit);
	unit_write(unit, "t.json",
		   "{\"providers\": [{\"id\": \"p.example\", \"displayName\": \"P\"}]}");
	snapshot = load(unit);
	assert_non_null(snapshot);
	assert_int_equal(diags_errors(unit->diags), 0);
	assert_int_equal(diags_warnings(unit->diags), 2); /* no domain, no server */
	snapshot_unref(snapshot);
}

/* Errors of table and templates come together, each template's once. */
static void errors(void **state)
{
	struct unit *unit = *state;

	write_all(unit);
	unit_write(unit, "a.xml", "<a b='{x}'/>");
	unit_write(unit, "b.xml", "<b c='{y}'/>");
	unit_write(unit, "t.json", "{\"providers\": 7}");
	assert_null(load(unit));
	assert_string_equal(unit_findings(unit),
			    "t.json:1:15: error: \"providers\": expected a list, found 7\n"
			    "a.xml:1:4: error: unknown variable \"x\"\n"
			    "b.xml:1:4: error: unknown variable \"y\"\n");
}

static void one_error(void **state)
{
	static const char *const files[] = { "a.xml", "b.xml", "t.json" };
	struct unit *unit = *state;

	for (size_t i = 0; i < COUNT(files); i++) {
		char path[600];

		unit_fresh(unit);
		write_all(unit);
		snprintf(path, sizeof(path), "%s/%s", unit->folder, files[i]);
		assert_int_equal(unlink(path), 0);
		assert_null(load(unit));
		assert_int_equal(diags_errors(unit->diags), 1);
		assert_non_null(strstr(unit_findings(unit), files[i]));
	}
}

/* Errors of before do not count. */
static void earlier_errors(void **state)
{
	struct unit *unit = *state;
	struct snapshot *snapshot;

	write_all(unit);
	diag_add(unit->diags, SEVERITY_ERROR, &(struct place){ .file = "x" }, "earlier");
	snapshot = load(unit);
	assert_non_null(snapshot);
	snapshot_unref(snapshot);
}

static void references(void **state)
{
	struct unit *unit = *state;
	struct snapshot *snapshot;
	struct match match;

	write_all(unit);
	snapshot = load(unit);
	assert_non_null(snapshot);
	assert_ptr_equal(snapshot_ref(snapshot), snapshot);
	snapshot_unref(snapshot);
	/* still there: the sanitizer build sees otherwise */
	assert_true(table_find_domain(snapshot_table(snapshot), STR("one.example"), &match));
	assert_string_equal(snapshot_summary(snapshot), "3 domains of 2 providers");
	snapshot_unref(snapshot);
	snapshot_unref(NULL);
}

/* A reload makes another whole beside it: the old one says what it said. */
static void two_at_once(void **state)
{
	struct unit *unit = *state;
	struct snapshot *old;
	struct snapshot *new;
	struct match match;

	write_all(unit);
	old = load(unit);
	unit_write(unit, "a.xml", "<new/>");
	unit_write(unit, "t.json",
		   "{\"providers\": [{\"id\": \"r.example\", \"displayName\": \"R\", "
		   "\"domains\": [\"one.example\"], " SERVERS("a.b") "}]}");
	new = load(unit);
	assert_non_null(old);
	assert_non_null(new);
	assert_true(table_find_domain(snapshot_table(old), STR("one.example"), &match));
	assert_str(match.provider->id, "p.example");
	check_output(old, match.provider, 0, "<a b=\"p.example\"/>\n");
	snapshot_unref(old);
	assert_true(table_find_domain(snapshot_table(new), STR("one.example"), &match));
	assert_str(match.provider->id, "r.example");
	check_output(new, match.provider, 0, "<new/>\n");
	snapshot_unref(new);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_TEST(documents_of_providers), UNIT_TEST(summaries),
		UNIT_TEST(loaded_at),		   UNIT_TEST(warnings),
		UNIT_TEST(errors),		   UNIT_TEST(one_error),
		UNIT_TEST(earlier_errors),	   UNIT_TEST(references),
		UNIT_TEST(two_at_once),
	};
	int failed;

	xml_init();
	failed = cmocka_run_group_tests_name("snapshot", tests, NULL, NULL);
	xml_fini();
	return failed;
}
