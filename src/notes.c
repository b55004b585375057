/* Looking at what provider_complete() could not fill in. */
#include "config.h"

#include "notes.h"

#include "buf.h"

static void add_word(struct buf *words, bool is_there, const char *word)
{
	if (!is_there)
		buf_addf(words, "%s%s", words->len ? ", " : "", word);
}

void note_provider(const struct reader *reader, struct json_at at,
		   const struct provider *provider)
{
	struct buf words = BUF_EMPTY;
	struct place place;

	/* What is not answered at all has a warning of its own. */
	if (!diags_want_notes(reader->diags) || provider->incoming_servers.count == 0)
		return;
	add_word(&words, provider->has_mailbox == FLAG_TRUE, "Autodiscover (POX)");
	add_word(&words, provider->active_sync_url.len > 0, "ActiveSync");
	add_word(&words, provider->ews_url.len > 0, "EWS");
	add_word(&words, provider->jmap_url.len > 0, "JMAP");
	add_word(&words, provider->caldav, "CalDAV");
	add_word(&words, provider->carddav, "CardDAV");
	add_word(&words, provider->apple, "Apple's profile");
	add_word(&words, provider->pacc, "PACC");
	if (words.len) {
		place = reader_place(reader, at);
		diag_add(reader->diags, SEVERITY_NOTE, &place,
			 "provider \"%.*s\": nothing to answer for %.*s",
			 STR_ARGS(provider->id), STR_ARGS(buf_str(&words)));
		if (provider->apple_lack.len || provider->pacc_lack.len)
			diag_hint(reader->diags, "%s%.*s%s%s%.*s",
				  provider->apple_lack.len ? "Apple's profile: " : "",
				  STR_ARGS(provider->apple_lack),
				  provider->apple_lack.len && provider->pacc_lack.len ? "; " : "",
				  provider->pacc_lack.len ? "PACC: " : "",
				  STR_ARGS(provider->pacc_lack));
	}
	buf_fini(&words);
}
