/* Digests by GnuTLS. */
#include "config.h"

#include "digest.h"

#include <gnutls/crypto.h>

const struct uuid uuid_dns = { { 0x6b, 0xa7, 0xb8, 0x10, 0x9d, 0xad, 0x11, 0xd1, 0x80, 0xb4, 0x00,
				 0xc0, 0x4f, 0xd4, 0x30, 0xc8 } };

bool digest_sha1(struct str text, unsigned char ret_digest[DIGEST_SHA1])
{
	return gnutls_hash_fast(GNUTLS_DIG_SHA1, text.p, text.len, ret_digest) == 0;
}

bool digest_sha256(struct str text, unsigned char ret_digest[DIGEST_SHA256])
{
	return gnutls_hash_fast(GNUTLS_DIG_SHA256, text.p, text.len, ret_digest) == 0;
}

void digest_base64(struct buf *buf, const unsigned char *bytes, size_t len)
{
	static const char letters[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < len; i += 3) {
		size_t left = len - i;
		unsigned bits = (unsigned)bytes[i] << 16;

		bits |= left > 1 ? (unsigned)bytes[i + 1] << 8 : 0;
		bits |= left > 2 ? bytes[i + 2] : 0;
		buf_addc(buf, letters[bits >> 18]);
		buf_addc(buf, letters[bits >> 12 & 63]);
		buf_addc(buf, left > 1 ? letters[bits >> 6 & 63] : '=');
		buf_addc(buf, left > 2 ? letters[bits & 63] : '=');
	}
}

bool uuid_of_name(const struct uuid *space, struct str name, struct uuid *ret_uuid)
{
	unsigned char digest[DIGEST_SHA1];
	struct buf whole = BUF_EMPTY;
	bool good;

	buf_add(&whole, (struct str){ .p = (const char *)space->bytes, .len = 16 });
	buf_add(&whole, name);
	good = !buf_failed(&whole) && digest_sha1(buf_str(&whole), digest);
	buf_fini(&whole);
	if (!good)
		return false;
	memcpy(ret_uuid->bytes, digest, sizeof(ret_uuid->bytes));
	ret_uuid->bytes[6] = (unsigned char)((digest[6] & 0x0f) | 0x50);
	ret_uuid->bytes[8] = (unsigned char)((digest[8] & 0x3f) | 0x80);
	return true;
}

void uuid_format(const struct uuid *uuid, char ret_text[DIGEST_UUID])
{
	static const char digits[] = "0123456789ABCDEF";

	for (size_t i = 0; i < sizeof(uuid->bytes); i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			*ret_text++ = '-';
		*ret_text++ = digits[uuid->bytes[i] >> 4];
		*ret_text++ = digits[uuid->bytes[i] & 15];
	}
}
