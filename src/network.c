/* Addresses as sixteen bytes. */
#include "config.h"

#include "network.h"

#include <arpa/inet.h>
#include <netinet/in.h>

static const unsigned char v4_prefix[12] = { [10] = 0xff, [11] = 0xff };

bool ip_is_v4(const struct ip *ip)
{
	return memcmp(ip->bytes, v4_prefix, sizeof(v4_prefix)) == 0;
}

static struct ip ip_of_v4(const void *four_bytes)
{
	struct ip ip;

	memcpy(ip.bytes, v4_prefix, sizeof(v4_prefix));
	memcpy(ip.bytes + sizeof(v4_prefix), four_bytes, 4);
	return ip;
}

bool ip_parse(struct str text, struct ip *ret_ip)
{
	char copy[INET6_ADDRSTRLEN];
	unsigned char four[4];

	if (text.len >= 2 && text.p[0] == '[' && text.p[text.len - 1] == ']')
		text = str_first(str_from(text, 1), text.len - 2);
	if (text.len >= sizeof(copy) || memchr(text.p, '\0', text.len))
		return false;
	memcpy(copy, text.p, text.len);
	copy[text.len] = '\0';
	if (inet_pton(AF_INET, copy, four) == 1) {
		*ret_ip = ip_of_v4(four);
		return true;
	}
	return inet_pton(AF_INET6, copy, ret_ip->bytes) == 1;
}

void ip_format(const struct ip *ip, char ret_text[IP_TEXT])
{
	if (ip_is_v4(ip))
		inet_ntop(AF_INET, ip->bytes + sizeof(v4_prefix), ret_text, IP_TEXT);
	else
		inet_ntop(AF_INET6, ip->bytes, ret_text, IP_TEXT);
}

bool ip_of_sockaddr(const struct sockaddr *address, struct ip *ret_ip)
{
	if (address && address->sa_family == AF_INET) {
		struct sockaddr_in in;

		memcpy(&in, address, sizeof(in));
		*ret_ip = ip_of_v4(&in.sin_addr);
		return true;
	}
	if (address && address->sa_family == AF_INET6) {
		struct sockaddr_in6 in6;

		memcpy(&in6, address, sizeof(in6));
		memcpy(ret_ip->bytes, &in6.sin6_addr, sizeof(ret_ip->bytes));
		return true;
	}
	return false;
}

bool ip_is_loopback(const struct ip *ip)
{
	static const struct ip v6_loopback = { .bytes = { [15] = 1 } };

	return (ip_is_v4(ip) && ip->bytes[12] == 127) ||
	       memcmp(ip, &v6_loopback, sizeof(*ip)) == 0;
}

struct ip ip_client_part(struct ip ip)
{
	if (!ip_is_v4(&ip))
		memset(ip.bytes + 8, 0, 8);
	return ip;
}

bool network_parse(struct str text, struct network *ret_network)
{
	size_t slash = str_find(text, '/');
	struct network network = { .bits = 128 };
	unsigned long bits;

	if (!ip_parse(str_first(text, slash), &network.ip))
		return false;
	if (slash < text.len) {
		unsigned long most = ip_is_v4(&network.ip) ? 32 : 128;

		if (!str_number(str_from(text, slash + 1), most, &bits))
			return false;
		network.bits = (unsigned)(bits + 128 - most);
	}
	*ret_network = network;
	return true;
}

bool network_contains(const struct network *network, const struct ip *ip)
{
	size_t whole = network->bits / 8;
	unsigned rest = network->bits % 8;

	if (memcmp(network->ip.bytes, ip->bytes, whole) != 0)
		return false;
	return rest == 0 || (network->ip.bytes[whole] ^ ip->bytes[whole]) >> (8 - rest) == 0;
}
