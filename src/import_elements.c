/*
 * What there is in clientConfig: the drafts of 1.2, 1.1 as ISPDB writes it, and words of older
 * drafts that files still have. Where a file may put an element in more than one place (ISPDB
 * has "enable" in emailProvider and at the root), both mean the same.
 */
#include "config.h"

#include "import_ispdb.h"

#include <stddef.h>

#define LOCALIZED(name_, key_)                                                           \
	{                                                                                \
		.name = (name_), .key = (key_), .shape = SHAPE_ITEM, .text_key = "text", \
		.attributes = { { "lang", "lang", SHAPE_TEXT } }                         \
	}
#define MEMBER(name_, shape_)                                         \
	{                                                             \
		.name = (name_), .key = (name_), .shape = SHAPE_##shape_ \
	}
#define TYPED(name_, key_)                                                         \
	{                                                                          \
		.name = (name_), .key = (key_), .shape = SHAPE_ITEM,               \
		.inside = server_elements, .attributes = { { "type", "type", SHAPE_TEXT } } \
	}
#define FORM_FIELD(name_)                                                                \
	{                                                                                \
		.name = (name_), .key = (name_), .shape = SHAPE_OBJECT,                  \
		.attributes = { { "id", "id", SHAPE_TEXT }, { "name", "name", SHAPE_TEXT } } \
	}
#define END { .name = NULL }

static const struct element_rule pop3_elements[] = {
	MEMBER("leaveMessagesOnServer", FLAG),
	MEMBER("downloadOnBiff", FLAG),
	MEMBER("daysToLeaveMessagesOnServer", NUMBER),
	{ .name = "checkInterval", .shape = SHAPE_HERE,
	  .attributes = { { "minutes", "checkInterval", SHAPE_NUMBER } } },
	END,
};

static const struct element_rule server_elements[] = {
	MEMBER("hostname", TEXT),
	MEMBER("port", NUMBER),
	MEMBER("socketType", TEXT),
	MEMBER("url", TEXT),
	{ .name = "serverURL", .key = "url", .shape = SHAPE_TEXT, .today = "url" },
	{ .name = "authentication", .key = "authentication", .shape = SHAPE_WORD,
	  .attributes = { { "system", NULL, SHAPE_TEXT } } },
	MEMBER("username", TEXT),
	{ .name = "pop3", .key = "pop3", .shape = SHAPE_OBJECT, .inside = pop3_elements },
	MEMBER("restriction", TEXT),
	MEMBER("addThisServer", FLAG),
	MEMBER("useGlobalPreferredServer", FLAG),
	MEMBER("owaURL", TEXT),
	MEMBER("ewsURL", TEXT),
	MEMBER("easURL", TEXT),
	END,
};

static const struct element_rule documentation_elements[] = { LOCALIZED("descr", "descr"), END };

static const struct element_rule enable_elements[] = { LOCALIZED("instruction", "instruction"),
						       END };

static const struct element_rule oauth2_elements[] = {
	MEMBER("issuer", TEXT),	  MEMBER("scope", TEXT),    MEMBER("authURL", TEXT),
	MEMBER("tokenURL", TEXT), MEMBER("clientID", TEXT), END,
};

static const struct element_rule login_page_info_elements[] = {
	MEMBER("username", TEXT),    FORM_FIELD("usernameField"), FORM_FIELD("passwordField"),
	FORM_FIELD("loginButton"), END,
};

static const struct element_rule web_mail_elements[] = {
	{ .name = "loginPage", .shape = SHAPE_HERE,
	  .attributes = { { "url", "loginPage", SHAPE_TEXT } } },
	{ .name = "loginPageInfo", .key = "loginPageInfo", .shape = SHAPE_OBJECT,
	  .inside = login_page_info_elements,
	  .attributes = { { "url", "url", SHAPE_TEXT },
			  { "waitForRedirectionURLPrefix", "waitForRedirectionURLPrefix",
			    SHAPE_TEXT } } },
	END,
};

/* What is met at the root and in emailProvider. */
#define ANYWHERE                                                                        \
	{ .name = "documentation", .key = "documentation", .shape = SHAPE_ITEM,         \
	  .inside = documentation_elements, .attributes = { { "url", "url", SHAPE_TEXT } } }, \
	{ .name = "instruction", .key = "documentation", .shape = SHAPE_ITEM,           \
	  .today = "documentation", .inside = documentation_elements,                   \
	  .attributes = { { "url", "url", SHAPE_TEXT } } },                             \
	{ .name = "enable", .key = "enable", .shape = SHAPE_ITEM, .inside = enable_elements, \
	  .attributes = { { "visiturl", "visiturl", SHAPE_TEXT } } },                   \
	{ .name = "inputField", .key = "inputFields", .shape = SHAPE_ITEM,              \
	  .text_key = "text", .attributes = { { "key", "key", SHAPE_TEXT },             \
					      { "label", "label", SHAPE_TEXT } } },     \
	{ .name = "userinput", .key = "inputFields", .shape = SHAPE_ITEM,               \
	  .today = "inputField", .text_key = "text",                                    \
	  .attributes = { { "key", "key", SHAPE_TEXT }, { "label", "label", SHAPE_TEXT } } }, \
	TYPED("calendar", "calendars"),                                                 \
	TYPED("addressbook", "addressBooks"),                                           \
	{ .name = "addressBook", .key = "addressBooks", .shape = SHAPE_ITEM,            \
	  .today = "addressbook", .inside = server_elements,                            \
	  .attributes = { { "type", "type", SHAPE_TEXT } } },                           \
	TYPED("fileShare", "fileShares"),                                               \
	TYPED("setupServer", "setupServers"),                                           \
	{ .name = "oAuth2", .key = "oAuth2", .shape = SHAPE_OBJECT, .inside = oauth2_elements }, \
	{ .name = "webMail", .key = "webMail", .shape = SHAPE_OBJECT,                   \
	  .inside = web_mail_elements },                                                \
	{ .name = "clientConfigUpdate", .shape = SHAPE_HERE,                            \
	  .attributes = { { "url", "clientConfigUpdate", SHAPE_TEXT } } }

static const struct element_rule provider_elements[] = {
	{ .name = "domain", .key = "domains", .shape = SHAPE_WORD,
	  .attributes = { { "purpose", NULL, SHAPE_TEXT } } },
	MEMBER("displayName", TEXT),
	MEMBER("displayShortName", TEXT),
	TYPED("incomingServer", "incomingServers"),
	TYPED("outgoingServer", "outgoingServers"),
	ANYWHERE,
	END,
};

static const struct element_rule root_elements[] = {
	{ .name = "emailProvider", .shape = SHAPE_HERE, .inside = provider_elements,
	  .attributes = { { "id", "id", SHAPE_TEXT } } },
	ANYWHERE,
	END,
};

const struct element_rule element_client_config = {
	.name = "clientConfig",
	.shape = SHAPE_HERE,
	.inside = root_elements,
	.attributes = { { "version", NULL, SHAPE_TEXT } },
};

const struct word_alias word_aliases[] = {
	{ "authentication", "plain", "password-cleartext" },
	{ "authentication", "secure", "password-encrypted" },
	{ "authentication", "http-basic", "http:Basic" },
	{ "authentication", "http-digest", "http:Digest" },
	{ "authentication", "http:basic", "http:Basic" },
	{ "authentication", "http:digest", "http:Digest" },
	{ "type", "activesync", "activeSync" },
	{ NULL, NULL, NULL },
};
