/*
 * Elements of a JSON document: the right words, a key where a key belongs, text where there
 * is text. What is right here is well-formed JSON whatever the values are.
 */
#include "config.h"

#include "suggest.h"
#include "template_node.h"

static const char *const kinds[] = {
	[JSON_KIND_MAP] = "map",       [JSON_KIND_ARRAY] = "array",
	[JSON_KIND_STRING] = "string", [JSON_KIND_NUMBER] = "number",
	[JSON_KIND_BOOLEAN] = "boolean", [JSON_KIND_NULL] = "null",
};

enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };

static bool find_kind(struct str name, enum json_kind *ret_kind)
{
	for (size_t i = 0; i < KINDS; i++) {
		if (str_eq(name, str_of(kinds[i]))) {
			*ret_kind = (enum json_kind)i;
			return true;
		}
	}
	return false;
}

static void report_name(struct template_reader *reader, const struct xml_element *element)
{
	template_node_report(reader, element, STR(""),
			     "unknown element <%.*s>: expected map, array, string, number, boolean "
			     "or null of the namespace " JSON_NAMESPACE,
			     STR_ARGS(element->name));
	for (size_t i = 0; i < KINDS; i++) {
		if (suggest_is_near(element->name, str_of(kinds[i])))
			diag_suggest(reader->diags, str_of(kinds[i]));
	}
}

/* The element of the document around the one that is being read; NULL at the root. */
static const struct node *parent_of(const struct template_reader *reader)
{
	for (size_t i = reader->depth; i > 0; i--) {
		if (reader->open[i - 1].node->kind == NODE_ELEMENT)
			return reader->open[i - 1].node;
	}
	return NULL;
}

static void check_key(struct template_reader *reader, const struct xml_element *element,
		      bool has_key)
{
	const struct node *parent = parent_of(reader);
	bool needs_key = parent && parent->json == JSON_KIND_MAP;

	if (parent && parent->json != JSON_KIND_MAP && parent->json != JSON_KIND_ARRAY)
		template_node_report(reader, element, STR(""), "<%.*s> inside <%s>: expected a text",
				     STR_ARGS(element->name), kinds[parent->json]);
	else if (needs_key && !has_key)
		template_node_report(reader, element, STR(""),
				     "<%.*s> lacks the attribute \"key\", as a member of a map",
				     STR_ARGS(element->name));
	else if (!needs_key && has_key)
		template_node_report(reader, element, STR("key"),
				     "unexpected \"key\": only members of a map have one");
}

void template_json_read(struct template_reader *reader, const struct xml_element *element,
			struct node *node)
{
	bool has_key = false;

	if (!str_eq(element->namespace, STR(JSON_NAMESPACE)) ||
	    !find_kind(element->name, &node->json))
		report_name(reader, element);
	node->attribute_count = 0;
	for (size_t i = 0; i < element->attribute_count; i++) {
		const struct xml_attribute *attribute = &element->attributes[i];

		if (str_eq(attribute->namespace, STR(TEMPLATE_NAMESPACE)))
			continue; /* the root's: read already */
		if (!str_eq(attribute->name, STR("key")) || attribute->namespace.len) {
			template_node_report(reader, element, attribute->name,
					     "unknown attribute \"%.*s\": expected \"key\"",
					     STR_ARGS(attribute->name));
			continue;
		}
		has_key = true;
		node->attributes[0] = (struct template_attribute){ .name = STR("key") };
		template_node_read_parts(reader, element, attribute, &node->attributes[0]);
		node->attribute_count = 1;
	}
	check_key(reader, element, has_key);
}

static bool is_literal(const struct node *node, struct str text)
{
	return node->child && !node->child->next && node->child->kind == NODE_TEXT &&
	       str_eq(node->child->text, text);
}

static bool is_number_literal(const struct node *node)
{
	unsigned long number;

	return node->child && !node->child->next && node->child->kind == NODE_TEXT &&
	       str_number(node->child->text, 4294967295ul, &number);
}

/* Text of which it is known now that it cannot be right. */
static const char *expected_text(const struct node *node)
{
	bool is_value = node->child && node->child->kind != NODE_TEXT;

	switch (node->json) {
	case JSON_KIND_MAP:
	case JSON_KIND_ARRAY:
		return node->has_text ? "elements, no text" : NULL;
	case JSON_KIND_BOOLEAN:
		return is_value || is_literal(node, STR("true")) || is_literal(node, STR("false"))
			       ? NULL
			       : "true, false or a value";
	case JSON_KIND_NUMBER:
		return is_value || is_number_literal(node) ? NULL : "a whole number or a value";
	case JSON_KIND_NULL:
		return node->child ? "nothing" : NULL;
	case JSON_KIND_STRING:
		break;
	}
	return NULL;
}

void template_json_end(struct template_reader *reader, const struct open_node *open)
{
	struct place place = source_place(reader->source, open->offset);
	const char *expected = expected_text(open->node);

	if (expected)
		diag_add(reader->diags, SEVERITY_ERROR, &place, "inside <%.*s>: expected %s",
			 STR_ARGS(open->node->name), expected);
}
