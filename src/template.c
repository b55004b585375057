/* From the events of the XML parser to a tree with all names resolved. */
#include "config.h"

#include "template_node.h"

#include "utf8.h"

/* Text makes the nearest element above it one that is not broken into lines. */
static void mark_text(struct template_reader *reader)
{
	for (size_t i = reader->depth; i > 0; i--) {
		struct node *node = reader->open[i - 1].node;

		if (node->kind == NODE_ELEMENT) {
			node->has_text = true;
			return;
		}
	}
}

static void append(struct template_reader *reader, struct node *node)
{
	struct node ***end = reader->depth ? &reader->open[reader->depth - 1].end
					   : &reader->root_end;

	**end = node;
	*end = &node->next;
}

/* What is between two tags, once it is whole: only then is it known whether it is a text. */
static void end_text(struct template_reader *reader)
{
	struct str text = buf_str(&reader->text);
	struct node *node;

	reader->text.len = 0;
	if (str_trim(text).len == 0)
		return;
	node = arena_alloc(reader->arena, sizeof(*node));
	if (!node)
		return;
	node->kind = NODE_TEXT;
	node->text = arena_str(reader->arena, text);
	template_text_mark(reader, node);
	append(reader, node);
	mark_text(reader);
}

static bool on_start(void *closure, const struct xml_element *element)
{
	struct template_reader *reader = closure;
	struct node *node = arena_alloc(reader->arena, sizeof(*node));

	if (!node)
		return false;
	end_text(reader);
	append(reader, node);
	reader->open[reader->depth] = (struct open_node){
		.node = node,
		.end = &node->child,
		.offset = element->offset,
	};
	if (reader->depth)
		reader->open[reader->depth].no_translate =
			reader->open[reader->depth - 1].no_translate;
	template_node_read(reader, element, node);
	if (node->kind == NODE_VALUE || node->kind == NODE_MESSAGE)
		mark_text(reader);
	reader->depth++;
	return true;
}

/* Text between elements is laid out, text beside values is meant: only its ends are trimmed. */
static void trim_ends(struct node *parent)
{
	struct node **link = &parent->child;

	for (struct node *node = parent->child; node; node = node->next) {
		bool first = node == parent->child;

		if (node->kind != NODE_TEXT)
			continue;
		while (first && node->text.len && ascii_is_space(node->text.p[0]))
			node->text = str_from(node->text, 1);
		while (!node->next && node->text.len &&
		       ascii_is_space(node->text.p[node->text.len - 1]))
			node->text.len--;
	}
	while (*link) {
		if ((*link)->kind == NODE_TEXT && (*link)->text.len == 0)
			*link = (*link)->next;
		else
			link = &(*link)->next;
	}
}

static bool on_end(void *closure)
{
	struct template_reader *reader = closure;
	struct open_node *open = &reader->open[reader->depth - 1];

	end_text(reader);
	reader->depth--;
	trim_ends(open->node);
	if (reader->template->method == OUTPUT_JSON && open->node->kind == NODE_ELEMENT)
		template_json_end(reader, open);
	if (open->node->kind == NODE_MESSAGE)
		template_text_end_message(reader, open);
	if (open->is_loop)
		reader->scope.depth--;
	return true;
}

static bool on_text(void *closure, struct str text)
{
	struct template_reader *reader = closure;

	buf_add(&reader->text, text);
	return !buf_failed(&reader->text);
}

/* A document's root is one element of the output. */
static void check_root(struct template_reader *reader)
{
	struct place place = source_place(reader->source, 0);

	if (reader->root && reader->root->kind != NODE_ELEMENT)
		diag_add(reader->diags, SEVERITY_ERROR, &place,
			 "the root of a template is an element of its output, not of the "
			 "template namespace");
}

/* The parser only says that there is one. A NUL is how UTF-16 shows itself. */
static bool find_bad_byte(struct str text, size_t *ret_offset)
{
	uint32_t character;
	size_t len;

	for (size_t i = 0; i < text.len; i += len) {
		len = utf8_decode(str_from(text, i), &character);
		if (len == 0 || character == 0) {
			*ret_offset = i;
			return true;
		}
	}
	return false;
}

static void read_document(struct template_reader *reader)
{
	static const struct xml_handlers handlers = {
		.start = on_start,
		.end = on_end,
		.text = on_text,
	};
	struct place place = { .file = reader->source->path };
	struct xml_error error;
	size_t offset;

	if (find_bad_byte(reader->source->text, &offset)) {
		place = source_place(reader->source, offset);
		diag_add(reader->diags, SEVERITY_ERROR, &place, "not UTF-8: byte 0x%02X",
			 (unsigned char)reader->source->text.p[offset]);
	} else if (!xml_parse(reader->source->text, &handlers, reader, &error)) {
		place.line = error.line;
		place.column = error.column;
		diag_add(reader->diags, SEVERITY_ERROR, &place, "%s",
			 error.text[0] ? error.text : "out of memory");
	}
	buf_fini(&reader->text);
}

const struct template *template_load(const char *path, const struct record *root,
				     const struct record *site, struct arena *arena,
				     struct diags *diags)
{
	struct template_reader reader = {
		.source = source_load(path, diags),
		.arena = arena,
		.diags = diags,
		.scope = { .levels = { { .name = STR("provider"), .record = root } },
			   .depth = 1,
			   .site = site },
	};
	size_t errors = diags_errors(diags);

	reader.template = arena_alloc(arena, sizeof(*reader.template));
	if (!reader.source || !reader.template) {
		source_free(reader.source);
		return NULL;
	}
	reader.root_end = &reader.root;
	read_document(&reader);
	check_root(&reader);
	source_free(reader.source);
	reader.template->root = reader.root;
	return diags_errors(diags) == errors && reader.root ? reader.template : NULL;
}
