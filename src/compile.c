/* The walk through a template. The languages: compile_xml.c, compile_json.c. */
#include "config.h"

#include "compile.h"

#include "compiler.h"
#include "placeholder.h"

static const struct language *language_of(enum output_method method)
{
	switch (method) {
	case OUTPUT_JSON:
		return &language_json;
	case OUTPUT_HTML:
		return &language_html;
	case OUTPUT_XML:
		break;
	}
	return &language_xml;
}

struct mark compile_mark(const struct compiler *compiler)
{
	return (struct mark){
		.pieces = compiler->builder.pieces.len,
		.text = compiler->builder.text.len,
		.tag_is_open = compiler->tag_is_open,
		.needs_comma = compiler->needs_comma,
	};
}

bool compile_is_at(const struct compiler *compiler, const struct mark *mark)
{
	return compiler->builder.pieces.len == mark->pieces &&
	       compiler->builder.text.len == mark->text;
}

void compile_take_back(struct compiler *compiler, const struct mark *mark)
{
	compiler->builder.text.len = mark->text;
	compiler->tag_is_open = mark->tag_is_open;
	compiler->needs_comma = mark->needs_comma;
}

static void write_escaped(struct compiler *compiler, struct str text)
{
	compiler->language->escape(&compiler->builder.text, text);
}

static enum hole hole_of(enum placeholder kind, bool in_url)
{
	switch (kind) {
	case PLACEHOLDER_ADDRESS:
		return in_url ? HOLE_ADDRESS_URL : HOLE_ADDRESS;
	case PLACEHOLDER_LOCAL_PART:
		return in_url ? HOLE_LOCAL_PART_URL : HOLE_LOCAL_PART;
	case PLACEHOLDER_DOMAIN:
		return HOLE_EMAIL_DOMAIN;
	case PLACEHOLDER_NONE:
		break;
	}
	return HOLE_NONE;
}

static void write_pattern(struct compiler *compiler, struct str text, bool is_url)
{
	bool with_address = compiler->evaluator.document->with_address;
	struct str piece;
	enum placeholder kind;

	while (placeholder_next(&text, &piece, &kind)) {
		bool known = with_address || kind == PLACEHOLDER_DOMAIN;

		if (kind != PLACEHOLDER_NONE && known)
			program_builder_hole(&compiler->builder, hole_of(kind, is_url));
		else
			write_escaped(compiler, piece);
	}
}

static void write_found(struct compiler *compiler, const struct found *found)
{
	if (found->hole != HOLE_NONE)
		program_builder_hole(&compiler->builder, found->hole);
	else if (found->is_pattern)
		write_pattern(compiler, found->text, found->is_url);
	else
		write_escaped(compiler, found->text);
}

void compile_parts(struct compiler *compiler, const struct template_attribute *attribute)
{
	struct found found;

	for (size_t i = 0; i < attribute->part_count; i++) {
		const struct template_part *part = &attribute->parts[i];

		if (part->is_value) {
			evaluate(&compiler->evaluator, &part->reference, &found);
			write_found(compiler, &found);
		} else if (attribute->is_translated) {
			write_escaped(compiler,
				      catalog_text(compile_catalog(compiler), part->text));
		} else {
			write_escaped(compiler, part->text);
		}
	}
}

static void before_text(struct compiler *compiler)
{
	if (compiler->language->before_text)
		compiler->language->before_text(compiler);
}

static void write_value(struct compiler *compiler, const struct node *node)
{
	struct found found;

	evaluate(&compiler->evaluator, &node->reference, &found);
	if (found_nothing(&found))
		return;
	before_text(compiler);
	write_found(compiler, &found);
}

/* A text of a page keeps the space beside it, which parts it from its neighbours. */
static void write_text(struct compiler *compiler, const struct node *node)
{
	struct str text = node->text;
	struct str core = str_trim(text);

	before_text(compiler);
	if (!node->is_translated) {
		write_escaped(compiler, text);
		return;
	}
	write_escaped(compiler, str_first(text, (size_t)(core.p - text.p)));
	write_escaped(compiler, catalog_text(compile_catalog(compiler), core));
	write_escaped(compiler, str_from(text, (size_t)(core.p - text.p) + core.len));
}

static const struct node *find_value(const struct node *message, struct str name)
{
	for (const struct node *node = message->child; node; node = node->next) {
		if (node->kind == NODE_VALUE && str_eq(node->text, name))
			return node;
	}
	return NULL;
}

/* A sentence with its values, which a translation may move. */
static void write_message(struct compiler *compiler, const struct node *message)
{
	struct str rest = catalog_text(compile_catalog(compiler), message->text);

	before_text(compiler);
	while (rest.len) {
		size_t open = str_find(rest, '{');
		size_t close = str_find(rest, '}');
		const struct node *value =
			open < close && close < rest.len
				? find_value(message, str_first(str_from(rest, open + 1),
								close - open - 1))
				: NULL;

		if (!value) {
			write_escaped(compiler, str_first(rest, open < rest.len ? open + 1 : open));
			rest = str_from(rest, open < rest.len ? open + 1 : open);
			continue;
		}
		write_escaped(compiler, str_first(rest, open));
		write_value(compiler, value);
		rest = str_from(rest, close + 1);
	}
}

static void write_part(struct compiler *compiler, const struct node *node, bool in_lines)
{
	before_text(compiler); /* what is open would otherwise be closed inside the part */
	program_builder_begin_part(&compiler->builder, node->text);
	compile_nodes(compiler, node->child, in_lines);
	program_builder_end_part(&compiler->builder);
}

static void write_loop(struct compiler *compiler, const struct node *node, bool in_lines)
{
	struct evaluator *evaluator = &compiler->evaluator;
	const struct list *list = evaluate_list(evaluator, &node->reference);
	const struct record *record =
		node->reference.path[node->reference.path_len - 1]->record;

	for (size_t i = 0; list && i < list->count; i++) {
		if (!evaluate_suits(evaluator, &node->reference, list, i))
			continue;
		evaluator->objects[evaluator->depth++] =
			(const char *)list->items + i * record->size;
		compile_nodes(compiler, node->child, in_lines);
		evaluator->depth--;
	}
}

void compile_nodes(struct compiler *compiler, const struct node *node, bool in_lines)
{
	for (; node; node = node->next) {
		switch (node->kind) {
		case NODE_ELEMENT:
			compiler->language->element(compiler, node, in_lines);
			break;
		case NODE_TEXT:
			write_text(compiler, node);
			break;
		case NODE_MESSAGE:
			write_message(compiler, node);
			break;
		case NODE_PART:
			write_part(compiler, node, in_lines);
			break;
		case NODE_VALUE:
			write_value(compiler, node);
			break;
		case NODE_IF:
			if (evaluate_test(&compiler->evaluator, &node->test))
				compile_nodes(compiler, node->child, in_lines);
			break;
		case NODE_FOR:
			write_loop(compiler, node, in_lines);
			break;
		}
	}
}

bool compile(const struct template *template, const struct provider *provider,
	     const struct document *document, struct arena *arena, struct program *ret_program)
{
	struct compiler compiler = {
		.evaluator = { .document = document, .objects = { provider }, .depth = 1 },
		.language = language_of(template->method),
	};

	compiler.evaluator.objects[SCOPE_SITE] = document->site;

	*ret_program = (struct program){ .method = template->method };
	if (!evaluate_test(&compiler.evaluator, &template->needs))
		return true;
	program_builder_init(&compiler.builder, arena);
	compiler.language->document(&compiler, template);
	compiler.builder.program.method = template->method;
	if (!program_builder_finish(&compiler.builder, ret_program))
		return false;
	/* Of a JSON document everything may have been left out. */
	if (ret_program->text_size == 0 && ret_program->holes_used == 0)
		ret_program->pieces = NULL;
	return true;
}
