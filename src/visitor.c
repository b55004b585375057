/* Reading Accept-Language and User-Agent, as far as a page can make use of them. */
#include "config.h"

#include "visitor.h"

enum { MOST_RANGES = 32 }; /* of a field; nobody reads more languages */

bool visitor_find_language(const struct pages *pages, struct str code, size_t *ret_language)
{
	for (size_t i = 0; i < pages_language_count(pages); i++) {
		if (str_eq_fold(pages_language(pages, i), code)) {
			*ret_language = i;
			return true;
		}
	}
	return false;
}

/* "de-AT-1996", then "de-AT", then "de". */
static bool look_up(const struct pages *pages, struct str range, size_t *ret_language)
{
	while (range.len) {
		size_t hyphen;

		if (visitor_find_language(pages, range, ret_language))
			return true;
		hyphen = str_find_last(range, '-');
		range = str_first(range, hyphen < range.len ? hyphen : 0);
	}
	return false;
}

/* Thousandths; 1000 where none is given, 0 for what cannot be read. */
static unsigned quality_of(struct str parameter)
{
	struct str value = str_trim(parameter);
	unsigned quality = 0;
	unsigned digits = 0;

	if (!str_starts_fold(value, STR("q=")))
		return 1000;
	value = str_from(value, 2);
	if (str_starts(value, STR("1")))
		return 1000;
	if (!str_starts(value, STR("0.")))
		return 0;
	for (size_t i = 2; i < value.len && digits < 3 && ascii_is_digit(value.p[i]); i++) {
		quality = quality * 10 + (unsigned)(value.p[i] - '0');
		digits++;
	}
	for (; digits < 3; digits++)
		quality *= 10;
	return quality;
}

size_t visitor_language(const struct pages *pages, struct str accept_language)
{
	unsigned best = 0;
	size_t chosen = 0;
	struct str element;

	for (int i = 0; i < MOST_RANGES && str_split(&accept_language, ',', &element); i++) {
		size_t semicolon = str_find(element, ';');
		unsigned quality = quality_of(
			semicolon < element.len ? str_from(element, semicolon + 1) : STR(""));
		size_t language;

		if (quality > best &&
		    look_up(pages, str_trim(str_first(element, semicolon)), &language)) {
			best = quality;
			chosen = language;
		}
	}
	return chosen;
}

static bool contains(struct str text, const char *word)
{
	return memmem(text.p, text.len, word, strlen(word)) != NULL;
}

/* In an order in which no word is also part of another system's: Android says Linux, too. */
struct str visitor_system(struct str user_agent)
{
	static const struct {
		const char *word;
		struct str key;
	} systems[] = {
		{ "iPhone", { .p = "ios", .len = 3 } },
		{ "iPad", { .p = "ios", .len = 3 } },
		{ "iPod", { .p = "ios", .len = 3 } },
		{ "Android", { .p = "android", .len = 7 } },
		{ "Windows", { .p = "windows", .len = 7 } },
		{ "Macintosh", { .p = "macos", .len = 5 } },
		{ "CrOS", { .p = "other", .len = 5 } },
		{ "Linux", { .p = "linux", .len = 5 } },
		{ "BSD", { .p = "linux", .len = 5 } },
	};

	if (user_agent.len == 0)
		return STR("");
	for (size_t i = 0; i < sizeof(systems) / sizeof(systems[0]); i++) {
		if (contains(user_agent, systems[i].word))
			return systems[i].key;
	}
	return STR("");
}
