/* The escaper. */
#include "unit.h"

#include "escape.h"
#include "xml.h"

#include <jansson.h>

static const struct {
	int line;
	const char *text, *escaped;
} rows[] = {
	{ __LINE__, "", "" },
	{ __LINE__, "plain text", "plain text" },
	{ __LINE__, "&", "&amp;" },
	{ __LINE__, "<", "&lt;" },
	{ __LINE__, ">", "&gt;" },
	{ __LINE__, "\"", "&quot;" },
	{ __LINE__, "'", "&#39;" },
	{ __LINE__, "\t", "&#9;" },
	{ __LINE__, "\n", "&#10;" },
	{ __LINE__, "\r", "&#13;" },
	{ __LINE__, "&amp;", "&amp;amp;" },
	{ __LINE__, "]]>", "]]&gt;" },
	{ __LINE__, "https://example.com/?a=1&b=2", "https://example.com/?a=1&amp;b=2" },
	{ __LINE__, "\"fred smith\"@example.com", "&quot;fred smith&quot;@example.com" },
	{ __LINE__, "<a href='x'>&</a>",
	  "&lt;a href=&#39;x&#39;&gt;&amp;&lt;/a&gt;" },
	{ __LINE__, "gr\xc3\xbc\xc3\x9f \xf0\x9f\x98\x80", "gr\xc3\xbc\xc3\x9f \xf0\x9f\x98\x80" },
	{ __LINE__, "%EMAILADDRESS%", "%EMAILADDRESS%" },
};

static void into_memory(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct str text = str_of(rows[i].text);
		char *out = malloc(ESCAPE_XML_MOST * text.len + 1);

		assert_non_null(out);
		ROW_STR(&rows[i], ((struct str){ out, escape_xml(text, out) }), rows[i].escaped);
		free(out);
	}
}

static void into_buffer(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct buf buf = BUF_EMPTY;

		buf_add(&buf, STR("before "));
		escape_xml_buf(&buf, str_of(rows[i].text));
		ROW_STR(&rows[i], str_from(buf_str(&buf), 7), rows[i].escaped);
		buf_fini(&buf);
	}
}

/* The bound is reached, and never passed. */
static void most(void **state)
{
	(void)state;
	for (int c = 0; c < 256; c++) {
		char byte = (char)c;
		char out[2 * ESCAPE_XML_MOST];
		size_t len = escape_xml((struct str){ &byte, 1 }, out);

		assert_in_range(len, 1, ESCAPE_XML_MOST);
		if (byte == '"')
			assert_int_equal(len, ESCAPE_XML_MOST);
	}
}

struct read_back {
	struct buf text;
	struct buf attribute;
};

static bool on_start(void *closure, const struct xml_element *element)
{
	struct read_back *back = closure;

	for (size_t i = 0; i < element->attribute_count; i++)
		buf_add(&back->attribute, element->attributes[i].value);
	return true;
}

static bool on_end(void *closure)
{
	(void)closure;
	return true;
}

static bool on_text(void *closure, struct str text)
{
	struct read_back *back = closure;

	buf_add(&back->text, text);
	return true;
}

/* What a parser reads back is what was written, in an element and in an attribute. */
static void round_trip(void **state)
{
	static const struct xml_handlers handlers = { on_start, on_end, on_text };

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct read_back back = { BUF_EMPTY, BUF_EMPTY };
		struct buf document = BUF_EMPTY;
		struct xml_error error;

		buf_add(&document, STR("<a b=\""));
		escape_xml_buf(&document, str_of(rows[i].text));
		buf_add(&document, STR("\">"));
		escape_xml_buf(&document, str_of(rows[i].text));
		buf_add(&document, STR("</a>"));
		ROW_TRUE(&rows[i], xml_parse(buf_str(&document), &handlers, &back, &error));
		ROW_STR(&rows[i], buf_str(&back.text), rows[i].text);
		ROW_STR(&rows[i], buf_str(&back.attribute), rows[i].text);
		buf_fini(&document);
		buf_fini(&back.text);
		buf_fini(&back.attribute);
	}
}

static void into_urls(void **state)
{
	static const struct {
		int line;
		const char *text, *escaped;
	} urls[] = {
		{ __LINE__, "", "" },
		{ __LINE__, "AZaz09-._~", "AZaz09-._~" },
		{ __LINE__, "a/b?c#d%41@example.com", "a%2Fb%3Fc%23d%2541%40example.com" },
		{ __LINE__, "!$&'()*+,;=:[]", "%21%24%26%27%28%29%2A%2B%2C%3B%3D%3A%5B%5D" },
		{ __LINE__, "\"<\\ \x7f>", "%22%3C%5C%20%7F%3E" },
		{ __LINE__, "\xc3\xbc\xf0\x9f\x98\x80", "%C3%BC%F0%9F%98%80" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(urls); i++) {
		struct str text = str_of(urls[i].text);
		char *out = malloc(ESCAPE_URL_MOST * text.len + 1);

		assert_non_null(out);
		ROW_STR(&urls[i], ((struct str){ out, escape_url(text, out) }), urls[i].escaped);
		free(out);
	}
}

static void into_json(void **state)
{
	static const struct {
		int line;
		const char *text, *escaped;
	} texts[] = {
		{ __LINE__, "", "" },
		{ __LINE__, "plain text/", "plain text/" },
		{ __LINE__, "\"", "\\\"" },
		{ __LINE__, "\\", "\\\\" },
		{ __LINE__, "\\u0041", "\\\\u0041" },
		{ __LINE__, "\"},{\"", "\\\"},{\\\"" },
		{ __LINE__, "'&<>%EMAILADDRESS%", "'&<>%EMAILADDRESS%" },
		{ __LINE__, "gr\xc3\xbc\xc3\x9f \xf0\x9f\x98\x80", "gr\xc3\xbc\xc3\x9f \xf0\x9f\x98\x80" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		struct str text = str_of(texts[i].text);
		char *out = malloc(ESCAPE_JSON_MOST * text.len + 1);
		struct buf buf = BUF_EMPTY;

		assert_non_null(out);
		ROW_STR(&texts[i], ((struct str){ out, escape_json(text, out) }), texts[i].escaped);
		free(out);
		buf_add(&buf, STR("before "));
		escape_json_buf(&buf, text);
		ROW_STR(&texts[i], str_from(buf_str(&buf), 7), texts[i].escaped);
		buf_fini(&buf);
	}
}

/* Each byte but a lone one of UTF-8 comes back from a parser; the bound is kept. */
static void json_round_trip(void **state)
{
	(void)state;
	for (int c = 1; c < 0x80; c++) {
		char byte = (char)c;
		char out[2 + 2 * ESCAPE_JSON_MOST] = "\"";
		size_t len = escape_json((struct str){ &byte, 1 }, out + 1);
		json_t *read;

		assert_in_range(len, 1, ESCAPE_JSON_MOST);
		out[len + 1] = '"';
		read = json_loadb(out, len + 2, JSON_DECODE_ANY, NULL);
		if (!read || json_string_length(read) != 1 || json_string_value(read)[0] != byte)
			fail_msg("character %d becomes %s", c, out);
		json_decref(read);
	}
}

static void into_zones(void **state)
{
	static const struct {
		int line;
		const char *text, *string, *name;
	} zones[] = {
		{ __LINE__, "", "\"\"", "" },
		{ __LINE__, "_a-1.Example", "\"_a-1.Example\"", "_a-1.Example" },
		{ __LINE__, "path=/a b;c", "\"path=/a b;c\"", "path\\061\\047a\\032b\\059c" },
		{ __LINE__, "\"\\", "\"\\\"\\\\\"", "\\034\\092" },
		{ __LINE__, "\n\t\x7f", "\"\\010\\009\\127\"", "\\010\\009\\127" },
		{ __LINE__, "$(@*", "\"$(@*\"", "\\036\\040\\064\\042" },
		{ __LINE__, "\xc3\xbc", "\"\\195\\188\"", "\\195\\188" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(zones); i++) {
		struct buf string = BUF_EMPTY;
		struct buf name = BUF_EMPTY;

		escape_zone_string(&string, str_of(zones[i].text));
		escape_zone_name(&name, str_of(zones[i].text));
		ROW_STR(&zones[i], buf_str(&string), zones[i].string);
		ROW_STR(&zones[i], buf_str(&name), zones[i].name);
		buf_fini(&string);
		buf_fini(&name);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(into_memory),
		cmocka_unit_test(into_buffer),
		cmocka_unit_test(most),
		cmocka_unit_test(round_trip),
		cmocka_unit_test(into_urls),
		cmocka_unit_test(into_json),
		cmocka_unit_test(json_round_trip),
		cmocka_unit_test(into_zones),
	};
	int failed;

	xml_init();
	failed = cmocka_run_group_tests_name("escape", tests, NULL, NULL);
	xml_fini();
	return failed;
}
