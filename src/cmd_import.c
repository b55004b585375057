/* mailconf import: tables, and lists of domains, of what other programs keep. */
#include "config.h"

#include "command.h"
#include "export_file.h"
#include "import.h"
#include "reader.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum {
	OWN_OUTPUT,
	OWN_PROVIDER,
	OWN_PARAMETER
};

#define STANDARD_PARAMETER "virtual_mailbox_domains"

/* One import; `out` is what is going to be written. False when there is nothing to write. */
typedef bool import_run(const struct invocation *invocation, struct diags *diags, struct buf *out);

/* --- Tables --- */

static bool run_table(const struct invocation *invocation, struct diags *diags, struct buf *out,
		      void (*read)(struct import *import, const char *path))
{
	struct import import;
	bool good = import_init(&import, diags);

	for (int i = 1; good && i < invocation->operand_count; i++)
		read(&import, invocation->operands[i]);
	if (!good || (json_array_size(import.providers) && !import_write(&import, out)) ||
	    import.failed) {
		command_complain(invocation->command, "out of memory");
		diag_add(diags, SEVERITY_ERROR, &(struct place){ 0 }, "out of memory");
		good = false;
	}
	good = good && json_array_size(import.providers);
	import_fini(&import);
	return good;
}

static bool run_ispdb(const struct invocation *invocation, struct diags *diags, struct buf *out)
{
	return run_table(invocation, diags, out, import_ispdb);
}

static bool run_automx2(const struct invocation *invocation, struct diags *diags, struct buf *out)
{
	return run_table(invocation, diags, out, import_automx2);
}

/* --- Lists of domains --- */

/* The table's only provider, or NULL after an error. */
static json_t *only_provider(json_t *table, const char *path, struct diags *diags)
{
	json_t *providers = json_object_get(table, "providers");

	if (json_array_size(providers) == 1 && json_is_object(json_array_get(providers, 0)))
		return json_array_get(providers, 0);
	diag_add(diags, SEVERITY_ERROR, &(struct place){ .file = path },
		 "expected a table with one provider, found %zu", json_array_size(providers));
	return NULL;
}

static bool has_name(const json_t *array, struct str name)
{
	for (size_t i = 0; i < json_array_size(array); i++) {
		if (str_eq(json_text(json_array_get(array, i)), name))
			return true;
	}
	return false;
}

/* Behind the domains that the provider has. */
static bool add_domains(json_t *provider, const struct str *names, size_t count)
{
	json_t *old = json_object_get(provider, "domains");
	json_t *domains = old ? json_deep_copy(old) : json_array();
	bool good = domains != NULL;

	for (size_t i = 0; good && i < count; i++) {
		if (!has_name(old, names[i]))
			good = json_array_append_new(domains, json_stringn(names[i].p,
									   names[i].len)) == 0;
	}
	return json_object_set_new(provider, "domains", domains) == 0 && good;
}

static bool write_table(const struct postfix *postfix, const char *path, struct buf *out)
{
	struct json_file *file = json_file_load(path, postfix->diags);
	json_t *table = file ? json_deep_copy(json_file_root(file)) : NULL;
	json_t *provider = table ? only_provider(table, path, postfix->diags) : NULL;
	const struct str *names = (const void *)postfix->names.p;
	bool good = provider && add_domains(provider, names, postfix->names.len / sizeof(*names)) &&
		    import_print(out, table);

	json_decref(table);
	json_file_free(file);
	return good;
}

static bool write_list(const struct postfix *postfix, struct buf *out)
{
	const struct str *names = (const void *)postfix->names.p;

	for (size_t i = 0; i < postfix->names.len / sizeof(*names); i++)
		buf_addf(out, "%.*s\n", STR_ARGS(names[i]));
	return !buf_failed(out);
}

static bool run_postfix(const struct invocation *invocation, struct diags *diags, struct buf *out)
{
	const char *provider = invocation->own[OWN_PROVIDER];
	struct postfix postfix = {
		.arena = arena_new(),
		.diags = diags,
		.parameter = invocation->own[OWN_PARAMETER],
	};
	bool good = postfix.arena != NULL;

	for (int i = 1; good && i < invocation->operand_count; i++)
		import_postfix(&postfix, invocation->operands[i]);
	if (!good || arena_failed(postfix.arena) || buf_failed(&postfix.names)) {
		diag_add(diags, SEVERITY_ERROR, &(struct place){ 0 }, "out of memory");
		good = false;
	}
	good = good && postfix.names.len &&
	       (provider ? write_table(&postfix, provider, out) : write_list(&postfix, out));
	map_fini(&postfix.seen);
	buf_fini(&postfix.names);
	arena_free(postfix.arena);
	return good;
}

/* --- Run --- */

static const struct {
	const char *name;
	import_run *run;
	bool is_list; /* of domains, so that it may be put into a provider */
} formats[] = {
	{ "ispdb", run_ispdb, false },
	{ "automx2", run_automx2, false },
	{ "postfix", run_postfix, true },
};

enum { FORMATS = sizeof(formats) / sizeof(formats[0]) };

/* Whole or not at all, beside what may be in use. */
static bool write_file(const char *path, struct str bytes)
{
	const char *slash = strrchr(path, '/');
	char *folder = slash ? strndup(path, (size_t)(slash - path) + 1) : strdup(".");
	int fd = folder ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	bool good = fd >= 0 && export_file_replace(fd, fd, slash ? slash + 1 : path, bytes);

	if (!good)
		fprintf(stderr, "mailconf import: %s: cannot write: %s\n", path, strerror(errno));
	if (fd >= 0)
		close(fd);
	free(folder);
	return good;
}

static bool write_out(const struct invocation *invocation, struct str bytes)
{
	if (invocation->own[OWN_OUTPUT])
		return write_file(invocation->own[OWN_OUTPUT], bytes);
	if (fwrite(bytes.p, 1, bytes.len, stdout) == bytes.len && fflush(stdout) == 0)
		return true;
	command_complain(invocation->command, "cannot write: %s", strerror(errno));
	return false;
}

static int import_as(const struct invocation *invocation, import_run *read)
{
	struct diags *diags = diags_new();
	struct buf out = BUF_EMPTY;
	bool good = diags && read(invocation, diags, &out);

	if (diags) {
		diags_print(diags, diags_print_line, stderr);
		good = (!good || write_out(invocation, buf_str(&out))) && good &&
		       diags_errors(diags) == 0;
	}
	buf_fini(&out);
	diags_free(diags);
	return good ? 0 : 1;
}

static int run(struct invocation *invocation)
{
	const char *name = invocation->operands[0];
	const char *parameter = invocation->own[OWN_PARAMETER];
	size_t i = 0;

	while (i < FORMATS && strcmp(formats[i].name, name) != 0)
		i++;
	if (i == FORMATS) {
		command_complain(invocation->command,
				 "expected one of ispdb, automx2, postfix; found \"%s\"", name);
		return 2;
	}
	if (!formats[i].is_list && (invocation->own[OWN_PROVIDER] ||
				    strcmp(parameter, STANDARD_PARAMETER) != 0)) {
		command_complain(invocation->command, "--provider and --parameter are for postfix");
		return 2;
	}
	return import_as(invocation, formats[i].run);
}

const struct command cmd_import = {
	.name = "import",
	.help = "make a table of what other programs keep",
	.operands = "FORMAT FILE...",
	.about = "Makes a table of files of ISPDB or automx2, or a list of domains of Postfix.\n"
		 "FORMAT is one of ispdb, automx2, postfix.",
	.least = 2,
	.most = -1,
	.own = {
		[OWN_OUTPUT] = { .name = "output", .argument = "FILE",
				 .help = "the file to write, instead of standard output" },
		[OWN_PROVIDER] = { .name = "provider", .argument = "FILE",
				   .help = "of postfix: a table with one provider, to get the "
					   "domains" },
		[OWN_PARAMETER] = { .name = "parameter", .argument = "NAME",
				    .standard = STANDARD_PARAMETER,
				    .help = "of postfix: which list of main.cf" },
	},
	.run = run,
};
