/* "Did you mean": the one word of a list that is a single typing mistake away. */
#ifndef MAILCONFD_SUGGEST_H
#define MAILCONFD_SUGGEST_H

#include "str.h"

/* One letter too many, too few, wrong, or two neighbours swapped; case does not count. */
bool suggest_is_near(struct str typed, struct str word);

#endif
