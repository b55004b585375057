/* libmicrohttpd to requests. Replies to libmicrohttpd: http_reply.c. */
#include "config.h"

#include "http.h"

#include "exchange.h"
#include "http_reply.h"
#include "log.h"
#include "route.h"

#include <microhttpd.h>
#include <stdlib.h>

enum {
	DRAIN_IDLE_SECONDS = 1,
	REQUEST_TIMEOUTS = 3, /* a request may take so many idle timeouts */
};

struct http {
	struct MHD_Daemon *daemon;
	struct http_limits limits;
	struct snapshot *const *snapshot;
	bool draining;
	struct connections connections;
	struct exchange *spare; /* for the next request */
	struct reply_store store;
	struct reply reply; /* in the making */
};

/* A request; lives from its first line to the end of its answer. */
struct exchange {
	struct exchange *next_spare;
	struct http *http;
	struct connection *connection;
	struct str target;
	size_t target_size;
	char *target_bytes;
	struct fields fields;
	struct body body;
	bool begun;
	bool counted; /* at `client`, among the peers */
	struct ip client;
};

/* --- Connections --------------------------------------------------------------------- */

static enum MHD_Result on_accept(void *closure, const struct sockaddr *address,
				 socklen_t address_len)
{
	struct http *http = closure;

	(void)address_len;
	return connections_admit(&http->connections, address) ? MHD_YES : MHD_NO;
}

/*
 * What the library returns here is one place for all questions since its version 1.0: each
 * answer is taken before the next is asked for.
 */
static void begin_connection(struct http *http, struct MHD_Connection *handle,
			     void **socket_context)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(handle, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	const struct sockaddr *address = info ? info->client_addr : NULL;
	int fd;

	info = MHD_get_connection_info(handle, MHD_CONNECTION_INFO_CONNECTION_FD);
	fd = info ? info->connect_fd : -1;
	/* Without memory for it there is no context, and its requests are refused. */
	*socket_context = connection_open(&http->connections, address, fd, handle);
}

static void on_connection(void *closure, struct MHD_Connection *handle, void **socket_context,
			  enum MHD_ConnectionNotificationCode code)
{
	struct http *http = closure;

	if (code == MHD_CONNECTION_NOTIFY_STARTED)
		begin_connection(http, handle, socket_context);
	else if (*socket_context)
		connection_close(&http->connections, *socket_context);
}

/* --- Requests ------------------------------------------------------------------------ */

static struct connection *connection_of(struct MHD_Connection *handle)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(handle, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

	return info ? info->socket_context : NULL;
}

static struct exchange *take_exchange(struct http *http)
{
	struct exchange *exchange = http->spare;

	if (!exchange)
		return calloc(1, sizeof(*exchange));
	http->spare = exchange->next_spare;
	return exchange;
}

/* The target is kept as sent: the library would decode it, and cut it at a NUL. */
static bool copy_target(struct exchange *exchange, const char *target)
{
	size_t len = strlen(target);

	if (len >= exchange->target_size) {
		size_t size = len + 64;
		char *bytes = realloc(exchange->target_bytes, size);

		if (!bytes)
			return false;
		exchange->target_bytes = bytes;
		exchange->target_size = size;
	}
	memcpy(exchange->target_bytes, target, len);
	exchange->target = (struct str){ .p = exchange->target_bytes, .len = len };
	return true;
}

static void free_exchange(struct exchange *exchange)
{
	free(exchange->target_bytes);
	free(exchange->body.bytes);
	free(exchange);
}

/* The library calls this first for each request; what it returns is the request's context. */
static void *on_target(void *closure, const char *target, struct MHD_Connection *handle)
{
	struct http *http = closure;
	struct connection *connection = connection_of(handle);
	struct exchange *exchange = connection ? take_exchange(http) : NULL;

	if (!exchange)
		return NULL;
	if (!copy_target(exchange, target)) {
		free_exchange(exchange);
		return NULL;
	}
	connection->busy = true;
	exchange->http = http;
	exchange->connection = connection;
	return exchange;
}

static void on_completed(void *closure, struct MHD_Connection *handle, void **context,
			 enum MHD_RequestTerminationCode code)
{
	struct http *http = closure;
	struct exchange *exchange = *context;

	(void)handle;
	(void)code;
	if (!exchange)
		return;
	connection_rest(exchange->connection);
	if (exchange->counted)
		peers_leave(http->limits.peers, &exchange->client);
	/* What a request held must not stay in memory longer than the request. */
	if (exchange->body.bytes)
		explicit_bzero(exchange->body.bytes, exchange->body.len);
	explicit_bzero(exchange->target_bytes, exchange->target.len);
	free(exchange->body.bytes);
	exchange->body = (struct body){ 0 };
	exchange->fields = (struct fields){ 0 };
	exchange->begun = exchange->counted = false;
	exchange->next_spare = http->spare;
	http->spare = exchange;
	*context = NULL;
}

static enum MHD_Result on_field(void *closure, enum MHD_ValueKind kind, const char *name,
				size_t name_len, const char *value, size_t value_len)
{
	(void)kind;
	fields_note(closure, (struct str){ .p = name, .len = name_len },
		    (struct str){ .p = value, .len = value_len });
	return MHD_YES;
}

static enum method method_of(const char *name)
{
	static const struct {
		const char *name;
		enum method method;
	} methods[] = {
		{ "GET", METHOD_GET },
		{ "HEAD", METHOD_HEAD },
		{ "POST", METHOD_POST },
		{ "OPTIONS", METHOD_OPTIONS },
	};

	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
		if (strcmp(methods[i].name, name) == 0)
			return methods[i].method;
	}
	return METHOD_OTHER;
}

static enum MHD_Result send_reply(struct http *http, struct MHD_Connection *handle,
				  bool closing)
{
	enum MHD_Result result = reply_store_send(&http->store, handle, &http->reply,
						  closing || http->draining);

	reply_fini(&http->reply);
	return result;
}

static enum MHD_Result refuse(struct exchange *exchange, unsigned status)
{
	struct http *http = exchange->http;

	reply_error(&http->reply, status);
	log_line(LOG_DEBUG, "refused: %u", status);
	return send_reply(http, exchange->connection->handle, true);
}

/* --- The way of a request ------------------------------------------------------------ */

static unsigned header_size(struct MHD_Connection *handle)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(handle, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);

	return info ? (unsigned)info->header_size : 0;
}

/* The header is complete: may the body come? */
static enum MHD_Result begin(struct exchange *exchange, const char *version)
{
	struct MHD_Connection *handle = exchange->connection->handle;
	const struct http_limits *limits = &exchange->http->limits;
	unsigned status;

	exchange->begun = true;
	MHD_get_connection_values_n(handle, MHD_HEADER_KIND, on_field,
				    &exchange->fields);
	status = fields_verdict(&exchange->fields, strcmp(version, "HTTP/1.1") == 0,
				limits->body);
	if (!status && header_size(handle) > limits->header)
		status = exchange->target.len > limits->header / 2 ? 414 : 431;
	/*
	 * A response that is queued here makes libmicrohttpd close the connection after it,
	 * which is what a refusal wants, and nothing else does.
	 */
	return status ? refuse(exchange, status) : MHD_YES;
}

static enum MHD_Result take_body(struct exchange *exchange, const char *bytes, size_t *size)
{
	struct str piece = { .p = bytes, .len = *size };

	if (!body_add(&exchange->body, piece, exchange->http->limits.body))
		return MHD_NO;
	*size = 0;
	return exchange->body.seen > BODY_DROPPED_MOST ? MHD_NO : MHD_YES;
}

/* What a trusted proxy says of the client; nobody else is asked. */
static void apply_forwarded(struct exchange *exchange, struct request *request)
{
	struct connection *connection = exchange->connection;
	const struct http_limits *limits = &exchange->http->limits;
	struct forwarded forwarded;

	request->secure = !exchange->http->connections.public_http;
	if (!connection->trusted)
		return;
	forwarded = forwarded_read(&exchange->fields.forwarded, &limits->proxies);
	if (forwarded.host.len)
		request->host = forwarded.host;
	if (forwarded.insecure)
		request->secure = false;
	exchange->client = forwarded.client;
	exchange->counted = forwarded.has_client && limits->peers;
}

/* Requests that a proxy forwards count for the client behind it. */
static bool enter_client(struct exchange *exchange)
{
	struct peers *peers = exchange->http->limits.peers;

	if (!exchange->counted)
		return true;
	if (peers_is_full(peers, &exchange->client)) {
		exchange->counted = false;
		log_line(LOG_WARNING, "too many requests at once for one address: refused one");
		return false;
	}
	peers_enter(peers, &exchange->client);
	return true;
}

static enum MHD_Result answer(struct exchange *exchange, const char *method)
{
	struct connection *connection = exchange->connection;
	struct http *http = exchange->http;
	struct request request = {
		.method = method_of(method),
		.target = exchange->target,
		.host = exchange->fields.host,
		.if_none_match = exchange->fields.if_none_match,
		.accept_language = exchange->fields.accept_language,
		.user_agent = exchange->fields.user_agent,
		.body = { .p = exchange->body.bytes, .len = exchange->body.len },
		.now = time(NULL),
	};
	const char *protocol;

	apply_forwarded(exchange, &request);
	if (!enter_client(exchange)) {
		reply_error(&http->reply, 429);
		return send_reply(http, connection->handle, false);
	}
	if (exchange->body.seen > exchange->body.len)
		return refuse(exchange, 413);
	protocol = route(*http->snapshot, &request, &http->reply);
	if (log_wants(LOG_DEBUG))
		log_line(LOG_DEBUG, "%s: %u", protocol, http->reply.status);
	return send_reply(http, connection->handle, false);
}

/* Called at the end of the header, for each piece of the body, and at the end of it all. */
static enum MHD_Result on_request(void *closure, struct MHD_Connection *handle,
				  const char *url, const char *method, const char *version,
				  const char *upload_data, size_t *upload_data_size,
				  void **context)
{
	struct exchange *exchange = *context;

	(void)closure;
	(void)handle;
	(void)url;
	if (!exchange)
		return MHD_NO; /* there was no memory for it */
	if (!exchange->begun)
		return begin(exchange, version);
	if (*upload_data_size)
		return take_body(exchange, upload_data, upload_data_size);
	return answer(exchange, method);
}

/* The target is decoded by uri.c; the library's idea of it is not used. */
static size_t on_unescape(void *closure, struct MHD_Connection *handle, char *text)
{
	(void)closure;
	(void)handle;
	return strlen(text);
}

/* The library's messages may quote what a client sent: only the fact is worth a line. */
static void on_library_message(void *closure, const char *format, va_list args)
{
	(void)closure;
	(void)format;
	(void)args;
	log_line(LOG_DEBUG, "libmicrohttpd: a connection was given up");
}

/* --- From outside -------------------------------------------------------------------- */

struct http *http_new(int fd, bool public_http, const struct http_limits *limits,
			  struct snapshot *const *snapshot)
{
	struct http *http = calloc(1, sizeof(*http));
	/*
	 * The library clears all of it for each request, so it is no larger than the header,
	 * the answer's header, and room to answer a header that is too large. Up to 32 KiB it
	 * is from the heap, beyond that each connection costs two calls to the kernel.
	 */
	size_t memory = (size_t)limits->header + 8192;

	if (!http)
		return NULL;
	http->limits = *limits;
	http->connections = (struct connections){
		.proxies = &http->limits.proxies,
		.peers = limits->peers,
		.public_http = public_http,
		.patience = (time_t)limits->idle * REQUEST_TIMEOUTS,
	};
	http->snapshot = snapshot;
	http->daemon = MHD_start_daemon(
		MHD_USE_EPOLL | MHD_USE_TURBO | MHD_USE_ERROR_LOG, 0, on_accept, http,
		on_request, http,
		MHD_OPTION_EXTERNAL_LOGGER, on_library_message, NULL,
		MHD_OPTION_LISTEN_SOCKET, fd,
		MHD_OPTION_CONNECTION_LIMIT, limits->connections,
		MHD_OPTION_CONNECTION_TIMEOUT, limits->idle,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, memory,
		MHD_OPTION_NOTIFY_CONNECTION, on_connection, http,
		MHD_OPTION_NOTIFY_COMPLETED, on_completed, http,
		MHD_OPTION_URI_LOG_CALLBACK, on_target, http,
		MHD_OPTION_UNESCAPE_CALLBACK, on_unescape, NULL,
		MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1,
		MHD_OPTION_END);
	if (!http->daemon) {
		free(http);
		return NULL;
	}
	return http;
}

void http_forget(struct http *http)
{
	reply_store_forget(&http->store);
}

void http_free(struct http *http)
{
	if (!http)
		return;
	MHD_quiesce_daemon(http->daemon); /* else the library would close the socket */
	MHD_stop_daemon(http->daemon);
	http_forget(http);
	while (http->spare) {
		struct exchange *exchange = http->spare;

		http->spare = exchange->next_spare;
		free_exchange(exchange);
	}
	free(http);
}

int http_fd(const struct http *http)
{
	const union MHD_DaemonInfo *info =
		MHD_get_daemon_info(http->daemon, MHD_DAEMON_INFO_EPOLL_FD);

	return info ? info->epoll_fd : -1;
}

/*
 * When the table of connections was full, the library stopped listening, and begins again
 * only in the next run after one has gone.
 */
void http_run(struct http *http)
{
	bool was_full;

	connections_sweep(&http->connections);
	do {
		was_full = http->connections.count >= http->limits.connections;
		MHD_run(http->daemon);
	} while (was_full && http->connections.count < http->limits.connections);
}

int http_timeout(const struct http *http)
{
	MHD_UNSIGNED_LONG_LONG timeout;

	if (MHD_get_timeout(http->daemon, &timeout) != MHD_YES)
		return -1;
	return timeout > 60000 ? 60000 : (int)timeout;
}

void http_drain(struct http *http)
{
	http->draining = true;
	http_forget(http); /* they say nothing of closing */
	/* Each run takes some of the queue; whoever is in it has been told "connected". */
	for (int i = 0; i < 64; i++)
		MHD_run(http->daemon);
	MHD_quiesce_daemon(http->daemon);
	for (struct connection *connection = http->connections.first; connection;
	     connection = connection->next) {
		if (!connection->busy)
			MHD_set_connection_option(connection->handle,
						  MHD_CONNECTION_OPTION_TIMEOUT,
						  (unsigned)DRAIN_IDLE_SECONDS);
	}
}

size_t http_connections(const struct http *http)
{
	return http->connections.count;
}
