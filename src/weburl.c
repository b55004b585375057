/* Taking web addresses apart (RFC 3986 section 3). */
#include "config.h"

#include "weburl.h"

enum {
	PORT_HTTP = 80,
	PORT_HTTPS = 443,
	PORT_MOST = 65535,
};

static bool take_scheme(struct str *url, struct weburl *weburl)
{
	if (str_starts_fold(*url, STR("https://"))) {
		weburl->secure = true;
		weburl->port = PORT_HTTPS;
		*url = str_from(*url, 8);
		return true;
	}
	weburl->secure = false;
	weburl->port = PORT_HTTP;
	if (!str_starts_fold(*url, STR("http://")))
		return false;
	*url = str_from(*url, 7);
	return true;
}

static size_t authority_len(struct str rest)
{
	size_t len = 0;

	while (len < rest.len && !strchr("/?#", rest.p[len]))
		len++;
	return len;
}

bool weburl_parse(struct str url, struct weburl *ret_weburl)
{
	struct weburl weburl = { 0 };
	struct str authority;
	unsigned long port;
	size_t len, colon;

	if (!take_scheme(&url, &weburl))
		return false;
	len = authority_len(url);
	authority = str_first(url, len);
	weburl.path = str_from(url, len);
	colon = str_find_last(authority, ':');
	if (colon < authority.len && str_find(str_from(authority, colon), ']') + colon == authority.len) {
		if (!str_number(str_from(authority, colon + 1), PORT_MOST, &port) || port == 0)
			return false;
		weburl.port = (unsigned)port;
		authority = str_first(authority, colon);
	}
	if (str_starts(authority, STR("[")) && str_ends(authority, STR("]")))
		authority = str_first(str_from(authority, 1), authority.len - 2);
	weburl.host = authority;
	*ret_weburl = weburl;
	return weburl.host.len > 0;
}
