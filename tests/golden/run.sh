#!/bin/sh
# The very bytes of the answers, header fields included: `mailconf show` for each
# address in `addresses`, against FORMAT/ADDRESS.txt. What is a document is also
# checked with the grammars in tests/fixtures.
#
# With UPDATE=1 the files are written anew: read them before you keep them.
set -u
: "${MAILCONF:?}" "${top_srcdir:?}"

golden=$top_srcdir/tests/golden
fixtures=$top_srcdir/tests/fixtures
formats='autoconfig autodiscover'
work=$(mktemp -d "$PWD/golden.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

number=0
result() { # STATUS NAME
	number=$((number + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $number - $2"
	else
		echo "not ok $number - $2"
	fi
}

comment() { # FILE: as comments of TAP
	sed 's/^/# /' "$1"
}

table_file() { # NAME
	case $1 in
	centurylink) echo "$top_srcdir/conf/centurylink.json" ;;
	*) echo "$golden/$1.json" ;;
	esac
}

show() { # TABLE ADDRESS FORMAT: the answer on standard output
	"$MAILCONF" show "$2" --as "$3" --include --config "$work/settings.json" \
		--table "$(table_file "$1")" --templates "$top_srcdir/templates" 2>"$work/said"
}

# An error document carries the time of day.
without_time() {
	sed 's/ Time="[0-2][0-9]:[0-5][0-9]:[0-6][0-9]"/ Time="12:34:56"/'
}

compare() { # TABLE ADDRESS FORMAT
	wanted=$golden/$3/$2.txt
	show "$@" >"$work/answer"
	status=$?
	without_time <"$work/answer" >"$work/found"
	if [ "${UPDATE-}" = 1 ]; then
		mkdir -p "$golden/$3" && cp "$work/found" "$wanted"
	fi
	diff -u "$wanted" "$work/found" >"$work/diff" 2>&1 || {
		comment "$work/diff"
		comment "$work/said"
		return 1
	}
	# The exit status says whether there is an answer.
	case $(head -n 1 "$wanted") in
	'HTTP/1.1 200 OK') [ $status -eq 0 ] ;;
	*) [ $status -eq 1 ] ;;
	esac
}

validate() { # ADDRESS FORMAT GRAMMAR: of what compare left
	sed '1,/^$/d' "$work/found" >"$work/body"
	length=$(sed -n 's/^Content-Length: //p' "$work/found")
	[ "$length" -eq "$(wc -c <"$work/body")" ] || {
		echo "# Content-Length is not the length"
		return 1
	}
	if ! grep -q '^Content-Type: text/xml' "$work/found"; then
		[ "$(wc -l <"$work/body")" -eq 1 ]
		return
	fi
	case $2/$3 in
	autoconfig/strict) set -- --relaxng "$fixtures/autoconfig-strict.rng" ;;
	autoconfig/*) set -- ;;
	autodiscover/*) set -- --schema "$fixtures/autodiscover/schema/response-root.xsd" ;;
	esac
	command -v xmllint >/dev/null || return 0
	xmllint --noout --nonet "$@" "$work/body" >"$work/said" 2>&1 && return
	comment "$work/said"
	return 1
}

# Every file belongs to an address, and every domain of conf/ has one.
all_there() {
	for format in $formats; do
		sed -n 's/^[a-z]* \([^ ]*\) .*/\1.txt/p' "$golden/addresses" | sort >"$work/asked"
		(cd "$golden/$format" && ls) | sort >"$work/there"
		diff "$work/asked" "$work/there" >"$work/diff" || {
			comment "$work/diff"
			return 1
		}
	done
	"$MAILCONF" check --config "$work/settings.json" --templates "$top_srcdir/templates" \
		--table "$(table_file centurylink)" >"$work/found" 2>"$work/said" || return
	grep -q "^$(grep -c '^centurylink ' "$golden/addresses") domains of " "$work/found"
}

# A domain is the same domain in either form, and in capitals.
same() { # TABLE ADDRESS ADDRESS
	show "$1" "$2" autoconfig >"$work/one" && show "$1" "$3" autoconfig >"$work/other" &&
		cmp "$work/one" "$work/other" >"$work/diff" 2>&1 && return
	comment "$work/diff"
	return 1
}

echo '{}' >"$work/settings.json"
skipped=
command -v xmllint >/dev/null || skipped=' # SKIP there is no xmllint'
addresses=$(grep -c '^[a-z]' "$golden/addresses")
echo "1..$((addresses * 4 + 4))"
while read -r table address grammar; do
	case $table in '#'* | '') continue ;; esac
	for format in $formats; do
		compare "$table" "$address" "$format"
		result $? "$format $address"
		validate "$address" "$format" "$grammar"
		result $? "$format $address: the document is valid$skipped"
	done
done <"$golden/addresses"
same table ann@xn--bcher-kva.example ann@bücher.example
result $? 'a domain in its own script'
same table ann@xn--bcher-kva.example ann@BÜCHER.Example.
result $? 'a domain in capitals'
same centurylink ann@q.com bob@Q.COM
result $? 'the same for every local part'
all_there
result $? 'there is an answer for each address'
