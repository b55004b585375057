/* The descriptions of all that a table can say: one row a key. */
#include "config.h"

#include "provider.h"

#include <stddef.h>

/* A row: the key, the type, how it is used, and the member that holds it. */
#define MEMBER(key, kind, uses, holder, member) \
	.name = (key), .type = (kind), .use = (uses), .offset = offsetof(holder, member)

#define RECORD(variable, called, holder, list)                   \
	const struct record variable = {                         \
		.name = (called),                                \
		.size = sizeof(holder),                          \
		.fields = (list),                                \
		.field_count = sizeof(list) / sizeof((list)[0]), \
	}

/* BCP 47 tags in use are far shorter; 35 characters is what the RFC asks to be allowed. */
enum { LANGUAGE_MOST = 35 };

static const struct field localized_fields[] = {
	{ MEMBER("lang", FIELD_TEXT, FIELD_OPTIONAL, struct localized, lang),
	  .most = LANGUAGE_MOST, .help = "The language, such as \"en\" or \"pt-BR\"." },
	{ MEMBER("text", FIELD_TEXT, FIELD_REQUIRED, struct localized, text),
	  .help = "The text itself." },
};

static RECORD(localized_record, "text", struct localized, localized_fields);

static const struct field documentation_fields[] = {
	{ MEMBER("url", FIELD_URL, FIELD_REQUIRED, struct documentation, url),
	  .help = "A page for people." },
	{ MEMBER("descr", FIELD_LIST, FIELD_OPTIONAL, struct documentation, descr),
	  .record = &localized_record, .help = "What the page is about, by language." },
	{ MEMBER("isSettingsPage", FIELD_FLAG, FIELD_DERIVED, struct documentation,
		 is_settings_page) },
	{ MEMBER("descrHere", FIELD_LIST, FIELD_DERIVED | FIELD_HERE, struct documentation, descr),
	  .record = &localized_record },
};

static RECORD(documentation_record, "documentation", struct documentation,
	      documentation_fields);

static const struct field enable_fields[] = {
	{ MEMBER("visiturl", FIELD_URL, FIELD_REQUIRED, struct enable, visit_url),
	  .help = "The page on which the user switches IMAP or POP3 on." },
	{ MEMBER("instruction", FIELD_LIST, FIELD_OPTIONAL, struct enable, instruction),
	  .record = &localized_record, .help = "What to do there, by language." },
};

static RECORD(enable_record, "enable", struct enable, enable_fields);

static const struct field input_field_fields[] = {
	{ MEMBER("key", FIELD_TEXT, FIELD_REQUIRED | FIELD_UNBROKEN, struct input_field, key),
	  .help = "The word that stands between percent signs in a user name." },
	{ MEMBER("label", FIELD_TEXT, FIELD_REQUIRED, struct input_field, label),
	  .help = "What the user is asked for." },
	{ MEMBER("text", FIELD_TEXT, FIELD_OPTIONAL, struct input_field, text),
	  .help = "An example, or the value to start with." },
};

static RECORD(input_field_record, "input field", struct input_field, input_field_fields);

/* Templates see the two halves of each word. */
static const struct field authentication_fields[] = {
	{ MEMBER("system", FIELD_TEXT, FIELD_DERIVED, struct authentication, system) },
	{ MEMBER("name", FIELD_TEXT, FIELD_DERIVED, struct authentication, name) },
};

static RECORD(authentication_record, "authentication", struct authentication,
	      authentication_fields);

static const struct field pop3_fields[] = {
	{ MEMBER("leaveMessagesOnServer", FIELD_FLAG, FIELD_OPTIONAL, struct pop3_options,
		 leave_messages_on_server),
	  .help = "Whether fetched messages stay on the server." },
	{ MEMBER("daysToLeaveMessagesOnServer", FIELD_NUMBER, FIELD_OPTIONAL,
		 struct pop3_options, days_to_leave_messages_on_server),
	  .most = 36500, .help = "After how many days they go." },
	{ MEMBER("downloadOnBiff", FIELD_FLAG, FIELD_OPTIONAL, struct pop3_options,
		 download_on_biff),
	  .help = "Whether new messages are fetched as soon as they are seen." },
	{ MEMBER("checkInterval", FIELD_NUMBER, FIELD_OPTIONAL, struct pop3_options,
		 check_interval),
	  .most = 100000, .help = "Minutes between two looks for new messages." },
};

static RECORD(pop3_record, "pop3", struct pop3_options, pop3_fields);

static const char *const socket_types[] = { "SSL", "STARTTLS", "plain", NULL };

static const char *const server_types[] = {
	"imap",	  "pop3",   "smtp",   "jmap",	"ews",	       "activeSync", "graph",
	"exchange", "owa", "caldav", "carddav", "webdav", "managesieve", NULL,
};

/* "sasl:NAME" and "http:NAME" name a mechanism of that system. */
static const char *const authentications[] = {
	"password-cleartext", "password-encrypted", "OAuth2",	 "NTLM",
	"GSSAPI",	      "TLS-client-cert",    "client-IP-address", "none",
	"http:Basic",	      "http:Digest",	    "sasl:",	 NULL,
};

static const char *const restrictions[] = { "client-IP-address", NULL };

static const struct field server_fields[] = {
	{ MEMBER("type", FIELD_WORD, FIELD_REQUIRED, struct server, type),
	  .words = server_types, .help = "The protocol." },
	{ MEMBER("hostname", FIELD_HOSTNAME, FIELD_OPTIONAL, struct server, hostname),
	  .help = "The server's full host name." },
	{ MEMBER("port", FIELD_NUMBER, FIELD_OPTIONAL, struct server, port),
	  .most = 65535, .help = "The TCP port." },
	{ MEMBER("socketType", FIELD_WORD, FIELD_OPTIONAL, struct server, socket_type),
	  .words = socket_types,
	  .help = "SSL: TLS from the first byte; STARTTLS: mandatory upgrade; plain: none." },
	{ MEMBER("url", FIELD_SECURE_URL, FIELD_OPTIONAL, struct server, url),
	  .help = "Where a service that is reached by HTTP stands." },
	{ MEMBER("authentication", FIELD_AUTHENTICATION, FIELD_OPTIONAL, struct server,
		 authentication),
	  .record = &authentication_record, .words = authentications,
	  .help = "Ways to log in, the preferred one first." },
	{ MEMBER("username", FIELD_PATTERN, FIELD_UNBROKEN, struct server, username),
	  .help = "The user name: %EMAILADDRESS% or %EMAILLOCALPART%." },
	{ MEMBER("pop3", FIELD_RECORD, FIELD_OPTIONAL, struct server, pop3),
	  .record = &pop3_record, .help = "Options of POP3 accounts." },
	{ MEMBER("restriction", FIELD_WORD, FIELD_OPTIONAL, struct server, restriction),
	  .words = restrictions, .help = "Who may use the server at all." },
	{ MEMBER("addThisServer", FIELD_FLAG, FIELD_OPTIONAL, struct server, add_this_server),
	  .help = "Whether the outgoing server is added to the program's list." },
	{ MEMBER("useGlobalPreferredServer", FIELD_FLAG, FIELD_OPTIONAL, struct server,
		 use_global_preferred_server),
	  .help = "Whether the program's own outgoing server is preferred." },
	{ MEMBER("owaURL", FIELD_SECURE_URL, FIELD_OPTIONAL, struct server, owa_url),
	  .help = "Outlook on the web, of an Exchange server." },
	{ MEMBER("ewsURL", FIELD_SECURE_URL, FIELD_OPTIONAL, struct server, ews_url),
	  .help = "Exchange Web Services, of an Exchange server." },
	{ MEMBER("easURL", FIELD_SECURE_URL, FIELD_OPTIONAL, struct server, eas_url),
	  .help = "ActiveSync, of an Exchange server." },
	{ MEMBER("notes", FIELD_LIST, FIELD_OPTIONAL, struct server, notes),
	  .record = &localized_record, .help = "What people should know about this server." },
	{ MEMBER("off", FIELD_TEXT, FIELD_HIDDEN, struct server, off),
	  .help = "Why this server is kept here but not answered." },
	{ MEMBER("notesHere", FIELD_LIST, FIELD_DERIVED | FIELD_HERE, struct server, notes),
	  .record = &localized_record },
	{ MEMBER("preferredAuthentication", FIELD_TEXT, FIELD_DERIVED, struct server,
		 preferred_authentication) },
	{ MEMBER("sameLogin", FIELD_FLAG, FIELD_DERIVED, struct server, same_login) },
	{ MEMBER("loginIsKnown", FIELD_FLAG, FIELD_DERIVED, struct server, login_is_known) },
};

RECORD(server_record, "server", struct server, server_fields);

static const struct field web_field_fields[] = {
	{ MEMBER("id", FIELD_TEXT, FIELD_OPTIONAL, struct web_field, id),
	  .help = "The id of the element in the page." },
	{ MEMBER("name", FIELD_TEXT, FIELD_OPTIONAL, struct web_field, name),
	  .help = "The name of the element in the page." },
};

static RECORD(web_field_record, "field", struct web_field, web_field_fields);

static const struct field login_page_info_fields[] = {
	{ MEMBER("url", FIELD_URL, FIELD_REQUIRED, struct login_page_info, url),
	  .help = "The page with the log-in form." },
	{ MEMBER("waitForRedirectionURLPrefix", FIELD_URL, FIELD_OPTIONAL,
		 struct login_page_info, wait_for_redirection_url_prefix),
	  .help = "How the address begins once the user is logged in." },
	{ MEMBER("username", FIELD_PATTERN, FIELD_OPTIONAL, struct login_page_info, username),
	  .help = "The user name to fill in." },
	{ MEMBER("usernameField", FIELD_RECORD, FIELD_OPTIONAL, struct login_page_info,
		 username_field),
	  .record = &web_field_record, .help = "The form's field for it." },
	{ MEMBER("passwordField", FIELD_RECORD, FIELD_OPTIONAL, struct login_page_info,
		 password_field),
	  .record = &web_field_record, .help = "The form's field for the password." },
	{ MEMBER("loginButton", FIELD_RECORD, FIELD_OPTIONAL, struct login_page_info,
		 login_button),
	  .record = &web_field_record, .help = "The form's button." },
};

static RECORD(login_page_info_record, "loginPageInfo", struct login_page_info,
	      login_page_info_fields);

static const struct field web_mail_fields[] = {
	{ MEMBER("loginPage", FIELD_URL, FIELD_OPTIONAL, struct web_mail, login_page),
	  .help = "The page on which the user logs in." },
	{ MEMBER("loginPageInfo", FIELD_RECORD, FIELD_OPTIONAL, struct web_mail,
		 login_page_info),
	  .record = &login_page_info_record,
	  .help = "How a program logs the user in there." },
};

static RECORD(web_mail_record, "webMail", struct web_mail, web_mail_fields);

static const struct field oauth2_fields[] = {
	{ MEMBER("issuer", FIELD_TEXT, FIELD_REQUIRED, struct oauth2, issuer),
	  .help = "The host name of the issuer." },
	{ MEMBER("scope", FIELD_TEXT, FIELD_REQUIRED, struct oauth2, scope),
	  .help = "The scopes, separated by spaces." },
	{ MEMBER("authURL", FIELD_SECURE_URL, FIELD_OPTIONAL, struct oauth2, auth_url),
	  .help = "The authorization endpoint." },
	{ MEMBER("tokenURL", FIELD_SECURE_URL, FIELD_OPTIONAL, struct oauth2, token_url),
	  .help = "The token endpoint." },
	{ MEMBER("clientID", FIELD_TEXT, FIELD_OPTIONAL, struct oauth2, client_id),
	  .help = "The client id that public mail programs may use." },
};

static RECORD(oauth2_record, "oAuth2", struct oauth2, oauth2_fields);

static const struct field limits_fields[] = {
	{ MEMBER("mailboxMegabytes", FIELD_NUMBER, FIELD_OPTIONAL, struct limits,
		 mailbox_megabytes),
	  .most = 1000000000, .help = "How much a mailbox holds." },
	{ MEMBER("messageMegabytes", FIELD_NUMBER, FIELD_OPTIONAL, struct limits,
		 message_megabytes),
	  .most = 1000000, .help = "How large one message may be." },
	{ MEMBER("recipientsPerMessage", FIELD_NUMBER, FIELD_OPTIONAL, struct limits,
		 recipients_per_message),
	  .most = 1000000, .help = "How many recipients one message may have." },
};

static RECORD(limits_record, "limits", struct limits, limits_fields);

static const struct field apple_mail_fields[] = {
	{ MEMBER("hostname", FIELD_HOSTNAME, FIELD_DERIVED, struct apple_mail, hostname) },
	{ MEMBER("port", FIELD_NUMBER, FIELD_DERIVED, struct apple_mail, port) },
	{ MEMBER("useSSL", FIELD_FLAG, FIELD_DERIVED, struct apple_mail, use_ssl) },
	{ MEMBER("authentication", FIELD_TEXT, FIELD_DERIVED, struct apple_mail,
		 authentication) },
	{ MEMBER("username", FIELD_PATTERN, FIELD_DERIVED, struct apple_mail, username) },
	{ MEMBER("sameLogin", FIELD_FLAG, FIELD_DERIVED, struct apple_mail, same_login) },
};

static RECORD(apple_mail_record, "mail account", struct apple_mail, apple_mail_fields);

static const struct field apple_dav_fields[] = {
	{ MEMBER("hostname", FIELD_HOSTNAME, FIELD_DERIVED, struct apple_dav, hostname) },
	{ MEMBER("port", FIELD_NUMBER, FIELD_DERIVED, struct apple_dav, port) },
	{ MEMBER("path", FIELD_URL, FIELD_DERIVED, struct apple_dav, path) },
	{ MEMBER("username", FIELD_PATTERN, FIELD_DERIVED, struct apple_dav, username) },
};

static RECORD(apple_dav_record, "DAV account", struct apple_dav, apple_dav_fields);

static const struct field apple_fields[] = {
	{ MEMBER("imap", FIELD_RECORD, FIELD_DERIVED, struct apple, imap),
	  .record = &apple_mail_record },
	{ MEMBER("pop3", FIELD_RECORD, FIELD_DERIVED, struct apple, pop3),
	  .record = &apple_mail_record },
	{ MEMBER("smtp", FIELD_RECORD, FIELD_DERIVED, struct apple, smtp),
	  .record = &apple_mail_record },
	{ MEMBER("calDAV", FIELD_RECORD, FIELD_DERIVED, struct apple, caldav),
	  .record = &apple_dav_record },
	{ MEMBER("cardDAV", FIELD_RECORD, FIELD_DERIVED, struct apple, carddav),
	  .record = &apple_dav_record },
};

static RECORD(apple_record, "profile", struct apple, apple_fields);

static const struct field pacc_fields[] = {
	{ MEMBER("name", FIELD_TEXT, FIELD_DERIVED, struct pacc, name) },
	{ MEMBER("shortName", FIELD_TEXT, FIELD_DERIVED, struct pacc, short_name) },
	{ MEMBER("imap", FIELD_HOSTNAME, FIELD_DERIVED, struct pacc, imap) },
	{ MEMBER("pop3", FIELD_HOSTNAME, FIELD_DERIVED, struct pacc, pop3) },
	{ MEMBER("submit", FIELD_HOSTNAME, FIELD_DERIVED, struct pacc, submit) },
	{ MEMBER("jmap", FIELD_SECURE_URL, FIELD_DERIVED, struct pacc, jmap) },
	{ MEMBER("calDAV", FIELD_SECURE_URL, FIELD_DERIVED, struct pacc, caldav) },
	{ MEMBER("cardDAV", FIELD_SECURE_URL, FIELD_DERIVED, struct pacc, carddav) },
	{ MEMBER("webDAV", FIELD_SECURE_URL, FIELD_DERIVED, struct pacc, webdav) },
	{ MEMBER("password", FIELD_FLAG, FIELD_DERIVED, struct pacc, password) },
	{ MEMBER("oAuthIssuer", FIELD_TEXT, FIELD_DERIVED, struct pacc, oauth_issuer) },
	{ MEMBER("documentation", FIELD_URL, FIELD_DERIVED, struct pacc, documentation) },
};

static RECORD(pacc_record, "PACC document", struct pacc, pacc_fields);

static const struct field full_name_fields[] = {
	{ MEMBER("name", FIELD_TEXT, FIELD_DERIVED, struct full_name, name) },
};

static RECORD(full_name_record, "name", struct full_name, full_name_fields);

/* draft-ietf-mailmaint-autoconfig section 3.2.4 sets the lengths of the two names. */
static const struct field provider_fields[] = {
	{ MEMBER("id", FIELD_HOSTNAME, FIELD_REQUIRED | FIELD_LITERAL, struct provider, id),
	  .help = "A host name, usually the main domain. Thunderbird refuses other ids." },
	{ MEMBER("displayName", FIELD_PATTERN, FIELD_REQUIRED, struct provider, display_name),
	  .most = 60, .help = "The provider's name, for people." },
	{ MEMBER("displayShortName", FIELD_TEXT, FIELD_OPTIONAL, struct provider,
		 display_short_name),
	  .most = 20, .help = "The same, short." },
	{ MEMBER("domains", FIELD_NAMES, FIELD_HIDDEN, struct provider, domains),
	  .help = "The mail domains; \"*.example.com\" is all below one, \"*\" all others." },
	{ MEMBER("domainsFile", FIELD_PATH, FIELD_HIDDEN, struct provider, domains_file),
	  .help = "A file with more domains, one a line." },
	{ MEMBER("publicDomains", FIELD_FLAG, FIELD_OPTIONAL, struct provider, public_domains),
	  .help = "Whether the page for people lists the domains." },
	{ MEMBER("mailExchangers", FIELD_NAMES, FIELD_HIDDEN, struct provider,
		 mail_exchangers),
	  .help = "Names that stand for this provider when a program asks for the domain of a "
		  "mail exchanger." },
	{ MEMBER("incomingServers", FIELD_LIST, FIELD_OPTIONAL, struct provider,
		 incoming_servers),
	  .record = &server_record, .help = "Where mail is read, the preferred one first." },
	{ MEMBER("outgoingServers", FIELD_LIST, FIELD_OPTIONAL, struct provider,
		 outgoing_servers),
	  .record = &server_record, .help = "Where mail is sent, the preferred one first." },
	{ MEMBER("calendars", FIELD_LIST, FIELD_OPTIONAL, struct provider, calendars),
	  .record = &server_record, .help = "CalDAV." },
	{ MEMBER("addressBooks", FIELD_LIST, FIELD_OPTIONAL, struct provider, address_books),
	  .record = &server_record, .help = "CardDAV." },
	{ MEMBER("fileShares", FIELD_LIST, FIELD_OPTIONAL, struct provider, file_shares),
	  .record = &server_record, .help = "WebDAV." },
	{ MEMBER("setupServers", FIELD_LIST, FIELD_OPTIONAL, struct provider, setup_servers),
	  .record = &server_record, .help = "ManageSieve." },
	{ MEMBER("documentation", FIELD_LIST, FIELD_OPTIONAL, struct provider, documentation),
	  .record = &documentation_record, .help = "Pages for people." },
	{ MEMBER("enable", FIELD_LIST, FIELD_OPTIONAL, struct provider, enable),
	  .record = &enable_record, .help = "Pages to visit before the account works." },
	{ MEMBER("inputFields", FIELD_LIST, FIELD_OPTIONAL, struct provider, input_fields),
	  .record = &input_field_record, .help = "What else a program has to ask for." },
	{ MEMBER("webMail", FIELD_RECORD, FIELD_OPTIONAL, struct provider, web_mail),
	  .record = &web_mail_record, .help = "Mail in the browser." },
	{ MEMBER("oAuth2", FIELD_RECORD, FIELD_OPTIONAL, struct provider, oauth2),
	  .record = &oauth2_record, .help = "How to log in with OAuth 2.0." },
	{ MEMBER("clientConfigUpdate", FIELD_SECURE_URL, FIELD_OPTIONAL, struct provider,
		 client_config_update),
	  .help = "Where programs fetch this configuration again." },
	{ MEMBER("autodiscoverHost", FIELD_HOSTNAME, FIELD_OPTIONAL, struct provider,
		 autodiscover_host),
	  .help = "Where Autodiscover is asked by https; autodiscover.%EMAILDOMAIN% if not given." },
	{ MEMBER("redirectAddr", FIELD_PATTERN, FIELD_UNBROKEN, struct provider, redirect_addr),
	  .help = "Autodiscover: the address to ask for instead, at another domain." },
	{ MEMBER("redirectUrl", FIELD_SECURE_URL, FIELD_OPTIONAL, struct provider, redirect_url),
	  .help = "Autodiscover: where to ask instead." },
	{ MEMBER("contact", FIELD_TEXT, FIELD_UNBROKEN, struct provider, contact),
	  .help = "An address to write to about these settings, for who makes mail programs." },
	{ MEMBER("limits", FIELD_RECORD, FIELD_OPTIONAL, struct provider, limits),
	  .record = &limits_record, .help = "Limits that people should know." },
	{ MEMBER("notes", FIELD_LIST, FIELD_OPTIONAL, struct provider, notes),
	  .record = &localized_record, .help = "What people should know." },
	{ MEMBER("notesHere", FIELD_LIST, FIELD_DERIVED | FIELD_HERE, struct provider, notes),
	  .record = &localized_record },
	{ MEMBER("formatVersion", FIELD_TEXT, FIELD_DERIVED, struct provider,
		 format_version) },
	{ MEMBER("domainNames", FIELD_LIST, FIELD_DERIVED, struct provider, domain_names),
	  .record = &full_name_record },
	{ MEMBER("mailExchangerNames", FIELD_LIST, FIELD_DERIVED, struct provider,
		 mail_exchanger_names),
	  .record = &full_name_record },
	{ MEMBER("isFullAddressLogin", FIELD_FLAG, FIELD_DERIVED, struct provider,
		 is_full_address_login) },
	{ MEMBER("hasMailbox", FIELD_FLAG, FIELD_DERIVED, struct provider, has_mailbox) },
	{ MEMBER("activeSyncURL", FIELD_SECURE_URL, FIELD_DERIVED, struct provider,
		 active_sync_url) },
	{ MEMBER("ewsURL", FIELD_SECURE_URL, FIELD_DERIVED, struct provider, ews_url) },
	{ MEMBER("apple", FIELD_RECORD, FIELD_DERIVED, struct provider, apple),
	  .record = &apple_record },
	{ MEMBER("pacc", FIELD_RECORD, FIELD_DERIVED, struct provider, pacc),
	  .record = &pacc_record },
};

RECORD(provider_record, "provider", struct provider, provider_fields);
