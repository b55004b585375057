/* Asks Evolution for the account of an address.
 *
 *     evolution-probe ADDRESS PASSWORD
 *
 * Runs EConfigLookup with every look-up module that is installed (autoconfig,
 * SRV records, Exchange Web Services, ...), as "Account Look Up" of the window
 * for new accounts does, and lets each result write its settings into an
 * account. Prints lines of a key, a tab and a value:
 *
 *     worker    a look-up that has ended, and how
 *     server    incoming|outgoing, and what is in the account, with "|" between
 *     error     why nothing could be asked
 */
#include <stdio.h>
#include <unistd.h>

#include <camel/camel.h>
#include <e-util/e-util.h>
#include <gtk/gtk.h>
#include <libedataserver/libedataserver.h>

#define SOURCES (E_CONFIG_LOOKUP_SOURCE_MAIL_TRANSPORT + 1)

/* What a result may write into, by kind. */
static ESource *sources[SOURCES];

static void print_line(const char *key, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void print_line(const char *key, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	char *text = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	printf("%s\t%s\n", key, g_strdelimit(text, "\n\t", ' '));
	g_free(text);
	fflush(stdout);
}

static const char *security_name(CamelNetworkSecurityMethod method)
{
	switch (method) {
	case CAMEL_NETWORK_SECURITY_METHOD_SSL_ON_ALTERNATE_PORT:
		return "SSL";
	case CAMEL_NETWORK_SECURITY_METHOD_STARTTLS_ON_STANDARD_PORT:
		return "STARTTLS";
	default:
		return "plain";
	}
}

static void print_server(const char *kind, ESource *source, const char *extension)
{
	ESourceBackend *backend = e_source_get_extension(source, extension);
	const char *name = e_source_backend_get_backend_name(backend);
	ESourceCamel *camel = e_source_get_extension(source, e_source_camel_get_extension_name(name));
	CamelSettings *settings = e_source_camel_get_settings(camel);
	CamelNetworkSecurityMethod security = CAMEL_NETWORK_SECURITY_METHOD_NONE;
	char *host = NULL, *user = NULL, *mechanism = NULL;
	guint port = 0;

	g_object_get(settings, "host", &host, "port", &port, "user", &user, "auth-mechanism",
		     &mechanism, "security-method", &security, NULL);
	print_line("server", "%s|%s|%s|%u|%s|%s|%s", kind, name, host ? host : "", port,
		   security_name(security), mechanism ? mechanism : "", user ? user : "");
	g_free(host);
	g_free(user);
	g_free(mechanism);
}

static ESource *get_source(EConfigLookup *lookup, EConfigLookupSourceKind kind, gpointer data)
{
	return kind > E_CONFIG_LOOKUP_SOURCE_UNKNOWN && kind < SOURCES ? sources[kind] : NULL;
}

/* An account with nothing in it but the kind of its servers. */
static void renew_sources(ESource *server)
{
	for (int i = 0; i < SOURCES; i++)
		g_clear_object(&sources[i]);
	sources[E_CONFIG_LOOKUP_SOURCE_COLLECTION] = e_source_new(NULL, NULL, NULL);
	sources[E_CONFIG_LOOKUP_SOURCE_MAIL_IDENTITY] = e_source_new(NULL, NULL, NULL);
	sources[E_CONFIG_LOOKUP_SOURCE_MAIL_ACCOUNT] = g_object_ref(server);
	sources[E_CONFIG_LOOKUP_SOURCE_MAIL_TRANSPORT] = g_object_ref(server);
}

static void apply_result(EConfigLookup *lookup, EConfigLookupResult *result)
{
	EConfigLookupResultKind kind = e_config_lookup_result_get_kind(result);
	gboolean incoming = kind == E_CONFIG_LOOKUP_RESULT_MAIL_RECEIVE;
	const char *extension = incoming ? E_SOURCE_EXTENSION_MAIL_ACCOUNT :
					   E_SOURCE_EXTENSION_MAIL_TRANSPORT;

	if (!incoming && kind != E_CONFIG_LOOKUP_RESULT_MAIL_SEND)
		return;
	ESource *server = e_source_new(NULL, NULL, NULL);
	e_source_backend_set_backend_name(e_source_get_extension(server, extension),
					  e_config_lookup_result_get_protocol(result));
	renew_sources(server);
	if (e_config_lookup_result_configure_source(result, lookup, server))
		print_server(incoming ? "incoming" : "outgoing", server, extension);
	g_object_unref(server);
}

static void worker_finished(EConfigLookup *lookup, EConfigLookupWorker *worker,
			    const ENamedParameters *parameters, const GError *error, gpointer data)
{
	print_line("worker", "%s: %s", G_OBJECT_TYPE_NAME(worker), error ? error->message : "done");
}

static void looked_up(GObject *object, GAsyncResult *result, gpointer data)
{
	EConfigLookup *lookup = E_CONFIG_LOOKUP(object);

	e_config_lookup_run_finish(lookup, result);
	GSList *found = e_config_lookup_dup_results(lookup, E_CONFIG_LOOKUP_RESULT_UNKNOWN, NULL);
	for (GSList *item = found; item; item = item->next)
		apply_result(lookup, item->data);
	g_slist_free_full(found, g_object_unref);
	gtk_main_quit();
}

static void look_up(ESourceRegistry *registry, const char *address, const char *password)
{
	ENamedParameters *parameters = e_named_parameters_new();
	EConfigLookup *lookup;

	g_list_free_full(e_module_load_all_in_directory(EVOLUTION_MODULEDIR),
			 (GDestroyNotify)g_type_module_unuse);
	lookup = e_config_lookup_new(registry);
	g_signal_connect(lookup, "get-source", G_CALLBACK(get_source), NULL);
	g_signal_connect(lookup, "worker-finished", G_CALLBACK(worker_finished), NULL);
	e_named_parameters_set(parameters, E_CONFIG_LOOKUP_PARAM_EMAIL_ADDRESS, address);
	e_named_parameters_set(parameters, E_CONFIG_LOOKUP_PARAM_PASSWORD, password);
	e_named_parameters_set(parameters, E_CONFIG_LOOKUP_PARAM_REMEMBER_PASSWORD, "");
	e_config_lookup_run(lookup, parameters, NULL, looked_up, NULL);
	gtk_main();
}

int main(int argc, char **argv)
{
	GError *error = NULL;

	if (argc != 3) {
		fprintf(stderr, "usage: evolution-probe ADDRESS PASSWORD\n");
		return 2;
	}
	e_util_init_main_thread(NULL);
	if (!gtk_init_check(&argc, &argv)) {
		print_line("error", "no display");
		return 2;
	}
	camel_init(g_get_user_data_dir(), FALSE);
	camel_provider_init();
	e_source_camel_register_types();
	ESourceRegistry *registry = e_source_registry_new_sync(NULL, &error);
	if (!registry) {
		print_line("error", "no source registry: %s", error->message);
		return 2;
	}
	look_up(registry, argv[1], argv[2]);
	fflush(stdout);
	_exit(0); /* the registry's threads are not waited for */
}
