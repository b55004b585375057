/*
 * libmicrohttpd to requests, replies to libmicrohttpd.
 *
 * The answer to a GET that depends on the domain alone is made once and kept as the library
 * wants it, with its header fields: the next request for it is a look-up.
 */
#include "config.h"

#include "http.h"

#include "exchange.h"
#include "log.h"
#include "route.h"

#include <microhttpd.h>
#include <stdlib.h>
#include <sys/socket.h>

enum {
	KEPT_REPLIES = 256,   /* a power of two; some 3 kB each when all are in use */
	KEPT_SIZE_MOST = 4096, /* bytes of a body that is kept */
	DRAIN_IDLE_SECONDS = 1,
};

/* A prepared reply; `program` and `domain` say which. */
struct kept_reply {
	const struct program *program;
	struct domain domain;
	struct MHD_Response *response;
};

struct http {
	struct MHD_Daemon *daemon;
	struct http_limits limits;
	struct snapshot *const *snapshot;
	bool public_http;
	bool draining;
	struct connection *connections; /* all that are open */
	unsigned connection_count;
	struct exchange *spare;		/* for the next request */
	struct kept_reply kept[KEPT_REPLIES];
	struct MHD_Response *not_found; /* the most frequent answer of all, kept as well */
	struct reply reply; /* in the making */
};

/* A connection; lives from accept to close. */
struct connection {
	struct connection *next, **link;
	struct MHD_Connection *handle;
	struct http *http;
	struct ip ip;
	bool has_ip; /* unix sockets have none */
	bool trusted;
	bool counted;
	bool busy; /* a request is being read or answered */
};

/* A request; lives from its first line to the end of its answer. */
struct exchange {
	struct exchange *next_spare;
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
	struct ip ip;

	(void)address_len;
	if (!http->limits.peers || !ip_of_sockaddr(address, &ip) ||
	    (!http->public_http && proxies_trust(&http->limits.proxies, &ip)))
		return MHD_YES;
	if (!peers_is_full(http->limits.peers, &ip))
		return MHD_YES;
	log_line(LOG_WARNING, "too many connections from one address: refused one");
	return MHD_NO;
}

static void begin_connection(struct http *http, struct MHD_Connection *handle,
			     void **socket_context)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(handle, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	struct connection *connection = calloc(1, sizeof(*connection));

	if (!connection)
		return; /* its requests find no context, and are refused */
	connection->handle = handle;
	connection->http = http;
	connection->has_ip = info && ip_of_sockaddr(info->client_addr, &connection->ip);
	connection->trusted =
		!http->public_http &&
		(!connection->has_ip || proxies_trust(&http->limits.proxies, &connection->ip));
	connection->counted =
		http->limits.peers && connection->has_ip && !connection->trusted;
	if (connection->counted)
		peers_enter(http->limits.peers, &connection->ip);
	connection->next = http->connections;
	connection->link = &http->connections;
	if (connection->next)
		connection->next->link = &connection->next;
	http->connections = connection;
	http->connection_count++;
	*socket_context = connection;
}

static void end_connection(struct connection *connection)
{
	struct http *http = connection->http;

	if (connection->counted)
		peers_leave(http->limits.peers, &connection->ip);
	http->connection_count--;
	*connection->link = connection->next;
	if (connection->next)
		connection->next->link = connection->link;
	free(connection);
}

static void on_connection(void *closure, struct MHD_Connection *handle, void **socket_context,
			  enum MHD_ConnectionNotificationCode code)
{
	if (code == MHD_CONNECTION_NOTIFY_STARTED)
		begin_connection(closure, handle, socket_context);
	else if (*socket_context)
		end_connection(*socket_context);
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
	exchange->connection->busy = false;
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

/* --- Replies ------------------------------------------------------------------------- */

static void add_field(struct MHD_Response *response, const char *name, const char *value)
{
	if (value && value[0] && MHD_add_response_header(response, name, value) != MHD_YES)
		log_line(LOG_ERROR, "cannot send the field %s: out of memory", name);
}

static struct MHD_Response *make_response(const struct reply *reply, bool closing)
{
	size_t size = reply_size(reply);
	char *bytes = malloc(size ? size : 1);
	struct MHD_Response *response = NULL;

	if (bytes) {
		reply_write(reply, bytes);
		response = MHD_create_response_from_buffer(size, bytes, MHD_RESPMEM_MUST_FREE);
	}
	if (!response) {
		free(bytes);
		return NULL;
	}
	add_field(response, "Content-Type", reply->content_type);
	add_field(response, "Cache-Control", reply->cache_control);
	add_field(response, "ETag", reply->etag);
	add_field(response, "Allow", reply->allow);
	add_field(response, "Location", reply->location);
	add_field(response, "Access-Control-Allow-Origin", reply->any_origin ? "*" : NULL);
	add_field(response, "X-Content-Type-Options", "nosniff");
	if (closing)
		add_field(response, "Connection", "close");
	return response;
}

/*
 * One program asks again and again after a 404, 25 times a second, and never stops: the
 * answer to it must not cost more than a good one.
 */
static enum MHD_Result send_not_found(struct http *http, struct MHD_Connection *handle)
{
	if (!http->not_found)
		http->not_found = make_response(&http->reply, false);
	if (!http->not_found)
		return MHD_NO;
	return MHD_queue_response(handle, 404, http->not_found);
}

/* The place for a reply that depends on program and domain alone, or NULL. */
static struct kept_reply *place_of(struct http *http, const struct reply *reply)
{
	struct str domain = reply->values.hole[HOLE_DOMAIN];
	const unsigned holes = 1u << HOLE_DOMAIN;

	if (!reply->program || reply->status != 200 || !reply->etag[0] || http->draining ||
	    (reply->program->holes_used & ~holes) || domain.len > DOMAIN_MOST)
		return NULL;
	return &http->kept[reply->digest & (KEPT_REPLIES - 1)];
}

static bool is_kept(const struct kept_reply *kept, const struct reply *reply)
{
	return kept->response && kept->program == reply->program &&
	       str_eq(domain_str(&kept->domain), reply->values.hole[HOLE_DOMAIN]);
}

static void keep(struct kept_reply *kept, const struct reply *reply,
		 struct MHD_Response *response)
{
	struct str domain = reply->values.hole[HOLE_DOMAIN];

	if (reply_size(reply) > KEPT_SIZE_MOST)
		return;
	if (kept->response)
		MHD_destroy_response(kept->response);
	kept->program = reply->program;
	kept->domain.len = domain.len;
	memcpy(kept->domain.text, domain.p, domain.len);
	kept->response = response;
}

/* One answer. The response that is queued is freed by the library when it has been sent. */
static enum MHD_Result send_reply(struct http *http, struct MHD_Connection *handle,
				  bool closing)
{
	const struct reply *reply = &http->reply;
	struct kept_reply *kept = place_of(http, reply);
	struct MHD_Response *response;
	enum MHD_Result result;

	if (kept && is_kept(kept, reply))
		return MHD_queue_response(handle, reply->status, kept->response);
	if (reply->status == 404 && !closing && !http->draining)
		return send_not_found(http, handle);
	response = make_response(reply, closing || http->draining);
	if (!response)
		return MHD_NO; /* no memory even for an error: the connection is closed */
	result = MHD_queue_response(handle, reply->status, response);
	if (kept)
		keep(kept, reply, response);
	if (!kept || kept->response != response)
		MHD_destroy_response(response);
	return result;
}

static enum MHD_Result refuse(struct exchange *exchange, unsigned status)
{
	struct http *http = exchange->connection->http;

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
	struct connection *connection = exchange->connection;
	const struct http_limits *limits = &connection->http->limits;
	unsigned status;

	exchange->begun = true;
	MHD_get_connection_values_n(connection->handle, MHD_HEADER_KIND, on_field,
				    &exchange->fields);
	status = fields_verdict(&exchange->fields, strcmp(version, "HTTP/1.1") == 0,
				limits->body);
	if (!status && header_size(connection->handle) > limits->header)
		status = exchange->target.len > limits->header / 2 ? 414 : 431;
	/*
	 * A response that is queued here makes libmicrohttpd close the connection after it,
	 * which is what a refusal wants, and nothing else does.
	 */
	return status ? refuse(exchange, status) : MHD_YES;
}

static enum MHD_Result take_body(struct exchange *exchange, const char *bytes, size_t *size)
{
	struct connection *connection = exchange->connection;
	struct str piece = { .p = bytes, .len = *size };

	if (!body_add(&exchange->body, piece, connection->http->limits.body))
		return MHD_NO;
	*size = 0;
	return exchange->body.seen > BODY_DROPPED_MOST ? MHD_NO : MHD_YES;
}

/* What a trusted proxy says of the client; nobody else is asked. */
static void apply_forwarded(struct exchange *exchange, struct request *request)
{
	struct connection *connection = exchange->connection;
	const struct http_limits *limits = &connection->http->limits;
	struct forwarded forwarded;

	request->secure = !connection->http->public_http;
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
	struct peers *peers = exchange->connection->http->limits.peers;

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
	struct http *http = connection->http;
	struct request request = {
		.method = method_of(method),
		.target = exchange->target,
		.host = exchange->fields.host,
		.if_none_match = exchange->fields.if_none_match,
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
	/* Up to 32 KiB the library takes it from the heap, beyond that by a call to the kernel. */
	size_t memory = (size_t)limits->header * 2;

	if (!http)
		return NULL;
	http->limits = *limits;
	http->public_http = public_http;
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
	for (size_t i = 0; i < KEPT_REPLIES; i++) {
		if (http->kept[i].response)
			MHD_destroy_response(http->kept[i].response);
		http->kept[i].response = NULL;
	}
	if (http->not_found)
		MHD_destroy_response(http->not_found);
	http->not_found = NULL;
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

	do {
		was_full = http->connection_count >= http->limits.connections;
		MHD_run(http->daemon);
	} while (was_full && http->connection_count < http->limits.connections);
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
	for (struct connection *connection = http->connections; connection;
	     connection = connection->next) {
		if (!connection->busy)
			MHD_set_connection_option(connection->handle,
						  MHD_CONNECTION_OPTION_TIMEOUT,
						  (unsigned)DRAIN_IDLE_SECONDS);
	}
}

size_t http_connections(const struct http *http)
{
	return http->connection_count;
}
