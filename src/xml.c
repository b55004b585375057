/* libxml2, as a stream of events and with everything switched off that can be. */
#include "config.h"

#include "xml.h"

#include "utf8.h"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

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

static void refuse(struct parse *parse, const char *text)
{
	fail(parse, (unsigned)xmlSAX2GetLineNumber(parse->context),
	     (unsigned)xmlSAX2GetColumnNumber(parse->context), text);
	stop(parse);
}

/* libxml2's messages end in a line end, and some quote the document: only the sentence stays. */
static void on_error(void *closure, reported_error error)
{
	struct parse *parse = closure;
	struct str text = str_trim(str_of(error->message ? error->message : "not well-formed"));
	char line[160];

	if (error->level < XML_ERR_ERROR)
		return;
	text = str_trim(str_first(text, str_find(text, '\n')));
	snprintf(line, sizeof(line), "%.*s", STR_ARGS(text));
	fail(parse, error->line > 0 ? (unsigned)error->line : 0,
	     error->int2 > 0 ? (unsigned)error->int2 : 0, line);
}

static void on_doctype(void *closure, const xmlChar *name, const xmlChar *external,
		       const xmlChar *system)
{
	(void)name;
	(void)external;
	(void)system;
	refuse(closure, "a DOCTYPE is not allowed");
}

static struct str borrow(const xmlChar *text)
{
	return str_of((const char *)text);
}

/* In SAX2 an attribute is five pointers: name, prefix, namespace, value, end of value. */
static void take_attributes(const xmlChar **from, size_t count, struct xml_attribute *to)
{
	for (size_t i = 0; i < count; i++, from += 5) {
		to[i] = (struct xml_attribute){
			.name = borrow(from[0]),
			.prefix = borrow(from[1]),
			.namespace = borrow(from[2]),
			.value = { .p = (const char *)from[3], .len = (size_t)(from[4] - from[3]) },
		};
	}
}

/* When an element is reported, the parser stands behind its last attribute. */
static size_t start_of_tag(const struct parse *parse)
{
	size_t offset = offset_now(parse);

	while (offset > 0 && parse->document.p[offset - 1] != '<')
		offset--;
	return offset ? offset - 1 : 0;
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
	struct xml_element element = {
		.name = borrow(name),
		.prefix = borrow(prefix),
		.namespace = borrow(namespace),
		.attributes = taken,
		.attribute_count = own,
		.declarations = taken + own,
		.declaration_count = declared,
		.offset = start_of_tag(parse),
	};

	(void)defaulted;
	if (parse->stopped)
		return;
	if (own + declared > XML_MOST_ATTRIBUTES) {
		refuse(parse, "too many attributes");
		return;
	}
	if (++parse->depth > XML_DEEPEST) {
		refuse(parse, "elements go too deep");
		return;
	}
	take_attributes(attributes, own, taken);
	for (size_t i = 0; i < declared; i++) {
		taken[own + i] = (struct xml_attribute){
			.name = borrow(declarations[2 * i]),
			.value = borrow(declarations[2 * i + 1]),
		};
	}
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
	parse->depth--;
	if (!parse->stopped && !parse->handlers->end(parse->closure))
		stop(parse);
}

static void on_text(void *closure, const xmlChar *text, int len)
{
	struct parse *parse = closure;
	struct str piece = { .p = (const char *)text, .len = (size_t)len };

	if (!parse->stopped && !parse->handlers->text(parse->closure, piece))
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
	parse.context = xmlNewParserCtxt();
	if (!parse.context) {
		fail(&parse, 0, 0, "out of memory");
		return false;
	}
	set_handlers(parse.context->sax);
	parse.context->userData = &parse;
	xmlFreeDoc(xmlCtxtReadMemory(parse.context, document.p, (int)document.len, NULL, NULL,
				     XML_PARSE_NONET | XML_PARSE_IGNORE_ENC));
	good = parse.context->wellFormed && !parse.stopped;
	if (!good && !parse.stopped)
		fail(&parse, 0, 0, "not well-formed");
	if (parse.stopped && !parse.failed)
		ret_error->text[0] = '\0';
	xmlFreeParserCtxt(parse.context);
	return good;
}
