/* What mail programs will not like in an answer that is otherwise right. */
#ifndef MAILCONFD_LINT_H
#define MAILCONFD_LINT_H

#include "provider.h"
#include "reader.h"

/* Adds warnings only. Each names the program, and the reason. */
void lint_provider(const struct reader *reader, const json_t *json, struct json_at at,
		   const struct provider *provider);

#endif
