/* Collecting, sorting and printing of diagnostics. */
#include "config.h"

#include "diag.h"

#include "buf.h"
#include "utf8.h"

#include <stdarg.h>
#include <stdlib.h>

struct finding {
	enum severity severity;
	char *file;
	size_t file_rank;
	size_t rank; /* order of arrival, to keep the sort stable */
	unsigned line;
	unsigned column;
	char *text;
	char *hint;
};

struct diags {
	struct finding *findings;
	size_t count;
	size_t size;
	size_t errors;
	size_t warnings;
	bool notes;
	bool some_lost;
	bool lost; /* the newest finding, unasked or without memory: hints have nowhere to go */
};

struct diags *diags_new(void)
{
	return calloc(1, sizeof(struct diags));
}

void diags_free(struct diags *diags)
{
	if (!diags)
		return;
	for (size_t i = 0; i < diags->count; i++) {
		free(diags->findings[i].file);
		free(diags->findings[i].text);
		free(diags->findings[i].hint);
	}
	free(diags->findings);
	free(diags);
}

void diags_ask_for_notes(struct diags *diags)
{
	diags->notes = true;
}

bool diags_want_notes(const struct diags *diags)
{
	return diags->notes;
}

static struct finding *add_finding(struct diags *diags)
{
	if (diags->count == diags->size) {
		size_t size = diags->size ? diags->size * 2 : 8;
		struct finding *findings = reallocarray(diags->findings, size, sizeof(*findings));

		if (!findings)
			return NULL;
		diags->findings = findings;
		diags->size = size;
	}
	return &diags->findings[diags->count++];
}

/* Files rank in the order in which they were first named. */
static size_t rank_of(const struct diags *diags, const char *file)
{
	for (size_t i = 0; i + 1 < diags->count; i++) {
		const struct finding *earlier = &diags->findings[i];

		if (earlier->file && file && strcmp(earlier->file, file) == 0)
			return earlier->file_rank;
	}
	return diags->count;
}

void diag_add(struct diags *diags, enum severity severity, const struct place *place,
	      const char *format, ...)
{
	va_list args;
	struct finding *finding;

	if (severity == SEVERITY_NOTE && !diags->notes) {
		diags->lost = true;
		return;
	}
	finding = add_finding(diags);
	if (severity == SEVERITY_ERROR)
		diags->errors++;
	else if (severity == SEVERITY_WARNING)
		diags->warnings++;
	diags->lost = !finding;
	diags->some_lost |= !finding;
	if (!finding)
		return;
	*finding = (struct finding){
		.severity = severity,
		.file = place->file ? strdup(place->file) : NULL,
		.rank = diags->count,
		.line = place->line,
		.column = place->column,
	};
	finding->file_rank = rank_of(diags, finding->file);
	va_start(args, format);
	if (vasprintf(&finding->text, format, args) < 0)
		finding->text = NULL;
	va_end(args);
}

void diag_vadd(struct diags *diags, enum severity severity, const struct place *place,
	       const char *key, const char *format, va_list args)
{
	char *text = NULL;

	if (vasprintf(&text, format, args) < 0)
		text = NULL;
	diag_add(diags, severity, place, "%s%s%s%s", key ? "\"" : "", key ? key : "",
		 key ? "\": " : "", text ? text : "out of memory");
	free(text);
}

void diag_hint(struct diags *diags, const char *format, ...)
{
	va_list args;

	if (diags->count == 0 || diags->lost)
		return;

	struct finding *finding = &diags->findings[diags->count - 1];
	char *hint = NULL;

	va_start(args, format);
	if (vasprintf(&hint, format, args) < 0)
		hint = NULL;
	va_end(args);
	free(finding->hint);
	finding->hint = hint;
}

void diag_suggest(struct diags *diags, struct str word)
{
	diag_hint(diags, "did you mean \"%.*s\"?", STR_ARGS(word));
}

size_t diags_errors(const struct diags *diags)
{
	return diags->errors;
}

size_t diags_warnings(const struct diags *diags)
{
	return diags->warnings;
}

static int compare(const void *left, const void *right)
{
	const struct finding *a = left;
	const struct finding *b = right;

	if (a->file_rank != b->file_rank)
		return a->file_rank < b->file_rank ? -1 : 1;
	if (a->line != b->line)
		return a->line < b->line ? -1 : 1;
	if (a->column != b->column)
		return a->column < b->column ? -1 : 1;
	return a->rank < b->rank ? -1 : 1;
}

/* Findings quote what files say: nothing of it may hide or reorder what is printed. */
static struct str severity_word(enum severity severity)
{
	switch (severity) {
	case SEVERITY_ERROR:
		return STR("error: ");
	case SEVERITY_WARNING:
		return STR("warning: ");
	case SEVERITY_NOTE:
		break;
	}
	return STR("note: ");
}

static void print_finding(const struct finding *finding,
			  void (*print)(void *closure, enum severity severity, const char *line),
			  void *closure)
{
	struct buf line = BUF_EMPTY;

	if (finding->file) {
		utf8_show(&line, str_of(finding->file));
		buf_addc(&line, ':');
	}
	if (finding->line)
		buf_addf(&line, "%u:", finding->line);
	if (finding->line && finding->column)
		buf_addf(&line, "%u:", finding->column);
	if (line.len)
		buf_addc(&line, ' ');
	buf_add(&line, severity_word(finding->severity));
	utf8_show(&line, finding->text ? str_of(finding->text) : STR("out of memory"));

	char *text = buf_take(&line, NULL);

	print(closure, finding->severity, text ? text : "error: out of memory");
	free(text);
	if (finding->hint) {
		buf_add(&line, STR("    "));
		utf8_show(&line, str_of(finding->hint));
		text = buf_take(&line, NULL);
		if (text)
			print(closure, finding->severity, text);
		free(text);
	}
}

void diags_print(struct diags *diags,
		 void (*print)(void *closure, enum severity severity, const char *line),
		 void *closure)
{
	if (diags->count)
		qsort(diags->findings, diags->count, sizeof(*diags->findings), compare);
	for (size_t i = 0; i < diags->count; i++) {
		/* With errors, what is good to know can wait. */
		if (diags->errors == 0 || diags->findings[i].severity != SEVERITY_NOTE)
			print_finding(&diags->findings[i], print, closure);
	}
	if (diags->some_lost)
		print(closure, SEVERITY_ERROR, "error: out of memory: some findings are not shown");
}

void diags_print_line(void *closure, enum severity severity, const char *line)
{
	(void)severity;
	fprintf(closure, "%s\n", line);
}

static void add_count(struct buf *buf, size_t count, const char *what)
{
	if (count)
		buf_addf(buf, "%s%zu %s%s", buf->len ? " and " : "", count, what,
			 count == 1 ? "" : "s");
}

char *diags_summary(const struct diags *diags)
{
	struct buf buf = BUF_EMPTY;

	add_count(&buf, diags->errors, "error");
	add_count(&buf, diags->warnings, "warning");
	if (buf.len == 0)
		buf_add(&buf, STR("no findings"));
	return buf_take(&buf, NULL);
}
