/*
 * Writing XML, and HTML, which is the same but for elements that end themselves. It is
 * indented by two spaces a level, a page by none; texts stay on their line.
 */
#include "config.h"

#include "compiler.h"

#include "escape.h"

static bool is_html(const struct compiler *compiler)
{
	return compiler->language == &language_html;
}

/* HTML's void elements: all others have an end tag, also when they are empty. */
static bool is_void(struct str name)
{
	static const char *const names[] = { "br", "hr", "img", "input", "link", "meta" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (str_eq(name, str_of(names[i])))
			return true;
	}
	return false;
}

/* The first content of an element ends its start tag; until then it may still become "/>". */
static void close_tag(struct compiler *compiler)
{
	if (compiler->tag_is_open)
		compile_raw(compiler, STR(">"));
	compiler->tag_is_open = false;
}

static void new_line(struct compiler *compiler)
{
	compile_raw(compiler, STR("\n"));
	for (unsigned i = 0; !is_html(compiler) && i < compiler->indent; i++)
		compile_raw(compiler, STR("  "));
}

static void write_attribute(struct compiler *compiler,
			    const struct template_attribute *attribute)
{
	struct found found;

	if (is_html(compiler) && str_starts(attribute->name, STR("xmlns")))
		return;
	if (attribute->part_count == 1 && attribute->parts[0].is_value) {
		evaluate(&compiler->evaluator, &attribute->parts[0].reference, &found);
		if (found_nothing(&found))
			return;
	}
	compile_raw(compiler, STR(" "));
	compile_raw(compiler, attribute->name);
	compile_raw(compiler, STR("=\""));
	compile_parts(compiler, attribute);
	compile_raw(compiler, STR("\""));
}

/* Returns whether any attribute was written. */
static bool write_start(struct compiler *compiler, const struct node *node)
{
	struct mark name;

	compile_raw(compiler, STR("<"));
	compile_raw(compiler, node->name);
	compiler->tag_is_open = true;
	name = compile_mark(compiler);
	for (size_t i = 0; i < node->attribute_count; i++)
		write_attribute(compiler, &node->attributes[i]);
	return !compile_is_at(compiler, &name);
}

/*
 * An element of which nothing is left but its name is not written: programs take an empty
 * element for a value, Thunderbird for "true".
 */
static void write_element(struct compiler *compiler, const struct node *node, bool on_own_line)
{
	bool written_empty = !node->child && node->attribute_count == 0;
	struct mark before = compile_mark(compiler);
	bool has_attributes;

	close_tag(compiler);
	if (on_own_line)
		new_line(compiler);
	has_attributes = write_start(compiler, node);
	compiler->indent++;
	compile_nodes(compiler, node->child, !node->has_text);
	compiler->indent--;
	if (compiler->tag_is_open && compiler->indent && !has_attributes && !written_empty) {
		compile_take_back(compiler, &before);
		return;
	}
	if (compiler->tag_is_open && (!is_html(compiler) || is_void(node->name))) {
		compile_raw(compiler, is_html(compiler) ? STR(">") : STR("/>"));
		compiler->tag_is_open = false;
		return;
	}
	if (!node->has_text && !compiler->tag_is_open)
		new_line(compiler);
	close_tag(compiler);
	compile_raw(compiler, STR("</"));
	compile_raw(compiler, node->name);
	compile_raw(compiler, STR(">"));
}

static void write_document(struct compiler *compiler, const struct template *template)
{
	compile_raw(compiler, STR("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"));
	if (template->doctype.len) {
		compile_raw(compiler, STR("<!DOCTYPE "));
		compile_raw(compiler, template->doctype);
		compile_raw(compiler, STR(">\n"));
	}
	write_element(compiler, template->root, false);
	compile_raw(compiler, STR("\n"));
}

static void write_page(struct compiler *compiler, const struct template *template)
{
	compile_raw(compiler, STR("<!DOCTYPE html>\n"));
	write_element(compiler, template->root, false);
	compile_raw(compiler, STR("\n"));
}

const struct language language_html = {
	.document = write_page,
	.element = write_element,
	.before_text = close_tag,
	.escape = escape_xml_buf,
};

const struct language language_xml = {
	.document = write_document,
	.element = write_element,
	.before_text = close_tag,
	.escape = escape_xml_buf,
};
