/*
 * automx2's own JSON form, with which its database is filled: {"provider", "domains",
 * "servers"}, and since its version 2 of the form "version", domains that are objects, and
 * "ldapservers". What it leaves to defaults is said here as its answers have it.
 */
#include "config.h"

#include "import.h"
#include "reader.h"
#include "utf8.h"

#include <stdlib.h>

struct seed {
	struct import *import;
	struct reader reader;
	struct origins *origins;
	const json_t *root;
	json_t *provider;
};

/* How automx2 calls a server, and what it answers where nothing else is said. */
struct kind {
	const char *name;
	const char *type, *list;
	unsigned port;
};

static const struct kind kinds[] = {
	{ "imap", "imap", "incomingServers", 993 },
	{ "pop", "pop3", "incomingServers", 995 },
	{ "smtp", "smtp", "outgoingServers", 465 },
	{ "caldav", "caldav", "calendars", 0 },
	{ "carddav", "carddav", "addressBooks", 0 },
};

#define SAY(seed, severity, place, ...) \
	diag_add((seed)->import->diags, SEVERITY_##severity, (place), __VA_ARGS__)

static bool is_by_url(const struct kind *kind)
{
	return kind->port == 0;
}

static void set(struct seed *seed, json_t *object, const char *key, json_t *value,
		struct place place)
{
	origins_note(seed->origins, object, value, place);
	if (json_object_set_new(object, key, value) != 0)
		seed->import->failed = true;
}

static void append(struct seed *seed, const char *key, json_t *value, struct place place)
{
	json_t *array = json_object_get(seed->provider, key);

	if (!array) {
		array = json_array();
		set(seed, seed->provider, key, array, place);
	}
	origins_note(seed->origins, array, value, place);
	if (json_array_append_new(array, value) != 0)
		seed->import->failed = true;
}

static json_t *copy_of(const json_t *value)
{
	return value ? json_deep_copy(value) : NULL;
}

/* The value of that key; where it is missing, that is an error. */
static json_t *need(struct seed *seed, const json_t *object, struct json_at at, const char *key,
		    const char *what)
{
	json_t *value = json_object_get(object, key);
	struct place place;

	if (value)
		return value;
	place = reader_place(&seed->reader, at);
	SAY(seed, ERROR, &place, "%s lacks \"%s\"", what, key);
	return NULL;
}

static void warn_unknown(struct seed *seed, const json_t *object, const char *const *known)
{
	for (void *i = json_object_iter((json_t *)(uintptr_t)object); i;
	     i = json_object_iter_next((json_t *)(uintptr_t)object, i)) {
		const char *key = json_object_iter_key(i);
		struct place place = json_key_place(seed->reader.file, object, key);
		size_t j = 0;

		while (known[j] && strcmp(known[j], key) != 0)
			j++;
		if (!known[j])
			SAY(seed, WARNING, &place, "unknown key \"%s\": it is left out", key);
	}
}

/* --- Names --- */

/* As automx2 does: the first word of the name, where a table can hold it. */
static void take_name(struct seed *seed)
{
	enum { SHORT_MOST = 20 };
	json_t *name = need(seed, seed->root, (struct json_at){ 0 }, "provider", "the seed");
	struct str text = json_text(name);
	struct str word = str_first(text, str_find(text, ' '));
	struct place place;

	if (!name)
		return;
	place = json_value_place(seed->reader.file, seed->root, "provider");
	set(seed, seed->provider, "displayName", copy_of(name), place);
	if (word.len && utf8_count(word) <= SHORT_MOST)
		set(seed, seed->provider, "displayShortName", json_stringn(word.p, word.len),
		    place);
}

static void take_domain(struct seed *seed, const json_t *array, size_t index)
{
	static const char *const known[] = { "name", "ldapserver_id", NULL };
	struct json_at at = { .parent = array, .index = index };
	const json_t *item = json_array_get(array, index);
	const json_t *name = item;
	struct place place = reader_place(&seed->reader, at);

	if (json_is_object(item)) {
		warn_unknown(seed, item, known);
		name = need(seed, item, at, "name", "the domain");
		if (!name)
			return;
		place = json_value_place(seed->reader.file, item, "name");
		if (json_object_get(item, "ldapserver_id"))
			SAY(seed, WARNING, &place,
			    "the login names of this domain are in LDAP, which is not taken over: "
			    "the login is the address");
	}
	/* automx2 numbers its providers; a table calls one by its main domain. */
	if (!json_object_get(seed->provider, "id"))
		set(seed, seed->provider, "id", copy_of(name), place);
	append(seed, "domains", copy_of(name), place);
}

/* --- Servers --- */

static const struct kind *find_kind(const char *name)
{
	for (size_t i = 0; name && i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (strcmp(kinds[i].name, name) == 0)
			return &kinds[i];
	}
	return NULL;
}

static void take_host(struct seed *seed, const struct kind *kind, const json_t *item,
		      struct json_at at, json_t *server)
{
	struct place place = reader_place(&seed->reader, at);
	const json_t *port = json_object_get(item, "port");
	const json_t *name = need(seed, item, at, "name", "the server");
	json_int_t number = port ? json_integer_value(port) : (json_int_t)kind->port;
	bool tls = number == 993 || number == 995 || number == 465;

	if (name)
		set(seed, server, "hostname", copy_of(name),
		    json_value_place(seed->reader.file, item, "name"));
	set(seed, server, "port", port ? copy_of(port) : json_integer(number),
	    port ? json_value_place(seed->reader.file, item, "port") : place);
	set(seed, server, "socketType", json_string(tls ? "SSL" : "STARTTLS"), place);
}

static void take_url(struct seed *seed, const json_t *item, struct json_at at, json_t *server)
{
	const json_t *url = need(seed, item, at, "url", "the server");
	const json_t *port = json_object_get(item, "port");
	struct place place;

	if (url)
		set(seed, server, "url", copy_of(url),
		    json_value_place(seed->reader.file, item, "url"));
	if (!port || json_integer_value(port) == 443 || json_integer_value(port) == 0)
		return;
	place = json_value_place(seed->reader.file, item, "port");
	SAY(seed, WARNING, &place,
	    "\"port\" of a server by URL is left out: write it into \"url\"");
}

static void take_server(struct seed *seed, const json_t *array, size_t index)
{
	static const char *const known[] = { "type", "name", "port", "prio", "url", NULL };
	struct json_at at = { .parent = array, .index = index };
	const json_t *item = json_array_get(array, index);
	const json_t *type = need(seed, item, at, "type", "the server");
	const struct kind *kind = find_kind(json_string_value(type));
	struct place place = reader_place(&seed->reader, at);
	json_t *server;

	if (!type)
		return;
	if (!kind) {
		place = json_value_place(seed->reader.file, item, "type");
		reader_expected(&seed->reader, (struct json_at){ .parent = item, .key = "type" },
				"type", "one of imap, pop, smtp, caldav, carddav", type);
		return;
	}
	warn_unknown(seed, item, known);
	server = json_object();
	set(seed, server, "type", json_string(kind->type), place);
	if (is_by_url(kind))
		take_url(seed, item, at, server);
	else
		take_host(seed, kind, item, at, server);
	set(seed, server, "authentication",
	    json_pack("[s]", is_by_url(kind) ? "http:Basic" : "password-cleartext"), place);
	set(seed, server, "username", json_string("%EMAILADDRESS%"), place);
	append(seed, kind->list, server, place);
}

/* Lower numbers first; the order of the file among the same. */
static json_int_t priority(const json_t *array, size_t index)
{
	const json_t *prio = json_object_get(json_array_get(array, index), "prio");

	return json_is_integer(prio) ? json_integer_value(prio) : 10;
}

static void take_servers(struct seed *seed, const json_t *array)
{
	size_t count = json_array_size(array);
	size_t *order = arena_array(seed->import->arena, count, sizeof(*order));

	for (size_t i = 0; order && i < count; i++) {
		size_t at = i;

		for (; at > 0 && priority(array, order[at - 1]) > priority(array, i); at--)
			order[at] = order[at - 1];
		order[at] = i;
	}
	for (size_t i = 0; order && i < count; i++)
		take_server(seed, array, order[i]);
}

/* --- The file --- */

static void check_version(struct seed *seed)
{
	const json_t *version = json_object_get(seed->root, "version");

	if (version && json_integer_value(version) != 1 && json_integer_value(version) != 2)
		reader_expected(&seed->reader,
				(struct json_at){ .parent = seed->root, .key = "version" },
				"version", "1 or 2", version);
}

static void check_ldap(struct seed *seed)
{
	struct place place;

	if (!json_object_get(seed->root, "ldapservers"))
		return;
	place = json_key_place(seed->reader.file, seed->root, "ldapservers");
	SAY(seed, WARNING, &place, "\"ldapservers\" is left out: a table holds no passwords, and "
				   "asks nobody");
}

/* The array of that key, or NULL after an error. */
static const json_t *need_list(struct seed *seed, const char *key)
{
	const json_t *array = need(seed, seed->root, (struct json_at){ 0 }, key, "the seed");

	if (!array || json_is_array(array))
		return array;
	reader_expected(&seed->reader, (struct json_at){ .parent = seed->root, .key = key }, key,
			"a list", array);
	return NULL;
}

static void take_seed(struct seed *seed)
{
	static const char *const known[] = { "version", "provider", "domains", "servers",
					     "ldapservers", NULL };
	const json_t *array;

	warn_unknown(seed, seed->root, known);
	check_version(seed);
	check_ldap(seed);
	take_name(seed);
	array = need_list(seed, "domains");
	for (size_t i = 0; i < json_array_size(array); i++)
		take_domain(seed, array, i);
	take_servers(seed, need_list(seed, "servers"));
}

void import_automx2(struct import *import, const char *path)
{
	struct origins origins = { .arena = import->arena };
	struct seed seed = {
		.import = import,
		.reader = { .file = json_file_load(path, import->diags),
			    .arena = import->arena,
			    .diags = import->diags },
		.origins = &origins,
	};

	if (!seed.reader.file)
		return;
	seed.root = json_file_root(seed.reader.file);
	origins.whole = json_root_place(seed.reader.file);
	if (!json_is_object(seed.root)) {
		reader_expected(&seed.reader, (struct json_at){ 0 }, NULL, "an object", seed.root);
	} else {
		seed.provider = json_object();
		if (seed.provider)
			take_seed(&seed);
		else
			import->failed = true;
		if (!import->failed)
			import_provider(import, path, seed.provider, &origins);
		else
			json_decref(seed.provider);
	}
	origins_fini(&origins);
	json_file_free(seed.reader.file);
}
