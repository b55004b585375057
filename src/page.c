/*
 * The page for people: GET / on any host, and /settings/DOMAIN. Who types an address sees its
 * settings; what is no address, or of a domain that is not ours, gets the same page with a
 * sentence of what to do. The page is the same for every local part.
 */
#include "config.h"

#include "page.h"

#include "asked.h"
#include "handler.h"
#include "utf8.h"
#include "visitor.h"

const struct document page_documents[PAGES] = {
	[PAGE_FOUND] = { .template = "page.xml", .variant = "found" },
	[PAGE_FOUND_ADDRESS] = { .template = "page.xml", .variant = "found",
				 .with_address = true },
	[PAGE_START] = { .template = "page.xml", .variant = "start", .of_site = true },
	[PAGE_UNKNOWN] = { .template = "page.xml", .variant = "unknown", .of_site = true },
	[PAGE_MALFORMED] = { .template = "page.xml", .variant = "malformed", .of_site = true },
};

const char *const page_assets[PAGE_ASSETS] = { "page.css", "page.js" };

/* Nothing from elsewhere, nothing inline; and no address in a Referer. */
static const struct reply_field page_fields[] = {
	{ "Content-Security-Policy",
	  "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
	  "form-action 'self'; base-uri 'none'; frame-ancestors 'none'" },
	{ "Referrer-Policy", "no-referrer" },
	{ "Vary", "Accept-Language, User-Agent" },
	{ 0 },
};

/* What is asked, once it is understood. */
struct question {
	enum page_number page;
	const struct provider *provider; /* of the first two pages */
	struct str typed;		 /* what the field shows; never longer than an address */
	struct domain domain;
	struct address address;
	char buffer[URI_VALUE_MOST];
};

/* A domain of the table has a page, even one of which nothing is offered at the moment. */
static void find_domain(const struct table *table, struct question *question)
{
	struct match match;

	if (table_find_domain(table, domain_str(&question->domain), &match)) {
		question->provider = match.provider;
		question->page = PAGE_FOUND;
	} else {
		question->page = PAGE_UNKNOWN;
	}
}

/* An address, or a domain alone. */
static void understand(const struct table *table, struct str typed, struct question *question)
{
	if (address_parse(typed, &question->address)) {
		question->domain = question->address.domain;
		find_domain(table, question);
		if (question->page == PAGE_FOUND)
			question->page = PAGE_FOUND_ADDRESS;
	} else if (str_find(typed, '@') == typed.len && domain_parse(typed, &question->domain)) {
		find_domain(table, question);
	} else {
		question->page = PAGE_MALFORMED;
	}
}

/* The host's own domain; not a name that stands for a hoster's customers. */
static void take_host(const struct table *table, const struct request *request,
		      struct question *question)
{
	struct asked asked;

	question->page = PAGE_START;
	if (!asked_by_host(table, request->host, NULL, &asked) ||
	    !domain_parse(asked.email_domain, &question->domain))
		return;
	question->provider = asked.provider;
	question->page = PAGE_FOUND;
}

/* The form, sent empty: somebody wants to begin afresh, whatever the host is. */
static bool is_sent_empty(struct str query)
{
	struct str pair;

	while (str_split(&query, '&', &pair)) {
		if (str_eq_fold(pair, STR("emailaddress=")))
			return true;
	}
	return false;
}

/* What may stand in the field again: of what was typed there, what can be seen. */
static struct str shown(struct str typed)
{
	for (struct str rest = typed; rest.len;) {
		uint32_t character;
		size_t len = utf8_decode(rest, &character);

		if (len == 0 || utf8_is_control(character))
			return STR("");
		rest = str_from(rest, len);
	}
	return typed.len <= ADDRESS_MOST ? typed : STR("");
}

/* "/settings/q.com", with or without a slash behind it. */
static struct str path_domain(struct str path)
{
	const struct str settings = STR("/settings/");

	if (!str_starts_fold(path, settings))
		return STR("");
	path = str_from(path, settings.len);
	return str_ends(path, STR("/")) ? str_first(path, path.len - 1) : path;
}

static void read_question(const struct table *table, const struct request *request,
			  const struct uri *uri, struct question *question)
{
	struct str value;
	enum uri_presence presence =
		uri_form_value(uri->query, STR("emailaddress"), question->buffer, &value);

	if (presence == URI_PRESENT)
		question->typed = shown(str_trim(value));
	if (presence == URI_ABSENT)
		presence = uri_form_value(uri->query, STR("domain"), question->buffer, &value);
	if (presence == URI_ABSENT && path_domain(uri->path).len) {
		value = path_domain(uri->path);
		presence = URI_PRESENT;
	}
	if (presence == URI_AMBIGUOUS)
		question->page = PAGE_MALFORMED;
	else if (presence == URI_PRESENT)
		understand(table, str_trim(value), question);
	else if (!is_sent_empty(uri->query))
		take_host(table, request, question);
}

static size_t choose_language(const struct pages *pages, const struct request *request,
			      const struct uri *uri)
{
	char buffer[URI_VALUE_MOST];
	struct str code;
	size_t language;

	if (uri_parameter_once(uri->query, STR("lang"), buffer, &code) == URI_PRESENT &&
	    visitor_find_language(pages, code, &language))
		return language;
	return visitor_language(pages, request->accept_language);
}

/* A domain that was chosen leaves the field empty, for the address to be typed. */
static void clear_domain(struct question *question)
{
	if (question->page == PAGE_FOUND)
		question->typed = STR("");
}

static unsigned status_of(enum page_number page)
{
	switch (page) {
	case PAGE_UNKNOWN:
		return 404;
	case PAGE_MALFORMED:
		return 400;
	default:
		return 200;
	}
}

/* In the script of the person who reads it. */
static void fill_title(struct reply *reply, const struct domain *domain)
{
	reply_fill(reply, HOLE_DOMAIN_TITLE, domain_title(domain_str(domain), reply->arena));
}

static void fill(struct reply *reply, const struct question *question)
{
	reply_fill(reply, HOLE_TYPED, question->typed);
	if (question->provider) {
		reply_fill(reply, HOLE_DOMAIN, domain_str(&question->domain));
		reply_fill(reply, HOLE_EMAIL_DOMAIN, domain_str(&question->domain));
		fill_title(reply, &question->domain);
		reply_fill(reply, HOLE_HOST,
			   reply_printf(reply, "autoconfig.%s", question->domain.text));
	}
	if (question->page == PAGE_FOUND_ADDRESS)
		reply_fill_address(reply, &question->address);
}

/*
 * By plain http anybody on the way could write other servers into the page, and a profile is
 * not given. The name that each domain has for this daemon has a certificate.
 */
static void answer_to_https(const struct uri *uri, const struct question *question,
			    struct reply *reply)
{
	bool clean = uri_is_clean(uri->raw_path) && uri_is_clean(uri->query);

	reply_redirect(reply, 302,
		       reply_printf(reply, "https://autoconfig.%s%.*s%s%.*s",
				    question->domain.text,
				    STR_ARGS(clean ? uri->raw_path : STR("/")),
				    clean && uri->query.len ? "?" : "",
				    STR_ARGS(clean ? uri->query : STR(""))));
	reply->cache_control = "no-store";
}

void page_answer(const struct snapshot *snapshot, const struct request *request,
		 const struct uri *uri, struct reply *reply)
{
	const struct pages *pages = snapshot_pages(snapshot);
	struct question question = { .page = PAGE_START };
	size_t language = choose_language(pages, request, uri);

	read_question(snapshot_table(snapshot), request, uri, &question);
	clear_domain(&question);
	if (!request->secure && question.provider) {
		answer_to_https(uri, &question, reply);
		return;
	}
	reply->arena = arena_new();
	reply->program = reply->arena ? pages_program(pages, question.provider, language,
						      question.page, reply->arena)
				      : NULL;
	if (!reply->program) {
		reply_fini(reply);
		reply_not_found(reply);
		return;
	}
	reply->status = status_of(question.page);
	reply->content_type = "text/html; charset=utf-8";
	reply->content_language = pages_language(pages, language).p;
	reply->cache_control = question.typed.len || reply->status != 200 ? "no-store"
									  : "private, max-age=300";
	reply->more = page_fields;
	reply->values.first_part = visitor_system(request->user_agent);
	fill(reply, &question);
}

static void answer_asset(const struct snapshot *snapshot, const struct request *request,
			 enum page_asset asset, const char *content_type, struct reply *reply)
{
	reply->program = pages_asset(snapshot_pages(snapshot), asset);
	if (!reply->program) {
		reply_not_found(reply);
		return;
	}
	reply->status = 200;
	reply->content_type = content_type;
	reply->cache_control = "public, max-age=3600";
	reply_tag(reply, request);
}

void page_answer_style(const struct snapshot *snapshot, const struct request *request,
		       const struct uri *uri, struct reply *reply)
{
	(void)uri;
	answer_asset(snapshot, request, PAGE_STYLE, "text/css; charset=utf-8", reply);
}

void page_answer_script(const struct snapshot *snapshot, const struct request *request,
			const struct uri *uri, struct reply *reply)
{
	(void)uri;
	answer_asset(snapshot, request, PAGE_SCRIPT, "text/javascript; charset=utf-8", reply);
}

/* Browsers ask for it unasked, and complain where there is none. */
void page_answer_icon(const struct snapshot *snapshot, const struct request *request,
		      const struct uri *uri, struct reply *reply)
{
	(void)request;
	(void)uri;
	if (!pages_asset(snapshot_pages(snapshot), PAGE_STYLE)) {
		reply_not_found(reply);
		return;
	}
	reply->status = 204;
	reply->cache_control = "public, max-age=86400";
}
