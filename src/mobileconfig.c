/*
 * Apple's configuration profile for an address. Devices do not ask for it by themselves: a
 * person follows a link. Identifiers are made of the address, so that to install it again
 * updates the account instead of adding a second one.
 */
#include "config.h"

#include "asked.h"
#include "digest.h"
#include "documents.h"
#include "handler.h"
#include "utf8.h"

#include <stdio.h>

enum {
	NAME_MOST = 200, /* bytes of a person's name */
	/* What is digested: the kind, a line end, the address. */
	UUID_NAME_MOST = 16 + ADDRESS_MOST + DOMAIN_MOST,
	IDENTIFIER_DIGITS = 8,
};

/* Who asks, and for what. */
struct wish {
	struct address address;
	struct str name; /* empty: not said */
	bool pop3;
	char address_buffer[URI_VALUE_MOST];
	char name_buffer[URI_VALUE_MOST];
};

/* What is neither a control character nor, like U+FFFE, none that XML knows. */
static bool is_name(struct str name)
{
	struct str rest = name;

	while (rest.len) {
		uint32_t character;
		size_t len = utf8_decode(rest, &character);

		if (len == 0 || utf8_is_control(character))
			return false;
		rest = str_from(rest, len);
	}
	return name.len <= NAME_MOST;
}

/* Which kind of mailbox: as asked, if there is one; without a wish the table's first. */
static bool choose_kind(const struct provider *provider, struct str type, bool *ret_pop3)
{
	const struct apple *apple = provider->apple;

	if (str_eq_fold(type, STR("imap")))
		*ret_pop3 = false;
	else if (str_eq_fold(type, STR("pop3")))
		*ret_pop3 = true;
	else if (type.len == 0)
		*ret_pop3 = apple->prefers_pop3 == FLAG_TRUE;
	else
		return false;
	return *ret_pop3 ? apple->pop3 != NULL : apple->imap != NULL;
}

static bool read_wish(const struct snapshot *snapshot, const struct uri *uri, struct wish *wish,
		      struct asked *ret_asked)
{
	char type_buffer[URI_VALUE_MOST];
	struct str address, type;

	if (uri_parameter_once(uri->query, STR("emailaddress"), wish->address_buffer, &address) !=
		    URI_PRESENT ||
	    uri_form_value(uri->query, STR("name"), wish->name_buffer, &wish->name) ==
		    URI_AMBIGUOUS ||
	    uri_parameter_once(uri->query, STR("type"), type_buffer, &type) == URI_AMBIGUOUS)
		return false;
	wish->name = str_trim(wish->name);
	return is_name(wish->name) && address_parse(address, &wish->address) &&
	       asked_by_domain(snapshot_table(snapshot), &wish->address.domain, ret_asked) &&
	       ret_asked->provider->apple &&
	       choose_kind(ret_asked->provider, type, &wish->pop3);
}

/* A UUID of version 5 for a part of the profile, in the name space of the domain. */
static bool make_uuid(const struct wish *wish, const char *kind, char ret_text[DIGEST_UUID])
{
	char name[UUID_NAME_MOST];
	struct uuid space, uuid;
	int len = snprintf(name, sizeof(name), "%s\n%.*s@%s", kind,
			   STR_ARGS(wish->address.local_part), wish->address.domain.text);

	if (len < 0 || (size_t)len >= sizeof(name) ||
	    !uuid_of_name(&uuid_dns, domain_str(&wish->address.domain), &space) ||
	    !uuid_of_name(&space, (struct str){ .p = name, .len = (size_t)len }, &uuid))
		return false;
	uuid_format(&uuid, ret_text);
	return true;
}

static bool fill_uuid(struct reply *reply, enum hole hole, const struct wish *wish,
		      const char *kind)
{
	char text[DIGEST_UUID];

	if (!make_uuid(wish, kind, text))
		return false;
	reply_fill(reply, hole, (struct str){ .p = text, .len = sizeof(text) });
	return true;
}

/* "com.q.mailconfd.6a0c489d": the domain backwards, and a piece of the profile's UUID. */
static bool fill_identifier(struct reply *reply, const struct wish *wish)
{
	char text[DOMAIN_MOST + 32];
	char uuid[DIGEST_UUID];
	struct str rest = domain_str(&wish->address.domain);
	size_t len = 0;

	if (!make_uuid(wish, "profile", uuid))
		return false;
	while (rest.len) {
		size_t dot = str_find_last(rest, '.');
		struct str label = dot < rest.len ? str_from(rest, dot + 1) : rest;

		memcpy(text + len, label.p, label.len);
		len += label.len;
		text[len++] = '.';
		rest = dot < rest.len ? str_first(rest, dot) : STR("");
	}
	memcpy(text + len, "mailconfd.", 10);
	len += 10;
	for (size_t i = 0; i < IDENTIFIER_DIGITS; i++)
		text[len++] = ascii_lower(uuid[i]);
	reply_fill(reply, HOLE_PROFILE_IDENTIFIER, (struct str){ .p = text, .len = len });
	return true;
}

static bool fill(struct reply *reply, const struct asked *asked, const struct wish *wish)
{
	reply_fill(reply, HOLE_DOMAIN, asked->domain);
	reply_fill(reply, HOLE_EMAIL_DOMAIN, asked->email_domain);
	reply_fill_address(reply, &wish->address);
	reply_fill(reply, HOLE_NAME, wish->name);
	/* A POP3 account is another one than an IMAP account: its UUID differs, so that a
	   profile of the other kind replaces the account instead of bending it. */
	return fill_identifier(reply, wish) &&
	       fill_uuid(reply, HOLE_PROFILE_UUID, wish, "profile") &&
	       fill_uuid(reply, HOLE_MAIL_UUID, wish, wish->pop3 ? "pop3" : "mail") &&
	       fill_uuid(reply, HOLE_CALENDAR_UUID, wish, "caldav") &&
	       fill_uuid(reply, HOLE_ADDRESS_BOOK_UUID, wish, "carddav");
}

static enum document_number document_of(const struct wish *wish)
{
	if (wish->pop3)
		return wish->name.len ? DOCUMENT_PROFILE_POP3_NAME : DOCUMENT_PROFILE_POP3;
	return wish->name.len ? DOCUMENT_PROFILE_IMAP_NAME : DOCUMENT_PROFILE_IMAP;
}

/* Over plain http anybody on the way could write other servers into it. */
void mobileconfig_answer(const struct snapshot *snapshot, const struct request *request,
			 const struct uri *uri, struct reply *reply)
{
	struct wish wish;
	struct asked asked;

	if (!request->secure || !read_wish(snapshot, uri, &wish, &asked)) {
		reply_not_found(reply);
		return;
	}
	reply->arena = arena_new();
	if (reply->arena)
		reply->program = snapshot_seldom_program(snapshot, asked.provider,
							 document_of(&wish), reply->arena);
	if (!reply->program) {
		reply_fini(reply);
		reply_not_found(reply);
		return;
	}
	reply->status = 200;
	reply->content_type = "application/x-apple-aspen-config";
	reply->cache_control = "no-store"; /* it names a person's address */
	reply->content_disposition = "attachment; filename=\"mail.mobileconfig\"";
	reply->signer = snapshot_signer(snapshot);
	if (!fill(reply, &asked, &wish)) {
		reply_fini(reply);
		reply_error(reply, 503);
	}
}
