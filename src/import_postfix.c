/*
 * Domains as Postfix has them: postmap(5)'s tables, in which a domain is what a line begins
 * with, and lists of main.cf (postconf(5)), which hold domains, names of tables and of files.
 *
 * What Postfix asks somebody else for while it runs (SQL, LDAP, sockets) is not read.
 */
#include "config.h"

#include "import.h"
#include "reader.h"
#include "source.h"

#include <errno.h>
#include <stdlib.h>

enum { EXPANSION_DEEPEST = 10 };

/* A file that is being read. */
struct config {
	struct postfix *postfix;
	struct source *source;
};

static void take_item(const struct config *config, struct str item, struct place place);
static void take_list(const struct config *config, struct str text, struct place place);

/* --- Domains --- */

/* ".example.com" is all below it. */
static void take_domain(struct postfix *postfix, struct str text, struct place place)
{
	struct str pattern = text.len > 1 && text.p[0] == '.'
				     ? arena_printf(postfix->arena, "*%.*s", STR_ARGS(text))
				     : text;
	struct str mistake = STR("");
	struct str name = reader_domain_text(postfix->arena, pattern, &mistake);
	void *present = NULL;

	if (mistake.len)
		diag_add(postfix->diags, SEVERITY_ERROR, &place, "%.*s", STR_ARGS(mistake));
	if (name.len == 0)
		return;
	if (!map_put(&postfix->seen, name, postfix, &present))
		postfix->names.failed = true;
	else if (!present)
		buf_add(&postfix->names, (struct str){ .p = (const char *)&name,
						       .len = sizeof(name) });
}

/* --- Lines --- */

struct lines {
	struct source *source;
	struct str rest;
};

/* The next line that is neither empty nor a comment, with the white space in front of it. */
static bool next_line(struct lines *lines, struct str *ret_line)
{
	while (str_split(&lines->rest, '\n', ret_line)) {
		struct str text = str_trim(*ret_line);

		if (text.len && text.p[0] != '#')
			return true;
	}
	return false;
}

static bool is_continued(struct str line)
{
	return line.len && ascii_is_space(line.p[0]);
}

static struct place place_of(const struct config *config, struct str text)
{
	return source_place(config->source, (size_t)(text.p - config->source->text.p));
}

static size_t word_len(struct str text)
{
	size_t len = 0;

	while (len < text.len && !ascii_is_space(text.p[len]))
		len++;
	return len;
}

/* --- Tables --- */

static void read_table(const struct config *config)
{
	struct lines lines = { .rest = config->source->text };
	struct place first = { 0 };
	size_t addresses = 0;
	struct str line;

	while (next_line(&lines, &line)) {
		struct str key = str_first(line, word_len(line));

		if (is_continued(line))
			continue;
		if (str_find(key, '@') == key.len)
			take_domain(config->postfix, key, place_of(config, key));
		else if (addresses++ == 0)
			first = place_of(config, key);
	}
	if (addresses)
		diag_add(config->postfix->diags, SEVERITY_WARNING, &first,
			 "an address, not a domain: %zu such line%s left out", addresses,
			 addresses == 1 ? " is" : "s are");
}

/* A file that main.cf names, relative to its own folder. NULL after an error. */
static struct source *open_named(const struct config *config, struct str path, struct place place)
{
	struct str here = str_of(config->source->path);
	size_t slash = str_find_last(here, '/');
	bool relative = path.p[0] != '/' && slash < here.len;
	struct str full = relative ? arena_printf(config->postfix->arena, "%.*s/%.*s", (int)slash,
						  here.p, STR_ARGS(path))
				   : arena_str(config->postfix->arena, path);
	struct source *source = source_read(full.p);

	if (!source)
		diag_add(config->postfix->diags, SEVERITY_ERROR, &place, "cannot read %.*s: %s",
			 STR_ARGS(full), strerror(errno));
	return source;
}

static bool is_text_table(struct str type)
{
	static const char *const types[] = { "hash", "btree", "lmdb", "cdb", "dbm", "sdbm",
					     "texthash" };

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		if (str_eq(type, str_of(types[i])))
			return true;
	}
	return false;
}

/* "hash:/etc/postfix/domains": the text beside the table that postmap(1) made of it. */
static void take_table(const struct config *config, struct str item, struct place place)
{
	size_t colon = str_find(item, ':');
	struct str type = str_first(item, colon);
	struct config named = { .postfix = config->postfix };

	if (!is_text_table(type)) {
		diag_add(config->postfix->diags, SEVERITY_ERROR, &place,
			 "Postfix asks \"%.*s\" while it runs: these domains are in no file",
			 STR_ARGS(item));
		return;
	}
	named.source = open_named(config, str_from(item, colon + 1), place);
	if (!named.source)
		return;
	read_table(&named);
	source_free(named.source);
}

/* --- main.cf --- */

static bool is_parameter_char(char c)
{
	return ascii_is_alnum(c) || c == '_';
}

/* "NAME = VALUE": the name, or nothing. */
static struct str parameter_of(struct str line, struct str *ret_value)
{
	size_t end = 0;
	struct str rest;

	while (end < line.len && is_parameter_char(line.p[end]))
		end++;
	rest = str_from(line, end);
	while (rest.len && ascii_is_space(rest.p[0]))
		rest = str_from(rest, 1);
	if (end == 0 || rest.len == 0 || rest.p[0] != '=')
		return STR("");
	*ret_value = str_from(rest, 1);
	return str_first(line, end);
}

/* The value with all its lines, of the last time it is set. False when it is not. */
static bool find_parameter(const struct config *config, struct str name, struct buf *ret_value,
			   struct place *ret_place)
{
	struct lines lines = { .rest = config->source->text };
	bool found = false;
	bool inside = false;
	struct str line;

	while (next_line(&lines, &line)) {
		struct str value = line;

		if (!is_continued(line)) {
			inside = str_eq(parameter_of(line, &value), name);
			if (inside) {
				ret_value->len = 0;
				*ret_place = place_of(config, line);
			}
			found = found || inside;
		}
		if (inside) {
			buf_add(ret_value, value);
			buf_addc(ret_value, ' ');
		}
	}
	return found;
}

/* The name behind a "$": bare, in braces or in parentheses. `*ret_len` counts all of it. */
static struct str variable_of(struct str text, size_t *ret_len)
{
	bool enclosed = text.len && (text.p[0] == '{' || text.p[0] == '(');
	struct str name = enclosed ? str_from(text, 1) : text;
	size_t len = 0;

	while (len < name.len && is_parameter_char(name.p[len]))
		len++;
	*ret_len = len + (enclosed ? (len < name.len ? 2 : 1) : 0);
	return str_first(name, len);
}

static void expand(const struct config *config, struct str text, struct place place,
		   unsigned depth, struct buf *out);

static void expand_variable(const struct config *config, struct str name, struct place place,
			    unsigned depth, struct buf *out)
{
	struct buf value = BUF_EMPTY;
	struct place unused;
	struct str here = str_of(config->source->path);

	if (find_parameter(config, name, &value, &unused) && depth < EXPANSION_DEEPEST)
		expand(config, buf_str(&value), place, depth + 1, out);
	else if (str_eq(name, STR("config_directory")))
		buf_add(out, str_find_last(here, '/') < here.len
				     ? str_first(here, str_find_last(here, '/'))
				     : STR("."));
	else
		diag_add(config->postfix->diags, SEVERITY_ERROR, &place,
			 "\"$%.*s\" is not set in this file", STR_ARGS(name));
	out->failed = out->failed || buf_failed(&value);
	buf_fini(&value);
}

static void expand(const struct config *config, struct str text, struct place place,
		   unsigned depth, struct buf *out)
{
	text = str_trim(text);
	while (text.len) {
		size_t dollar = str_find(text, '$');
		size_t len = 0;
		struct str name;

		buf_add(out, str_first(text, dollar));
		text = str_from(text, dollar);
		if (text.len == 0)
			return;
		text = str_from(text, 1);
		name = variable_of(text, &len);
		if (name.len)
			expand_variable(config, name, place, depth, out);
		text = str_from(text, len);
	}
}

/* A list that a file of its own holds. */
static void take_file(const struct config *config, struct str path, struct place place)
{
	struct config named = {
		.postfix = config->postfix,
		.source = open_named(config, path, place),
	};
	struct lines lines = { .rest = named.source ? named.source->text : STR("") };
	struct str line;

	while (named.source && next_line(&lines, &line))
		take_list(&named, str_trim(line), place_of(&named, str_trim(line)));
	source_free(named.source);
}

static void take_item(const struct config *config, struct str item, struct place place)
{
	if (item.p[0] == '!')
		diag_add(config->postfix->diags, SEVERITY_ERROR, &place,
			 "\"%.*s\" takes domains out of the list, which is not read: do so by hand",
			 STR_ARGS(item));
	else if (item.p[0] == '/')
		take_file(config, item, place);
	else if (str_find(item, ':') < item.len)
		take_table(config, item, place);
	else
		take_domain(config->postfix, item, place);
}

static bool is_separator(char c)
{
	return ascii_is_space(c) || c == ',';
}

static void take_list(const struct config *config, struct str text, struct place place)
{
	while (text.len) {
		size_t len = 0;

		while (len < text.len && !is_separator(text.p[len]))
			len++;
		if (len)
			take_item(config, str_first(text, len), place);
		text = str_from(text, len < text.len ? len + 1 : len);
	}
}

static void read_main(const struct config *config)
{
	struct str name = str_of(config->postfix->parameter);
	struct place place = { .file = config->source->path };
	struct buf value = BUF_EMPTY;
	struct buf list = BUF_EMPTY;

	if (find_parameter(config, name, &value, &place)) {
		expand(config, buf_str(&value), place, 0, &list);
		take_list(config, buf_str(&list), place);
	} else {
		diag_add(config->postfix->diags, SEVERITY_ERROR, &place,
			 "the file does not set \"%.*s\"", STR_ARGS(name));
	}
	if (buf_failed(&value) || buf_failed(&list))
		config->postfix->names.failed = true;
	buf_fini(&value);
	buf_fini(&list);
}

/* The first line tells: a table has no "=" behind a word without a dot. */
static bool is_main(struct str text)
{
	struct lines lines = { .rest = text };
	struct str line;
	struct str value;

	return next_line(&lines, &line) && parameter_of(line, &value).len;
}

void import_postfix(struct postfix *postfix, const char *path)
{
	struct config config = {
		.postfix = postfix,
		.source = source_load(path, postfix->diags),
	};

	if (!config.source)
		return;
	if (is_main(config.source->text))
		read_main(&config);
	else
		read_table(&config);
	source_free(config.source);
}
