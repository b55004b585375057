/* Templates: the tree that comes of one, and the mistakes in one. */
#include "unit.h"

#include "buf.h"
#include "provider.h"
#include "site.h"
#include "template.h"
#include "xml.h"

#define T " xmlns:t='urn:mailconfd:template:1'"
#define J " xmlns='http://www.w3.org/2005/xpath-functions'"

static const struct node *load(struct unit *unit, struct arena *arena, const char *text)
{
	const struct template *template = template_load(unit_write(unit, "t.xml", text),
							&provider_record, NULL, arena, unit->diags);

	return template ? template->root : NULL;
}

static void add_reference(struct buf *buf, const struct reference *reference)
{
	static const char *const holes[] = {
		[HOLE_ADDRESS] = "address",
		[HOLE_LOCAL_PART] = "localPart",
		[HOLE_DOMAIN] = "domain",
	};

	if (reference->kind == REFERENCE_FIELD)
		buf_addf(buf, "%zu", reference->level);
	else
		buf_addf(buf, "%s", reference->kind == REFERENCE_REQUEST ? holes[reference->hole]
									 : "variant");
	for (size_t i = 0; i < reference->path_len; i++)
		buf_addf(buf, ".%s", reference->path[i]->name);
}

/* The tree as one text. */
static void dump(struct buf *buf, const struct node *node)
{
	for (; node; node = node->next) {
		switch (node->kind) {
		case NODE_ELEMENT:
			buf_addf(buf, "%s%.*s", node->has_text ? "~" : "", STR_ARGS(node->name));
			for (size_t i = 0; i < node->attribute_count; i++) {
				const struct template_attribute *attribute = &node->attributes[i];

				buf_addf(buf, " %.*s=", STR_ARGS(attribute->name));
				for (size_t j = 0; j < attribute->part_count; j++) {
					const struct template_part *part = &attribute->parts[j];

					if (part->is_value) {
						buf_addc(buf, '$');
						add_reference(buf, &part->reference);
						buf_addc(buf, '$');
					} else {
						buf_add(buf, part->text);
					}
				}
			}
			break;
		case NODE_TEXT:
			buf_addf(buf, "\"%.*s\"", STR_ARGS(node->text));
			break;
		case NODE_VALUE:
			buf_addc(buf, '$');
			add_reference(buf, &node->reference);
			break;
		case NODE_MESSAGE:
			buf_addf(buf, "\"%.*s\"", STR_ARGS(node->text));
			continue;
		case NODE_PART:
			buf_addf(buf, "&%.*s", STR_ARGS(node->text));
			break;
		case NODE_IF:
			buf_addf(buf, "?%zu", node->test.count);
			break;
		case NODE_FOR:
			buf_addc(buf, '*');
			add_reference(buf, &node->reference);
			break;
		}
		if (node->child) {
			buf_addc(buf, '[');
			dump(buf, node->child);
			buf_addc(buf, ']');
		}
		if (node->next)
			buf_addc(buf, ' ');
	}
}

struct tree_row {
	int line;
	const char *template, *tree;
};

static void check_trees(struct unit *unit, const struct tree_row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct arena *arena = arena_new();
		struct buf buf = BUF_EMPTY;
		const struct node *root;

		unit_fresh(unit);
		root = load(unit, arena, rows[i].template);
		ROW_STR(&rows[i], str_of(unit_findings(unit)), "");
		ROW_TRUE(&rows[i], root != NULL);
		dump(&buf, root);
		ROW_STR(&rows[i], buf_str(&buf), rows[i].tree);
		buf_fini(&buf);
		arena_free(arena);
	}
}

static void trees(void **state)
{
	static const struct tree_row rows[] = {
		{ __LINE__, "<a/>", "a" },
		{ __LINE__, "<a" T "/>", "a" },
		{ __LINE__,
		  "<?xml version='1.0'?>\n<!-- c -->\n<a>\n  <b/>\n  <!-- c --><c/>\n</a>\n",
		  "a[b c]" },
		{ __LINE__, "<a b='1' c='2'/>", "a b=1 c=2" },
		{ __LINE__, "<a b=''/>", "a b=" },
		{ __LINE__, "<a xmlns='u' xmlns:p='v'" T " p:b='1'><p:c/></a>",
		  "a xmlns=u xmlns:p=v p:b=1[p:c]" },
		{ __LINE__, "<a>text</a>", "~a[\"text\"]" },
		{ __LINE__, "<a>\n  text \n</a>", "~a[\"text\"]" },
		{ __LINE__, "<a>one <b>two</b> three</a>", "~a[\"one \" ~b[\"two\"] \" three\"]" },
		{ __LINE__, "<a>&lt;&amp;<![CDATA[<b>]]></a>", "~a[\"<&<b>\"]" },
		/* values */
		{ __LINE__, "<a" T "><t:value select='provider.id'/></a>", "~a[$0.id]" },
		{ __LINE__, "<a" T ">\n <t:value select='domain'/>\n</a>", "~a[$domain]" },
		{ __LINE__, "<a" T ">x <t:value select='localPart'/>@</a>",
		  "~a[\"x \" $localPart \"@\"]" },
		{ __LINE__, "<a xmlns:x='urn:mailconfd:template:1'><x:value select='address'/></a>",
		  "~a[$address]" },
		{ __LINE__, "<a><value xmlns='urn:mailconfd:template:1' select='domain'/></a>",
		  "~a[$domain]" },
		/* tests and loops */
		{ __LINE__, "<a" T "><t:if test='provider.id or domain'><b/></t:if></a>",
		  "a[?2[b]]" },
		{ __LINE__, "<a" T "><t:if test='provider.id'>text</t:if></a>",
		  "~a[?1[\"text\"]]" },
		{ __LINE__,
		  "<a" T "><t:for each='s' in='provider.incomingServers'><b c='{s.type}'/>"
		  "<t:for each='m' in='s.authentication'><t:value select='m.name'/></t:for>"
		  "</t:for></a>",
		  "~a[*0.incomingServers[b c=$1.type$ *1.authentication[$2.name]]]" },
		/* the same word in loops beside and inside each other */
		{ __LINE__,
		  "<a" T "><t:for each='s' in='provider.incomingServers'><b c='{s.type}'/></t:for>"
		  "<t:for each='s' in='provider.notes'><b c='{s.lang}'/></t:for></a>",
		  "a[*0.incomingServers[b c=$1.type$] *0.notes[b c=$1.lang$]]" },
		{ __LINE__,
		  "<a" T "><t:for each='s' in='provider.incomingServers'>"
		  "<t:for each='s' in='s.notes'><b c='{s.lang}'/></t:for><b c='{s.type}'/>"
		  "</t:for></a>",
		  "a[*0.incomingServers[*1.notes[b c=$2.lang$] b c=$1.type$]]" },
		/* attributes */
		{ __LINE__, "<a b='{provider.id}'/>", "a b=$0.id$" },
		{ __LINE__, "<a b='x{ provider.id }y{domain}'/>", "a b=x$0.id$y$domain$" },
		{ __LINE__, "<a b='{{x}}'/>", "a b={x}" },
		{ __LINE__, "<a b='}'/>", "a b=}" },
		{ __LINE__, "<a b='{{{domain}}}'/>", "a b={$domain$}" },
	};

	check_trees(*state, rows, COUNT(rows));
}

/* A reference comes from the parser as a piece of its own: the space before it is meant. */
static void spaces_beside_references(void **state)
{
	static const struct tree_row rows[] = {
		{ __LINE__, "<a" T "><t:value select='domain'/> &amp; more</a>",
		  "~a[$domain \" & more\"]" },
		{ __LINE__, "<a" T "><t:value select='domain'/> &#32; <t:value select='domain'/></a>",
		  "~a[$domain $domain]" },
		{ __LINE__, "<a><b/> <!-- c --> x <!-- c --></a>", "~a[b \"  x\"]" },
		{ __LINE__, "<a> <![CDATA[ x ]]> </a>", "~a[\"x\"]" },
		{ __LINE__, "<a><b/> &#8364;</a>", "~a[b \" \xe2\x82\xac\"]" },
	};

	check_trees(*state, rows, COUNT(rows));
}

static void mistakes(void **state)
{
	static const struct {
		int line;
		const char *template, *findings;
	} rows[] = {
		{ __LINE__, "<a" T ">\n <t:value select='provider.ids'/>\n</a>",
		  "t.xml:2:11: error: unknown variable \"provider.ids\"\n"
		  "    did you mean \"provider.id\"?\n" },
		{ __LINE__, "<a" T ">\n <t:value/>\n</a>",
		  "t.xml:2:2: error: <t:value> lacks the attribute \"select\"\n" },
		{ __LINE__, "<a" T ">\n <t:value selct='domain'/>\n</a>",
		  "t.xml:2:2: error: <t:value> lacks the attribute \"select\"\n"
		  "t.xml:2:11: error: unknown attribute \"selct\" in <t:value>\n"
		  "    did you mean \"select\"?\n" },
		{ __LINE__, "<a" T ">\n <t:if test='provider.id = x'><b/></t:if>\n</a>",
		  "t.xml:2:8: error: expected a text in single quotes, found \"x\"\n" },
		{ __LINE__, "<a" T ">\n <t:if><b/></t:if>\n</a>",
		  "t.xml:2:2: error: <t:if> lacks the attribute \"test\"\n" },
		{ __LINE__, "<a" T ">\n <t:for each='s' in='provider.id'/>\n</a>",
		  "t.xml:2:18: error: \"provider.id\" is no list: there is nothing to repeat "
		  "for\n" },
		{ __LINE__, "<a" T ">\n <t:for in='provider.notes'/>\n</a>",
		  "t.xml:2:2: error: <t:for> lacks the attribute \"each\"\n" },
		{ __LINE__, "<a" T ">\n <t:for each='s'/>\n</a>",
		  "t.xml:2:2: error: <t:for> lacks the attribute \"in\"\n" },
		{ __LINE__, "<a" T ">\n <t:vale select='domain'/>\n</a>",
		  "t.xml:2:2: error: unknown template element <t:vale>: expected value, if, "
		  "for, message, parts or part\n    did you mean \"value\"?\n" },
		{ __LINE__, "<a" T ">\n <t:choose/>\n</a>",
		  "t.xml:2:2: error: unknown template element <t:choose>: expected value, if, "
		  "for, message, parts or part\n" },
		{ __LINE__, "<a b='1'\n   c='{provider.idd}'/>",
		  "t.xml:2:4: error: unknown variable \"provider.idd\"\n"
		  "    did you mean \"provider.id\"?\n" },
		{ __LINE__, "<a\n b='x{provider.id'/>",
		  "t.xml:2:2: error: \"{\" without its \"}\"; write \"{{\" for the brace "
		  "itself\n" },
		{ __LINE__, "<a b='{}'/>",
		  "t.xml:1:4: error: expected the name of a variable, found nothing\n" },
		{ __LINE__, "<a b='{provider.notes}'/>",
		  "t.xml:1:4: error: \"provider.notes\" is a list: expected a text, number or "
		  "flag\n" },
		/* all at once, in order */
		{ __LINE__,
		  "<a b='{x1}'" T ">\n<t:value select='x2'/>\n<t:if test='x3'>"
		  "<t:value select='x4'/></t:if></a>",
		  "t.xml:1:4: error: unknown variable \"x1\"\n"
		  "t.xml:2:10: error: unknown variable \"x2\"\n"
		  "t.xml:3:7: error: unknown variable \"x3\"\n"
		  "t.xml:3:26: error: unknown variable \"x4\"\n" },
		/* outside its loop a name is not known */
		{ __LINE__,
		  "<a" T "><t:for each='s' in='provider.notes'/>\n"
		  "<t:value select='s.text'/></a>",
		  "t.xml:2:10: error: unknown variable \"s.text\"\n" },
		{ __LINE__, "<t:if test='domain'" T "/>",
		  "t.xml:1:1: error: the root of a template is an element of its output, not of "
		  "the template namespace\n" },
		{ __LINE__, "<!DOCTYPE a>\n<a/>", NULL },
		{ __LINE__, "<a>\n<b>\n</a>", NULL },
		{ __LINE__, "<a xmlns:t='urn:mailconfd:template:2'/>",
		  "t.xml:1:4: error: unknown namespace \"urn:mailconfd:template:2\"\n"
		  "    expected \"urn:mailconfd:template:1\"\n" },
		{ __LINE__, "<a>\n <b xmlns='urn:mailconfd:templates:1'/></a>",
		  "t.xml:2:5: error: unknown namespace \"urn:mailconfd:templates:1\"\n"
		  "    expected \"urn:mailconfd:template:1\"\n" },
		{ __LINE__, "<a" T " t:needs='x'/>", "t.xml:1:39: error: unknown variable \"x\"\n" },
		{ __LINE__, "<a" T " t:need='domain'/>",
		  "t.xml:1:39: error: unknown attribute \"t:need\": expected \"needs\" or "
		  "\"doctype\"\n" },
		{ __LINE__, "<a" T "><b t:needs='domain'/></a>",
		  "t.xml:1:42: error: \"t:needs\" is an attribute of the root alone\n" },
		/* JSON: the right elements, keys where they belong, text where it may be */
		{ __LINE__, "<map" J "><strin key='a'/></map>",
		  "t.xml:1:53: error: unknown element <strin>: expected map, array, string, number, "
		  "boolean or null of the namespace http://www.w3.org/2005/xpath-functions\n"
		  "    did you mean \"string\"?\n" },
		{ __LINE__, "<map" J "><a xmlns='x' key='a'/></map>", NULL },
		{ __LINE__, "<map" J "><null/></map>",
		  "t.xml:1:53: error: <null> lacks the attribute \"key\", as a member of a map\n" },
		{ __LINE__, "<array" J "><null key='a'/></array>",
		  "t.xml:1:61: error: unexpected \"key\": only members of a map have one\n" },
		{ __LINE__, "<map" J " key='a'/>",
		  "t.xml:1:53: error: unexpected \"key\": only members of a map have one\n" },
		{ __LINE__, "<map" J " name='a'/>",
		  "t.xml:1:53: error: unknown attribute \"name\": expected \"key\"\n" },
		{ __LINE__, "<map" J ">x</map>", "t.xml:1:1: error: inside <map>: expected elements, no text\n" },
		{ __LINE__, "<string" J "><null/></string>",
		  "t.xml:1:56: error: <null> inside <string>: expected a text\n" },
		{ __LINE__, "<boolean" J ">yes</boolean>",
		  "t.xml:1:1: error: inside <boolean>: expected true, false or a value\n" },
		{ __LINE__, "<number" J ">x</number>",
		  "t.xml:1:1: error: inside <number>: expected a whole number or a value\n" },
		{ __LINE__, "<null" J ">x</null>", "t.xml:1:1: error: inside <null>: expected nothing\n" },
		{ __LINE__, "", "t.xml: error: the document is empty\n" },
		{ __LINE__, "<a>\xff</a>", "t.xml:1:4: error: not UTF-8: byte 0xFF\n" },
	};
	struct unit *unit = *state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct arena *arena = arena_new();

		unit_fresh(unit);
		ROW_TRUE(&rows[i], load(unit, arena, rows[i].template) == NULL);
		if (rows[i].findings)
			ROW_STR(&rows[i], str_of(unit_findings(unit)), rows[i].findings);
		ROW_TRUE(&rows[i], diags_errors(unit->diags) > 0);
		arena_free(arena);
	}
}

/* What a mistake in a loop's list would cause is not said again for each use of its name. */
static void after_a_wrong_list(void **state)
{
	struct unit *unit = *state;
	struct arena *arena = arena_new();

	assert_null(load(unit, arena,
			 "<a" T ">\n<t:for each='s' in='provider.note'>\n"
			 "<t:value select='s.text'/>\n<b c='{s.lang}'/>\n"
			 "<t:if test=\"s.a = 'b' or not s.c\"/>\n"
			 "<t:for each='u' in='s.v'><t:value select='u.w.x'/></t:for>\n"
			 "</t:for></a>"));
	assert_string_equal(unit_findings(unit),
			    "t.xml:2:17: error: unknown variable \"provider.note\"\n"
			    "    did you mean \"provider.notes\"?\n");
	arena_free(arena);
}

/* Without its declaration a template element would be copied into the answer. */
static void undeclared_prefix(void **state)
{
	struct unit *unit = *state;
	struct arena *arena = arena_new();
	const struct node *root = load(unit, arena, "<a><t:value select='domain'/></a>");

	arena_free(arena);
	assert_null(root);
	assert_true(diags_errors(unit->diags) > 0);
}

static void loops_too_deep(void **state)
{
	struct unit *unit = *state;

	for (size_t deep = 1; deep <= 12; deep++) {
		struct arena *arena = arena_new();
		struct buf buf = BUF_EMPTY;
		const struct node *root;
		char *text;

		unit_fresh(unit);
		buf_add(&buf, STR("<a" T ">"));
		for (size_t i = 0; i < deep; i++)
			buf_add(&buf, STR("<t:for each='s' in='provider.notes'>"));
		buf_add(&buf, STR("<b c='{s.text}'/>"));
		for (size_t i = 0; i < deep; i++)
			buf_add(&buf, STR("</t:for>"));
		buf_add(&buf, STR("</a>"));
		text = buf_take(&buf, NULL);
		root = load(unit, arena, text);
		assert_int_equal(root != NULL, deep < SCOPE_DEEPEST);
		if (!root)
			assert_non_null(strstr(unit_findings(unit), "error: loops go too deep\n"));
		free(text);
		arena_free(arena);
	}
}

static void missing_file(void **state)
{
	struct unit *unit = *state;
	struct arena *arena = arena_new();
	char path[512];

	snprintf(path, sizeof(path), "%s/none.xml", unit->folder);
	assert_null(template_load(path, &provider_record, NULL, arena, unit->diags));
	assert_string_equal(unit_findings(unit),
			    "none.xml: error: cannot read the file: No such file or directory\n");
	arena_free(arena);
}

/* Those that are shipped. */
static void own_templates(void **state)
{
	static const char *const names[] = {
		"templates/autoconfig.xml",	    "templates/autodiscover.xml",
		"templates/autodiscover-json.xml",  "templates/mobileconfig.xml",
		"templates/mobilesync.xml",	    "templates/pacc.xml",
	};
	struct unit *unit = *state;

	for (size_t i = 0; i < COUNT(names); i++) {
		struct arena *arena = arena_new();
		char path[1024];

		assert_non_null(template_load(unit_source(names[i], path, sizeof(path)),
					      &provider_record, NULL, arena, unit->diags));
		assert_string_equal(unit_findings(unit), "");
		arena_free(arena);
	}
}

#define H " xmlns='http://www.w3.org/1999/xhtml' xmlns:t='urn:mailconfd:template:1'"

/* In a page white space is collapsed, and there are sentences and parts. */
static void trees_of_pages(void **state)
{
#define PAGE "html xmlns=http://www.w3.org/1999/xhtml"
	static const struct tree_row rows[] = {
		{ __LINE__, "<html" H "/>", PAGE },
		{ __LINE__, "<html" H "><p>\n one\n\t two </p></html>", PAGE "[~p[\"one two\"]]" },
		{ __LINE__, "<html" H "><p>one  <b> two </b>\n three</p></html>",
		  PAGE "[~p[\"one \" ~b[\"two\"] \" three\"]]" },
		{ __LINE__, "<html" H "><p><t:message>\n Of <t:value select='domain'/>\n and "
			    "<t:value select='provider.id'/> </t:message></p></html>",
		  PAGE "[~p[\"Of {domain} and {provider.id}\"]]" },
		{ __LINE__, "<html" H "><t:parts><t:part key='a'><p/></t:part><t:part key='b'/>"
			    "</t:parts></html>",
		  PAGE "[?0[&a[p] &b]]" },
	};

	check_trees(*state, rows, COUNT(rows));
}

static void add_message(void *closure, struct str text)
{
	struct buf *buf = closure;

	buf_addf(buf, "%.*s|", STR_ARGS(text));
}

/* What translators get, in the template's order. */
static void messages(void **state)
{
	static const struct {
		int line;
		const char *template, *messages;
	} rows[] = {
		{ __LINE__, "<a>text</a>", "" },
		{ __LINE__, "<html" H "/>", "" },
		{ __LINE__, "<html" H "><p>one\n two <b>three</b> </p></html>", "one two|three|" },
		{ __LINE__, "<html" H "><p>1, 2</p><p>\xc3\xbc</p><p>…</p></html>",
		  "\xc3\xbc|…|" },
		{ __LINE__, "<html" H "><p title='t' alt='a' placeholder='p' aria-label='l' id='i'>"
			    "in</p></html>",
		  "t|a|p|l|in|" },
		{ __LINE__, "<html" H "><meta name='description' content='c'/>"
			    "<meta name='viewport' content='v'/></html>",
		  "c|" },
		{ __LINE__, "<html" H "><p title='{domain}' alt='a {domain}'>"
			    "<t:value select='domain'/></p></html>",
		  "" },
		{ __LINE__, "<html" H "><p translate='no' title='t'>a<b>b</b></p>c</html>", "c|" },
		{ __LINE__, "<html" H "><p translate='no'>a<b translate='yes'>b</b></p></html>",
		  "b|" },
		{ __LINE__, "<html" H "><p><t:message>Of <t:value select='domain'/> at"
			    "</t:message> last</p></html>",
		  "Of {domain} at|last|" },
		{ __LINE__, "<html" H "><t:if test='domain'>a</t:if><t:for each='n' "
			    "in='provider.notes'>b</t:for><t:parts><t:part key='k'>c</t:part>"
			    "</t:parts></html>",
		  "a|b|c|" },
	};
	struct unit *unit = *state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct arena *arena = arena_new();
		struct buf buf = BUF_EMPTY;
		const struct template *template;

		unit_fresh(unit);
		template = template_load(unit_write(unit, "t.xml", rows[i].template),
					 &provider_record, NULL, arena, unit->diags);
		ROW_STR(&rows[i], str_of(unit_findings(unit)), "");
		template_each_message(template, add_message, &buf);
		ROW_STR(&rows[i], buf_str(&buf), rows[i].messages);
		buf_fini(&buf);
		arena_free(arena);
	}
}

static void mistakes_in_pages(void **state)
{
	static const struct {
		int line;
		const char *template, *findings;
	} rows[] = {
		{ __LINE__, "<html" H ">\n<p><t:message>a <b>c</b></t:message></p></html>",
		  "t.xml:2:4: error: inside a message: expected texts and values only\n" },
		{ __LINE__, "<html" H ">\n<p><t:message><t:if test='domain'>a</t:if>"
			    "</t:message></p></html>",
		  "t.xml:2:4: error: inside a message: expected texts and values only\n" },
		{ __LINE__, "<html" H ">\n<t:message a='1'>b</t:message></html>",
		  "t.xml:2:12: error: unknown attribute \"a\" in <t:message>\n" },
		{ __LINE__, "<html" H ">\n<t:parts><t:part/></t:parts></html>",
		  "t.xml:2:10: error: <t:part> lacks the attribute \"key\"\n" },
		{ __LINE__, "<html" H ">\n<t:parts keys='a'/></html>",
		  "t.xml:2:10: error: unknown attribute \"keys\" in <t:parts>\n" },
		{ __LINE__, "<html" H ">\n<t:mesage>a</t:mesage></html>",
		  "t.xml:2:1: error: unknown template element <t:mesage>: expected value, if, "
		  "for, message, parts or part\n    did you mean \"message\"?\n" },
	};
	struct unit *unit = *state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct arena *arena = arena_new();

		unit_fresh(unit);
		ROW_TRUE(&rows[i], !load(unit, arena, rows[i].template));
		ROW_STR(&rows[i], str_of(unit_findings(unit)), rows[i].findings);
		arena_free(arena);
	}
}

/* What a page may say of the site is known where the site is. */
static void own_page(void **state)
{
	struct unit *unit = *state;
	struct arena *arena = arena_new();
	char path[1024];

	unit_source("templates/page.xml", path, sizeof(path));
	assert_non_null(template_load(path, &provider_record, &site_record, arena, unit->diags));
	assert_string_equal(unit_findings(unit), "");
	assert_null(template_load(path, &provider_record, NULL, arena, unit->diags));
	assert_non_null(strstr(unit_findings(unit), "\"site.languages\""));
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_TEST(trees_of_pages),  UNIT_TEST(messages),
		UNIT_TEST(mistakes_in_pages), UNIT_TEST(own_page),
		UNIT_TEST(trees),	    UNIT_TEST(spaces_beside_references),
		UNIT_TEST(mistakes),	    UNIT_TEST(after_a_wrong_list),
		UNIT_TEST(undeclared_prefix), UNIT_TEST(loops_too_deep),
		UNIT_TEST(missing_file),    UNIT_TEST(own_templates),
	};
	int failed;

	xml_init();
	failed = cmocka_run_group_tests_name("template", tests, NULL, NULL);
	xml_fini();
	return failed;
}
