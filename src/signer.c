/*
 * Signing by GnuTLS. Without signed attributes, so without the time of day: with an RSA key
 * the same profile is the same bytes each time.
 */
#include "config.h"

#include "signer.h"

#include <gnutls/abstract.h>
#include <gnutls/pkcs7.h>
#include <gnutls/x509.h>

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/stat.h>

enum { KEY_ID_MOST = 64 };

struct signer {
	gnutls_x509_crt_t *chain; /* the signer's own first */
	unsigned chain_len;
	gnutls_privkey_t key;
};

/* What is being loaded: for messages, which name both files. */
struct loading {
	const char *certificate, *key;
	struct diags *diags;
	struct signer *signer;
};

static void report(const struct loading *loading, const char *file, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void report(const struct loading *loading, const char *file, const char *format, ...)
{
	struct place place = { .file = file };
	va_list args;

	va_start(args, format);
	diag_vadd(loading->diags, SEVERITY_ERROR, &place, NULL, format, args);
	va_end(args);
	if (strcmp(loading->certificate, loading->key) == 0)
		return; /* one file with both */
	if (strcmp(file, loading->certificate) == 0)
		diag_hint(loading->diags, "its private key: %s", loading->key);
	else
		diag_hint(loading->diags, "its certificate: %s", loading->certificate);
}

/* To be freed with forget_file(). */
static bool load_file(const struct loading *loading, const char *path, gnutls_datum_t *ret_datum)
{
	struct stat st;

	*ret_datum = (gnutls_datum_t){ 0 };
	errno = 0;
	if (stat(path, &st) == 0 && !S_ISREG(st.st_mode))
		report(loading, path, "cannot read the file: it is no regular file");
	else if (gnutls_load_file(path, ret_datum) < 0)
		report(loading, path, "cannot read the file: %s",
		       errno ? strerror(errno) : "out of memory");
	else
		return true;
	return false;
}

static void forget_file(gnutls_datum_t *datum)
{
	if (datum->data)
		gnutls_memset(datum->data, 0, datum->size);
	gnutls_free(datum->data);
	datum->data = NULL;
}

static bool load_chain(const struct loading *loading)
{
	struct signer *signer = loading->signer;
	gnutls_datum_t pem;
	int error;

	if (!load_file(loading, loading->certificate, &pem))
		return false;
	error = gnutls_x509_crt_list_import2(&signer->chain, &signer->chain_len, &pem,
					     GNUTLS_X509_FMT_PEM, 0);
	forget_file(&pem);
	if (error < 0)
		report(loading, loading->certificate,
		       "expected certificates in PEM form, the signer's own first: %s",
		       gnutls_strerror(error));
	return error >= 0;
}

/* Whoever can read the key can sign in the administrator's name. */
static void check_mode(const struct loading *loading)
{
	struct place place = { .file = loading->key };
	struct stat st;

	if (stat(loading->key, &st) == 0 && (st.st_mode & S_IROTH))
		diag_add(loading->diags, SEVERITY_WARNING, &place,
			 "everybody on this machine can read this private key: chmod o-r");
}

static bool load_key(const struct loading *loading)
{
	gnutls_datum_t pem;
	int error;

	if (!load_file(loading, loading->key, &pem))
		return false;
	error = gnutls_privkey_init(&loading->signer->key);
	if (error >= 0)
		error = gnutls_privkey_import_x509_raw(loading->signer->key, &pem,
						       GNUTLS_X509_FMT_PEM, NULL, 0);
	forget_file(&pem);
	if (error < 0)
		report(loading, loading->key,
		       "expected a private key in PEM form, without a password: %s",
		       gnutls_strerror(error));
	else
		check_mode(loading);
	return error >= 0;
}

static bool check_fit(const struct loading *loading)
{
	unsigned char of_certificate[KEY_ID_MOST], of_key[KEY_ID_MOST];
	size_t certificate_len = sizeof(of_certificate), key_len = sizeof(of_key);
	gnutls_pubkey_t public = NULL;
	bool fit = gnutls_pubkey_init(&public) >= 0 &&
		   gnutls_pubkey_import_privkey(public, loading->signer->key, 0, 0) >= 0 &&
		   gnutls_pubkey_get_key_id(public, GNUTLS_KEYID_USE_SHA256, of_key, &key_len) >= 0 &&
		   gnutls_x509_crt_get_key_id(loading->signer->chain[0], GNUTLS_KEYID_USE_SHA256,
					      of_certificate, &certificate_len) >= 0 &&
		   key_len == certificate_len && memcmp(of_key, of_certificate, key_len) == 0;

	if (public)
		gnutls_pubkey_deinit(public);
	if (!fit)
		report(loading, loading->certificate,
		       "the first certificate does not fit the private key");
	return fit;
}

static bool check_time(const struct loading *loading, unsigned i, time_t now)
{
	time_t from = gnutls_x509_crt_get_activation_time(loading->signer->chain[i]);
	time_t until = gnutls_x509_crt_get_expiration_time(loading->signer->chain[i]);
	time_t limit = now > until ? until : from;
	char date[16] = "";
	struct tm tm;

	if (now >= from && now <= until)
		return true;
	if (gmtime_r(&limit, &tm))
		strftime(date, sizeof(date), "%F", &tm);
	report(loading, loading->certificate, "%s certificate %s %s",
	       i ? "an issuer's" : "the", now > until ? "expired on" : "is not valid before", date);
	return false;
}

/* Not every kind of key can sign such a message: better known now than at a request. */
static bool check_signing(const struct loading *loading)
{
	size_t len;
	char *trial = signer_sign(loading->signer, STR("trial"), &len);

	if (!trial)
		report(loading, loading->key,
		       "GnuTLS cannot sign with this kind of key: expected RSA or ECDSA");
	free(trial);
	return trial != NULL;
}

static bool load(const struct loading *loading, time_t now)
{
	bool good = load_chain(loading);

	good &= load_key(loading);
	good = good && check_fit(loading);
	for (unsigned i = 0; good && i < loading->signer->chain_len; i++)
		good = check_time(loading, i, now);
	return good && check_signing(loading);
}

struct signer *signer_load(const char *certificate, const char *key, time_t now,
			   struct diags *diags)
{
	struct loading loading = {
		.certificate = certificate,
		.key = key ? key : certificate,
		.diags = diags,
		.signer = calloc(1, sizeof(*loading.signer)),
	};

	if (!loading.signer) {
		report(&loading, certificate, "out of memory");
		return NULL;
	}
	if (load(&loading, now))
		return loading.signer;
	signer_free(loading.signer);
	return NULL;
}

void signer_free(struct signer *signer)
{
	if (!signer)
		return;
	for (unsigned i = 0; i < signer->chain_len; i++)
		gnutls_x509_crt_deinit(signer->chain[i]);
	gnutls_free(signer->chain);
	if (signer->key)
		gnutls_privkey_deinit(signer->key);
	free(signer);
}

static int sign_into(const struct signer *signer, gnutls_pkcs7_t message, struct str content,
		     gnutls_datum_t *ret_der)
{
	const gnutls_datum_t data = {
		.data = (unsigned char *)(uintptr_t)content.p,
		.size = (unsigned)content.len,
	};
	int error = gnutls_pkcs7_sign(message, signer->chain[0], signer->key, &data, NULL, NULL,
				      GNUTLS_DIG_SHA256,
				      GNUTLS_PKCS7_EMBED_DATA | GNUTLS_PKCS7_INCLUDE_CERT);

	for (unsigned i = 1; error >= 0 && i < signer->chain_len; i++)
		error = gnutls_pkcs7_set_crt(message, signer->chain[i]);
	return error < 0 ? error : gnutls_pkcs7_export2(message, GNUTLS_X509_FMT_DER, ret_der);
}

char *signer_sign(const struct signer *signer, struct str content, size_t *ret_len)
{
	gnutls_pkcs7_t message;
	gnutls_datum_t der = { 0 };
	char *bytes = NULL;

	if (gnutls_pkcs7_init(&message) < 0)
		return NULL;
	if (sign_into(signer, message, content, &der) >= 0)
		bytes = malloc(der.size);
	if (bytes) {
		memcpy(bytes, der.data, der.size);
		*ret_len = der.size;
	}
	gnutls_free(der.data);
	gnutls_pkcs7_deinit(message);
	return bytes;
}
