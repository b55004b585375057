/* What is not answered for a provider, and why: nothing is wrong, but one should know. */
#ifndef MAILCONFD_NOTES_H
#define MAILCONFD_NOTES_H

#include "provider.h"
#include "reader.h"

/* Adds a note, if notes are wanted and there is something to say. After provider_complete(). */
void note_provider(const struct reader *reader, struct json_at at,
		   const struct provider *provider);

#endif
