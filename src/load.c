/* Loading what the options name. */
#include "config.h"

#include "load.h"

#include "documents.h"
#include "log.h"
#include "page.h"
#include "paths.h"

#include <link.h>
#include <malloc.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

/* One object of the program: its code and constants, which are pages of files. */
static int give_back_pages(struct dl_phdr_info *object, size_t size, void *closure)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	(void)size;
	(void)closure;
	for (size_t i = 0; i < object->dlpi_phnum; i++) {
		const ElfW(Phdr) *segment = &object->dlpi_phdr[i];
		uintptr_t start = object->dlpi_addr + segment->p_vaddr;
		uintptr_t end = start + segment->p_memsz;

		if (segment->p_type != PT_LOAD || (segment->p_flags & PF_W))
			continue;
		start &= ~(uintptr_t)(page - 1);
		/* Advice: whether it is taken makes no difference to anything but memory. */
		(void)madvise((void *)start, end - start, MADV_DONTNEED);
	}
	return 0;
}

/*
 * Starting and loading run through far more of the libraries, and of the heap, than
 * answering does. What is needed again comes back by itself.
 */
static void give_back(void)
{
	malloc_trim(0);
	dl_iterate_phdr(give_back_pages, NULL);
}

/* A program that is neither installed nor in its source tree has only what it is told. */
static const char *standard_templates(const struct options *options)
{
	const char *folder = default_templates(options->arena);

	return path_exists(folder) ? folder : NULL;
}

/* Without a certificate a key signs nothing, which nobody who gives one means. */
static void check_certificate(const struct options *options, struct diags *diags)
{
	if (options->profile_key && !options->profile_certificate)
		diag_add(diags, SEVERITY_ERROR, &(struct place){ .file = options->profile_key },
			 "\"profile-key\" without \"profile-certificate\": expected both, or the "
			 "certificate alone with the key in its file");
}

struct snapshot *load_snapshot(const struct options *options, struct diags *diags)
{
	static const struct pages_sources pages = {
		.documents = page_documents,
		.document_count = PAGES,
		.assets = page_assets,
		.asset_count = PAGE_ASSETS,
	};
	struct document list[DOCUMENTS];
	bool has_page = options->templates && strcmp(options->page, "on") == 0;
	const struct snapshot_sources sources = {
		.tables = options->table.values,
		.table_count = options->table.count,
		.templates = { .own = options->templates,
			       .standard = standard_templates(options) },
		.documents = list,
		.document_count = options->templates ? DOCUMENTS : 0,
		.pages = has_page ? &pages : NULL,
		.certificate = options->profile_certificate,
		.key = options->profile_key,
	};
	bool sound;
	struct snapshot *snapshot;

	memcpy(list, documents, sizeof(list));
	list[DOCUMENT_PACC].variant = options->pacc_revision;
	check_certificate(options, diags);
	sound = diags_errors(diags) == 0;
	snapshot = snapshot_load(&sources, diags);
	give_back();
	if (sound)
		return snapshot;
	snapshot_unref(snapshot);
	return NULL;
}

void load_print_finding(void *closure, enum severity severity, const char *line)
{
	(void)closure;
	log_verbatim(severity == SEVERITY_ERROR ? LOG_ERROR : LOG_WARNING, line);
}
