/* From answers to what web servers have to be told. */
#include "config.h"

#include "export_rules.h"

#include <stdlib.h>

static const char *keep_text(struct export_rules *rules, const char *text)
{
	return text ? arena_str(rules->arena, str_of(text)).p : NULL;
}

static struct export_text keep_reply(struct export_rules *rules, const struct reply *reply)
{
	struct str body = { 0 };
	char *bytes = reply_body(reply, &body.len);
	struct export_text text;

	body.p = bytes ? bytes : "";
	rules->failed |= !bytes;
	text = (struct export_text){
		.body = arena_str(rules->arena, body),
		.content_type = keep_text(rules, reply->content_type),
		.cache_control = keep_text(rules, reply->cache_control),
	};
	free(bytes);
	return text;
}

static void keep_methods(struct export_rules *rules, const struct snapshot *snapshot)
{
	static struct reply reply; /* large */

	for (size_t i = 0; i < EXPORT_PAGES; i++) {
		struct export_rule *rule = &rules->pages[i];

		export_options(snapshot, i, &reply);
		if (reply.status != 204 || !reply.allow)
			continue;
		rule->allow = keep_text(rules, reply.allow);
		rule->posts = strstr(reply.allow, "POST") != NULL;
		rule->options_any_origin = reply.any_origin;
	}
}

bool export_rules_init(struct export_rules *rules, const struct snapshot *snapshot, struct str root)
{
	static struct reply reply; /* large */

	*rules = (struct export_rules){ .arena = arena_new(), .root = root };
	if (!rules->arena)
		return false;
	keep_methods(rules, snapshot);
	export_not_found(snapshot, &reply);
	rules->not_found = keep_reply(rules, &reply);
	export_refusal(snapshot, 0, &reply);
	rules->refusal = keep_reply(rules, &reply);
	export_no_choice(snapshot, &reply);
	rules->no_choice = keep_reply(rules, &reply);
	return !rules->failed && !arena_failed(rules->arena);
}

void export_rules_fini(struct export_rules *rules)
{
	free(rules->redirects);
	free(rules->domains);
	arena_free(rules->arena);
}

/* One more element at the end of a list of the rules, or NULL. */
static void *grow(void **items, size_t *count, size_t *size, size_t each)
{
	if (*count == *size) {
		size_t more = *size ? *size * 2 : 64;
		void *larger = reallocarray(*items, more, each);

		if (!larger)
			return NULL;
		*items = larger;
		*size = more;
	}
	return (char *)*items + each * (*count)++;
}

static void add_redirect(struct export_rules *rules, const struct export_answer *answer,
			 const struct reply *reply, bool plain_only)
{
	struct str location = str_of(reply->location);
	void *items = rules->redirects;
	struct export_redirect *redirect =
		grow(&items, &rules->redirect_count, &rules->redirect_size, sizeof(*redirect));

	rules->redirects = items;
	if (!redirect) {
		rules->failed = true;
		return;
	}
	if (rules->pages[answer->page].follows)
		location.len -= answer->target.len;
	*redirect = (struct export_redirect){
		.page = answer->page,
		.plain_only = plain_only,
		.host = arena_str(rules->arena, answer->host),
		.location = arena_str(rules->arena, location),
	};
}

static void add_domain(struct export_rules *rules, struct str domain)
{
	void *items = rules->domains;
	struct str *room = grow(&items, &rules->domain_count, &rules->domain_size, sizeof(*room));

	rules->domains = items;
	if (room)
		*room = arena_str(rules->arena, domain);
	else
		rules->failed = true;
}

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static void add_file(struct export_rules *rules, struct export_rule *rule,
		     const struct reply *reply)
{
	if (rule->has_files) {
		rules->differs |= !same_text(rule->content_type, reply->content_type) ||
				  !same_text(rule->cache_control, reply->cache_control) ||
				  rule->any_origin != reply->any_origin;
		return;
	}
	rule->has_files = true;
	rule->content_type = keep_text(rules, reply->content_type);
	rule->cache_control = keep_text(rules, reply->cache_control);
	rule->any_origin = reply->any_origin;
}

static void add_redirect_fields(struct export_rules *rules, struct export_rule *rule,
				const struct reply *reply)
{
	if (rule->redirect_status) {
		rules->differs |= rule->redirect_status != reply->status ||
				  !same_text(rule->redirect_cache_control, reply->cache_control) ||
				  rule->redirect_any_origin != reply->any_origin;
		return;
	}
	rule->redirect_status = reply->status;
	rule->redirect_cache_control = keep_text(rules, reply->cache_control);
	rule->redirect_any_origin = reply->any_origin;
}

void export_rules_add(void *closure, const struct export_answer *answer)
{
	struct export_rules *rules = closure;
	struct export_rule *rule = &rules->pages[answer->page];

	if (export_pages[answer->page].is_database)
		add_domain(rules, answer->host);
	if (export_is_redirect(answer->reply)) {
		rule->has_redirects = true;
		add_redirect_fields(rules, rule, answer->reply);
		add_redirect(rules, answer, answer->reply, false);
		return;
	}
	add_file(rules, rule, answer->reply);
	if (export_is_redirect(answer->plain)) {
		/* The same for all that the query can choose. */
		if (export_is_choice(answer->page) && !export_is_first_choice(answer->page))
			return;
		rule->has_plain_redirects = true;
		rule->follows = export_is_choice(answer->page) &&
				str_ends(str_of(answer->plain->location), answer->target);
		add_redirect_fields(rules, rule, answer->plain);
		add_redirect(rules, answer, answer->plain, true);
	} else if (answer->plain->status != 200) {
		rule->plain_is_none = true;
	}
}

static int by_place(const void *a, const void *b)
{
	const struct export_redirect *one = a, *two = b;

	if (one->page != two->page)
		return one->page < two->page ? -1 : 1;
	if (one->plain_only != two->plain_only)
		return one->plain_only ? -1 : 1;
	return str_cmp(one->host, two->host);
}

static int by_text(const void *a, const void *b)
{
	const struct str *one = a, *two = b;

	return str_cmp(*one, *two);
}

/* Sorts, and keeps one of those that compare equal. */
static size_t make_set(void *items, size_t count, size_t each,
		       int (*compare)(const void *a, const void *b))
{
	char *bytes = items;
	size_t kept = 0;

	if (count)
		qsort(items, count, each, compare);
	for (size_t i = 0; i < count; i++) {
		if (kept && compare(bytes + (kept - 1) * each, bytes + i * each) == 0)
			continue;
		if (kept != i)
			memcpy(bytes + kept * each, bytes + i * each, each);
		kept++;
	}
	return kept;
}

bool export_rules_finish(struct export_rules *rules)
{
	rules->redirect_count = make_set(rules->redirects, rules->redirect_count,
					 sizeof(*rules->redirects), by_place);
	rules->domain_count =
		make_set(rules->domains, rules->domain_count, sizeof(*rules->domains), by_text);
	return !rules->failed && !arena_failed(rules->arena);
}

const struct export_redirect *export_rules_find(const struct export_rules *rules, size_t page,
						struct str host)
{
	struct export_redirect key = { .page = page, .host = host };

	if (rules->redirect_count == 0)
		return NULL;
	return bsearch(&key, rules->redirects, rules->redirect_count, sizeof(key), by_place);
}

bool export_root_is_good(struct str root)
{
	for (size_t i = 0; i < root.len; i++) {
		if (!ascii_is_alnum(root.p[i]) && (unsigned char)root.p[i] < 0x80 &&
		    !memchr("/-_.+,=@~", root.p[i], 9))
			return false;
	}
	return root.len > 1 && root.p[0] == '/';
}

void export_add_pattern(struct buf *buf, size_t page)
{
	const struct export_page *row = &export_pages[page];

	/* The database has any folders in front: the path is what a program was told. */
	buf_add(buf, row->is_database ? STR("^(?:/[^/]+)*") : STR("^"));
	for (const char *p = row->path; *p; p++) {
		if (*p == '.')
			buf_addc(buf, '\\');
		buf_addc(buf, *p);
	}
	if (row->is_database)
		buf_add(buf, STR("([^/]+)"));
	else if (row->protocol)
		buf_add(buf, STR("(?:/v[^/@]*)*(?:/[^/]*@[^/]*)?")); /* "/v1.0/ADDRESS" */
	buf_addc(buf, '$');
}

bool export_is_used(const struct export_rules *rules, size_t page)
{
	const struct export_rule *rule = &rules->pages[page];

	return rule->has_files || rule->has_redirects;
}

bool export_only_leads(const struct export_rules *rules, size_t page)
{
	return rules->pages[page].has_redirects && !rules->pages[page].has_files;
}

bool export_is_choice(size_t page)
{
	return export_pages[page].protocol != NULL;
}

bool export_is_first_choice(size_t page)
{
	return export_is_choice(page) && !export_is_choice(page - 1);
}
