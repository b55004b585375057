/*
 * What compile.c and the languages that it writes share: the walk through a template knows
 * nothing of angle brackets or commas, a language nothing of providers.
 */
#ifndef MAILCONFD_COMPILER_H
#define MAILCONFD_COMPILER_H

#include "evaluate.h"
#include "program.h"
#include "template.h"

struct compiler;

/* A language of output. */
struct language {
	/* The whole document. */
	void (*document)(struct compiler *compiler, const struct template *template);
	void (*element)(struct compiler *compiler, const struct node *node, bool on_own_line);
	/* Called before a text or value is written; NULL: nothing to be done. */
	void (*before_text)(struct compiler *compiler);
	void (*escape)(struct buf *buf, struct str text);
};

extern const struct language language_xml;
extern const struct language language_json;
extern const struct language language_html;

struct compiler {
	struct program_builder builder;
	struct evaluator evaluator;
	const struct language *language;
	unsigned indent;  /* of XML: levels */
	bool tag_is_open; /* of XML: "<name" is written, its ">" is not */
	bool needs_comma; /* of JSON: something stands before, on this level */
};

/* Nodes beside each other, one behind the other. */
void compile_nodes(struct compiler *compiler, const struct node *node, bool in_lines);

/* The parts of an attribute, without its quotes. */
void compile_parts(struct compiler *compiler, const struct template_attribute *attribute);

/* The catalogue of the document's language, or NULL. */
static inline const struct catalog *compile_catalog(const struct compiler *compiler)
{
	return compiler->evaluator.document->catalog;
}

/* Bytes of the language itself. */
static inline void compile_raw(struct compiler *compiler, struct str text)
{
	program_builder_text(&compiler->builder, text);
}

/* Where the output stands, so that what is behind it can be taken back. */
struct mark {
	size_t pieces, text;
	bool tag_is_open;
	bool needs_comma;
};

struct mark compile_mark(const struct compiler *compiler);

/* Has nothing been written since? */
bool compile_is_at(const struct compiler *compiler, const struct mark *mark);

/* Only while there is no hole behind it. */
void compile_take_back(struct compiler *compiler, const struct mark *mark);

#endif
