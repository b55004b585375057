/* Domain names and addresses. All look-ups go through domain_parse(). */
#include "config.h"

#include "address.h"

#include "utf8.h"

#include <idn2.h>
#include <stdlib.h>

/* Letters, digits, hyphens inside labels; copies in lower case. */
static bool take_ascii(struct str text, struct domain *ret_domain)
{
	size_t label = 0;

	if (text.len && text.p[text.len - 1] == '.')
		text.len--;
	if (text.len == 0 || text.len > DOMAIN_MOST)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		char c = ascii_lower(text.p[i]);
		bool edge = i == 0 || text.p[i - 1] == '.' || i + 1 == text.len ||
			    text.p[i + 1] == '.';

		if (c == '.') {
			if (label == 0)
				return false;
			label = 0;
		} else if (ascii_is_alnum(c) || (c == '-' && !edge)) {
			if (++label > LABEL_MOST)
				return false;
		} else {
			return false;
		}
		ret_domain->text[i] = c;
	}
	ret_domain->text[text.len] = '\0';
	ret_domain->len = text.len;
	return label > 0;
}

/* Only names with other than ASCII characters pay for libidn2. */
static bool take_unicode(struct str text, struct domain *ret_domain)
{
	char name[4 * DOMAIN_MOST + 1];
	char *ascii = NULL;
	bool good;

	if (text.len >= sizeof(name) || memchr(text.p, '\0', text.len) || !utf8_valid(text))
		return false;
	memcpy(name, text.p, text.len);
	name[text.len] = '\0';
	good = idn2_to_ascii_8z(name, &ascii, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL) == IDN2_OK &&
	       take_ascii(str_of(ascii), ret_domain);
	idn2_free(ascii);
	return good;
}

struct str domain_title(struct str name, struct arena *arena)
{
	struct str copy = arena_str(arena, name);
	struct domain back;
	char *unicode = NULL;

	if (idn2_to_unicode_8z8z(copy.p, &unicode, 0) == IDN2_OK &&
	    domain_parse(str_of(unicode), &back) && str_eq(domain_str(&back), name))
		copy = arena_str(arena, str_of(unicode));
	idn2_free(unicode);
	return copy;
}

bool domain_parse(struct str text, struct domain *ret_domain)
{
	for (size_t i = 0; i < text.len; i++) {
		if ((unsigned char)text.p[i] >= 0x80)
			return take_unicode(text, ret_domain);
	}
	return take_ascii(text, ret_domain);
}

bool domain_parse_host(struct str host, struct domain *ret_domain)
{
	size_t colon = str_find(host, ':');
	unsigned long port;

	if (colon < host.len) {
		struct str digits = str_from(host, colon + 1);

		if (digits.len && !str_number(digits, 65535, &port))
			return false;
		host.len = colon;
	}
	return domain_parse(host, ret_domain);
}

/* Characters that have no place in an address, whatever RFC 5322 would let be quoted. */
static bool is_clean(struct str text)
{
	while (text.len) {
		uint32_t character;
		size_t len = utf8_decode(text, &character);

		if (len == 0 || utf8_invisible_name(character) || character == '<' ||
		    character == '>')
			return false;
		text = str_from(text, len);
	}
	return true;
}

bool address_parse(struct str text, struct address *ret_address)
{
	size_t at = str_find(text, '@');

	if (text.len > ADDRESS_MOST || at == 0 || at != str_find_last(text, '@') ||
	    at == text.len || !is_clean(text))
		return false;
	ret_address->text = text;
	ret_address->local_part = str_first(text, at);
	return domain_parse(str_from(text, at + 1), &ret_address->domain);
}

bool address_parse_domain(struct str text, struct domain *ret_domain)
{
	size_t at = str_find_last(text, '@');

	return at < text.len && domain_parse(str_from(text, at + 1), ret_domain);
}
