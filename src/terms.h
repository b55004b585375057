/*
 * A provider in the terms of formats that can say less than the table: which server of
 * several, in whose words, or why none. provider_complete() asks for them.
 */
#ifndef MAILCONFD_TERMS_H
#define MAILCONFD_TERMS_H

#include "arena.h"
#include "provider.h"

/* Each sets its member of the provider, or the reason why there is none. */
void apple_terms(struct provider *provider, struct arena *arena);
void pacc_terms(struct provider *provider, struct arena *arena);

#endif
