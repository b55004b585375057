/*
 * Partial evaluation: a template and a provider meet once, at load. Everything that the
 * provider alone decides is decided; what remains is a program.
 */
#ifndef MAILCONFD_COMPILE_H
#define MAILCONFD_COMPILE_H

#include "document.h"
#include "program.h"
#include "provider.h"
#include "template.h"

/*
 * For a document with an address, placeholders become holes, within URLs of kinds of their
 * own. Without, they stay as they are, for the mail program to replace, except
 * %EMAILDOMAIN%, which several programs cannot (Evolution writes nothing in its place).
 *
 * Where the provider lacks what the template needs, the program has no pieces. False when
 * out of memory.
 */
bool compile(const struct template *template, const struct provider *provider,
	     const struct document *document, struct arena *arena, struct program *ret_program);

#endif
