/* libxml2, as a stream of events and with everything switched off that can be. */
#include "config.h"

#include "xml.h"

#include "utf8.h"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>

/* libxml2 2.12 made the argument of the error handler const. */
#if LIBXML_VERSION >= 21200
typedef const xmlError *reported_error;
#else
typedef xmlErrorPtr reported_error;
#endif

struct parse {
	xmlParserCtxtPtr context;
	struct str document;
	const struct xml_handlers *handlers;
	void *closure;
	struct xml_error *error;
	unsigned depth;
	bool stopped;
	bool failed;
};

/* Without memory for a parser libxml2 prints lines of its own; the caller says it instead. */
__attribute__((format(printf, 2, 3))) static void print_nothing(void *closure, const char *format,
								...)
{
	(void)closure;
	(void)format;
}

void xml_init(void)
{
	xmlInitParser();
}

void xml_fini(void)
{
	xmlCleanupParser();
}

static void stop(struct parse *parse)
{
	parse->stopped = true;
	xmlStopParser(parse->context);
}

/* After a finding of on_error() events may still come: libxml2 cannot be stopped in there. */
static bool is_over(const struct parse *parse)
{
	return parse->stopped || parse->failed;
}

static size_t offset_now(const struct parse *parse)
{
	long consumed = xmlByteConsumed(parse->context);
	size_t offset = consumed > 0 ? (size_t)consumed : 0;

	return offset < parse->document.len ? offset : parse->document.len;
}

static void fail(struct parse *parse, unsigned line, unsigned column, const char *text)
{
	if (parse->failed)
		return; /* the first finding is the one that counts */
	parse->failed = true;
	parse->error->line = line;
	parse->error->column = column;
	snprintf(parse->error->text, sizeof(parse->error->text), "%s", text);
}

static void refuse(struct parse *parse, size_t offset, const char *text)
{
	struct str before = str_first(parse->document, offset);
	unsigned line = 1;
	size_t end;

	while ((end = str_find(before, '\n')) < before.len) {
		before = str_from(before, end + 1);
		line++;
	}
	fail(parse, line, (unsigned)utf8_count(before) + 1, text);
	stop(parse);
}

/* libxml2's own messages quote the document, so only its numbers are used. */
static const char *describe(int code)
{
	static const struct {
		int code;
		const char *text;
	} texts[] = {
		{ XML_ERR_NO_MEMORY, "out of memory" },
		{ XML_ERR_DOCUMENT_EMPTY, "expected the start of an element" },
		{ XML_ERR_DOCUMENT_END, "something stands behind the root element" },
		{ XML_ERR_TAG_NAME_MISMATCH, "this tag does not end the element" },
		{ XML_ERR_TAG_NOT_FINISHED, "the document ends inside the element" },
		{ XML_ERR_GT_REQUIRED, "a tag lacks its \">\"" },
		{ XML_ERR_NAME_REQUIRED, "a \"<\" without a name: write \"&lt;\"" },
		{ XML_ERR_ENTITYREF_SEMICOL_MISSING, "a bare \"&\": write \"&amp;\"" },
		{ XML_ERR_UNDECLARED_ENTITY, "undefined entity: write the character itself" },
		{ XML_WAR_UNDECLARED_ENTITY, "undefined entity: write the character itself" },
		{ XML_ERR_INVALID_CHAR, "a character that XML does not allow" },
		{ XML_ERR_INVALID_CHARREF, "a reference to a character that XML does not allow" },
		{ XML_ERR_MISPLACED_CDATA_END, "\"]]>\" in a text: write \"]]&gt;\"" },
		{ XML_ERR_CDATA_NOT_FINISHED, "a CDATA section does not end" },
		{ XML_ERR_COMMENT_NOT_FINISHED, "a comment does not end" },
		{ XML_ERR_PI_NOT_FINISHED, "a processing instruction does not end" },
		{ XML_ERR_RESERVED_XML_NAME, "the XML declaration does not stand first" },
		{ XML_ERR_ATTRIBUTE_NOT_STARTED, "the value of an attribute lacks its quotes" },
		{ XML_ERR_ATTRIBUTE_NOT_FINISHED, "the value of an attribute does not end" },
		{ XML_ERR_ATTRIBUTE_WITHOUT_VALUE, "an attribute without a value" },
		{ XML_ERR_ATTRIBUTE_REDEFINED, "an attribute stands twice in one element" },
		{ XML_ERR_LT_IN_ATTRIBUTE, "\"<\" in an attribute: write \"&lt;\"" },
		{ XML_ERR_SPACE_REQUIRED, "white space is missing" },
		{ XML_NS_ERR_UNDEFINED_NAMESPACE, "a prefix that no xmlns declares" },
		{ XML_NS_ERR_ATTRIBUTE_REDEFINED, "an attribute stands twice in one element" },
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (texts[i].code == code)
			return texts[i].text;
	}
	return code >= XML_NS_ERR_XML_NAMESPACE && code <= XML_NS_ERR_COLON
		       ? "a namespace is declared or used wrongly"
		       : "not well-formed";
}

static void on_error(void *closure, reported_error error)
{
	struct parse *parse = closure;
	size_t offset = offset_now(parse);
	int code = error->code;
	char text[sizeof(parse->error->text)];

	if (error->level < XML_ERR_ERROR)
		return;
	/* The same number for "<" and "&", without a name behind them. */
	if (code == XML_ERR_NAME_REQUIRED && offset && parse->document.p[offset - 1] == '&')
		code = XML_ERR_ENTITYREF_SEMICOL_MISSING;
	snprintf(text, sizeof(text), "%s", describe(code));
	if (code == XML_ERR_TAG_NAME_MISMATCH || code == XML_ERR_TAG_NOT_FINISHED)
		snprintf(text, sizeof(text), "%s of line %d", describe(code), error->int1);
	fail(parse, error->line > 0 ? (unsigned)error->line : 0,
	     error->int2 > 0 ? (unsigned)error->int2 : 0, text);
}

/* The parser stands behind what it tells of: the place where that starts. */
static size_t start_of(const struct parse *parse, struct str front)
{
	size_t offset = offset_now(parse);

	while (offset > 0 && !str_starts(str_from(parse->document, offset), front))
		offset--;
	return offset;
}

static void on_doctype(void *closure, const xmlChar *name, const xmlChar *external,
		       const xmlChar *system)
{
	struct parse *parse = closure;

	(void)name;
	(void)external;
	(void)system;
	refuse(parse, start_of(parse, STR("<!DOCTYPE")), "a DOCTYPE is not allowed");
}

static struct str borrow(const xmlChar *text)
{
	return str_of((const char *)text);
}

/*
 * Without XML_PARSE_NOENT, which must stay off, the parser hands an ampersand in an attribute
 * over as "&#38;", whatever it was written as. A value with one is in memory of the parser's
 * own, not in the document, so it is put right there.
 */
static struct str resolve_ampersands(const xmlChar *start, const xmlChar *end)
{
	struct str value = { .p = (const char *)start, .len = (size_t)(end - start) };
	char *out = (char *)(uintptr_t)start;

	if (str_find(value, '&') == value.len)
		return value;
	for (struct str rest = value; rest.len;) {
		bool is_reference = str_starts(rest, STR("&#38;"));

		*out++ = rest.p[0];
		rest = str_from(rest, is_reference ? strlen("&#38;") : 1);
	}
	value.len = (size_t)(out - value.p);
	return value;
}

/* In SAX2 an attribute is five pointers: name, prefix, namespace, value, end of value. */
static void take_attributes(const xmlChar **from, size_t count, struct xml_attribute *to)
{
	for (size_t i = 0; i < count; i++, from += 5) {
		to[i] = (struct xml_attribute){
			.name = borrow(from[0]),
			.prefix = borrow(from[1]),
			.namespace = borrow(from[2]),
			.value = resolve_ampersands(from[3], from[4]),
		};
	}
}

static void on_start(void *closure, const xmlChar *name, const xmlChar *prefix,
		     const xmlChar *namespace, int declaration_count,
		     const xmlChar **declarations, int attribute_count, int defaulted,
		     const xmlChar **attributes)
{
	struct parse *parse = closure;
	struct xml_attribute taken[XML_MOST_ATTRIBUTES];
	size_t own = (size_t)attribute_count;
	size_t declared = (size_t)declaration_count;
	size_t offset = start_of(parse, STR("<"));

	(void)defaulted;
	if (is_over(parse))
		return;
	if (own + declared > XML_MOST_ATTRIBUTES) {
		refuse(parse, offset, "too many attributes");
		return;
	}
	if (++parse->depth > XML_DEEPEST) {
		refuse(parse, offset, "elements go too deep");
		return;
	}
	take_attributes(attributes, own, taken);
	for (size_t i = 0; i < declared; i++) {
		taken[own + i] = (struct xml_attribute){
			.name = borrow(declarations[2 * i]),
			.value = borrow(declarations[2 * i + 1]),
		};
	}

	struct xml_element element = {
		.name = borrow(name),
		.prefix = borrow(prefix),
		.namespace = borrow(namespace),
		.attributes = taken,
		.attribute_count = own,
		.declarations = taken + own,
		.declaration_count = declared,
		.offset = offset,
	};

	if (!parse->handlers->start(parse->closure, &element))
		stop(parse);
}

static void on_end(void *closure, const xmlChar *name, const xmlChar *prefix,
		   const xmlChar *namespace)
{
	struct parse *parse = closure;

	(void)name;
	(void)prefix;
	(void)namespace;
	if (is_over(parse))
		return;
	parse->depth--;
	if (!parse->handlers->end(parse->closure))
		stop(parse);
}

static void on_text(void *closure, const xmlChar *text, int len)
{
	struct parse *parse = closure;
	struct str piece = { .p = (const char *)text, .len = (size_t)len };

	if (!is_over(parse) && !parse->handlers->text(parse->closure, piece))
		stop(parse);
}

static void set_handlers(xmlSAXHandler *sax)
{
	memset(sax, 0, sizeof(*sax));
	sax->initialized = XML_SAX2_MAGIC;
	sax->internalSubset = on_doctype;
	sax->startElementNs = on_start;
	sax->endElementNs = on_end;
	sax->characters = on_text;
	sax->ignorableWhitespace = on_text;
	sax->cdataBlock = on_text;
	sax->serror = on_error;
}

bool xml_parse(struct str document, const struct xml_handlers *handlers, void *closure,
	       struct xml_error *ret_error)
{
	struct parse parse = {
		.document = document,
		.handlers = handlers,
		.closure = closure,
		.error = ret_error,
	};
	bool good;

	*ret_error = (struct xml_error){ 0 };
	/* A NUL would also be how UTF-16 and UTF-32 show themselves. */
	if (document.len == 0 || document.len > INT_MAX || memchr(document.p, '\0', document.len) ||
	    !utf8_valid(document)) {
		fail(&parse, 0, 0, document.len ? "not UTF-8" : "the document is empty");
		return false;
	}
	xmlSetGenericErrorFunc(NULL, print_nothing); /* of this thread */
	parse.context = xmlNewParserCtxt();
	if (!parse.context) {
		fail(&parse, 0, 0, "out of memory");
		return false;
	}
	set_handlers(parse.context->sax);
	parse.context->userData = &parse;
	xmlFreeDoc(xmlCtxtReadMemory(parse.context, document.p, (int)document.len, NULL, NULL,
				     XML_PARSE_NONET | XML_PARSE_IGNORE_ENC));
	good = parse.context->wellFormed && !is_over(&parse);
	if (!good && !parse.stopped)
		fail(&parse, 0, 0, "not well-formed");
	if (parse.stopped && !parse.failed)
		ret_error->text[0] = '\0';
	xmlFreeParserCtxt(parse.context);
	return good;
}
