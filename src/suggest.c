/* Distance one in the sense of Damerau and Levenshtein, found without a matrix. */
#include "config.h"

#include "suggest.h"

static size_t common_front(struct str a, struct str b)
{
	size_t i = 0;

	while (i < a.len && i < b.len && ascii_lower(a.p[i]) == ascii_lower(b.p[i]))
		i++;
	return i;
}

bool suggest_is_near(struct str typed, struct str word)
{
	size_t same = common_front(typed, word);
	struct str a = str_from(typed, same);
	struct str b = str_from(word, same);

	if (word.len < 2)
		return str_eq_fold(typed, word);
	if (a.len == 0 && b.len == 0)
		return true; /* nothing but case differs */
	if (a.len == b.len + 1)
		return str_eq_fold(str_from(a, 1), b);
	if (b.len == a.len + 1)
		return str_eq_fold(a, str_from(b, 1));
	if (a.len != b.len)
		return false;
	if (str_eq_fold(str_from(a, 1), str_from(b, 1)))
		return true;
	return a.len >= 2 && ascii_lower(a.p[0]) == ascii_lower(b.p[1]) &&
	       ascii_lower(a.p[1]) == ascii_lower(b.p[0]) &&
	       str_eq_fold(str_from(a, 2), str_from(b, 2));
}
