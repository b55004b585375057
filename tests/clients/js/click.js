// (selector)
tell(async () => hub().querySelector(arguments[0]).click());
