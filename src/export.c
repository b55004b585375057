/*
 * The questions. The paths are a list of their own, for route() cannot be asked for one:
 * what it does not answer (yet, or for this provider) is simply left out.
 */
#include "config.h"

#include "export.h"

#include "buf.h"
#include "route.h"

#define JSON_PATH "/autodiscover/autodiscover.json"
#define JSON(word, protocol_)                                                     \
	{                                                                         \
		.name = "json_" word, .path = JSON_PATH,                          \
		.file = "/autodiscover/json/" word ".json", .protocol = protocol_ \
	}
#define PAGE(name_, path_)                                  \
	{                                                   \
		.name = name_, .path = path_, .file = path_ \
	}

const struct export_page export_pages[] = {
	PAGE("autoconfig", "/mail/config-v1.1.xml"),
	PAGE("autoconfig_well_known", "/.well-known/autoconfig/mail/config-v1.1.xml"),
	PAGE("autoconfig_mail_v1", "/.well-known/mail-v1.xml"), /* GNOME Online Accounts */
	PAGE("autoconfig_nine", "/v1.1/mail/config-v1.1.xml"),	/* Nine, on Android */
	PAGE("autodiscover", "/autodiscover/autodiscover.xml"),
	JSON("autodiscoverv1", "AutodiscoverV1"),
	JSON("activesync", "ActiveSync"),
	JSON("ews", "Ews"),
	PAGE("pacc", "/.well-known/user-agent-configuration.json"),
	PAGE("caldav", "/.well-known/caldav"),
	PAGE("carddav", "/.well-known/carddav"),
	PAGE("jmap", "/.well-known/jmap"),
	{ .name = "database", .path = "/v1.1/", .file = "/v1.1/", .is_database = true },
};

_Static_assert(sizeof(export_pages) / sizeof(export_pages[0]) == EXPORT_PAGES, "pages");

/* Not "www.": the daemon understands it where it comes, but no program looks there. */
const char *const export_labels[EXPORT_HOSTS] = {
	"autoconfig.",
	"",
	"autodiscover.",
	"ua-auto-config.",
};

bool export_is_redirect(const struct reply *reply)
{
	return reply->status >= 300 && reply->status < 400 && reply->location;
}

/* In place of a local part, whose answer is the same for all of them. */
#define ANYBODY "postmaster"

static bool make_target(struct buf *target, const struct export_page *page, struct str domain)
{
	buf_addf(target, "%s", page->path);
	if (page->is_database)
		buf_add(target, domain);
	else if (page->protocol)
		buf_addf(target, "?Email=" ANYBODY "%%40%.*s&Protocol=%s", STR_ARGS(domain),
			 page->protocol);
	return !buf_failed(target);
}

static void ask(const struct snapshot *snapshot, struct str host, struct str target,
		enum method method, bool secure, struct reply *ret_reply)
{
	struct request request = {
		.method = method,
		.target = target,
		.host = host,
		.secure = secure,
		.now = snapshot_loaded_at(snapshot),
	};

	route(snapshot, &request, ret_reply);
}

/* False when there is nothing that a server without the daemon could say. */
static bool ask_page(const struct snapshot *snapshot, struct str host, struct str domain,
		     size_t page, export_visit *visit, void *closure)
{
	static struct reply reply, plain; /* large */
	struct buf target = BUF_EMPTY;
	bool found = false;

	if (make_target(&target, &export_pages[page], domain)) {
		ask(snapshot, host, buf_str(&target), METHOD_GET, true, &reply);
		ask(snapshot, host, buf_str(&target), METHOD_GET, false, &plain);
		found = reply.status == 200 || export_is_redirect(&reply);
	}
	if (found)
		visit(closure, &(struct export_answer){ .host = host,
							.page = page,
							.reply = &reply,
							.plain = &plain,
							.target = buf_str(&target) });
	buf_fini(&target);
	return found;
}

static bool ask_host(const struct snapshot *snapshot, struct str host, struct str domain,
		     export_visit *visit, void *closure)
{
	bool found = false;

	for (size_t i = 0; i < EXPORT_PAGES; i++) {
		if (!export_pages[i].is_database)
			found |= ask_page(snapshot, host, domain, i, visit, closure);
	}
	return found;
}

/* A labelled name that the table has in full is another domain's own. */
static bool ask_hosts(const struct snapshot *snapshot, struct str domain, export_visit *visit,
		      void *closure)
{
	bool found = false;

	for (size_t i = 0; i < EXPORT_HOSTS; i++) {
		struct buf host = BUF_EMPTY;
		struct match match;

		buf_addf(&host, "%s%.*s", export_labels[i], STR_ARGS(domain));
		if (!buf_failed(&host) &&
		    (export_labels[i][0] == '\0' ||
		     !table_find_exact(snapshot_table(snapshot), buf_str(&host), &match)))
			found |= ask_host(snapshot, buf_str(&host), domain, visit, closure);
		buf_fini(&host);
	}
	return found;
}

bool export_mail_exchanger(const struct snapshot *snapshot, struct str name, export_visit *visit,
			   void *closure)
{
	return ask_hosts(snapshot, name, visit, closure);
}

bool export_domain(const struct snapshot *snapshot, struct str domain, export_visit *visit,
		   void *closure)
{
	struct match match;
	bool found = false;

	if (!table_find_domain(snapshot_table(snapshot), domain, &match))
		return false;
	found = ask_hosts(snapshot, domain, visit, closure);
	for (size_t i = 0; i < EXPORT_PAGES; i++) {
		if (export_pages[i].is_database)
			found |= ask_page(snapshot, domain, domain, i, visit, closure);
	}
	return found;
}

static void ask_method(const struct snapshot *snapshot, size_t page, enum method method,
		       struct reply *ret_reply)
{
	struct buf target = BUF_EMPTY;

	make_target(&target, &export_pages[page], STR("example.com"));
	ask(snapshot, STR("example.com"), buf_str(&target), method, true, ret_reply);
	buf_fini(&target);
}

void export_options(const struct snapshot *snapshot, size_t page, struct reply *ret_reply)
{
	ask_method(snapshot, page, METHOD_OPTIONS, ret_reply);
}

void export_refusal(const struct snapshot *snapshot, size_t page, struct reply *ret_reply)
{
	ask_method(snapshot, page, METHOD_OTHER, ret_reply);
}

void export_no_choice(const struct snapshot *snapshot, struct reply *ret_reply)
{
	ask(snapshot, STR("example.com"), STR(JSON_PATH), METHOD_GET, true, ret_reply);
}

void export_not_found(const struct snapshot *snapshot, struct reply *ret_reply)
{
	ask(snapshot, STR("example.com"), STR("/none"), METHOD_GET, true, ret_reply);
}
