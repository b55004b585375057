#!/bin/sh
# The very bytes of the answers, header fields included: `mailconf show` for each
# address in `addresses` and each format that its row names, against
# FORMAT/ADDRESS.txt. What is a document is also checked with the grammars and
# schemas in tests/fixtures.
#
# With UPDATE=1 the files are written anew: read them before you keep them.
set -u
: "${MAILCONF:?}" "${top_srcdir:?}"

golden=$top_srcdir/tests/golden
fixtures=$top_srcdir/tests/fixtures
always='autoconfig autodiscover'
others='mobilesync json json-activesync json-ews mobileconfig mobileconfig-imap
	mobileconfig-pop3 pacc caldav carddav jmap'
# Debian's, which has its packages.
python=/usr/bin/python3
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
	'HTTP/1.1 200 OK' | 'HTTP/1.1 30'[127]' '*) [ $status -eq 0 ] ;;
	*) [ $status -eq 1 ] ;;
	esac
}

# Which tool, if any, judges the answer that compare left; and how.
judge() { # FORMAT GRAMMAR
	judged_by=
	case $(sed -n 's/^Content-Type: //p' "$work/found") in
	'text/xml; charset=utf-8')
		judged_by=xmllint
		case $1/$2 in
		autoconfig/strict) how="--relaxng $fixtures/autoconfig-strict.rng" ;;
		autoconfig/*) how= ;;
		*) how="--schema $fixtures/autodiscover/schema/response-root.xsd" ;;
		esac
		;;
	application/x-apple-aspen-config)
		judged_by=xmllint
		how="--relaxng $fixtures/profile.rng"
		;;
	'application/json; charset=utf-8')
		judged_by=jsonschema
		case $(head -n 1 "$work/found") in
		*' 200 OK') how=autodiscover-json ;;
		*) how=autodiscover-json-error ;;
		esac
		;;
	application/json)
		judged_by=jsonschema
		how=pacc-03
		;;
	esac
}

# The length is right, and an answer without a document is a line of text, or leads on.
plausible() {
	sed '1,/^$/d' "$work/found" >"$work/body"
	length=$(sed -n 's/^Content-Length: //p' "$work/found")
	[ "${length:--1}" -eq "$(wc -c <"$work/body")" ] || {
		echo "# Content-Length is not the length"
		return 1
	}
	[ -z "$judged_by" ] || return 0
	if grep -q '^Location: https://' "$work/found"; then
		[ "$length" -eq 0 ]
	else
		grep -q '^Content-Type: text/plain' "$work/found" &&
			[ "$(wc -l <"$work/body")" -eq 1 ]
	fi
}

validate() { # FORMAT GRAMMAR: sets $skipped where the tool for it is missing
	skipped=
	judge "$@"
	plausible || return
	case $judged_by in
	xmllint)
		skipped=$no_xmllint
		# shellcheck disable=SC2086 # an option and its argument
		[ -n "$skipped" ] || xmllint --noout --nonet $how "$work/body" >"$work/said" 2>&1
		;;
	jsonschema)
		skipped=$no_jsonschema
		[ -n "$skipped" ] ||
			PYTHONDONTWRITEBYTECODE=1 "$python" "$top_srcdir/tests/daemon/json_tools.py" \
				"$how" "$work/body" >"$work/said" 2>&1
		;;
	esac && return
	comment "$work/said"
	return 1
}

# shellcheck disable=SC2086 # the lists are words
formats_of() { # WORD...: the formats that the end of a row asks for
	case ${1-} in
	all) echo $always $others ;;
	*) echo $always "$@" ;;
	esac
}

# Every file belongs to a row, and every domain of conf/ has one.
all_there() {
	for format in $always $others; do
		while read -r table address _ more; do
			case $table in '#'* | '') continue ;; esac
			# shellcheck disable=SC2086 # words
			case " $(formats_of $more) " in
			*" $format "*) echo "$address.txt" ;;
			esac
		done <"$golden/addresses" | sort >"$work/asked"
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
no_xmllint=
command -v xmllint >/dev/null || no_xmllint=' # SKIP there is no xmllint'
no_jsonschema=
"$python" -c 'import jsonschema' 2>/dev/null ||
	no_jsonschema=' # SKIP there is no jsonschema for Python'
while read -r table address grammar more; do
	case $table in '#'* | '') continue ;; esac
	# shellcheck disable=SC2086 # words
	for format in $(formats_of $more); do
		compare "$table" "$address" "$format"
		result $? "$format $address"
		validate "$format" "$grammar"
		result $? "$format $address: the answer is valid$skipped"
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
echo "1..$number"
