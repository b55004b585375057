/*
 * Reading the document as it streams by. Only direct children of Request count, whatever
 * else there is; names are compared without namespace and case, since some programs send
 * none and some servers' pages print them wrong.
 */
#include "config.h"

#include "pox_request.h"

#include "xml.h"

enum {
	DEPTH_ROOT = 1,
	DEPTH_REQUEST = 2,
	DEPTH_MEMBER = 3,
};

struct pox_reader {
	struct pox_request *request;
	unsigned depth;
	unsigned requests;
	bool in_request;   /* inside a Request that is the root's child */
	bool in_address;   /* inside one of its members */
	bool in_schema;
	bool has_schema;
	bool root_is_mobilesync;
	size_t address_len;
	size_t schema_len; /* may exceed the buffer: then it is no schema we know */
	char schema[POX_SCHEMA_MOST];
};

static bool is(struct str name, const char *word)
{
	return str_eq_fold(name, str_of(word));
}

static bool start_root(struct pox_reader *reader, const struct xml_element *element)
{
	struct str namespace = element->namespace;

	for (size_t i = 0; i < namespace.len; i++) {
		if (str_starts(str_from(namespace, i), STR("/mobilesync/")))
			reader->root_is_mobilesync = true;
	}
	return is(element->name, "Autodiscover");
}

/* Two addresses leave open which one is meant: the document is refused. */
static bool start_member(struct pox_reader *reader, const struct xml_element *element)
{
	if (is(element->name, "EMailAddress")) {
		reader->in_address = true;
		if (reader->request->has_address)
			return false;
		reader->request->has_address = true;
	} else if (is(element->name, "AcceptableResponseSchema")) {
		reader->in_schema = true;
		if (reader->has_schema)
			return false;
		reader->has_schema = true;
	} else if (is(element->name, "LegacyDN")) {
		reader->request->has_legacy_dn = true;
	}
	return true;
}

static bool on_start(void *closure, const struct xml_element *element)
{
	struct pox_reader *reader = closure;

	switch (++reader->depth) {
	case DEPTH_ROOT:
		return start_root(reader, element);
	case DEPTH_REQUEST:
		reader->in_request = is(element->name, "Request");
		return !reader->in_request || ++reader->requests == 1;
	case DEPTH_MEMBER:
		return !reader->in_request || start_member(reader, element);
	default:
		/* Markup inside an address or schema is none of their business. */
		return !reader->in_address && !reader->in_schema;
	}
}

static bool on_end(void *closure)
{
	struct pox_reader *reader = closure;

	if (reader->depth == DEPTH_MEMBER)
		reader->in_address = reader->in_schema = false;
	if (reader->depth == DEPTH_REQUEST)
		reader->in_request = false;
	reader->depth--;
	return true;
}

static bool on_text(void *closure, struct str text)
{
	struct pox_reader *reader = closure;
	struct pox_request *request = reader->request;

	if (reader->in_address) {
		if (text.len > sizeof(request->buffer) - reader->address_len)
			return false;
		memcpy(request->buffer + reader->address_len, text.p, text.len);
		reader->address_len += text.len;
	}
	if (reader->in_schema) {
		size_t used = reader->schema_len;

		if (used < sizeof(reader->schema)) {
			size_t room = sizeof(reader->schema) - used;

			memcpy(reader->schema + used, text.p, text.len < room ? text.len : room);
		}
		reader->schema_len += text.len;
	}
	return true;
}

/* Microsoft's own pages print the schemas with https, the programs send http. */
static enum pox_schema classify(const struct pox_reader *reader)
{
	struct str schema = { .p = reader->schema, .len = reader->schema_len };

	if (schema.len > sizeof(reader->schema))
		return POX_OTHER;
	schema = str_trim(schema);
	if (schema.len == 0)
		return reader->root_is_mobilesync ? POX_MOBILESYNC : POX_OUTLOOK;
	if (str_starts_fold(schema, STR("https://")))
		schema = str_from(schema, 8);
	else if (str_starts_fold(schema, STR("http://")))
		schema = str_from(schema, 7);
	if (is(schema, "schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a"))
		return POX_OUTLOOK;
	if (is(schema, "schemas.microsoft.com/exchange/autodiscover/mobilesync/responseschema/2006"))
		return POX_MOBILESYNC;
	return POX_OTHER;
}

/* What programs put around the document without meaning it: a mark, blank lines, C's NUL. */
static struct str strip(struct str body)
{
	if (str_starts(body, STR("\xef\xbb\xbf")))
		body = str_from(body, 3);
	while (body.len && (body.p[body.len - 1] == '\0' || ascii_is_space(body.p[body.len - 1])))
		body.len--;
	return str_trim(body);
}

bool pox_request_parse(struct str body, struct pox_request *ret_request)
{
	static const struct xml_handlers handlers = {
		.start = on_start,
		.end = on_end,
		.text = on_text,
	};
	struct pox_reader reader = { .request = ret_request };
	struct xml_error error;

	ret_request->has_address = false;
	ret_request->has_legacy_dn = false;
	ret_request->address = STR("");
	if (!xml_parse(strip(body), &handlers, &reader, &error) || reader.requests != 1)
		return false;
	ret_request->schema = classify(&reader);
	ret_request->address =
		str_trim((struct str){ .p = ret_request->buffer, .len = reader.address_len });
	return true;
}
