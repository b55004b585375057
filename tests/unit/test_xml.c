/* XML from outside: what is let through, what is refused, and where. */
#include "unit.h"

#include "buf.h"
#include "xml.h"

/* Events as one text: "<name" with attributes, "(text)", ">" at the end of an element. */
struct trace {
	struct buf events;
	bool open_text;
	unsigned stop_after; /* events; 0: never */
	unsigned count;
};

static bool go_on(struct trace *trace)
{
	return ++trace->count != trace->stop_after;
}

static void end_text(struct trace *trace)
{
	if (trace->open_text)
		buf_addc(&trace->events, ')');
	trace->open_text = false;
}

static void add_name(struct buf *buf, struct str prefix, struct str name, struct str namespace)
{
	if (namespace.len)
		buf_addf(buf, "{%.*s}", STR_ARGS(namespace));
	if (prefix.len)
		buf_addf(buf, "%.*s:", STR_ARGS(prefix));
	buf_add(buf, name);
}

static bool on_start(void *closure, const struct xml_element *element)
{
	struct trace *trace = closure;
	struct buf *buf = &trace->events;

	end_text(trace);
	buf_addc(buf, '<');
	add_name(buf, element->prefix, element->name, element->namespace);
	for (size_t i = 0; i < element->declaration_count; i++)
		buf_addf(buf, " xmlns:%.*s=%.*s", STR_ARGS(element->declarations[i].name),
			 STR_ARGS(element->declarations[i].value));
	for (size_t i = 0; i < element->attribute_count; i++) {
		const struct xml_attribute *attribute = &element->attributes[i];

		buf_addc(buf, ' ');
		add_name(buf, attribute->prefix, attribute->name, attribute->namespace);
		buf_addc(buf, '=');
		buf_add(buf, attribute->value);
	}
	buf_addf(buf, "@%zu", element->offset);
	return go_on(trace);
}

static bool on_end(void *closure)
{
	struct trace *trace = closure;

	end_text(trace);
	buf_addc(&trace->events, '>');
	return go_on(trace);
}

static bool on_text(void *closure, struct str text)
{
	struct trace *trace = closure;

	if (!trace->open_text)
		buf_addc(&trace->events, '(');
	trace->open_text = true;
	buf_add(&trace->events, text);
	return go_on(trace);
}

static const struct xml_handlers handlers = { on_start, on_end, on_text };

static void good(void **state)
{
	static const struct {
		int line;
		struct str document;
		const char *events;
	} rows[] = {
		{ __LINE__, STR("<a/>"), "<a@0>" },
		{ __LINE__, STR("<a></a>"), "<a@0>" },
		{ __LINE__, STR("<?xml version=\"1.0\"?>\n<a/>\n"), "<a@22>" },
		{ __LINE__, STR("\xef\xbb\xbf<a/>"), "<a@3>" },
		{ __LINE__, STR("<a>text<b/>more</a>"), "<a@0(text)<b@7>(more)>" },
		{ __LINE__, STR("<a><b>1</b><b>2</b></a>"), "<a@0<b@3(1)><b@11(2)>>" },
		{ __LINE__, STR("<a b='1' c=\"2\"/>"), "<a b=1 c=2@0>" },
		{ __LINE__, STR("<a b='x > y'><c/></a>"), "<a b=x > y@0<c@13>>" },
		{ __LINE__, STR("<a\n  b='1'\n><c\n/></a\n>"), "<a b=1@0<c@12>>" },
		/* references and CDATA */
		{ __LINE__, STR("<a>&lt;&amp;&gt;&quot;&apos;</a>"), "<a@0(<&>\"')>" },
		{ __LINE__, STR("<a>&#65;&#x42;&#x20AC;</a>"), "<a@0(AB\xe2\x82\xac)>" },
		{ __LINE__, STR("<a><![CDATA[<b>&amp;]]></a>"), "<a@0(<b>&amp;)>" },
		{ __LINE__, STR("<a>x<![CDATA[y]]>z</a>"), "<a@0(xyz)>" },
		{ __LINE__, STR("<a b='&lt;&gt;&quot;&apos;&#65;'/>"), "<a b=<>\"'A@0>" },
		{ __LINE__, STR("<a b='x\n\ty&#10;z'/>"), "<a b=x  y\nz@0>" },
		/* what is passed over */
		{ __LINE__, STR("<!-- c --><a><!-- <b/> -->t</a><!-- c -->"), "<a@10(t)>" },
		{ __LINE__, STR("<?pi <x/>?><a><?pi ?></a><?pi ?>"), "<a@11>" },
		/* namespaces */
		{ __LINE__, STR("<a xmlns='u'><b/></a>"), "<{u}a xmlns:=u@0<{u}b@13>>" },
		{ __LINE__, STR("<p:a xmlns:p='u' p:b='1' c='2'/>"),
		  "<{u}p:a xmlns:p=u {u}p:b=1 c=2@0>" },
		{ __LINE__, STR("<a xml:lang='en'/>"),
		  "<a {http://www.w3.org/XML/1998/namespace}xml:lang=en@0>" },
		/* the declared encoding does not count */
		{ __LINE__, STR("<?xml version='1.0' encoding='ISO-8859-1'?><a>\xc3\xbc</a>"),
		  "<a@43(\xc3\xbc)>" },
		{ __LINE__, STR("<?xml version='1.0' encoding='UTF-16'?><a>\xc3\xbc</a>"),
		  "<a@39(\xc3\xbc)>" },
		{ __LINE__, STR("<\xc3\xbc>\xf0\x9f\x98\x80</\xc3\xbc>"),
		  "<\xc3\xbc@0(\xf0\x9f\x98\x80)>" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct trace trace = { .events = BUF_EMPTY };
		struct xml_error error;

		ROW_TRUE(&rows[i], xml_parse(rows[i].document, &handlers, &trace, &error));
		ROW_STR(&rows[i], buf_str(&trace.events), rows[i].events);
		ROW_STR(&rows[i], str_of(error.text), "");
		buf_fini(&trace.events);
	}
}

/* An ampersand in an attribute is one character, like in a text. */
static void ampersands(void **state)
{
	static const char *const documents[] = {
		"<a b='?x=1&amp;y=2'/>",
		"<a b='?x=1&#38;y=2'/>",
		"<a b='?x=1&#x26;y=2'/>",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(documents); i++) {
		struct trace trace = { .events = BUF_EMPTY };
		struct xml_error error;

		assert_true(xml_parse(str_of(documents[i]), &handlers, &trace, &error));
		assert_str(buf_str(&trace.events), "<a b=?x=1&y=2@0>");
		buf_fini(&trace.events);
	}
}

static bool parses(struct str document, struct xml_error *error)
{
	struct trace trace = { .events = BUF_EMPTY };
	bool result = xml_parse(document, &handlers, &trace, error);

	buf_fini(&trace.events);
	return result;
}

static void hostile(void **state)
{
	static const struct {
		int line;
		struct str document;
		const char *text; /* NULL: any */
		unsigned at_line;
	} rows[] = {
		{ __LINE__, STR(""), "the document is empty", 0 },
		{ __LINE__, STR(" \n"), NULL, 2 },
		{ __LINE__, STR("text"), NULL, 1 },
		{ __LINE__, STR("{\"json\": 1}"), NULL, 1 },
		/* DOCTYPE in all forms */
		{ __LINE__, STR("<!DOCTYPE a><a/>"), "a DOCTYPE is not allowed", 1 },
		{ __LINE__, STR("\n<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>"),
		  "a DOCTYPE is not allowed", 2 },
		{ __LINE__, STR("<!DOCTYPE a PUBLIC 'x' 'http://127.0.0.1:9/x'><a/>"),
		  "a DOCTYPE is not allowed", 1 },
		{ __LINE__, STR("<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>"),
		  "a DOCTYPE is not allowed", 1 },
		{ __LINE__, STR("<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>"),
		  "a DOCTYPE is not allowed", 1 },
		{ __LINE__,
		  STR("<!DOCTYPE a [<!ENTITY a 'aa'><!ENTITY b '&a;&a;'>"
		      "<!ENTITY c '&b;&b;'>]><a>&c;</a>"),
		  "a DOCTYPE is not allowed", 1 },
		{ __LINE__,
		  STR("<!DOCTYPE a [<!ENTITY % x SYSTEM 'http://127.0.0.1:9/'> %x;]><a/>"),
		  "a DOCTYPE is not allowed", 1 },
		{ __LINE__, STR("<!doctype a><a/>"), NULL, 1 },
		/* entities without one */
		{ __LINE__, STR("<a>&xxe;</a>"),
		  "undefined entity: write the character itself", 1 },
		{ __LINE__, STR("<a b='&xxe;'/>"), NULL, 1 },
		{ __LINE__, STR("<a>&nbsp;</a>"), NULL, 1 },
		{ __LINE__, STR("<a>&amp</a>"), NULL, 1 },
		{ __LINE__, STR("<a>a & b</a>"), "a bare \"&\": write \"&amp;\"", 1 },
		{ __LINE__, STR("<a b='a & b'/>"), "a bare \"&\": write \"&amp;\"", 1 },
		{ __LINE__, STR("<a b='?c&d=e'/>"), "a bare \"&\": write \"&amp;\"", 1 },
		/* characters */
		{ __LINE__, STR("<a>\0</a>"), "not UTF-8", 0 },
		{ __LINE__, STR("<a/>\0"), "not UTF-8", 0 },
		{ __LINE__, STR("\0"), "not UTF-8", 0 },
		{ __LINE__, STR("<a>\xff</a>"), "not UTF-8", 0 },
		{ __LINE__, STR("<a>\xc0\xbc</a>"), "not UTF-8", 0 },
		{ __LINE__, STR("<a>\xed\xa0\x80</a>"), "not UTF-8", 0 },
		{ __LINE__, STR("<a b='\xc3'/>"), "not UTF-8", 0 },
		{ __LINE__, STR("\xff\xfe<\0a\0/\0>\0"), "not UTF-8", 0 },
		{ __LINE__, STR("<a>\x01</a>"), NULL, 1 },
		{ __LINE__, STR("<a>\x1b</a>"), NULL, 1 },
		{ __LINE__, STR("<a>\xef\xbf\xbe</a>"), NULL, 1 },
		{ __LINE__, STR("<a>&#0;</a>"), NULL, 1 },
		{ __LINE__, STR("<a>&#1;</a>"), NULL, 1 },
		{ __LINE__, STR("<a>&#xD800;</a>"), NULL, 1 },
		{ __LINE__, STR("<a>&#x110000;</a>"), NULL, 1 },
		{ __LINE__, STR("<a>&#99999999999999999999;</a>"), NULL, 1 },
		{ __LINE__, STR("<a>]]></a>"), NULL, 1 },
		/* cut short */
		{ __LINE__, STR("<"), NULL, 1 },
		{ __LINE__, STR("<a"), NULL, 1 },
		{ __LINE__, STR("<a>"), NULL, 1 },
		{ __LINE__, STR("<a>\n<b>\n</b>\n"), NULL, 4 },
		{ __LINE__, STR("<a b='"), NULL, 1 },
		{ __LINE__, STR("<a><![CDATA[x"), NULL, 1 },
		{ __LINE__, STR("<a><!-- x"), NULL, 1 },
		{ __LINE__, STR("<?xml version='1.0'?>"), NULL, 1 },
		{ __LINE__, STR("<?xml"), NULL, 1 },
		/* shape */
		{ __LINE__, STR("<a/><b/>"), NULL, 1 },
		{ __LINE__, STR("<a/>\ntext"), NULL, 2 },
		{ __LINE__, STR("<a>\n<b>\n</a>"), "this tag does not end the element of line 2",
		  3 },
		{ __LINE__, STR("</a>"), NULL, 1 },
		{ __LINE__, STR("<a b='1' b='2'/>"), NULL, 1 },
		{ __LINE__, STR("<a b=1/>"), NULL, 1 },
		{ __LINE__, STR("<a b/>"), NULL, 1 },
		{ __LINE__, STR("<a b='<'/>"), NULL, 1 },
		{ __LINE__, STR(" <?xml version='1.0'?><a/>"), NULL, 1 },
		{ __LINE__, STR("<1a/>"), NULL, 1 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct xml_error error;

		memset(&error, 'x', sizeof(error));
		ROW_TRUE(&rows[i], !parses(rows[i].document, &error));
		ROW_TRUE(&rows[i], error.text[0] != '\0');
		ROW_TRUE(&rows[i], strchr(error.text, '\n') == NULL);
		if (rows[i].text)
			ROW_STR(&rows[i], str_of(error.text), rows[i].text);
		ROW_INT(&rows[i], error.line, rows[i].at_line);
	}
}

/* Where a finding is worth a column: it is that of the end of what was read. */
static void positions(void **state)
{
	static const struct {
		int line;
		const char *document;
		unsigned at_line, at_column;
	} rows[] = {
		{ __LINE__, "<a>\n  <b></c>\n</a>", 2, 10 },
		{ __LINE__, "<a>\n\n   &x;\n</a>", 3, 7 },
		{ __LINE__, "<a>\n <b c='1' c='2'/>\n</a>", 2, 16 },
		{ __LINE__, "<a>\n<\n</a>", 2, 2 },
		/* but what is refused is refused as a whole */
		{ __LINE__, "<!-- \xc3\xbc --> <!DOCTYPE a\n SYSTEM 'b'><a/>", 1, 12 },
		{ __LINE__,
		  "<a>\n\xc3\xbc <b c='1' d='' e='' f='' g='' h='' i='' j='' k='' l='' m='' n=''\n"
		  " o='' p='' q='' r='' s='' t='' u='' v='' w='' x='' y='' z='' A='' B='' C=''\n"
		  " D='' E='' F='' G='' H='' I='' J='' K='' L='' M='' N=''/></a>", 2, 3 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct xml_error error;

		ROW_TRUE(&rows[i], !parses(str_of(rows[i].document), &error));
		ROW_INT(&rows[i], error.line, rows[i].at_line);
		ROW_INT(&rows[i], error.column, rows[i].at_column);
	}
}

/* What is said of a document may be logged: nothing of it may be in there. */
static void nothing_quoted(void **state)
{
	static const char *const documents[] = {
		"<a><SECRET></a>",
		"<SECRET>",
		"<SECRET></a>",
		"<a>&SECRET;</a>",
		"<a b='&SECRET;'/>",
		"<SECRET:a/>",
		"<a SECRET:b='1'/>",
		"<a SECRET='1' SECRET='2'/>",
		"<a SECRET/>",
		"<a SECRET=1/>",
		"<a b='SECRET",
		"<a>SECRET & x</a>",
		"<a><?xml SECRET?></a>",
		"<a/>SECRET",
		"<a xmlns:SECRET=''/>",
		"<a xmlns='SECRET'/><b/>",
		"<!DOCTYPE SECRET><a/>",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(documents); i++) {
		struct xml_error error;

		parses(str_of(documents[i]), &error);
		if (strstr(error.text, "SECRET"))
			fail_msg("%s: %s", documents[i], error.text);
	}
}

/* Prefixes that nothing declares, and their like. */
static void namespace_mistakes(void **state)
{
	static const char *const documents[] = {
		"<p:a/>",
		"<a p:b='1'/>",
		"<a><p:b/></a>",
		"<a xmlns:p='u' xmlns:q='u' p:b='1' q:b='2'/>",
		"<a xmlns:p=''/>",
		"<a:b:c/>",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(documents); i++) {
		struct xml_error error;

		if (parses(str_of(documents[i]), &error))
			fail_msg("%s: good", documents[i]);
		assert_string_not_equal(error.text, "");
	}
}

static struct str repeat(struct buf *buf, const char *front, const char *piece, size_t count,
			 const char *back)
{
	buf_fini(buf);
	buf_add(buf, str_of(front));
	for (size_t i = 0; i < count; i++)
		buf_add(buf, str_of(piece));
	buf_add(buf, str_of(back));
	return buf_str(buf);
}

static void depth(void **state)
{
	struct buf buf = BUF_EMPTY;
	struct xml_error error;

	(void)state;
	for (size_t deep = 1; deep <= 2 * XML_DEEPEST; deep++) {
		buf_fini(&buf);
		for (size_t i = 0; i < deep; i++)
			buf_add(&buf, STR("<a>"));
		for (size_t i = 0; i < deep; i++)
			buf_add(&buf, STR("</a>"));
		assert_int_equal(parses(buf_str(&buf), &error), deep <= XML_DEEPEST);
		assert_string_equal(error.text,
				    deep <= XML_DEEPEST ? "" : "elements go too deep");
	}
	/* never closed: refused at once, not when all has been read */
	assert_false(parses(repeat(&buf, "", "<a>", 1000000, ""), &error));
	assert_string_equal(error.text, "elements go too deep");
	assert_int_equal(error.line, 1);
	/* many beside each other are not deep */
	assert_true(parses(repeat(&buf, "<a>", "<b/>", 10000, "</a>"), &error));
	buf_fini(&buf);
}

static void attributes(void **state)
{
	struct buf buf = BUF_EMPTY;
	struct xml_error error;

	(void)state;
	for (size_t count = 0; count <= 2 * XML_MOST_ATTRIBUTES; count++) {
		for (size_t declared = 0; declared <= 1; declared++) {
			size_t total = count + declared;

			buf_fini(&buf);
			buf_add(&buf, STR("<a"));
			if (declared)
				buf_add(&buf, STR(" xmlns='u'"));
			for (size_t i = 0; i < count; i++)
				buf_addf(&buf, " b%zu='%zu'", i, i);
			buf_add(&buf, STR("/>"));
			assert_int_equal(parses(buf_str(&buf), &error),
					 total <= XML_MOST_ATTRIBUTES);
			assert_string_equal(error.text, total <= XML_MOST_ATTRIBUTES
								? ""
								: "too many attributes");
		}
	}
	buf_fini(&buf);
}

static void long_text(void **state)
{
	struct trace trace = { .events = BUF_EMPTY };
	struct buf buf = BUF_EMPTY;
	struct xml_error error;

	(void)state;
	assert_true(xml_parse(repeat(&buf, "<a>", "text&amp;\xe2\x82\xac", 20000, "</a>"),
			      &handlers, &trace, &error));
	assert_int_equal(buf_str(&trace.events).len, strlen("<a@0()>") + 20000 * 8);
	buf_fini(&trace.events);
	buf_fini(&buf);
}

/* Whichever event a handler stops at: no more events, no error text. */
static void stopping(void **state)
{
	static const char document[] = "<a b='1'>x<c>y</c>z</a>";

	(void)state;
	for (unsigned stop = 1; stop <= 7; stop++) {
		struct trace trace = { .events = BUF_EMPTY, .stop_after = stop };
		struct xml_error error;

		memset(&error, 'x', sizeof(error));
		assert_false(xml_parse(str_of(document), &handlers, &trace, &error));
		assert_int_equal(trace.count, stop);
		assert_string_equal(error.text, "");
		buf_fini(&trace.events);
	}
}

/* Every front and every single changed byte of a document: read or refused, never worse. */
static void damaged(void **state)
{
	static const char whole[] =
		"<?xml version='1.0'?><a xmlns='u' b='&amp;x'><!-- c --><c>t&#65;</c>"
		"<![CDATA[d]]></a>";
	struct xml_error error;
	char copy[sizeof(whole)];

	(void)state;
	assert_true(parses(STR(whole), &error));
	for (size_t len = 0; len < sizeof(whole) - 1; len++) {
		if (parses((struct str){ whole, len }, &error))
			fail_msg("the first %zu bytes are good", len);
		assert_true(error.text[0] != '\0');
	}
	for (size_t i = 0; i < sizeof(whole) - 1; i++) {
		for (unsigned byte = 0; byte < 256; byte += 5) {
			memcpy(copy, whole, sizeof(whole));
			copy[i] = (char)byte;
			if (!parses((struct str){ copy, sizeof(whole) - 1 }, &error))
				assert_true(error.text[0] != '\0');
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good),		 cmocka_unit_test(ampersands),
		cmocka_unit_test(hostile),	 cmocka_unit_test(positions),
		cmocka_unit_test(nothing_quoted), cmocka_unit_test(namespace_mistakes),
		cmocka_unit_test(depth),	 cmocka_unit_test(attributes),
		cmocka_unit_test(long_text),	 cmocka_unit_test(stopping),
		cmocka_unit_test(damaged),
	};
	int failed;

	xml_init();
	failed = cmocka_run_group_tests_name("xml", tests, NULL, NULL);
	xml_fini();
	return failed;
}
