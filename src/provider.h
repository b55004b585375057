/*
 * One provider: how to reach the mailboxes of its domains.
 *
 * The words are those of the autoconfig format (draft-ietf-mailmaint-autoconfig), also in
 * the names of the members. What a member means, and which keys there are, is said once,
 * in provider_fields.c; mailconfd-table(5) says it to administrators.
 */
#ifndef MAILCONFD_PROVIDER_H
#define MAILCONFD_PROVIDER_H

#include "arena.h"
#include "fields.h"

#include <jansson.h>

/* Text for people in one language; `lang` is empty where none is said. */
struct localized {
	struct str lang;
	struct str text;
};

struct documentation {
	struct str url;
	struct list descr; /* of struct localized */
	enum flag is_settings_page; /* derived: the daemon's own page */
};

struct enable {
	struct str visit_url;
	struct list instruction; /* of struct localized */
};

struct input_field {
	struct str key;
	struct str label;
	struct str text;
};

/* `system` is "sasl" or "http", or empty for the format's own words. */
struct authentication {
	struct str system;
	struct str name;
	size_t ordinal; /* in the table's list, where words that are wrong count, too */
};

struct pop3_options {
	enum flag leave_messages_on_server;
	unsigned days_to_leave_messages_on_server;
	enum flag download_on_biff;
	unsigned check_interval; /* minutes */
};

struct server {
	struct str type;
	struct str hostname;
	unsigned port;
	struct str socket_type;
	struct str url;
	struct list authentication; /* of struct authentication */
	struct str username;
	struct pop3_options *pop3;
	struct str restriction;
	enum flag add_this_server;
	enum flag use_global_preferred_server;
	struct str owa_url, ews_url, eas_url;
	struct list notes; /* of struct localized */
	struct str off;	   /* why it is not answered; empty: it is */

	struct str preferred_authentication; /* derived: the first one's name */
	enum flag same_login;		     /* derived: as at the first incoming server */
	enum flag login_is_known;	     /* derived: the address is all that it takes */
};

struct web_field {
	struct str id;
	struct str name;
};

struct login_page_info {
	struct str url;
	struct str wait_for_redirection_url_prefix;
	struct str username;
	struct web_field *username_field, *password_field, *login_button;
};

struct web_mail {
	struct str login_page;
	struct login_page_info *login_page_info;
};

struct oauth2 {
	struct str issuer;
	struct str scope;
	struct str auth_url;
	struct str token_url;
	struct str client_id;
};

struct limits {
	unsigned mailbox_megabytes;
	unsigned message_megabytes;
	unsigned recipients_per_message;
};

/* The provider as Apple's profiles can say it: apple.c. */
struct apple_mail {
	struct str hostname;
	unsigned port;
	enum flag use_ssl;
	struct str authentication; /* "EmailAuthPassword" and so on */
	struct str username;	   /* empty: the device asks */
	enum flag same_login;	   /* of an incoming one: as for sending */
};

struct apple_dav {
	struct str hostname;
	unsigned port;
	struct str path; /* with placeholders of a URL; empty: the device finds it */
	struct str username;
};

struct apple {
	struct apple_mail *imap, *pop3; /* one of them at least */
	struct apple_mail *smtp;
	enum flag prefers_pop3; /* the table has it first */
	struct apple_dav *caldav, *carddav;
};

/* The provider as PACC can say it: pacc.c. */
struct pacc {
	struct str name, short_name;
	struct str imap, pop3, submit; /* host names */
	struct str jmap, caldav, carddav, webdav; /* URLs */
	enum flag password;
	struct str oauth_issuer; /* a URL */
	struct str documentation;
};

/* A domain, or a name of mail exchangers. */
struct full_name {
	struct str name;
};

struct provider {
	struct str id;
	struct str display_name;
	struct str display_short_name;
	const json_t *domains;	       /* while loading; then NULL */
	struct str domains_file;       /* while loading */
	const json_t *mail_exchangers; /* while loading; then NULL */
	struct list incoming_servers;  /* these six of struct server */
	struct list outgoing_servers;
	struct list calendars;
	struct list address_books;
	struct list file_shares;
	struct list setup_servers;
	struct list documentation;
	struct list enable;
	struct list input_fields;
	struct web_mail *web_mail;
	struct oauth2 *oauth2;
	struct str client_config_update;
	enum flag public_domains; /* the page lists them */
	struct str autodiscover_host; /* where Autodiscover is answered by https; never empty
					 once complete */
	struct str redirect_addr;     /* Autodiscover: ask for this address instead */
	struct str redirect_url;      /* Autodiscover: ask there instead */
	struct str contact;	      /* an address, for who makes mail programs */
	struct limits *limits;
	struct list notes; /* of struct localized */

	/* Derived. */
	struct str format_version; /* "1.1", or "1.2" where a construct needs it */
	enum flag has_mailbox;	   /* an IMAP or POP3 server is there */
	enum flag is_full_address_login; /* the user name of all mail servers is the address */
	struct str active_sync_url, ews_url, jmap_url; /* empty: none */
	struct server *caldav, *carddav;	       /* the first; NULL: none */
	struct apple *apple;			       /* NULL: no profile can say it */
	struct pacc *pacc;			       /* NULL: PACC cannot say it */
	struct str apple_lack, pacc_lack;	       /* why not */

	/* All its names in full, of struct full_name: filled in a copy, by who needs them. */
	struct list domain_names, mail_exchanger_names;

	size_t number; /* in the table, from 0 */
};

extern const struct record provider_record;
extern const struct record server_record;

/* The first server of a type that is answered, or NULL. */
const struct server *provider_first(const struct list *list, const char *type);

/*
 * Completes what a provider says with what follows from it: servers that are off move
 * behind the others, and the derived members are filled in. They live in the arena.
 */
void provider_complete(struct provider *provider, struct arena *arena);

/*
 * Is there anything to be answered: an incoming server that is on, or the place to ask
 * instead?
 */
bool provider_is_answered(const struct provider *provider);

#endif
