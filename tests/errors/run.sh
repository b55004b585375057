#!/bin/sh
# Mistakes in tables, settings and templates: what is said about each, and where.
#
# A folder is a case: the input, the exact standard error of "mailconf check" in
# `expected`, its standard output in `summary` (none when that is missing), its
# exit status in `status` (1 when that is missing). The input is one of:
#
#   args            the command line, one or more words a line
#   mailconfd.json  --config mailconfd.json
#   else            --table table.json --templates templates
#
# What a case does not have of table.json and templates/ is taken from sound/ and
# from the product. The commands run in a copy of the folder. The daemon's
# --check has to say the same.
#
# Where the program does not yet say what is written there, `todo` has the reason;
# `todo.daemon` where that is so of the daemon only.
#
# With UPDATE=1 the expectations are written anew: read them before you keep them.
set -u
: "${MAILCONF:?}" "${MAILCONFD:?}" "${top_srcdir:?}"
unset JOURNAL_STREAM

cases=$top_srcdir/tests/errors
work=$(mktemp -d "$PWD/errors.XXXXXX") || exit 1
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

number=0
result() { # STATUS NAME FILE...: the first FILE that exists says why it fails
	number=$((number + 1))
	line="ok $number - $2"
	[ "$1" -eq 0 ] || line="not $line"
	shift 2
	for todo; do
		[ ! -e "$todo" ] || { line="$line # TODO $(cat "$todo")" && break; }
	done
	echo "$line"
}

same() { # EXPECTED FOUND: says what differs
	diff -u "$1" "$2" >"$work/diff" && return
	sed 's/^/# /' "$work/diff"
	return 1
}

prepare() { # CASE: sets up $work/input
	[ ! -e "$work/input" ] || chmod -R u+w "$work/input"
	rm -rf "$work/input"
	mkdir -p "$work/input/templates"
	cp -R "$top_srcdir/templates/." "$work/input/templates"
	cp -R "$cases/sound/." "$work/input"
	chmod -R u+w "$work/input"
	cp -R "$1/." "$work/input"
	chmod -R u+w "$work/input"
	rm -f "$work/input/expected" "$work/input/summary" "$work/input/status" \
		"$work/input/todo" "$work/input/todo.daemon"
}

arguments() {
	if [ -e "$work/input/args" ]; then
		cat "$work/input/args"
	elif [ -e "$1/mailconfd.json" ]; then
		echo '--config mailconfd.json'
	else
		echo '--config mailconfd.json --table table.json --templates templates'
	fi
}

run() { # PROGRAM-AND-ARGUMENTS...: leaves stderr, stdout and status in $work
	(cd "$work/input" && exec "$@") >"$work/summary" 2>"$work/expected" </dev/null
	echo $? >"$work/status"
}

expectations() { # CASE: what is written there, or stands for what is not
	for part in expected summary status; do
		cp "$1/$part" "$work/$part.wanted" 2>/dev/null || : >"$work/$part.wanted"
	done
	[ -s "$work/status.wanted" ] || echo 1 >"$work/status.wanted"
	chmod u+w "$work"/*.wanted
}

update() { # CASE
	[ ! -e "$1/todo" ] || return
	cp "$work/expected" "$1/expected"
	rm -f "$1/summary" "$1/status"
	[ ! -s "$work/summary" ] || cp "$work/summary" "$1/summary"
	[ "$(cat "$work/status")" -eq 1 ] || cp "$work/status" "$1/status"
}

compare() {
	failed=0
	for part in expected summary status; do
		same "$work/$part.wanted" "$work/$part" || failed=1
	done
	return $failed
}

set -- "$cases"/*/
echo "1..$((($# - 1) * 2))"
for case; do
	case=${case%/}
	name=${case##*/}
	[ "$name" != sound ] || continue
	prepare "$case"
	arguments=$(arguments "$case")
	# shellcheck disable=SC2086 # the words are meant to be split
	run "$MAILCONF" check $arguments
	[ "${UPDATE-}" != 1 ] || update "$case"
	expectations "$case"
	compare
	result $? "$name" "$case/todo"
	# shellcheck disable=SC2086
	run "$MAILCONFD" --check $arguments
	compare
	result $? "$name: mailconfd --check says the same" "$case/todo" "$case/todo.daemon"
done
[ "$number" -eq "$((($# - 1) * 2))" ] && [ "$number" -gt 0 ]
