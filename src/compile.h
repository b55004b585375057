/*
 * Partial evaluation: a template and a provider meet once, at load. Everything that the
 * provider alone decides is decided; what remains is a program.
 */
#ifndef MAILCONFD_COMPILE_H
#define MAILCONFD_COMPILE_H

#include "program.h"
#include "provider.h"
#include "template.h"

/*
 * With `with_address` the result is for requests that name an address: tests on `address`
 * hold, and placeholders become holes, within URLs of kinds of their own. Without,
 * placeholders stay as they are, for the mail program to replace, except %EMAILDOMAIN%,
 * which several programs cannot (Evolution writes nothing in its place).
 *
 * False when out of memory.
 */
bool compile(const struct node *template, const struct provider *provider, bool with_address,
	     struct arena *arena, struct program *ret_program);

#endif
