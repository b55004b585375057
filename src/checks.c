/* Errors in servers: members that are missing, or do not belong together. */
#include "config.h"

#include "checks.h"

#include "address.h"
#include "buf.h"
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

static void refuse_authentication(const struct subject *subject,
				  const struct authentication *method, bool by_url)
{
	const json_t *array = json_object_get(subject->json, "authentication");
	struct place place = json_item_place(subject->reader->file, array, method->ordinal);

	diag_add(subject->reader->diags, SEVERITY_ERROR, &place,
		 "\"authentication\": \"%.*s%s%.*s\" does not belong to a server of type "
		 "\"%.*s\"; expected %s",
		 STR_ARGS(method->system), method->system.len ? ":" : "",
		 STR_ARGS(method->name), STR_ARGS(subject->server->type),
		 by_url ? "OAuth2, http:Basic or http:Digest" : "one without \"http:\"");
}

/* HTTP's ways to log in belong to services by URL, SASL's to the others. */
static void check_authentication(const struct subject *subject)
{
	const struct authentication *methods = subject->server->authentication.items;
	bool by_url = is_by_url(subject->server->type);

	for (size_t i = 0; i < subject->server->authentication.count; i++) {
		struct str system = methods[i].system;
		bool good = str_eq(methods[i].name, STR("OAuth2")) ||
			    (by_url ? str_eq(system, STR("http"))
				    : !str_eq(system, STR("http")));

		if (!good)
			refuse_authentication(subject, &methods[i], by_url);
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

/*
 * Text of the member `key` of `json`. Only user names may hold keys of input fields: those of
 * `provider`, NULL elsewhere.
 */
static void check_pattern(const struct reader *reader, const json_t *json, const char *key,
			  struct str text, const struct provider *provider)
{
	struct str word;
	struct str near;
	struct place place;

	for (;;) {
		if (placeholder_check(text, &word) != PLACEHOLDER_UNKNOWN)
			return;
		if (!provider || !is_input_field(provider, word))
			break;
		text = str_from(text, (size_t)(word.p - text.p) + word.len + 1);
	}
	place = json_value_place(reader->file, json, key);
	diag_add(reader->diags, SEVERITY_ERROR, &place,
		 "\"%s\": unknown placeholder \"%%%.*s%%\"", key, STR_ARGS(word));
	near = placeholder_suggest(word);
	if (near.len)
		diag_hint(reader->diags, "did you mean \"%%%.*s%%\"?", STR_ARGS(near));
	else
		diag_hint(reader->diags, "expected %%EMAILADDRESS%%, %%EMAILLOCALPART%%%s",
			  provider ? ", %EMAILDOMAIN% or the key of one of \"inputFields\""
				   : " or %EMAILDOMAIN%");
}

static void list_types(struct buf *buf, const char *const *types)
{
	for (size_t i = 0; types[i]; i++)
		buf_addf(buf, "%s%s", i ? ", " : types[1] ? "one of " : "", types[i]);
}

static void refuse_type(const struct subject *subject)
{
	struct place place = place_of(subject, "type");
	struct buf types = BUF_EMPTY;

	list_types(&types, subject->section->types);
	diag_add(subject->reader->diags, SEVERITY_ERROR, &place,
		 "\"type\": a server of type \"%.*s\" does not belong to \"%s\"; expected %.*s",
		 STR_ARGS(subject->server->type), subject->section->key,
		 STR_ARGS(buf_str(&types)));
	buf_fini(&types);
}

static void check_subject(const struct subject *subject)
{
	if (subject->server->type.len == 0)
		return; /* said before */
	if (!is_any(subject->server->type, subject->section->types)) {
		refuse_type(subject);
		return;
	}
	check_members(subject);
	check_authentication(subject);
	check_pattern(subject->reader, subject->json, "username", subject->server->username,
		      subject->provider);
}

void check_server(const struct reader *reader, const json_t *json,
		  const struct provider *provider, const struct server_section *section,
		  size_t index)
{
	const struct list *list = (const void *)((const char *)provider + section->offset);
	const json_t *array = json_object_get(json, section->key);
	struct subject subject = {
		.reader = reader,
		.section = section,
		.provider = provider,
		.server = (const struct server *)list->items + index,
		.json = json_array_get(array, index),
		.at = { .parent = array, .index = index },
	};

	if (json_is_object(subject.json))
		check_subject(&subject);
}

static void check_section(const struct reader *reader, const json_t *json,
			  const struct provider *provider, const struct server_section *section)
{
	const struct list *list = (const void *)((const char *)provider + section->offset);

	for (size_t i = 0; i < list->total; i++)
		check_server(reader, json, provider, section, i);
}

/* A program replaces its own placeholders first, and ends a key at the next "%". */
static void check_input_fields(const struct reader *reader, const json_t *array,
			       const struct list *list)
{
	const struct input_field *fields = list->items;

	for (size_t i = 0; i < list->count; i++) {
		struct place place = json_value_place(reader->file, json_array_get(array, i),
						      "key");

		if (placeholder_is_known(fields[i].key))
			diag_add(reader->diags, SEVERITY_ERROR, &place,
				 "\"key\": %%%.*s%% is a placeholder already",
				 STR_ARGS(fields[i].key));
		else if (str_find(fields[i].key, '%') < fields[i].key.len)
			diag_add(reader->diags, SEVERITY_ERROR, &place,
				 "\"key\": expected a word without \"%%\", found \"%.*s\"",
				 STR_ARGS(fields[i].key));
	}
}

/* It becomes a mailto: URI, in which other characters would need escapes. */
static void check_contact(const struct reader *reader, const json_t *json, struct str contact)
{
	struct address address;
	bool good = contact.len == 0 || address_parse(contact, &address);
	struct place place;

	for (size_t i = 0; i < contact.len; i++)
		good = good && (ascii_is_alnum(contact.p[i]) || strchr("@.-_+", contact.p[i]));
	if (good)
		return;
	place = json_value_place(reader->file, json, "contact");
	diag_add(reader->diags, SEVERITY_ERROR, &place,
		 "\"contact\": expected an address such as \"postmaster@example.com\", found "
		 "\"%.*s\"", STR_ARGS(contact));
}

void check_provider_itself(const struct reader *reader, const json_t *json,
			   const struct provider *provider)
{
	check_pattern(reader, json, "displayName", provider->display_name, NULL);
	if (provider->web_mail && provider->web_mail->login_page_info)
		check_pattern(reader,
			      json_object_get(json_object_get(json, "webMail"), "loginPageInfo"),
			      "username", provider->web_mail->login_page_info->username,
			      provider);
	check_contact(reader, json, provider->contact);
	check_input_fields(reader, json_object_get(json, "inputFields"), &provider->input_fields);
}

void check_provider(const struct reader *reader, const json_t *json,
		    const struct provider *provider)
{
	if (!json_is_object(json))
		return; /* said before */
	check_provider_itself(reader, json, provider);
	for (size_t i = 0; i < server_section_count; i++)
		check_section(reader, json, provider, &server_sections[i]);
}
