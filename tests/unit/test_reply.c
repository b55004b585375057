/* Replies: their fields, holes, tags and bytes. */
#include "unit.h"

#include "reply.h"

/* "<HOLE_ADDRESS|HOLE_DOMAIN>"; lives in the arena. */
static struct program make_program(struct arena *arena)
{
	struct program_builder builder;
	struct program program;

	program_builder_init(&builder, arena);
	program_builder_text(&builder, STR("<"));
	program_builder_hole(&builder, HOLE_ADDRESS);
	program_builder_text(&builder, STR("|"));
	program_builder_hole(&builder, HOLE_DOMAIN);
	program_builder_text(&builder, STR(">"));
	assert_true(program_builder_finish(&builder, &program));
	return program;
}

static void check_body(int line, const struct reply *reply, const char *want)
{
	size_t size;
	char *out = reply_body(reply, &size);

	assert_non_null(out);
	unit_row_str(line, (struct str){ out, size }, want, "body");
	free(out);
}

static void beginning(void **state)
{
	struct reply reply;

	(void)state;
	memset(&reply, 0xff, sizeof(reply));
	reply_init(&reply);
	assert_int_equal(reply.status, 0);
	assert_null(reply.content_type);
	assert_null(reply.cache_control);
	assert_null(reply.allow);
	assert_null(reply.location);
	assert_false(reply.any_origin);
	assert_string_equal(reply.etag, "");
	assert_null(reply.program);
	for (int i = 0; i < HOLES; i++)
		assert_str(reply.values.hole[i], "");
	assert_int_equal(reply.scratch_used, 0);
	check_body(__LINE__, &reply, "");
}

static void errors(void **state)
{
	static const struct {
		int line;
		unsigned status;
		const char *reason, *text;
	} rows[] = {
		{ __LINE__, 400, "Bad Request", "This is not a valid HTTP request.\n" },
		{ __LINE__, 404, "Not Found", "There are no mail settings at this address.\n" },
		{ __LINE__, 405, "Method Not Allowed", "This method is not possible here.\n" },
		{ __LINE__, 413, "Content Too Large", "The request's body is too large.\n" },
		{ __LINE__, 414, "URI Too Long", "The request's address is too long.\n" },
		{ __LINE__, 429, "Too Many Requests",
		  "Too many requests at once from this address.\n" },
		{ __LINE__, 431, "Request Header Fields Too Large",
		  "The request's header is too large.\n" },
		{ __LINE__, 503, "Service Unavailable",
		  "The server is overloaded; please ask again later.\n" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct reply reply;

		memset(&reply, 0xff, sizeof(reply));
		reply_error(&reply, rows[i].status);
		ROW_INT(&rows[i], reply.status, rows[i].status);
		ROW_STR(&rows[i], str_of(reply.content_type), "text/plain; charset=utf-8");
		ROW_TRUE(&rows[i], !reply.cache_control && !reply.allow && !reply.location);
		ROW_TRUE(&rows[i], !reply.any_origin && !reply.etag[0]);
		check_body(rows[i].line, &reply, rows[i].text);
		ROW_STR(&rows[i], str_of(reply_reason(rows[i].status)), rows[i].reason);
	}
}

static void reasons(void **state)
{
	(void)state;
	assert_string_equal(reply_reason(200), "OK");
	assert_string_equal(reply_reason(204), "No Content");
	assert_string_equal(reply_reason(302), "Found");
	assert_string_equal(reply_reason(304), "Not Modified");
	assert_string_equal(reply_reason(299), "Unknown");
}

static void not_found(void **state)
{
	struct reply reply;

	(void)state;
	reply_not_found(&reply);
	assert_int_equal(reply.status, 404);
	assert_string_equal(reply.cache_control, "max-age=60");
	assert_string_equal(reply.content_type, "text/plain; charset=utf-8");
	check_body(__LINE__, &reply, "There are no mail settings at this address.\n");
}

static void holes(void **state)
{
	static const struct {
		int line;
		const char *address, *domain, *want;
	} rows[] = {
		{ __LINE__, "ann@one.example", "one.example", "<ann@one.example|one.example>" },
		{ __LINE__, "", "", "<|>" },
		{ __LINE__, "a&b@c", "x", "<a&amp;b@c|x>" },
		{ __LINE__, "\xc3\xa9%s%n@c", "x", "<\xc3\xa9%s%n@c|x>" },
	};
	struct arena *arena = arena_new();
	struct program program;

	(void)state;
	assert_non_null(arena);
	program = make_program(arena);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct reply reply;

		reply_init(&reply);
		reply.program = &program;
		reply_fill(&reply, HOLE_ADDRESS, str_of(rows[i].address));
		reply_fill(&reply, HOLE_DOMAIN, str_of(rows[i].domain));
		check_body(rows[i].line, &reply, rows[i].want);
	}
	arena_free(arena);
}

/* What the program does not write takes no room. */
static void unused_holes(void **state)
{
	struct arena *arena = arena_new();
	struct program program;
	struct reply reply;

	(void)state;
	assert_non_null(arena);
	program = make_program(arena);
	reply_init(&reply);
	reply.program = &program;
	reply_fill(&reply, HOLE_LOCAL_PART, STR("ann"));
	reply_fill(&reply, HOLE_EMAIL_DOMAIN, STR("one.example"));
	assert_int_equal(reply.scratch_used, 0);
	assert_str(reply.values.hole[HOLE_LOCAL_PART], "");
	check_body(__LINE__, &reply, "<|>");
	arena_free(arena);
}

/* The longest address that there can be has room, whatever it is made of. */
static void room(void **state)
{
	char longest[ADDRESS_MOST];
	static char too_long[REPLY_SCRATCH];
	struct arena *arena = arena_new();
	struct program program;
	struct reply reply;
	size_t len;
	char *out;

	(void)state;
	assert_non_null(arena);
	program = make_program(arena);
	memset(longest, '"', sizeof(longest));
	reply_init(&reply);
	reply.program = &program;
	reply_fill(&reply, HOLE_ADDRESS, (struct str){ longest, sizeof(longest) });
	reply_fill(&reply, HOLE_DOMAIN, (struct str){ longest, sizeof(longest) });
	assert_int_equal(reply.status, 0);
	out = reply_body(&reply, &len);
	assert_non_null(out);
	assert_int_equal(len, 2 * sizeof(longest) * strlen("&quot;") + 3);
	free(out);
	/* what nobody can send is refused, not cut off */
	memset(too_long, 'a', sizeof(too_long));
	reply_init(&reply);
	reply.program = &program;
	reply_fill(&reply, HOLE_ADDRESS, (struct str){ too_long, sizeof(too_long) });
	assert_int_equal(reply.status, 503);
	assert_null(reply.program);
	arena_free(arena);
}

static void formatting(void **state)
{
	static char text[REPLY_SCRATCH + 1];
	struct reply reply;
	struct str first;
	struct str second;

	(void)state;
	reply_init(&reply);
	first = reply_printf(&reply, "https://%s/%d", "one.example", 7);
	second = reply_printf(&reply, "%s", "");
	assert_str(first, "https://one.example/7");
	assert_string_equal(first.p, "https://one.example/7"); /* terminated, too */
	assert_str(second, "");
	assert_string_equal(reply_printf(&reply, "more").p, "more");
	assert_str(first, "https://one.example/7");

	memset(text, 'a', sizeof(text) - 1);
	reply_init(&reply);
	assert_str(reply_printf(&reply, "%s", text), "");
	assert_int_equal(reply.scratch_used, 0);
	text[REPLY_SCRATCH - 1] = '\0';
	assert_int_equal(reply_printf(&reply, "%s", text).len, REPLY_SCRATCH - 1);
	assert_str(reply_printf(&reply, "a"), "");
}

static void make_tagged(struct reply *reply, const struct program *program, const char *domain,
			const char *if_none_match)
{
	struct request request = { .if_none_match = str_of(if_none_match) };

	reply_init(reply);
	reply->status = 200;
	reply->content_type = "text/xml";
	reply->program = program;
	reply_fill(reply, HOLE_DOMAIN, str_of(domain));
	reply_tag(reply, &request);
}

static void tags(void **state)
{
	struct arena *arena = arena_new();
	struct program program;
	struct reply reply;
	char tag[REPLY_ETAG];

	(void)state;
	assert_non_null(arena);
	program = make_program(arena);
	make_tagged(&reply, &program, "one.example", NULL);
	assert_int_equal(reply.status, 200);
	assert_int_equal(strlen(reply.etag), 18);
	assert_true(reply.etag[0] == '"' && reply.etag[17] == '"');
	assert_int_equal(strspn(reply.etag + 1, "0123456789abcdef"), 16);
	snprintf(tag, sizeof(tag), "\"%016llx\"", (unsigned long long)reply.digest);
	assert_string_equal(reply.etag, tag);
	make_tagged(&reply, &program, "one.example", NULL);
	assert_string_equal(reply.etag, tag);
	make_tagged(&reply, &program, "two.example", NULL);
	assert_string_not_equal(reply.etag, tag);
	arena_free(arena);
}

/* @ stands for the tag. */
static void known_tags(void **state)
{
	static const struct {
		int line;
		const char *field;
		unsigned status;
	} rows[] = {
		{ __LINE__, "@", 304 },
		{ __LINE__, "W/@", 304 },
		{ __LINE__, "*", 304 },
		{ __LINE__, " @ ", 304 },
		{ __LINE__, "\"a\", @", 304 },
		{ __LINE__, "\"a\",W/@,\"b\"", 304 },
		{ __LINE__, "\"a\"", 200 },
		{ __LINE__, "\"a\", \"b\"", 200 },
		{ __LINE__, "w/@", 200 },
		{ __LINE__, "x@", 200 },
		{ __LINE__, "@x", 200 },
		{ __LINE__, "", 200 },
		{ __LINE__, ",", 200 },
		{ __LINE__, "\"*\"", 200 },
	};
	struct arena *arena = arena_new();
	struct program program;
	struct reply reply;
	char tag[REPLY_ETAG];

	(void)state;
	assert_non_null(arena);
	program = make_program(arena);
	make_tagged(&reply, &program, "one.example", NULL);
	memcpy(tag, reply.etag, sizeof(tag));
	for (size_t i = 0; i < COUNT(rows); i++) {
		const char *at = strchr(rows[i].field, '@');
		char field[100];

		snprintf(field, sizeof(field), "%.*s%s%s",
			 (int)(at ? (size_t)(at - rows[i].field) : strlen(rows[i].field)),
			 rows[i].field, at ? tag : "", at ? at + 1 : "");
		make_tagged(&reply, &program, "one.example", field);
		ROW_INT(&rows[i], reply.status, rows[i].status);
		ROW_STR(&rows[i], str_of(reply.etag), tag);
		check_body(rows[i].line, &reply,
			   rows[i].status == 304 ? "" : "<|one.example>");
		ROW_TRUE(&rows[i], (rows[i].status == 304) == !reply.content_type);
	}
	arena_free(arena);
}

static void patterns(void **state)
{
	static const struct {
		int line;
		const char *pattern, *want;
	} rows[] = {
		{ __LINE__, "https://a.b/c", "https://a.b/c" },
		{ __LINE__, "autodiscover.%EMAILDOMAIN%", "autodiscover.q.com" },
		{ __LINE__, "%EMAILDOMAIN%/%EMAILDOMAIN%", "q.com/q.com" },
		/* filled once: what comes out is not looked at again */
		{ __LINE__, "%EMAILDOMAIN", "%EMAILDOMAIN" },
		{ __LINE__, "100%", "100%" },
		{ __LINE__, "", "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct reply reply;
		struct str text;

		reply_init(&reply);
		text = reply_pattern(&reply, str_of(rows[i].pattern), STR("q.com"));
		ROW_STR(&rows[i], text, rows[i].want);
		ROW_STR(&rows[i], str_of(text.p), rows[i].want); /* terminated, too */
		ROW_INT(&rows[i], reply.scratch_used, text.len + 1);
	}
}

static void patterns_without_room(void **state)
{
	static char text[REPLY_SCRATCH];
	struct reply reply;
	struct str long_text = { text, sizeof(text) };

	(void)state;
	memset(text, 'a', sizeof(text));
	reply_init(&reply);
	assert_str(reply_pattern(&reply, long_text, STR("q.com")), "");
	assert_str(reply_pattern(&reply, STR("x%EMAILDOMAIN%"), long_text), "");
	assert_int_equal(reply.scratch_used, 0);
	long_text.len--;
	assert_int_equal(reply_pattern(&reply, long_text, STR("q.com")).len, REPLY_SCRATCH - 1);
	assert_str(reply_pattern(&reply, STR("a"), STR("q.com")), "");
}

static void redirects(void **state)
{
	struct reply reply;

	(void)state;
	reply_init(&reply);
	reply_redirect(&reply, 307, reply_printf(&reply, "https://a.b/"));
	assert_int_equal(reply.status, 307);
	assert_string_equal(reply.location, "https://a.b/");
	assert_null(reply.content_type);
	assert_null(reply.cache_control);
	check_body(__LINE__, &reply, "");
	assert_string_equal(reply_reason(301), "Moved Permanently");
	assert_string_equal(reply_reason(307), "Temporary Redirect");

	reply_init(&reply);
	reply_redirect(&reply, 301, STR(""));
	assert_int_equal(reply.status, 404);
	assert_null(reply.location);
	assert_string_equal(reply.cache_control, "max-age=60");
}

/* The same holes in a JSON document: other characters mean something there. */
static void json_holes(void **state)
{
	static const struct {
		int line;
		const char *address, *want;
	} rows[] = {
		{ __LINE__, "ann@q.com", "<ann@q.com|q.com>" },
		{ __LINE__, "a\"b\\c&<'@q.com", "<a\\\"b\\\\c&<'@q.com|q.com>" },
		{ __LINE__, "a\nb", "<a\\u000ab|q.com>" },
		{ __LINE__, "\xc3\xa9", "<\xc3\xa9|q.com>" },
	};
	struct arena *arena = arena_new();
	struct program program;

	(void)state;
	assert_non_null(arena);
	program = make_program(arena);
	program.method = OUTPUT_JSON;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct reply reply;

		reply_init(&reply);
		reply.program = &program;
		reply_fill(&reply, HOLE_ADDRESS, str_of(rows[i].address));
		reply_fill(&reply, HOLE_DOMAIN, STR("q.com"));
		check_body(rows[i].line, &reply, rows[i].want);
	}
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(beginning), cmocka_unit_test(errors),
		cmocka_unit_test(reasons),   cmocka_unit_test(not_found),
		cmocka_unit_test(holes),     cmocka_unit_test(unused_holes),
		cmocka_unit_test(room),      cmocka_unit_test(formatting),
		cmocka_unit_test(tags),      cmocka_unit_test(known_tags),
		cmocka_unit_test(patterns),  cmocka_unit_test(patterns_without_room),
		cmocka_unit_test(redirects), cmocka_unit_test(json_holes),
	};

	return cmocka_run_group_tests_name("reply", tests, NULL, NULL);
}
