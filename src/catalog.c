/*
 * Reading .po files (GNU gettext manual, "The Format of PO Files"): entries of keywords and
 * quoted strings, line by line. Contexts and plurals are refused: no template has any.
 */
#include "config.h"

#include "catalog.h"

#include "buf.h"
#include "source.h"
#include "utf8.h"

enum keyword {
	KEYWORD_NONE,
	KEYWORD_MSGID,
	KEYWORD_MSGSTR,
};

struct po_reader {
	struct source *source;
	struct arena *arena;
	struct diags *diags;
	struct catalog *catalog;
	enum keyword keyword; /* whose strings come */
	struct buf id, str;
	bool fuzzy;
	unsigned line;
};

static void report(struct po_reader *reader, const char *text)
{
	struct place place = { .file = reader->source->path, .line = reader->line };

	diag_add(reader->diags, SEVERITY_ERROR, &place, "%s", text);
}

/* The header is the translation of the empty text: lines of "Name: value". */
static void read_header(struct po_reader *reader, struct str header)
{
	const struct str wanted = STR("X-Language-Name:");
	struct str line;

	while (str_split(&header, '\n', &line)) {
		if (str_starts_fold(line, wanted))
			reader->catalog->name = arena_str(
				reader->arena, str_trim(str_from(line, wanted.len)));
	}
}

static void end_entry(struct po_reader *reader)
{
	struct str id = buf_str(&reader->id);
	struct str text = buf_str(&reader->str);
	struct str *value;
	void *present;

	if (reader->keyword == KEYWORD_MSGSTR && id.len == 0) {
		read_header(reader, text);
	} else if (reader->keyword == KEYWORD_MSGSTR && text.len && !reader->fuzzy) {
		value = arena_alloc(reader->arena, sizeof(*value));
		if (value) {
			*value = arena_str(reader->arena, text);
			if (!map_put(&reader->catalog->messages, arena_str(reader->arena, id), value,
				     &present))
				report(reader, "out of memory");
			else if (present)
				report(reader, "the text above is there twice");
		}
	} else if (reader->keyword == KEYWORD_MSGID) {
		report(reader, "\"msgid\" without its \"msgstr\"");
	}
	reader->keyword = KEYWORD_NONE;
	reader->id.len = reader->str.len = 0;
	reader->fuzzy = false;
}

/* A string in quotes, with C's escapes, as far as texts have them. */
static bool read_string(struct po_reader *reader, struct str text)
{
	struct buf *buf = reader->keyword == KEYWORD_MSGID ? &reader->id : &reader->str;

	if (reader->keyword == KEYWORD_NONE || text.len < 2 || text.p[0] != '"' ||
	    text.p[text.len - 1] != '"')
		return false;
	text = str_first(str_from(text, 1), text.len - 2);
	for (size_t i = 0; i < text.len; i++) {
		char c = text.p[i];

		if (c == '"')
			return false;
		if (c == '\\') {
			if (++i == text.len || !strchr("\\\"nt", text.p[i]))
				return false;
			c = text.p[i] == 'n' ? '\n' : text.p[i] == 't' ? '\t' : text.p[i];
		}
		buf_addc(buf, c);
	}
	return true;
}

static bool take_keyword(struct str *line, struct str word)
{
	if (!str_starts(*line, word) || line->len == word.len ||
	    !ascii_is_space(line->p[word.len]))
		return false;
	*line = str_trim(str_from(*line, word.len));
	return true;
}

static void read_line(struct po_reader *reader, struct str line)
{
	if (line.len == 0 || line.p[0] == '#') {
		if (reader->keyword == KEYWORD_MSGSTR)
			end_entry(reader);
		if (str_starts(line, STR("#,")))
			reader->fuzzy = memmem(line.p, line.len, "fuzzy", 5) != NULL;
		return;
	}
	if (take_keyword(&line, STR("msgid"))) {
		if (reader->keyword != KEYWORD_NONE)
			end_entry(reader);
		reader->keyword = KEYWORD_MSGID;
	} else if (take_keyword(&line, STR("msgstr"))) {
		if (reader->keyword != KEYWORD_MSGID)
			report(reader, "\"msgstr\" without its \"msgid\"");
		reader->keyword = KEYWORD_MSGSTR;
	}
	if (!read_string(reader, line))
		report(reader, "expected msgid, msgstr or a text in quotes");
}

bool catalog_load(struct catalog *ret_catalog, struct str code, const char *path,
		  struct arena *arena, struct diags *diags)
{
	struct po_reader reader = {
		.source = source_load(path, diags),
		.arena = arena,
		.diags = diags,
		.catalog = ret_catalog,
	};
	size_t errors = diags_errors(diags);
	struct str rest, line;

	*ret_catalog = (struct catalog){ .code = code, .name = code };
	if (!reader.source)
		return false;
	rest = reader.source->text;
	if (!utf8_valid(rest))
		report(&reader, "not UTF-8");
	while (str_split(&rest, '\n', &line)) {
		reader.line++;
		read_line(&reader, str_trim(line));
	}
	end_entry(&reader);
	buf_fini(&reader.id);
	buf_fini(&reader.str);
	source_free(reader.source);
	return diags_errors(diags) == errors;
}

void catalog_fini(struct catalog *catalog)
{
	map_fini(&catalog->messages);
}

struct str catalog_text(const struct catalog *catalog, struct str text)
{
	const struct map_slot *slot = catalog ? map_find(&catalog->messages, text) : NULL;

	return slot ? *(const struct str *)slot->value : text;
}
