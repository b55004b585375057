/*
 * Writing JSON, in one line: the bytes are what a digest in the DNS is made of (PACC), so
 * there is nothing in them that anybody could want to lay out differently.
 */
#include "config.h"

#include "compiler.h"

#include "escape.h"

/* What stands in front of a value, and behind it. */
static struct str opening_of(enum json_kind kind)
{
	switch (kind) {
	case JSON_KIND_MAP:
		return STR("{");
	case JSON_KIND_ARRAY:
		return STR("[");
	case JSON_KIND_STRING:
		return STR("\"");
	case JSON_KIND_NULL:
		return STR("null");
	case JSON_KIND_NUMBER:
	case JSON_KIND_BOOLEAN:
		break;
	}
	return STR("");
}

static struct str closing_of(enum json_kind kind)
{
	switch (kind) {
	case JSON_KIND_MAP:
		return STR("}");
	case JSON_KIND_ARRAY:
		return STR("]");
	case JSON_KIND_STRING:
		return STR("\"");
	case JSON_KIND_NULL:
	case JSON_KIND_NUMBER:
	case JSON_KIND_BOOLEAN:
		break;
	}
	return STR("");
}

/* A value of which nothing is left is not written, nor its key, as in XML. */
static void write_element(struct compiler *compiler, const struct node *node, bool on_own_line)
{
	struct mark before = compile_mark(compiler);
	struct mark inside;

	(void)on_own_line;
	if (compiler->needs_comma)
		compile_raw(compiler, STR(","));
	if (node->attribute_count) {
		compile_raw(compiler, STR("\""));
		compile_parts(compiler, &node->attributes[0]);
		compile_raw(compiler, STR("\":"));
	}
	compile_raw(compiler, opening_of(node->json));
	compiler->needs_comma = false;
	inside = compile_mark(compiler);
	compile_nodes(compiler, node->child, false);
	if (node->child && compile_is_at(compiler, &inside)) {
		compile_take_back(compiler, &before);
		return;
	}
	compile_raw(compiler, closing_of(node->json));
	compiler->needs_comma = true;
}

static void write_document(struct compiler *compiler, const struct template *template)
{
	write_element(compiler, template->root, false);
}

const struct language language_json = {
	.document = write_document,
	.element = write_element,
	.escape = escape_json_buf,
};
