/* Digests, and base64: what GnuTLS does best. */
#ifndef MAILCONFD_DIGEST_H
#define MAILCONFD_DIGEST_H

#include "buf.h"
#include "str.h"

enum {
	DIGEST_SHA1 = 20,   /* bytes; only for UUIDs of version 5 */
	DIGEST_SHA256 = 32, /* bytes */
	DIGEST_UUID = 36,   /* characters of a UUID as text, without a NUL */
};

/* False when the library cannot (a FIPS mode forbids SHA-1). */
bool digest_sha1(struct str text, unsigned char ret_digest[DIGEST_SHA1]);
bool digest_sha256(struct str text, unsigned char ret_digest[DIGEST_SHA256]);

/* Appends the base64 form of RFC 4648 section 4, with its padding. */
void digest_base64(struct buf *buf, const unsigned char *bytes, size_t len);

/* A UUID as 16 bytes. */
struct uuid {
	unsigned char bytes[16];
};

/* The name space of RFC 4122 appendix C for fully qualified domain names. */
extern const struct uuid uuid_dns;

/* The UUID of version 5 (RFC 4122 section 4.3) of a name in a name space. */
bool uuid_of_name(const struct uuid *space, struct str name, struct uuid *ret_uuid);

/* "6A0C489D-A740-5B9F-85B3-C4F6C1E9006B", without a NUL. */
void uuid_format(const struct uuid *uuid, char ret_text[DIGEST_UUID]);

#endif
