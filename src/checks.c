/* Errors in servers: members that are missing, or do not belong together. */
#include "config.h"

#include "checks.h"

#include "placeholder.h"

#include <stddef.h>

const struct server_section server_sections[] = {
	{ "incomingServers", offsetof(struct provider, incoming_servers),
	  { "imap", "pop3", "jmap", "ews", "activeSync", "graph", "exchange", "owa" } },
	{ "outgoingServers", offsetof(struct provider, outgoing_servers), { "smtp" } },
	{ "calendars", offsetof(struct provider, calendars), { "caldav" } },
	{ "addressBooks", offsetof(struct provider, address_books), { "carddav" } },
	{ "fileShares", offsetof(struct provider, file_shares), { "webdav" } },
	{ "setupServers", offsetof(struct provider, setup_servers), { "managesieve" } },
};

const size_t server_section_count = sizeof(server_sections) / sizeof(server_sections[0]);

/* One server under examination. */
struct subject {
	const struct reader *reader;
	const struct server_section *section;
	const struct provider *provider;
	const struct server *server;
	const json_t *json;
	struct json_at at;
};

static struct place place_of(const struct subject *subject, const char *key)
{
	if (key && json_object_get(subject->json, key))
		return json_value_place(subject->reader->file, subject->json, key);
	return reader_place(subject->reader, subject->at);
}

static bool is_any(struct str type, const char *const *types)
{
	for (size_t i = 0; types[i]; i++) {
		if (str_eq(type, str_of(types[i])))
			return true;
	}
	return false;
}

/* Types that are reached by a web address, and those that are a mix of both. */
static bool is_by_url(struct str type)
{
	static const char *const types[] = { "jmap",   "ews",	 "activeSync", "graph",
					     "owa",    "caldav", "carddav",    "webdav", NULL };

	return is_any(type, types);
}

static void need(const struct subject *subject, const char *key)
{
	struct place place = place_of(subject, NULL);

	if (!json_object_get(subject->json, key))
		diag_add(subject->reader->diags, SEVERITY_ERROR, &place,
			 "server of type \"%.*s\" lacks \"%s\"", STR_ARGS(subject->server->type),
			 key);
}

static void refuse(const struct subject *subject, const char *key)
{
	struct place place = json_object_get(subject->json, key)
				     ? json_key_place(subject->reader->file, subject->json, key)
				     : place_of(subject, NULL);

	if (json_object_get(subject->json, key))
		diag_add(subject->reader->diags, SEVERITY_ERROR, &place,
			 "\"%s\" does not belong to a server of type \"%.*s\"", key,
			 STR_ARGS(subject->server->type));
}

static void check_members(const struct subject *subject)
{
	struct str type = subject->server->type;

	if (is_by_url(type)) {
		need(subject, "url");
		refuse(subject, "hostname");
		refuse(subject, "port");
		refuse(subject, "socketType");
	} else {
		need(subject, "hostname");
		refuse(subject, "url");
	}
	if (!is_by_url(type) && !str_eq(type, STR("exchange"))) {
		need(subject, "port");
		need(subject, "socketType");
	}
	if (!str_eq(type, STR("exchange"))) {
		refuse(subject, "owaURL");
		refuse(subject, "ewsURL");
		refuse(subject, "easURL");
	}
	if (!str_eq(type, STR("pop3")))
		refuse(subject, "pop3");
	if (!str_eq(type, STR("smtp"))) {
		refuse(subject, "restriction");
		refuse(subject, "addThisServer");
	}
	need(subject, "authentication");
}

/* HTTP's ways to log in belong to services by URL, SASL's to the others. */
static void check_authentication(const struct subject *subject)
{
	const struct authentication *methods = subject->server->authentication.items;
	bool by_url = is_by_url(subject->server->type);

	for (size_t i = 0; i < subject->server->authentication.count; i++) {
		struct str system = methods[i].system;
		struct place place = place_of(subject, "authentication");
		bool good = str_eq(methods[i].name, STR("OAuth2")) ||
			    (by_url ? str_eq(system, STR("http"))
				    : !str_eq(system, STR("http")));

		if (!good)
			diag_add(subject->reader->diags, SEVERITY_ERROR, &place,
				 "\"authentication\": \"%.*s%s%.*s\" does not belong to a server "
				 "of type \"%.*s\"; expected %s",
				 STR_ARGS(system), system.len ? ":" : "",
				 STR_ARGS(methods[i].name), STR_ARGS(subject->server->type),
				 by_url ? "OAuth2, http:Basic or http:Digest"
					: "one without \"http:\"");
	}
}

static bool is_input_field(const struct provider *provider, struct str key)
{
	const struct input_field *fields = provider->input_fields.items;

	for (size_t i = 0; i < provider->input_fields.count; i++) {
		if (str_eq(fields[i].key, key))
			return true;
	}
	return false;
}

static void check_username(const struct subject *subject)
{
	struct place place = place_of(subject, "username");
	struct str word;

	if (placeholder_check(subject->server->username, &word) != PLACEHOLDER_UNKNOWN ||
	    is_input_field(subject->provider, word))
		return;
	diag_add(subject->reader->diags, SEVERITY_ERROR, &place,
		 "\"username\": unknown placeholder \"%%%.*s%%\"", STR_ARGS(word));

	struct str near = placeholder_suggest(word);

	if (near.len)
		diag_hint(subject->reader->diags, "did you mean \"%%%.*s%%\"?", STR_ARGS(near));
	else
		diag_hint(subject->reader->diags,
			  "expected %%EMAILADDRESS%%, %%EMAILLOCALPART%%, %%EMAILDOMAIN%% or the "
			  "key of one of \"inputFields\"");
}

static void check_server(const struct subject *subject)
{
	if (subject->server->type.len == 0)
		return; /* said before */
	if (!is_any(subject->server->type, subject->section->types)) {
		struct place place = place_of(subject, "type");

		diag_add(subject->reader->diags, SEVERITY_ERROR, &place,
			 "\"type\": a server of type \"%.*s\" does not belong to \"%s\"",
			 STR_ARGS(subject->server->type), subject->section->key);
		return;
	}
	check_members(subject);
	check_authentication(subject);
	check_username(subject);
}

static void check_section(const struct reader *reader, const json_t *json,
			  const struct provider *provider, const struct server_section *section)
{
	const struct list *list = (const void *)((const char *)provider + section->offset);
	const json_t *array = json_object_get(json, section->key);
	const struct server *servers = list->items;

	for (size_t i = 0; i < list->total; i++) {
		struct subject subject = {
			.reader = reader,
			.section = section,
			.provider = provider,
			.server = &servers[i],
			.json = json_array_get(array, i),
			.at = { .parent = array, .index = i },
		};

		if (json_is_object(subject.json))
			check_server(&subject);
	}
}

void check_provider(const struct reader *reader, const json_t *json,
		    const struct provider *provider)
{
	if (!json_is_object(json))
		return; /* said before */
	for (size_t i = 0; i < server_section_count; i++)
		check_section(reader, json, provider, &server_sections[i]);
}
