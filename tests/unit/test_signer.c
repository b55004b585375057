/* Signing: what is loaded, what is said of what cannot be, and what comes out. */
#include "unit.h"

#include "signer.h"

#include <gnutls/pkcs7.h>
#include <gnutls/x509.h>

/* The validity of all certificates here: from 2020 until 2040. */
#define SINCE 1600000000L
#define UNTIL 2230720000L
#define NOW 1800000000L

/* A self-signed certificate. */
static gnutls_x509_crt_t make_certificate(gnutls_x509_privkey_t key)
{
	gnutls_x509_crt_t certificate;

	assert_int_equal(gnutls_x509_crt_init(&certificate), 0);
	assert_int_equal(gnutls_x509_crt_set_version(certificate, 3), 0);
	assert_int_equal(gnutls_x509_crt_set_serial(certificate, "\1", 1), 0);
	assert_int_equal(gnutls_x509_crt_set_dn(certificate, "CN=signer", NULL), 0);
	assert_int_equal(gnutls_x509_crt_set_activation_time(certificate, SINCE), 0);
	assert_int_equal(gnutls_x509_crt_set_expiration_time(certificate, UNTIL), 0);
	assert_int_equal(gnutls_x509_crt_set_key(certificate, key), 0);
	assert_int_equal(gnutls_x509_crt_sign2(certificate, certificate, key, GNUTLS_DIG_SHA256, 0), 0);
	return certificate;
}

/* Writes NAME.pem and NAME.key. */
static void write_pair(struct unit *unit, const char *name, gnutls_pk_algorithm_t kind,
		       unsigned bits)
{
	gnutls_x509_privkey_t key;
	gnutls_x509_crt_t certificate;
	gnutls_datum_t pem;
	char file[64];

	assert_int_equal(gnutls_x509_privkey_init(&key), 0);
	assert_int_equal(gnutls_x509_privkey_generate(key, kind, bits, 0), 0);
	certificate = make_certificate(key);
	assert_int_equal(gnutls_x509_crt_export2(certificate, GNUTLS_X509_FMT_PEM, &pem), 0);
	snprintf(file, sizeof(file), "%s.pem", name);
	unit_write_bytes(unit, file, (struct str){ (const char *)pem.data, pem.size });
	gnutls_free(pem.data);
	assert_int_equal(gnutls_x509_privkey_export2_pkcs8(key, GNUTLS_X509_FMT_PEM, NULL,
							    GNUTLS_PKCS_PLAIN, &pem),
			 0);
	snprintf(file, sizeof(file), "%s.key", name);
	unit_write_bytes(unit, file, (struct str){ (const char *)pem.data, pem.size });
	assert_int_equal(chmod(unit->path, 0600), 0);
	gnutls_free(pem.data);
	gnutls_x509_crt_deinit(certificate);
	gnutls_x509_privkey_deinit(key);
}

static struct signer *load(struct unit *unit, const char *certificate, const char *key, time_t now)
{
	char paths[2][600];

	snprintf(paths[0], sizeof(paths[0]), "%s/%s", unit->folder, certificate);
	snprintf(paths[1], sizeof(paths[1]), "%s/%s", unit->folder, key ? key : "");
	return signer_load(paths[0], key ? paths[1] : NULL, now, unit->diags);
}

/* What is inside, once the signature is found good. */
static void check_message(const char *bytes, size_t len, const char *wanted)
{
	gnutls_datum_t der = { (unsigned char *)(uintptr_t)bytes, (unsigned)len };
	gnutls_datum_t content, own;
	gnutls_x509_crt_t signer;
	gnutls_pkcs7_t message;

	assert_int_equal(gnutls_pkcs7_init(&message), 0);
	assert_int_equal(gnutls_pkcs7_import(message, &der, GNUTLS_X509_FMT_DER), 0);
	assert_int_equal(gnutls_pkcs7_get_crt_count(message), 1);
	assert_int_equal(gnutls_pkcs7_get_crt_raw2(message, 0, &own), 0);
	assert_int_equal(gnutls_x509_crt_init(&signer), 0);
	assert_int_equal(gnutls_x509_crt_import(signer, &own, GNUTLS_X509_FMT_DER), 0);
	assert_int_equal(gnutls_pkcs7_verify_direct(message, signer, 0, NULL, 0), 0);
	assert_int_equal(gnutls_pkcs7_get_embedded_data(message, 0, &content), 0);
	assert_str(((struct str){ (const char *)content.data, content.size }), wanted);
	gnutls_free(content.data);
	gnutls_free(own.data);
	gnutls_x509_crt_deinit(signer);
	gnutls_pkcs7_deinit(message);
}

static void signing(void **state)
{
	static const struct {
		int line;
		gnutls_pk_algorithm_t kind;
		unsigned bits;
		bool same; /* each time */
	} rows[] = {
		{ __LINE__, GNUTLS_PK_RSA, 2048, true },
		{ __LINE__, GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), false },
	};
	struct unit *unit = *state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct signer *signer;
		char *first, *second;
		size_t first_len, second_len;

		write_pair(unit, "a", rows[i].kind, rows[i].bits);
		signer = load(unit, "a.pem", "a.key", NOW);
		assert_string_equal(unit_findings(unit), "");
		ROW_TRUE(&rows[i], signer != NULL);
		first = signer_sign(signer, STR("text\r\n\n & more"), &first_len);
		second = signer_sign(signer, STR("text\r\n\n & more"), &second_len);
		ROW_TRUE(&rows[i], first && second);
		check_message(first, first_len, "text\r\n\n & more");
		check_message(second, second_len, "text\r\n\n & more");
		ROW_INT(&rows[i],
			first_len == second_len && memcmp(first, second, first_len) == 0,
			rows[i].same);
		free(first);
		free(second);
		first = signer_sign(signer, STR(""), &first_len);
		ROW_TRUE(&rows[i], first != NULL);
		free(first);
		signer_free(signer);
	}
	signer_free(NULL);
}

/* What is said, exactly. */
static void mistakes(void **state)
{
	static const struct {
		int line;
		const char *certificate, *key; /* whose; NULL: no file */
		time_t when;
		const char *said; /* less the folder's name */
	} rows[] = {
		{ __LINE__, "a.pem", "a.key", NOW, "" },
		{ __LINE__, "a.pem", "a.key", UNTIL, "" },
		{ __LINE__, "a.pem", "a.key", SINCE, "" },
		{ __LINE__, "a.pem", "a.key", UNTIL + 1,
		  "a.pem: error: the certificate expired on 2040-09-08\n    its private key: a.key\n" },
		{ __LINE__, "a.pem", "a.key", SINCE - 1,
		  "a.pem: error: the certificate is not valid before 2020-09-13\n"
		  "    its private key: a.key\n" },
		{ __LINE__, "a.pem", "b.key", NOW,
		  "a.pem: error: the first certificate does not fit the private key\n"
		  "    its private key: b.key\n" },
		{ __LINE__, "a.pem", "none", NOW,
		  "none: error: cannot read the file: No such file or directory\n"
		  "    its certificate: a.pem\n" },
		{ __LINE__, "none", "a.key", NOW,
		  "none: error: cannot read the file: No such file or directory\n"
		  "    its private key: a.key\n" },
		{ __LINE__, "none", "none2", NOW,
		  "none: error: cannot read the file: No such file or directory\n"
		  "    its private key: none2\n"
		  "none2: error: cannot read the file: No such file or directory\n"
		  "    its certificate: none\n" },
		{ __LINE__, "a.pem", ".", NOW,
		  ".: error: cannot read the file: it is no regular file\n"
		  "    its certificate: a.pem\n" },
		/* one file has to have both */
		{ __LINE__, "both.pem", NULL, NOW, "" },
		{ __LINE__, "both.pem", "both.pem", NOW, "" },
		{ __LINE__, "none", NULL, NOW,
		  "none: error: cannot read the file: No such file or directory\n"
		  "none: error: cannot read the file: No such file or directory\n" },
	};
	struct unit *unit = *state;
	char command[2000];

	write_pair(unit, "a", GNUTLS_PK_RSA, 2048);
	write_pair(unit, "b", GNUTLS_PK_RSA, 2048);
	snprintf(command, sizeof(command), "cd '%s' && umask 077 && cat a.key a.pem >both.pem",
		 unit->folder);
	assert_int_equal(system(command), 0);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct signer *signer;

		unit_fresh(unit);
		signer = load(unit, rows[i].certificate, rows[i].key, rows[i].when);
		ROW_STR(&rows[i], str_of(unit_findings(unit)), rows[i].said);
		ROW_INT(&rows[i], signer != NULL, rows[i].said[0] == '\0');
		signer_free(signer);
	}
}

static void open_key(void **state)
{
	struct unit *unit = *state;
	struct signer *signer;

	write_pair(unit, "a", GNUTLS_PK_RSA, 2048);
	assert_int_equal(chmod(unit->path, 0604), 0);
	signer = load(unit, "a.pem", "a.key", NOW);
	assert_non_null(signer);
	assert_string_equal(unit_findings(unit), "a.key: warning: everybody on this machine can read "
						 "this private key: chmod o-r\n");
	signer_free(signer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_TEST(signing),
		UNIT_TEST(mistakes),
		UNIT_TEST(open_key),
	};

	return cmocka_run_group_tests_name("signer", tests, NULL, NULL);
}
