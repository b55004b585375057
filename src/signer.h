/*
 * Signing with the administrator's certificate: CMS SignedData (RFC 5652) in DER, the content
 * inside, the chain beside it, as Apple's profiles are signed.
 */
#ifndef MAILCONFD_SIGNER_H
#define MAILCONFD_SIGNER_H

#include "diag.h"
#include "str.h"

#include <time.h>

struct signer;

/*
 * Loads a PEM file of certificates, the signer's first and its issuers behind it, and one of
 * its private key. That they belong together and the certificate is valid at `now` is
 * checked; each mistake is a diagnostic that names both files. Returns owned, or NULL.
 */
struct signer *signer_load(const char *certificate, const char *key, time_t now,
			   struct diags *diags);
void signer_free(struct signer *signer);

/*
 * Signs. Several threads may do so at once. Returns owned memory to be freed with free(), and
 * its size; NULL when it cannot be done.
 */
char *signer_sign(const struct signer *signer, struct str content, size_t *ret_len);

#endif
