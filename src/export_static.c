/*
 * mailconf export --static: the daemon's answers as files, for web servers. Two rounds of the same
 * questions: the first to know which files there are and what the rules have to say, the second
 * to write, as the answers of a large table together need more memory than one after the other.
 */
#include "config.h"

#include "export_modes.h"

#include "export_names.h"
#include "export_rules.h"
#include "export_tree.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

/* One export in progress. */
struct exporting {
	const struct snapshot *snapshot;
	struct export_rules rules;
	struct export_tree *tree;
	struct str *hosts; /* those with a folder, as they come; may be there twice */
	size_t host_count, host_size;
	bool failed;
};

/* --- What is exported --- */

static void add_host(struct exporting *exporting, struct str host)
{
	const struct str *last =
		exporting->host_count ? &exporting->hosts[exporting->host_count - 1] : NULL;

	if (last && str_eq(*last, host))
		return;
	if (exporting->host_count == exporting->host_size) {
		size_t size = exporting->host_size ? exporting->host_size * 2 : 64;
		struct str *hosts = reallocarray(exporting->hosts, size, sizeof(*hosts));

		if (!hosts) {
			exporting->failed = true;
			return;
		}
		exporting->hosts = hosts;
		exporting->host_size = size;
	}
	exporting->hosts[exporting->host_count++] = arena_str(exporting->rules.arena, host);
}

static void with_path(struct exporting *exporting, struct str host, const char *file,
		      const struct buf *bytes)
{
	struct buf path = BUF_EMPTY;

	if (host.len)
		buf_addf(&path, "sites/%.*s%s", STR_ARGS(host), file);
	else
		buf_add(&path, str_of(file));
	if (buf_failed(&path) || (bytes && buf_failed(bytes)))
		exporting->failed = true;
	else if (bytes)
		export_tree_write(exporting->tree, buf_str(&path), buf_str(bytes));
	else
		export_tree_plan(exporting->tree, buf_str(&path));
	buf_fini(&path);
}

/* The database is answered from the sites. */
static bool is_file(const struct export_answer *answer)
{
	return answer->reply->status == 200 && !export_pages[answer->page].is_database;
}

static void plan_answer(void *closure, const struct export_answer *answer)
{
	struct exporting *exporting = closure;

	export_rules_add(&exporting->rules, answer);
	if (!export_pages[answer->page].is_database)
		add_host(exporting, answer->host);
	if (is_file(answer))
		with_path(exporting, answer->host, export_pages[answer->page].file, NULL);
}

static void write_answer(void *closure, const struct export_answer *answer)
{
	struct exporting *exporting = closure;
	struct buf bytes = BUF_EMPTY;

	if (!is_file(answer))
		return;
	bytes.p = reply_body(answer->reply, &bytes.len);
	bytes.failed = !bytes.p;
	with_path(exporting, answer->host, export_pages[answer->page].file, &bytes);
	buf_fini(&bytes);
}

static void visit_all(struct exporting *exporting, const struct export_names *names,
		      export_visit *visit)
{
	for (size_t i = 0; i < names->exchanger_count; i++)
		export_mail_exchanger(exporting->snapshot, names->exchangers[i], visit, exporting);
	for (size_t i = 0; i < names->domain_count; i++)
		export_domain(exporting->snapshot, names->domains[i], visit, exporting);
}

/* --- Files that are no answers --- */

typedef void make_file(struct buf *buf, const struct export_rules *rules);

static void make_no_choice(struct buf *buf, const struct export_rules *rules)
{
	buf_add(buf, rules->no_choice.body);
}

static void make_not_found(struct buf *buf, const struct export_rules *rules)
{
	buf_add(buf, rules->not_found.body);
}

static void make_refusal(struct buf *buf, const struct export_rules *rules)
{
	buf_add(buf, rules->refusal.body);
}

static const struct {
	const char *path;
	make_file *make;
} common_files[] = {
	{ "README.txt", export_readme },
	{ "apache-example.conf", export_apache_example },
	{ "apache-map.txt", export_apache_map },
	{ "apache.conf", export_apache_rules },
	{ "errors/400.json", make_no_choice },
	{ "errors/404.txt", make_not_found },
	{ "errors/405.txt", make_refusal },
	{ "nginx-example.conf", export_nginx_example },
	{ "nginx-locations.conf", export_nginx_locations },
	{ "nginx.conf", export_nginx_maps },
};

static void common(struct exporting *exporting, bool writes)
{
	for (size_t i = 0; i < sizeof(common_files) / sizeof(common_files[0]); i++) {
		struct buf bytes = BUF_EMPTY;

		if (writes)
			common_files[i].make(&bytes, &exporting->rules);
		with_path(exporting, STR(""), common_files[i].path, writes ? &bytes : NULL);
		buf_fini(&bytes);
	}
}

static void of_host(struct exporting *exporting, struct str host, bool writes)
{
	struct buf headers = BUF_EMPTY;
	struct buf redirects = BUF_EMPTY;
	struct buf page = BUF_EMPTY;

	if (writes) {
		export_cdn_headers(&headers, &exporting->rules);
		export_cdn_redirects(&redirects, &exporting->rules, host);
		buf_add(&page, exporting->rules.not_found.body);
	}
	with_path(exporting, host, "/404.html", writes ? &page : NULL);
	with_path(exporting, host, "/_headers", writes ? &headers : NULL);
	with_path(exporting, host, "/_redirects", writes ? &redirects : NULL);
	buf_fini(&headers);
	buf_fini(&redirects);
	buf_fini(&page);
}

static void others(struct exporting *exporting, bool writes)
{
	for (size_t i = 0; i < exporting->host_count; i++)
		of_host(exporting, exporting->hosts[i], writes);
	common(exporting, writes);
}

/* --- The whole --- */

static void write_tree(struct exporting *exporting, const struct export_names *names)
{
	visit_all(exporting, names, plan_answer);
	others(exporting, false);
	if (!export_rules_finish(&exporting->rules))
		exporting->failed = true;
	if (exporting->failed || exporting->rules.differs)
		return;
	export_tree_begin(exporting->tree);
	visit_all(exporting, names, write_answer);
	others(exporting, true);
	if (!exporting->failed)
		export_tree_end(exporting->tree);
}

static int finish(const struct exporting *exporting, const struct export_names *names,
		  const char *folder)
{
	struct export_count count = export_tree_count(exporting->tree);
	const char *problem = export_tree_problem(exporting->tree);

	if (problem)
		fprintf(stderr, "mailconf export: %s\n", problem);
	else if (exporting->failed)
		fprintf(stderr, "mailconf export: out of memory\n");
	else if (exporting->rules.differs)
		fprintf(stderr, "mailconf export: one path has different header fields on two "
				"hosts, which no rule can say\n");
	if (problem || exporting->failed || exporting->rules.differs)
		return 1;
	printf("%s: %zu domain%s, %zu files: %zu written, %zu removed\n", folder,
	       names->domain_count, names->domain_count == 1 ? "" : "s", count.files, count.written,
	       count.removed);
	return 0;
}

static int export_names(const struct snapshot *snapshot, const struct export_names *names,
			const char *folder, struct str root)
{
	struct exporting exporting = { .snapshot = snapshot };
	int status = 1;

	if (export_rules_init(&exporting.rules, snapshot, root))
		exporting.tree = export_tree_open(folder, NULL);
	if (!exporting.tree) {
		fprintf(stderr, "mailconf export: out of memory\n");
	} else {
		write_tree(&exporting, names);
		status = finish(&exporting, names, folder);
	}
	export_tree_free(exporting.tree);
	export_rules_fini(&exporting.rules);
	free(exporting.hosts);
	return status;
}

/* Where the server will find the tree: as said, or where the folder is. Owned, or NULL. */
static char *find_root(const char *said, const char *folder)
{
	char *here = NULL;
	char *root = NULL;

	if (said)
		return strdup(said);
	if (folder[0] == '/')
		root = strdup(folder);
	else if ((here = realpath(".", NULL)) && asprintf(&root, "%s/%s", here, folder) < 0)
		root = NULL;
	free(here);
	for (size_t len = root ? strlen(root) : 0; len > 1 && root[len - 1] == '/'; len--)
		root[len - 1] = '\0';
	return root;
}

static int export_at(const struct export_task *task, const char *root)
{
	const struct table *table = snapshot_table(task->snapshot);
	struct export_names names = { 0 };
	int status = 1;

	if (!export_root_is_good(str_of(root)))
		fprintf(stderr,
			"mailconf export: --root: expected an absolute path of letters, digits and "
			"/-_.+,=@~, as it stands in configuration files; found \"%s\"\n",
			root);
	else if (export_names_choose(&names, table, task->names, task->name_count))
		status = export_names(task->snapshot, &names, task->folder, str_of(root));
	export_names_fini(&names);
	return status;
}

int export_static(const struct export_task *task)
{
	char *root = find_root(task->root, task->folder);
	int status = 1;

	if (root)
		status = export_at(task, root);
	else
		fprintf(stderr, "mailconf export: out of memory\n");
	free(root);
	return status;
}
