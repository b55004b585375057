/*
 * Memory that runs out. The n-th allocation of a load fails, for every n: alone, and together
 * with all that come after it. The linker leads the library's calls here (--wrap, see
 * Makefile.am), jansson and libxml2 are told. That nothing is lost on the way is what the
 * sanitizer build looks at.
 */
#include "unit.h"

#include "import.h"
#include "snapshot.h"
#include "xml.h"

#include <dirent.h>
#include <jansson.h>
#include <libxml/xmlmemory.h>

static struct {
	bool counting;
	bool all_after;	      /* once one has failed */
	unsigned long failing; /* which one, from 1; 0: none */
	unsigned long count;
} chaos;

static bool fails(void)
{
	if (!chaos.counting)
		return false;
	chaos.count++;
	if (chaos.failing == 0 || chaos.count < chaos.failing ||
	    (chaos.count > chaos.failing && !chaos.all_after))
		return false;
	errno = ENOMEM;
	return true;
}

/* The linker's names for what is called instead of NAME, and for NAME itself. */
void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__real_reallocarray(void *old, size_t count, size_t size);
char *__real_strdup(const char *text);
int __real_vasprintf(char **ret_text, const char *format, va_list args)
	__attribute__((format(printf, 2, 0)));
int __real_scandir(const char *path, struct dirent ***ret_entries,
		   int (*select)(const struct dirent *),
		   int (*order)(const struct dirent **, const struct dirent **));

void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);
void *__wrap_reallocarray(void *old, size_t count, size_t size);
char *__wrap_strdup(const char *text);
int __wrap_vasprintf(char **ret_text, const char *format, va_list args)
	__attribute__((format(printf, 2, 0)));
int __wrap___vasprintf_chk(char **ret_text, int flag, const char *format, va_list args)
	__attribute__((format(printf, 3, 0)));
int __wrap_asprintf(char **ret_text, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
int __wrap___asprintf_chk(char **ret_text, int flag, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
int __wrap_scandir(const char *path, struct dirent ***ret_entries,
		   int (*select)(const struct dirent *),
		   int (*order)(const struct dirent **, const struct dirent **));

void *__wrap_malloc(size_t size)
{
	return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
	return fails() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size)
{
	return fails() ? NULL : __real_realloc(old, size);
}

void *__wrap_reallocarray(void *old, size_t count, size_t size)
{
	return fails() ? NULL : __real_reallocarray(old, count, size);
}

char *__wrap_strdup(const char *text)
{
	return fails() ? NULL : __real_strdup(text);
}

int __wrap_vasprintf(char **ret_text, const char *format, va_list args)
{
	return fails() ? -1 : __real_vasprintf(ret_text, format, args);
}

int __wrap___vasprintf_chk(char **ret_text, int flag, const char *format, va_list args)
{
	(void)flag;
	return fails() ? -1 : __real_vasprintf(ret_text, format, args);
}

int __wrap_asprintf(char **ret_text, const char *format, ...)
{
	va_list args;
	int len;

	if (fails())
		return -1;
	va_start(args, format);
	len = __real_vasprintf(ret_text, format, args);
	va_end(args);
	return len;
}

int __wrap___asprintf_chk(char **ret_text, int flag, const char *format, ...)
{
	va_list args;
	int len;

	(void)flag;
	if (fails())
		return -1;
	va_start(args, format);
	len = __real_vasprintf(ret_text, format, args);
	va_end(args);
	return len;
}

int __wrap_scandir(const char *path, struct dirent ***ret_entries,
		   int (*select)(const struct dirent *),
		   int (*order)(const struct dirent **, const struct dirent **))
{
	return fails() ? -1 : __real_scandir(path, ret_entries, select, order);
}

/*
 * Not every failure is survived by jansson 2.14: its scanner does not look whether its buffer
 * could grow (akheron/jansson issue 362). It loses a character then, or reads on behind the
 * end. The sizes of that buffer are powers of two, so those are granted here.
 */
static void *jansson_malloc(size_t size)
{
	bool may_be_scanner = size >= 32 && (size & (size - 1)) == 0;

	return may_be_scanner ? __real_malloc(size) : __wrap_malloc(size);
}

/*
 * libxml2 2.9 loses the buffer of a document when it cannot grow beyond its first size, 8 KiB
 * (xmlParserInputBufferCreateMem()). So all that is larger is granted.
 */
static void *xml_malloc(size_t size)
{
	return size > 8 * 1024 + 1 ? __real_malloc(size) : __wrap_malloc(size);
}

/* --- Loads ---------------------------------------------------------------------------- */

static const struct document documents[] = {
	{ .template = "autoconfig.xml" },
	{ .template = "autodiscover.xml" },
	{ .template = "autodiscover.xml", .with_address = true },
	{ .template = "mobilesync.xml", .with_address = true },
	{ .template = "autodiscover-json.xml", .variant = "AutodiscoverV1" },
	{ .template = "autodiscover-json.xml", .variant = "Ews" },
	{ .template = "pacc.xml", .variant = "03" },
	{ .template = "mobileconfig.xml", .variant = "imap", .with_address = true },
	{ .template = "mobileconfig.xml", .variant = "pop3", .with_address = true, .with_name = true },
};

struct sources {
	char table[1024];
	char templates[1024];
};

static struct snapshot *load(const struct sources *sources, struct diags *diags)
{
	const char *tables[] = { sources->table };
	const struct snapshot_sources from = {
		.tables = tables,
		.table_count = COUNT(tables),
		.templates = { .own = sources->templates },
		.documents = documents,
		.document_count = COUNT(documents),
	};
	struct snapshot *snapshot;

	chaos.count = 0;
	chaos.counting = true;
	snapshot = snapshot_load(&from, diags);
	chaos.counting = false;
	return snapshot;
}

/* What a good snapshot says; looking up needs no memory. */
static void check_answers(const struct snapshot *snapshot, const char *domain)
{
	static char out[64 * 1024];
	const struct values values = {
		.hole = {
			[HOLE_ADDRESS] = STR("ann@q.com"),
			[HOLE_LOCAL_PART] = STR("ann"),
			[HOLE_DOMAIN] = STR("q.com"),
			[HOLE_EMAIL_DOMAIN] = STR("q.com"),
		},
	};
	struct match match;

	chaos.count = 0;
	chaos.counting = true;
	assert_true(table_find_domain(snapshot_table(snapshot), str_of(domain), &match));
	assert_false(table_find_domain(snapshot_table(snapshot), STR("no.example"), &match));
	assert_false(table_find_mail_exchanger(snapshot_table(snapshot), STR("no.example"),
					       &match));
	assert_true(table_find_domain(snapshot_table(snapshot), str_of(domain), &match));
	for (size_t i = 0; i < COUNT(documents); i++) {
		const struct program *program = snapshot_program(snapshot, match.provider, i);
		size_t size;

		if (!program) {
			/* Not every provider can be said in these. */
			assert_null(strstr("autodiscover.xml", documents[i].template));
			continue;
		}
		size = program_size(program, &values);
		assert_in_range(size, 30, sizeof(out));
		program_run(program, &values, out);
		if (program->method == OUTPUT_JSON) {
			assert_int_equal(out[0], '{');
			assert_int_equal(out[size - 1], '}');
		} else {
			assert_int_equal(out[size - 1], '\n');
			assert_int_equal(out[size - 2], '>');
		}
		assert_true(program_digest(program, &values) != 0);
	}
	chaos.counting = false;
	assert_int_equal(chaos.count, 0);
}

static void count_lines(void *closure, enum severity severity, const char *line)
{
	size_t *count = closure;

	(void)severity;
	assert_true(*line != '\0');
	++*count;
}

/* Printing needs memory too; something is printed even without it. */
static void print_all(struct diags *diags)
{
	size_t lines = 0;

	for (unsigned long failing = 0; failing <= 2; failing++) {
		lines = 0;
		chaos.count = 0;
		chaos.failing = failing;
		chaos.counting = true;
		diags_print(diags, count_lines, &lines);
		chaos.counting = false;
		assert_true(lines > 0);
	}
}

/*
 * Fails one allocation after the other until a load needs no more of them. `domain` is in
 * the table; NULL when the load cannot succeed. `warnings` are those of a good load.
 */
static void run(const struct sources *sources, bool all_after, const char *domain,
		size_t warnings)
{
	bool done = false;

	for (unsigned long n = 1; !done; n++) {
		struct diags *diags = diags_new();
		struct snapshot *snapshot;

		assert_non_null(diags);
		chaos.failing = n;
		chaos.all_after = all_after;
		snapshot = load(sources, diags);
		done = chaos.count < n;
		if (!snapshot && diags_errors(diags) == 0)
			fail_msg("allocation %lu: nothing is said", n);
		if (snapshot && diags_errors(diags))
			fail_msg("allocation %lu: loaded, with an error", n);
		if (snapshot && all_after && !done)
			fail_msg("allocation %lu and all after: loaded", n);
		if (snapshot && (!domain || diags_warnings(diags) != warnings))
			fail_msg("allocation %lu: loaded, but not in full", n);
		if (done && domain)
			assert_non_null(snapshot);
		if (snapshot)
			check_answers(snapshot, domain);
		else
			print_all(diags);
		snapshot_unref(snapshot);
		diags_free(diags);
		assert_true(n < 1000000);
	}
}

static void shipped(struct sources *sources)
{
	unit_source("conf/centurylink.json", sources->table, sizeof(sources->table));
	unit_source("templates", sources->templates, sizeof(sources->templates));
}

static void one_fails(void **state)
{
	struct sources sources;

	(void)state;
	shipped(&sources);
	run(&sources, false, "q.com", 0);
}

static void all_fail(void **state)
{
	struct sources sources;

	(void)state;
	shipped(&sources);
	run(&sources, true, "q.com", 0);
}

#define BASIC "\"authentication\": [\"http:Basic\"], \"username\": \"%EMAILADDRESS%\""
#define LOGIN                                                                                 \
	"\"authentication\": [\"password-cleartext\"], \"username\": \"%EMAILADDRESS%\""

#define SERVERS(port)                                                                         \
	"\"incomingServers\": [{\"type\": \"imap\", \"hostname\": \"a.b\", \"port\": " port ","  \
	" \"socketType\": \"STARTTLS\", \"authentication\": [\"OAuth2\"],"                       \
	" \"username\": \"x\", \"//\": \"c\"}],"                                                \
	"\"outgoingServers\": [{\"type\": \"smtp\", \"hostname\": \"a.b\", \"port\": 465,"       \
	" \"socketType\": \"SSL\", \"authentication\": [\"password-cleartext\", \"sasl:PLAIN\"]," \
	" \"username\": \"x\"}]"

/* A folder, a file of domains, wildcards, exchangers, and warnings that need places. */
static void with_warnings(void **state)
{
	struct unit *unit = *state;
	struct sources sources;

	shipped(&sources);
	snprintf(sources.table, sizeof(sources.table), "%s", unit->folder);
	unit_write(unit, "customers.txt", "one.example\n# c\n*.two.example\none.example\n");
	unit_write(unit, "b.json",
		   "{\"providers\": [\n{\"id\": \"r.example\", \"displayName\": \"R\"}]}");
	unit_write(unit, "a.json",
		   "{\"providers\": [\n{\"id\": \"p.example\", \"displayName\": \"P\",\n"
		   "\"domains\": [\"q.example\", \"*.s.example\" , \"q.example\"],\n"
		   "\"domainsFile\": \"customers.txt\", \"mailExchangers\": [\"mx.example\"],\n"
		   SERVERS("1143") "}]}");
	run(&sources, false, "q.example", 6);
	run(&sources, true, "q.example", 6);
}

/* Everything that is answered, redirects among it; all programs are there or none. */
static void with_redirects(void **state)
{
	struct unit *unit = *state;
	struct sources sources;

	shipped(&sources);
	snprintf(sources.table, sizeof(sources.table), "%s", unit->folder);
	unit_write(unit, "a.json",
		   "{\"providers\": [\n{\"id\": \"p.example\", \"displayName\": \"P \\\"\",\n"
		   "\"domains\": [\"q.example\"], \"autodiscoverHost\": \"d.%EMAILDOMAIN%\",\n"
		   "\"calendars\": [{\"type\": \"caldav\", \"url\": \"https://d.b/c/\"," BASIC "}],\n"
		   "\"incomingServers\": [{\"type\": \"imap\", \"hostname\": \"a.b\", \"port\": 993,"
		   " \"socketType\": \"SSL\"," LOGIN "},\n"
		   "{\"type\": \"ews\", \"url\": \"https://a.b/e\"," BASIC "},\n"
		   "{\"type\": \"activeSync\", \"url\": \"https://a.b/a\"," BASIC "}],\n"
		   "\"outgoingServers\": [{\"type\": \"smtp\", \"hostname\": \"a.b\", \"port\": 465,"
		   " \"socketType\": \"SSL\"," LOGIN "}]},\n"
		   "{\"id\": \"r.example\", \"displayName\": \"R\", \"domains\": [\"r.example\"],\n"
		   " \"redirectAddr\": \"%EMAILLOCALPART%@q.example\"},\n"
		   "{\"id\": \"s.example\", \"displayName\": \"S\", \"domains\": [\"s.example\"],\n"
		   " \"redirectUrl\": \"https://d.q.example/\"}]}");
	run(&sources, false, "q.example", 0);
	run(&sources, true, "q.example", 0);
	unit_write(unit, "b.json",
		   "{\"providers\": [{\"id\": \"t.example\", \"displayName\": \"T\","
		   " \"domains\": [\"t.example\"], \"redirectAddr\": \"x@r.example\"}]}");
	run(&sources, false, NULL, 0);
	run(&sources, true, NULL, 0);
}

/* Mistakes of every kind: the load never succeeds, and always says so. */
static void with_errors(void **state)
{
	struct unit *unit = *state;
	struct sources sources;

	snprintf(sources.table, sizeof(sources.table), "%s", unit->folder);
	snprintf(sources.templates, sizeof(sources.templates), "%s", unit->folder);
	unit_write(unit, "a.json",
		   "{\"providers\": [\n{\"id\": \"p example\", \"dislayName\": \"P\",\n"
		   "\"domains\": [\"q_.example\", 7, \"\\u00a0\"], \"password\": \"x\",\n"
		   "\"domainsFile\": \"none.txt\", \"zzz\": 1, \"limits\": {\"x\": 1},\n"
		   "\"clientConfigUpdate\": \"ftp://x\",\n"
		   SERVERS("\"x\"") "},\n"
		   "{\"id\": \"s.example\", \"displayName\": \"%EMAILADDRESS\","
		   " \"incomingServers\": [{\"type\": \"imapp\"},"
		   " {\"type\": \"jmap\", \"port\": 1}]}]}");
	unit_write(unit, "b.json", "{");
	unit_write(unit, "autoconfig.xml",
		   "<a xmlns:t='urn:mailconfd:template:1' b='{provider.idd}'><t:vale/>"
		   "<t:for each='x' in='provider.note'/><t:if test='a = b'/></a>");
	unit_write(unit, "autodiscover.xml", "<a>");
	run(&sources, false, NULL, 0);
	run(&sources, true, NULL, 0);
}

/* --- Imports -------------------------------------------------------------------------- */

#define XML_LOGIN                                                          \
	"<authentication system=\"sasl\">PLAIN</authentication>\n"         \
	"<authentication>password-cleartext</authentication>\n"            \
	"<username>%EMAILADDRESS%</username>"

static const char client_config[] =
	"<clientConfig version=\"1.1\"><emailProvider id=\"b.example\">\n"
	"<domain>c.example</domain><domain>B.example</domain><domain>b.example</domain>\n"
	"<domain purpose=\"mx\">mx.example</domain><displayName>B &amp; B</displayName>\n"
	"<incomingServer type=\"imap\"><hostname>A.b</hostname><port>993</port>\n"
	"<socketType>SSL</socketType>" XML_LOGIN "<unknown/></incomingServer>\n"
	"<outgoingServer type=\"smtp\"><hostname>a.b</hostname><port>465</port>\n"
	"<socketType>SSL</socketType>" XML_LOGIN "</outgoingServer>\n"
	"<documentation url=\"https://a.b/\"><descr lang=\"en\">Text</descr></documentation>\n"
	"</emailProvider><webMail><loginPage url=\"https://a.b/\"/></webMail></clientConfig>\n";

static const char seed[] =
	"{\"provider\": \"E\", \"domains\": [\"e.example\"],\n\"servers\": [{\"type\": \"imap\","
	" \"name\": \"a.b\"}, {\"type\": \"smtp\", \"name\": \"a.b\", \"prio\": 1}]}";

/* The table, owned, or NULL. */
static char *import_table(const char *ispdb, const char *automx2, struct diags *diags)
{
	struct buf out = BUF_EMPTY;
	struct import import;
	char *text = NULL;

	chaos.count = 0;
	chaos.counting = true;
	if (import_init(&import, diags)) {
		import_ispdb(&import, ispdb);
		import_automx2(&import, automx2);
		if (import_write(&import, &out))
			text = buf_take(&out, NULL);
	}
	import_fini(&import);
	buf_fini(&out);
	chaos.counting = false;
	return text;
}

/* The names, owned and joined, or NULL. */
static char *import_names(const char *main_cf, const char *unused, struct diags *diags)
{
	struct postfix postfix = { .diags = diags, .parameter = "virtual_mailbox_domains" };
	struct buf out = BUF_EMPTY;
	char *text = NULL;

	(void)unused;
	chaos.count = 0;
	chaos.counting = true;
	postfix.arena = arena_new();
	if (postfix.arena)
		import_postfix(&postfix, main_cf);
	if (postfix.arena && !arena_failed(postfix.arena) && !buf_failed(&postfix.names)) {
		const struct str *names = (const void *)postfix.names.p;

		for (size_t i = 0; i < postfix.names.len / sizeof(*names); i++)
			buf_addf(&out, "%.*s\n", STR_ARGS(names[i]));
		text = buf_take(&out, NULL);
	}
	map_fini(&postfix.seen);
	buf_fini(&postfix.names);
	buf_fini(&out);
	arena_free(postfix.arena);
	chaos.counting = false;
	return text;
}

/* What comes out without an error is the whole. */
static void run_import(char *(*import)(const char *path, const char *other, struct diags *diags),
		       const char *path, const char *other, bool all_after)
{
	struct diags *quiet = diags_new();
	char *whole;
	bool done = false;

	chaos.failing = 0;
	whole = import(path, other, quiet);
	assert_non_null(whole);
	assert_int_equal(diags_errors(quiet), 0);
	for (unsigned long n = 1; !done; n++) {
		struct diags *diags = diags_new();
		char *text;

		chaos.failing = n;
		chaos.all_after = all_after;
		text = import(path, other, diags);
		done = chaos.count < n;
		if (text && diags_errors(diags) == 0 && strcmp(text, whole) != 0)
			fail_msg("allocation %lu: not the whole, and nothing is said:\n%s", n, text);
		if (done)
			assert_non_null(text);
		free(text);
		diags_free(diags);
		assert_true(n < 1000000);
	}
	free(whole);
	diags_free(quiet);
}

static void imports(void **state)
{
	struct unit *unit = *state;
	char ispdb[600];
	char automx2[600];

	snprintf(ispdb, sizeof(ispdb), "%s", unit_write(unit, "b.xml", client_config));
	snprintf(automx2, sizeof(automx2), "%s", unit_write(unit, "seed.json", seed));
	run_import(import_table, ispdb, automx2, false);
	run_import(import_table, ispdb, automx2, true);
	unit_write(unit, "vd", "a.example OK\n.b.example OK\n");
	unit_write(unit, "main.cf",
		   "d = c.example\nvirtual_mailbox_domains = x.$d, hash:vd\n  $d\n");
	run_import(import_names, unit->path, NULL, false);
	run_import(import_names, unit->path, NULL, true);
}

/* A hint belongs to the finding it was given for, also when that could not be kept. */
static void hint_of_a_lost_finding(void **state)
{
	struct unit *unit = *state;
	const struct place place = { .file = "f", .line = 1, .column = 1 };
	unsigned kept = 0;

	/* up to the first addition that needs more room */
	for (bool grown = false; !grown; kept++) {
		chaos.count = 0;
		chaos.failing = 0;
		chaos.counting = true;
		diag_add(unit->diags, SEVERITY_ERROR, &place, "kept");
		chaos.counting = false;
		grown = kept > 0 && chaos.count > 2; /* file, text, and the list */
	}
	unit_fresh(unit);
	for (unsigned i = 0; i + 1 < kept; i++)
		diag_add(unit->diags, SEVERITY_ERROR, &place, "kept");
	chaos.count = 0;
	chaos.failing = 1;
	chaos.all_after = false;
	chaos.counting = true;
	diag_add(unit->diags, SEVERITY_ERROR, &place, "lost");
	chaos.counting = false;
	diag_hint(unit->diags, "of the lost one");
	assert_int_equal(diags_errors(unit->diags), kept);
	assert_null(strstr(unit_findings(unit), "lost\n"));
	assert_null(strstr(unit->findings, "of the lost one"));
	assert_non_null(strstr(unit->findings, "some findings are not shown"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_TEST(one_fails),	  UNIT_TEST(all_fail),
		UNIT_TEST(with_warnings), UNIT_TEST(with_redirects),
		UNIT_TEST(with_errors),	  UNIT_TEST(imports),
		UNIT_TEST(hint_of_a_lost_finding),
	};
	struct sources sources;
	struct diags *diags = diags_new();
	int failed;

	json_set_alloc_funcs(jansson_malloc, free);
	xmlMemSetup(free, xml_malloc, __wrap_realloc, __wrap_strdup);
	xml_init();
	/* what the libraries set up once is not what is looked at */
	shipped(&sources);
	snapshot_unref(load(&sources, diags));
	diags_free(diags);
	failed = cmocka_run_group_tests_name("chaos", tests, NULL, NULL);
	xml_fini();
	return failed;
}
