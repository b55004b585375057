/* The evaluator. Output is indented by two spaces a level; texts stay on their line. */
#include "config.h"

#include "compile.h"

#include "escape.h"
#include "placeholder.h"

#include <stdio.h>

struct compiler {
	struct program_builder builder;
	const void *objects[SCOPE_DEEPEST]; /* what the names of the scope stand for */
	size_t depth;			    /* of them */
	bool with_address;
	unsigned indent;
	bool tag_is_open; /* "<name" is written, its ">" is not */
};

/* What a reference comes to. */
struct found {
	enum hole hole; /* HOLE_NONE: it is known now */
	struct str text;
	bool is_pattern; /* it may hold placeholders */
	bool is_url;	 /* and they must not change its structure */
	char number[12];
};

static const void *follow(const struct compiler *compiler, const struct reference *reference)
{
	const void *object = compiler->objects[reference->level];

	for (size_t i = 0; i < reference->path_len; i++) {
		const void *member = field_at(reference->path[i], object);

		if (reference->path[i]->type != FIELD_RECORD)
			return member;
		object = *(const void *const *)member;
		if (!object)
			return NULL;
	}
	return object;
}

static void read_member(const struct field *field, const void *member, struct found *found)
{
	switch (field->type) {
	case FIELD_TEXT:
	case FIELD_WORD:
	case FIELD_PATH:
		found->text = *(const struct str *)member;
		break;
	case FIELD_URL:
	case FIELD_SECURE_URL:
		found->is_url = true;
		__attribute__((fallthrough));
	case FIELD_PATTERN:
	case FIELD_HOSTNAME:
		found->text = *(const struct str *)member;
		found->is_pattern = true;
		break;
	case FIELD_NUMBER:
		if (*(const unsigned *)member) {
			snprintf(found->number, sizeof(found->number), "%u",
				 *(const unsigned *)member);
			found->text = str_of(found->number);
		}
		break;
	case FIELD_FLAG:
		if (*(const enum flag *)member != FLAG_NOT_GIVEN)
			found->text = *(const enum flag *)member == FLAG_TRUE ? STR("true")
									      : STR("false");
		break;
	case FIELD_RECORD:
	case FIELD_LIST:
	case FIELD_AUTHENTICATION:
	case FIELD_NAMES:
		break; /* no text; expression.c refuses them as values */
	}
}

/* `found` is filled in place, since a number's text lies within it. */
static void evaluate(const struct compiler *compiler, const struct reference *reference,
		     struct found *found)
{
	const void *member;

	*found = (struct found){ .hole = HOLE_NONE };
	switch (reference->kind) {
	case REFERENCE_ADDRESS:
		found->hole = compiler->with_address ? HOLE_ADDRESS : HOLE_NONE;
		return;
	case REFERENCE_LOCAL_PART:
		found->hole = compiler->with_address ? HOLE_LOCAL_PART : HOLE_NONE;
		return;
	case REFERENCE_DOMAIN:
		found->hole = HOLE_DOMAIN;
		return;
	case REFERENCE_FIELD:
		break;
	}
	member = follow(compiler, reference);
	if (member)
		read_member(reference->path[reference->path_len - 1], member, found);
}

/* Is a list not empty, an object there, a value given? A flag that is false is not. */
static bool is_given(const struct compiler *compiler, const struct reference *reference)
{
	const struct field *last =
		reference->path_len ? reference->path[reference->path_len - 1] : NULL;
	const void *member = last ? follow(compiler, reference) : NULL;
	struct found found;

	if (last && last->type == FIELD_RECORD)
		return member != NULL;
	if (last && (last->type == FIELD_LIST || last->type == FIELD_AUTHENTICATION))
		return member && ((const struct list *)member)->count > 0;
	evaluate(compiler, reference, &found);
	if (last && last->type == FIELD_FLAG)
		return str_eq(found.text, STR("true"));
	return found.hole != HOLE_NONE || found.text.len;
}

static bool holds_term(const struct compiler *compiler, const struct test_term *term)
{
	struct found found;

	switch (term->comparison) {
	case COMPARE_GIVEN:
		return is_given(compiler, &term->reference);
	case COMPARE_NOT_GIVEN:
		return !is_given(compiler, &term->reference);
	case COMPARE_EQUAL:
		evaluate(compiler, &term->reference, &found);
		return str_eq(found.text, term->text);
	case COMPARE_NOT_EQUAL:
		evaluate(compiler, &term->reference, &found);
		return !str_eq(found.text, term->text);
	}
	return false;
}

static bool holds(const struct compiler *compiler, const struct test *test)
{
	for (size_t i = 0; i < test->count; i++) {
		if (holds_term(compiler, &test->terms[i]) != test->all)
			return !test->all;
	}
	return test->all;
}

static void write_raw(struct compiler *compiler, struct str text)
{
	program_builder_text(&compiler->builder, text);
}

static void write_escaped(struct compiler *compiler, struct str text)
{
	escape_xml_buf(&compiler->builder.text, text);
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
	struct str piece;
	enum placeholder kind;

	while (placeholder_next(&text, &piece, &kind)) {
		bool known = compiler->with_address || kind == PLACEHOLDER_DOMAIN;

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

/* The first content of an element ends its start tag; until then it may still become "/>". */
static void close_tag(struct compiler *compiler)
{
	if (compiler->tag_is_open)
		write_raw(compiler, STR(">"));
	compiler->tag_is_open = false;
}

static void new_line(struct compiler *compiler)
{
	write_raw(compiler, STR("\n"));
	for (unsigned i = 0; i < compiler->indent; i++)
		write_raw(compiler, STR("  "));
}

static void write_attribute(struct compiler *compiler,
			    const struct template_attribute *attribute)
{
	struct found found;

	if (attribute->part_count == 1 && attribute->parts[0].is_value) {
		evaluate(compiler, &attribute->parts[0].reference, &found);
		if (found.hole == HOLE_NONE && found.text.len == 0)
			return;
	}
	write_raw(compiler, STR(" "));
	write_raw(compiler, attribute->name);
	write_raw(compiler, STR("=\""));
	for (size_t i = 0; i < attribute->part_count; i++) {
		const struct template_part *part = &attribute->parts[i];

		if (part->is_value) {
			evaluate(compiler, &part->reference, &found);
			write_found(compiler, &found);
		} else {
			write_escaped(compiler, part->text);
		}
	}
	write_raw(compiler, STR("\""));
}

static void write_nodes(struct compiler *compiler, const struct node *node, bool in_lines);

/* Where the output stands, so that what is behind it can be taken back. */
struct mark {
	size_t pieces, text;
	bool tag_is_open;
};

static struct mark mark_here(const struct compiler *compiler)
{
	return (struct mark){
		.pieces = compiler->builder.pieces.len,
		.text = compiler->builder.text.len,
		.tag_is_open = compiler->tag_is_open,
	};
}

/* Only while there is no hole behind it. */
static void take_back(struct compiler *compiler, struct mark mark)
{
	compiler->builder.text.len = mark.text;
	compiler->tag_is_open = mark.tag_is_open;
}

/* Returns whether any attribute was written. */
static bool write_start(struct compiler *compiler, const struct node *node)
{
	struct mark name;

	write_raw(compiler, STR("<"));
	write_raw(compiler, node->name);
	compiler->tag_is_open = true;
	name = mark_here(compiler);
	for (size_t i = 0; i < node->attribute_count; i++)
		write_attribute(compiler, &node->attributes[i]);
	return compiler->builder.text.len != name.text ||
	       compiler->builder.pieces.len != name.pieces;
}

/*
 * An element of which nothing is left but its name is not written: programs take an empty
 * element for a value, Thunderbird for "true".
 */
static void write_element(struct compiler *compiler, const struct node *node, bool on_own_line)
{
	bool written_empty = !node->child && node->attribute_count == 0;
	struct mark before = mark_here(compiler);
	bool has_attributes;

	close_tag(compiler);
	if (on_own_line)
		new_line(compiler);
	has_attributes = write_start(compiler, node);
	compiler->indent++;
	write_nodes(compiler, node->child, !node->has_text);
	compiler->indent--;
	if (compiler->tag_is_open && compiler->indent && !has_attributes && !written_empty) {
		take_back(compiler, before);
		return;
	}
	if (compiler->tag_is_open) {
		write_raw(compiler, STR("/>"));
		compiler->tag_is_open = false;
		return;
	}
	if (!node->has_text)
		new_line(compiler);
	write_raw(compiler, STR("</"));
	write_raw(compiler, node->name);
	write_raw(compiler, STR(">"));
}

static void write_value(struct compiler *compiler, const struct node *node)
{
	struct found found;

	evaluate(compiler, &node->reference, &found);
	if (found.hole == HOLE_NONE && found.text.len == 0)
		return;
	close_tag(compiler);
	write_found(compiler, &found);
}

static void write_loop(struct compiler *compiler, const struct node *node, bool in_lines)
{
	const struct list *list = follow(compiler, &node->reference);
	const struct record *record =
		node->reference.path[node->reference.path_len - 1]->record;

	for (size_t i = 0; list && i < list->count; i++) {
		compiler->objects[compiler->depth++] = (const char *)list->items + i * record->size;
		write_nodes(compiler, node->child, in_lines);
		compiler->depth--;
	}
}

static void write_nodes(struct compiler *compiler, const struct node *node, bool in_lines)
{
	for (; node; node = node->next) {
		switch (node->kind) {
		case NODE_ELEMENT:
			write_element(compiler, node, in_lines);
			break;
		case NODE_TEXT:
			close_tag(compiler);
			write_escaped(compiler, node->text);
			break;
		case NODE_VALUE:
			write_value(compiler, node);
			break;
		case NODE_IF:
			if (holds(compiler, &node->test))
				write_nodes(compiler, node->child, in_lines);
			break;
		case NODE_FOR:
			write_loop(compiler, node, in_lines);
			break;
		}
	}
}

bool compile(const struct node *template, const struct provider *provider, bool with_address,
	     struct arena *arena, struct program *ret_program)
{
	struct compiler compiler = {
		.objects = { provider },
		.depth = 1,
		.with_address = with_address,
	};

	program_builder_init(&compiler.builder, arena);
	write_raw(&compiler, STR("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"));
	write_element(&compiler, template, false);
	write_raw(&compiler, STR("\n"));
	return program_builder_finish(&compiler.builder, ret_program);
}
