/* Reading the fields from their end, since only what trusted proxies appended is true. */
#include "config.h"

#include "forwarded.h"

bool proxies_trust(const struct proxies *proxies, const struct ip *ip)
{
	if (ip_is_loopback(ip))
		return true;
	for (size_t i = 0; i < proxies->count; i++) {
		if (network_contains(&proxies->networks[i], ip))
			return true;
	}
	return false;
}

/*
 * Takes the last element of a comma-separated list off *list. Looked for from the end: what
 * stands in front of it is the client's, and one quotation mark there must not reach as far
 * as to what a proxy appended.
 */
static bool take_last(struct str *list, bool with_quotes, struct str *ret_element)
{
	size_t start = list->len;
	bool quoted = false;

	if (!list->p)
		return false;
	for (; start > 0; start--) {
		char before = list->p[start - 1];

		if (with_quotes && before == '"')
			quoted = !quoted;
		else if (before == ',' && !quoted)
			break;
	}
	*ret_element = str_trim(str_from(*list, start));
	*list = start ? str_first(*list, start - 1) : (struct str){ 0 };
	return true;
}

static struct str unquote(struct str value)
{
	value = str_trim(value);
	if (value.len >= 2 && value.p[0] == '"' && value.p[value.len - 1] == '"')
		value = str_first(str_from(value, 1), value.len - 2);
	return value;
}

/* The address of a node, which may have a port: "192.0.2.1:80", "[2001:db8::1]:80". */
static bool node_ip(struct str node, struct ip *ret_ip)
{
	size_t colon = str_find_last(node, ':');

	if (ip_parse(node, ret_ip))
		return true;
	return colon < node.len && ip_parse(str_first(node, colon), ret_ip);
}

/* One step of Forwarded: for=…;proto=…;host=…;by=… */
static void read_step(struct str step, struct forwarded *forwarded)
{
	struct str pair;

	*forwarded = (struct forwarded){ 0 };
	while (str_split(&step, ';', &pair)) {
		size_t equals = str_find(pair, '=');
		struct str name = str_trim(str_first(pair, equals));
		struct str value = equals < pair.len ? unquote(str_from(pair, equals + 1))
						     : STR("");

		if (str_eq_fold(name, STR("host")))
			forwarded->host = value;
		else if (str_eq_fold(name, STR("proto")))
			forwarded->insecure = str_eq_fold(value, STR("http"));
		else if (str_eq_fold(name, STR("for")))
			forwarded->has_client = node_ip(value, &forwarded->client);
	}
}

static void read_forwarded(struct str list, const struct proxies *proxies,
			   struct forwarded *forwarded)
{
	struct str step;

	while (take_last(&list, true, &step)) {
		read_step(step, forwarded);
		if (!forwarded->has_client || !proxies_trust(proxies, &forwarded->client))
			return;
	}
}

static void read_x_for(struct str list, const struct proxies *proxies,
		       struct forwarded *forwarded)
{
	struct str node;
	struct ip ip;

	while (take_last(&list, false, &node) && node_ip(node, &ip)) {
		forwarded->has_client = true;
		forwarded->client = ip;
		if (!proxies_trust(proxies, &ip))
			return;
	}
}

struct forwarded forwarded_read(const struct forwarded_fields *fields,
				const struct proxies *proxies)
{
	struct forwarded forwarded = { 0 };
	struct str x_host = fields->x_host;
	struct str x_proto = fields->x_proto;
	struct str proto;

	if (fields->forwarded.len) {
		read_forwarded(fields->forwarded, proxies, &forwarded);
		return forwarded;
	}
	if (x_host.len)
		take_last(&x_host, false, &forwarded.host);
	if (x_proto.len && take_last(&x_proto, false, &proto))
		forwarded.insecure = str_eq_fold(proto, STR("http"));
	if (fields->x_for.len)
		read_x_for(fields->x_for, proxies, &forwarded);
	return forwarded;
}
