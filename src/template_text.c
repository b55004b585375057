/*
 * Texts of a page, and which of them are translated. White space is collapsed, as browsers
 * do: so a text is the same text however the template is laid out.
 */
#include "config.h"

#include "template_node.h"

static bool has_letter(struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)ascii_lower(text.p[i]);

		if ((c >= 'a' && c <= 'z') || c >= 0x80)
			return true;
	}
	return false;
}

static struct str collapse(struct arena *arena, struct str text)
{
	struct buf buf = BUF_EMPTY;
	struct str result;

	for (size_t i = 0; i < text.len; i++) {
		bool space = ascii_is_space(text.p[i]);

		if (!space)
			buf_addc(&buf, text.p[i]);
		else if (i == 0 || !ascii_is_space(text.p[i - 1]))
			buf_addc(&buf, ' ');
	}
	result = arena_str(arena, buf_str(&buf));
	buf_fini(&buf);
	return result;
}

static bool is_page(const struct template_reader *reader)
{
	return reader->template->method == OUTPUT_HTML;
}

static bool is_kept(const struct template_reader *reader)
{
	return reader->depth && reader->open[reader->depth - 1].no_translate;
}

static bool is_in_message(const struct template_reader *reader)
{
	return reader->depth && reader->open[reader->depth - 1].node->kind == NODE_MESSAGE;
}

void template_text_mark(struct template_reader *reader, struct node *text)
{
	if (!is_page(reader))
		return;
	text->text = collapse(reader->arena, text->text);
	text->is_translated =
		!is_kept(reader) && !is_in_message(reader) && has_letter(text->text);
}

static bool is_text_attribute(const struct node *element, struct str name)
{
	static const struct str names[] = {
		{ .p = "title", .len = 5 },
		{ .p = "alt", .len = 3 },
		{ .p = "placeholder", .len = 11 },
		{ .p = "aria-label", .len = 10 },
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (str_eq(name, names[i]))
			return true;
	}
	/* Of all that meta says, the description is for people. */
	return str_eq(name, STR("content")) && str_eq(element->name, STR("meta"));
}

void template_text_mark_attributes(struct template_reader *reader, struct node *element)
{
	struct open_node *open = &reader->open[reader->depth];
	bool kept = is_kept(reader);
	bool is_description = !str_eq(element->name, STR("meta"));

	if (!is_page(reader))
		return;
	for (size_t i = 0; i < element->attribute_count; i++) {
		const struct template_attribute *attribute = &element->attributes[i];
		struct str value = attribute->part_count == 1 ? attribute->parts[0].text : STR("");

		if (str_eq(attribute->name, STR("translate")))
			kept = str_eq(value, STR("no"));
		if (str_eq(attribute->name, STR("name")) && str_eq(value, STR("description")))
			is_description = true;
	}
	open->no_translate = kept;
	for (size_t i = 0; i < element->attribute_count; i++) {
		struct template_attribute *attribute = &element->attributes[i];

		attribute->is_translated =
			!kept && is_description && attribute->part_count == 1 &&
			!attribute->parts[0].is_value &&
			is_text_attribute(element, attribute->name) &&
			has_letter(attribute->parts[0].text);
	}
}

void template_text_end_message(struct template_reader *reader, struct open_node *open)
{
	struct place place = source_place(reader->source, open->offset);
	struct buf sentence = BUF_EMPTY;

	for (const struct node *node = open->node->child; node; node = node->next) {
		if (node->kind == NODE_TEXT)
			buf_add(&sentence, node->text);
		else if (node->kind == NODE_VALUE)
			buf_addf(&sentence, "{%.*s}", STR_ARGS(node->text));
		else
			diag_add(reader->diags, SEVERITY_ERROR, &place,
				 "inside a message: expected texts and values only");
	}
	open->node->text = arena_str(reader->arena, str_trim(buf_str(&sentence)));
	buf_fini(&sentence);
}

static void each_message(const struct node *node,
			 void (*visit)(void *closure, struct str text), void *closure)
{
	for (; node; node = node->next) {
		for (size_t i = 0; i < node->attribute_count; i++) {
			if (node->attributes[i].is_translated)
				visit(closure, node->attributes[i].parts[0].text);
		}
		if (node->kind == NODE_MESSAGE) {
			visit(closure, node->text);
			continue;
		}
		if (node->kind == NODE_TEXT && node->is_translated)
			visit(closure, str_trim(node->text));
		each_message(node->child, visit, closure);
	}
}

void template_each_message(const struct template *template,
			   void (*visit)(void *closure, struct str text), void *closure)
{
	each_message(template->root, visit, closure);
}
