/* Reading one element of a template: its words, and the values in its attributes. */
#include "config.h"

#include "template_node.h"

#include "suggest.h"

#include <stdio.h>

static bool is_own(const struct xml_element *element)
{
	return str_eq(element->namespace, STR(TEMPLATE_NAMESPACE));
}

/* The place of an attribute in its tag, or of the tag. */
static struct place place_in_tag(struct template_reader *reader,
				 const struct xml_element *element, struct str attribute)
{
	struct str text = str_from(reader->source->text, element->offset);
	size_t end = str_find(text, '>');

	for (size_t i = 1; attribute.len && i + attribute.len < end; i++) {
		if (ascii_is_space(text.p[i - 1]) && str_starts(str_from(text, i), attribute) &&
		    strchr("= \t\r\n", text.p[i + attribute.len]))
			return source_place(reader->source, element->offset + i);
	}
	return source_place(reader->source, element->offset);
}

static void report(struct template_reader *reader, const struct xml_element *element,
		   struct str attribute, const struct expression_error *error)
{
	struct place place = place_in_tag(reader, element, attribute);

	diag_add(reader->diags, SEVERITY_ERROR, &place, "%s", error->text);
	if (error->suggestion.len)
		diag_suggest(reader->diags, error->suggestion);
}

void template_node_report(struct template_reader *reader, const struct xml_element *element,
			  struct str attribute, const char *format, ...)
{
	struct place place = place_in_tag(reader, element, attribute);
	va_list args;

	va_start(args, format);
	diag_vadd(reader->diags, SEVERITY_ERROR, &place, NULL, format, args);
	va_end(args);
}

/* The value of an attribute of a template element; an error when it is not there. */
static bool need_attribute(struct template_reader *reader, const struct xml_element *element,
			   const char *name, struct str *ret_value)
{
	for (size_t i = 0; i < element->attribute_count; i++) {
		if (str_eq(element->attributes[i].name, str_of(name))) {
			*ret_value = element->attributes[i].value;
			return true;
		}
	}

	struct place place = place_in_tag(reader, element, STR(""));

	diag_add(reader->diags, SEVERITY_ERROR, &place, "<%.*s:%.*s> lacks the attribute \"%s\"",
		 STR_ARGS(element->prefix), STR_ARGS(element->name), name);
	return false;
}

static void refuse_others(struct template_reader *reader, const struct xml_element *element,
			  const char *const *allowed)
{
	for (size_t i = 0; i < element->attribute_count; i++) {
		struct str name = element->attributes[i].name;
		const char *const *word = allowed;

		while (*word && !str_eq(name, str_of(*word)))
			word++;
		if (*word)
			continue;

		struct place place = place_in_tag(reader, element, name);

		diag_add(reader->diags, SEVERITY_ERROR, &place,
			 "unknown attribute \"%.*s\" in <%.*s:%.*s>", STR_ARGS(name),
			 STR_ARGS(element->prefix), STR_ARGS(element->name));
		for (word = allowed; *word; word++) {
			if (suggest_is_near(name, str_of(*word)))
				diag_suggest(reader->diags, str_of(*word));
		}
	}
}

static void read_value(struct template_reader *reader, const struct xml_element *element,
		       struct node *node)
{
	static const char *const allowed[] = { "select", NULL };
	struct expression_error error;
	struct str select;

	refuse_others(reader, element, allowed);
	node->kind = NODE_VALUE;
	if (need_attribute(reader, element, "select", &select))
		node->text = arena_str(reader->arena, str_trim(select));
	else
		return;
	if (!expression_value(select, &reader->scope, &node->reference, &error))
		report(reader, element, STR("select"), &error);
}

static void read_if(struct template_reader *reader, const struct xml_element *element,
		    struct node *node)
{
	static const char *const allowed[] = { "test", NULL };
	struct expression_error error;
	struct str test;

	refuse_others(reader, element, allowed);
	node->kind = NODE_IF;
	if (need_attribute(reader, element, "test", &test) &&
	    !expression_test(test, &reader->scope, reader->arena, &node->test, &error))
		report(reader, element, STR("test"), &error);
}

/* After a mistake the loop's name is still known, with no description: no errors that follow. */
static void read_for(struct template_reader *reader, const struct xml_element *element,
		     struct node *node)
{
	static const char *const allowed[] = { "each", "in", NULL };
	struct expression_error error;
	const struct record *record = NULL;
	struct str each = STR("");
	struct str in;

	refuse_others(reader, element, allowed);
	node->kind = NODE_FOR;
	need_attribute(reader, element, "each", &each);
	if (need_attribute(reader, element, "in", &in) &&
	    !expression_list(in, &reader->scope, &node->reference, &record, &error))
		report(reader, element, STR("in"), &error);
	if (reader->scope.depth == SCOPE_DEEPEST) {
		struct place place = place_in_tag(reader, element, STR(""));

		diag_add(reader->diags, SEVERITY_ERROR, &place, "loops go too deep");
		return;
	}
	reader->scope.levels[reader->scope.depth].name = arena_str(reader->arena, each);
	reader->scope.levels[reader->scope.depth].record = record;
	reader->scope.depth++;
	reader->open[reader->depth].is_loop = true;
}

static struct str qualified(struct arena *arena, struct str prefix, struct str name)
{
	return prefix.len ? arena_printf(arena, "%.*s:%.*s", STR_ARGS(prefix), STR_ARGS(name))
			  : arena_str(arena, name);
}

/* The attribute that declares a prefix. */
static struct str declaring(struct arena *arena, struct str prefix)
{
	return prefix.len ? qualified(arena, STR("xmlns"), prefix) : STR("xmlns");
}

/* All that begins like this is ours: another version, or a typing mistake. */
static void check_declarations(struct template_reader *reader, const struct xml_element *element)
{
	for (size_t i = 0; i < element->declaration_count; i++) {
		const struct xml_attribute *declaration = &element->declarations[i];

		if (!str_starts(declaration->value, STR("urn:mailconfd:")) ||
		    str_eq(declaration->value, STR(TEMPLATE_NAMESPACE)))
			continue;

		struct str name = declaring(reader->arena, declaration->name);
		struct place place = place_in_tag(reader, element, name);

		diag_add(reader->diags, SEVERITY_ERROR, &place, "unknown namespace \"%.*s\"",
			 STR_ARGS(declaration->value));
		diag_hint(reader->diags, "expected \"%s\"", TEMPLATE_NAMESPACE);
	}
}

static void read_message(struct template_reader *reader, const struct xml_element *element,
			 struct node *node)
{
	static const char *const allowed[] = { NULL };

	refuse_others(reader, element, allowed);
	node->kind = NODE_MESSAGE;
}

/* A part's neighbours are parts: their order is all that may change. */
static void read_parts_list(struct template_reader *reader, const struct xml_element *element,
			    struct node *node)
{
	static const char *const allowed[] = { NULL };

	refuse_others(reader, element, allowed);
	node->kind = NODE_IF; /* which always holds */
}

static void read_part(struct template_reader *reader, const struct xml_element *element,
		      struct node *node)
{
	static const char *const allowed[] = { "key", NULL };
	struct str key = STR("");

	refuse_others(reader, element, allowed);
	node->kind = NODE_PART;
	need_attribute(reader, element, "key", &key);
	node->text = arena_str(reader->arena, key);
}

static void read_own(struct template_reader *reader, const struct xml_element *element,
		     struct node *node)
{
	static const struct {
		const char *name;
		void (*read)(struct template_reader *, const struct xml_element *, struct node *);
	} elements[] = {
		{ "value", read_value },
		{ "if", read_if },
		{ "for", read_for },
		{ "message", read_message },
		{ "parts", read_parts_list },
		{ "part", read_part },
	};
	struct str near = STR("");

	for (size_t i = 0; i < sizeof(elements) / sizeof(elements[0]); i++) {
		if (str_eq(element->name, str_of(elements[i].name))) {
			elements[i].read(reader, element, node);
			return;
		}
		if (suggest_is_near(element->name, str_of(elements[i].name)))
			near = str_of(elements[i].name);
	}

	struct place place = place_in_tag(reader, element, STR(""));

	diag_add(reader->diags, SEVERITY_ERROR, &place,
		 "unknown template element <%.*s:%.*s>: expected value, if, for, message, parts or part",
		 STR_ARGS(element->prefix), STR_ARGS(element->name));
	if (near.len)
		diag_suggest(reader->diags, near);
	node->kind = NODE_IF; /* an empty test: what is inside is still looked at */
}

/* Splits "a{name}b" into its parts; "{{" and "}}" are the braces themselves. */
void template_node_read_parts(struct template_reader *reader, const struct xml_element *element,
		       const struct xml_attribute *from, struct template_attribute *to)
{
	struct str rest = from->value;
	struct expression_error error = { 0 };

	to->parts = arena_array(reader->arena, rest.len + 1, sizeof(*to->parts));
	if (!to->parts)
		return;
	while (rest.len) {
		struct template_part *part = &to->parts[to->part_count++];
		size_t plain = 0;

		if (rest.p[0] == '{' && !str_starts(rest, STR("{{"))) {
			size_t end = str_find(rest, '}');

			part->is_value = true;
			if (end == rest.len) {
				snprintf(error.text, sizeof(error.text),
					 "\"{\" without its \"}\"; write \"{{\" for the brace itself");
				report(reader, element, from->name, &error);
				return;
			}
			if (!expression_value(str_first(str_from(rest, 1), end - 1),
					      &reader->scope, &part->reference, &error))
				report(reader, element, from->name, &error);
			rest = str_from(rest, end + 1);
			continue;
		}
		if (str_starts(rest, STR("{{")) || str_starts(rest, STR("}}"))) {
			part->text = arena_str(reader->arena, str_first(rest, 1));
			rest = str_from(rest, 2);
			continue;
		}
		while (plain < rest.len && rest.p[plain] != '{' &&
		       !str_starts(str_from(rest, plain), STR("}}")))
			plain++;
		part->text = arena_str(reader->arena, str_first(rest, plain));
		rest = str_from(rest, plain);
	}
}

/* An attribute of the template namespace in an element of the output: two, of the root. */
static void read_own_attribute(struct template_reader *reader, const struct xml_element *element,
			       const struct xml_attribute *attribute)
{
	struct template *template = reader->template;
	struct str name = qualified(reader->arena, attribute->prefix, attribute->name);
	struct expression_error error;

	if (reader->depth > 0)
		template_node_report(reader, element, name,
				     "\"%.*s\" is an attribute of the root alone", STR_ARGS(name));
	else if (str_eq(attribute->name, STR("doctype")))
		template->doctype = arena_str(reader->arena, attribute->value);
	else if (!str_eq(attribute->name, STR("needs")))
		template_node_report(reader, element, name,
				     "unknown attribute \"%.*s\": expected \"needs\" or \"doctype\"",
				     STR_ARGS(name));
	else if (!expression_test(attribute->value, &reader->scope, reader->arena,
				  &template->needs, &error))
		report(reader, element, name, &error);
}

static bool is_own_attribute(const struct xml_attribute *attribute)
{
	return str_eq(attribute->namespace, STR(TEMPLATE_NAMESPACE));
}

static void read_element(struct template_reader *reader, const struct xml_element *element,
			 struct node *node)
{
	size_t most = element->attribute_count + element->declaration_count;

	node->kind = NODE_ELEMENT;
	node->name = qualified(reader->arena, element->prefix, element->name);
	node->attributes = arena_array(reader->arena, most, sizeof(*node->attributes));
	if (!node->attributes)
		return;
	for (size_t i = 0; i < element->declaration_count; i++) {
		const struct xml_attribute *declaration = &element->declarations[i];
		struct template_attribute *to = &node->attributes[node->attribute_count];

		if (str_eq(declaration->value, STR(TEMPLATE_NAMESPACE)))
			continue;
		to->name = declaring(reader->arena, declaration->name);
		to->parts = arena_alloc(reader->arena, sizeof(*to->parts));
		if (!to->parts)
			return;
		to->parts->text = arena_str(reader->arena, declaration->value);
		to->part_count = 1;
		node->attribute_count++;
	}
	for (size_t i = 0; i < element->attribute_count; i++) {
		const struct xml_attribute *from = &element->attributes[i];
		struct template_attribute *to = &node->attributes[node->attribute_count];

		if (is_own_attribute(from)) {
			read_own_attribute(reader, element, from);
			continue;
		}
		node->attribute_count++;
		to->name = qualified(reader->arena, from->prefix, from->name);
		template_node_read_parts(reader, element, from, to);
	}
}

void template_node_read(struct template_reader *reader, const struct xml_element *element,
			struct node *node)
{
	check_declarations(reader, element);
	if (reader->depth == 0 && str_eq(element->namespace, STR(JSON_NAMESPACE)))
		reader->template->method = OUTPUT_JSON;
	if (reader->depth == 0 && str_eq(element->namespace, STR(HTML_NAMESPACE)))
		reader->template->method = OUTPUT_HTML;
	if (is_own(element))
		read_own(reader, element, node);
	else
		read_element(reader, element, node);
	if (node->kind == NODE_ELEMENT && reader->template->method == OUTPUT_JSON)
		template_json_read(reader, element, node);
	if (node->kind == NODE_ELEMENT)
		template_text_mark_attributes(reader, node);
}
