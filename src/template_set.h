/* The templates of a list of documents. */
#ifndef MAILCONFD_TEMPLATE_SET_H
#define MAILCONFD_TEMPLATE_SET_H

#include "document.h"
#include "folders.h"
#include "template.h"

/*
 * Loads each once, however many documents share it. *ret_templates is in the arena, by
 * document. `site` is what the name "site" stands for, or NULL. False after diagnostics, or out
 * of memory.
 */
bool template_set_load(const struct document *documents, size_t count,
		       const struct folders *folders, const struct record *site,
		       struct arena *arena, struct diags *diags,
		       const struct template *const **ret_templates);

#endif
