/*
 * mailconf messages: the texts of the page as a gettext template, for translators' tools:
 * msgmerge(1) brings a catalogue up to date with it.
 */
#include "config.h"

#include "buf.h"
#include "command.h"
#include "map.h"
#include "page.h"
#include "paths.h"
#include "site.h"
#include "template.h"

#include <stdio.h>

struct listing {
	struct map seen;
	struct buf out;
};

static void add_quoted(struct buf *out, struct str text)
{
	buf_addc(out, '"');
	for (size_t i = 0; i < text.len; i++) {
		if (text.p[i] == '"' || text.p[i] == '\\')
			buf_addc(out, '\\');
		buf_addc(out, text.p[i]);
	}
	buf_addc(out, '"');
}

/* Texts are in one line, since white space is collapsed. */
static void add_message(void *closure, struct str text)
{
	struct listing *listing = closure;
	void *present;
	size_t before = listing->seen.count;

	if (!map_put(&listing->seen, text, listing, &present) || listing->seen.count == before)
		return;
	buf_add(&listing->out, STR("\nmsgid "));
	add_quoted(&listing->out, text);
	buf_add(&listing->out, STR("\nmsgstr \"\"\n"));
}

static bool list(struct listing *listing, const struct options *options, struct arena *arena,
		 struct diags *diags)
{
	const struct folders folders = { .own = options->templates,
					 .standard = default_templates(arena) };
	const char *path = folders_find(&folders, page_documents[0].template, arena);
	const struct template *template =
		template_load(path, &provider_record, &site_record, arena, diags);

	buf_add(&listing->out, STR("msgid \"\"\n"
				   "msgstr \"\"\n"
				   "\"Content-Type: text/plain; charset=UTF-8\\n\"\n"
				   "\"X-Language-Name: \\n\"\n"));
	if (template)
		template_each_message(template, add_message, listing);
	return template && !buf_failed(&listing->out);
}

static int run(struct invocation *invocation)
{
	struct listing listing = { .seen = MAP_EMPTY };
	struct diags *diags = diags_new();
	struct arena *arena = arena_new();
	bool good = diags && arena;

	if (good)
		options_load_settings(&invocation->options, diags);
	good = good && invocation->options.templates &&
	       list(&listing, &invocation->options, arena, diags);
	if (diags)
		diags_print(diags, diags_print_line, stderr);
	if (good)
		fwrite(listing.out.p, 1, listing.out.len, stdout);
	buf_fini(&listing.out);
	map_fini(&listing.seen);
	arena_free(arena);
	diags_free(diags);
	return good ? 0 : 1;
}

const struct command cmd_messages = {
	.name = "messages",
	.help = "print the texts of the page, for translators",
	.operands = "",
	.about = "Prints the texts of the page for people as a gettext template (POT).",
	.loads = true,
	.run = run,
};
