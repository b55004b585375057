#!/bin/sh
# What `mailconf dns` prints for each domain in `dns/cases`, against
# dns/DOMAIN.zone and dns/DOMAIN.json; what `mailconf names` prints, against
# dns/names-*.txt; and what both say to mistakes.
#
# With UPDATE=1 the files are written anew: read them before you keep them.
set -u
: "${MAILCONF:?}" "${top_srcdir:?}"

golden=$top_srcdir/tests/golden
work=$(mktemp -d "$PWD/dns.XXXXXX") || exit 1
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

# mailconf SUBCOMMAND TABLE [ARGUMENT...]: the output in $work/found, and what is
# said, but for warnings of the table, in $work/said.
mailconf() {
	subcommand=$1
	case $2 in
	centurylink) path=$top_srcdir/conf/centurylink.json ;;
	*) path=$golden/$2.json ;;
	esac
	shift 2
	"$MAILCONF" "$subcommand" "$@" --config "$work/settings.json" --table "$path" \
		--templates "$top_srcdir/templates" >"$work/found" 2>"$work/all"
	status=$?
	grep -vE ': (warning|note): ' "$work/all" >"$work/said"
	return $status
}

same() { # FILE: is it what was found?
	if [ "${UPDATE-}" = 1 ]; then
		cp "$work/found" "$1"
	fi
	diff -u "$1" "$work/found" >"$work/diff" 2>&1 && return
	comment "$work/diff"
	comment "$work/said"
	return 1
}

says() { # TEXT: is it all that was said?
	printf '%s' "$1" >"$work/wanted"
	diff -u "$work/wanted" "$work/said" >"$work/diff" && return
	comment "$work/diff"
	return 1
}

open='mailconf dns: the names of the daemon lead nowhere yet: say its host name, or its addresses, with --host or with "host" in the settings
'

print() { # TABLE DOMAIN HOSTS FORMAT
	table=$1 domain=$2 format=$4 said_too=
	[ "$3" != - ] || said_too=$open
	# shellcheck disable=SC2046 # one word a host
	set -- $(echo "$3" | tr , '\n' | sed '/^-$/d; s/^/--host=/')
	mailconf dns "$table" "$domain" --format "$format" "$@" || return
	same "$golden/dns/$domain.$format" && says "$said_too"
}

# Every file belongs to a case.
all_there() {
	{
		sed -n 's/^[a-z]* \([^ ]*\) .*/\1.json\n\1.zone/p' "$golden/dns/cases"
		printf '%s\n' cases names-centurylink.txt names-table.txt names-with-domains.txt
	} | sort >"$work/asked"
	(cd "$golden/dns" && ls) | sort | diff "$work/asked" - >"$work/diff" && return
	comment "$work/diff"
	return 1
}

# The first argument in other words, in one line or in a settings file.
same_domain() { # OPERAND
	mailconf dns table xn--bcher-kva.example --host autoconfig.xn--bcher-kva.example &&
		cp "$work/found" "$work/one" &&
		mailconf dns table "$1" --host autoconfig.BÜCHER.example. &&
		cmp "$work/one" "$work/found"
}

settings() {
	echo '{"host": ["config.example.net"]}' >"$work/settings.json"
	mailconf dns centurylink q.com && same "$golden/dns/q.com.zone" && says ''
	good=$?
	echo '{}' >"$work/settings.json"
	return $good
}

several() {
	mailconf dns centurylink q.com qwestoffice.net --host config.example.net &&
		{ cat "$golden/dns/q.com.zone"; echo; cat "$golden/dns/qwestoffice.net.zone"; } |
		diff - "$work/found" >"$work/diff" && return
	comment "$work/diff"
	return 1
}

# The digest is that of the revision which is answered.
revisions() {
	mailconf dns table services.example --pacc-revision off &&
		! grep -q 'ua-auto-config' "$work/found" &&
		mailconf dns table services.example --pacc-revision 02 &&
		grep '^_ua-auto-config ' "$work/found" >"$work/one" &&
		mailconf dns table services.example &&
		grep '^_ua-auto-config ' "$work/found" >"$work/other" &&
		! cmp -s "$work/one" "$work/other"
}

# The others are printed all the same.
unknown() {
	! mailconf dns table unknown.example services.example off.example customers.example \
		autoconfig.services.example 'x y' --host config.example.net &&
		same "$golden/dns/services.example.zone" && says \
		'mailconf dns: unknown.example: not in the table
mailconf dns: off.example: not answered: no incoming server of its provider is on
mailconf dns: customers.example: not in the table
mailconf dns: autoconfig.services.example: not in the table
mailconf dns: "x y" is no domain name
'
}

wrong() { # STATUS TEXT [ARGUMENT...]: nothing is printed, and this is said
	wanted=$1 text=$2
	shift 2
	mailconf dns centurylink "$@"
	[ $? -eq "$wanted" ] && [ ! -s "$work/found" ] && says "$text"
}

names() { # TABLE FILE TEXT [ARGUMENT...]
	table=$1 file=$golden/dns/names-$2.txt text=$3
	shift 3
	mailconf names "$table" "$@" && same "$file" && says "$text"
}

try='Try "mailconf dns --help".
'
echo '{}' >"$work/settings.json"
cases=$(grep -c '^[a-z]' "$golden/dns/cases")
echo "1..$((cases * 2 + 19))"
while read -r table domain hosts; do
	case $table in '#'* | '') continue ;; esac
	for format in zone json; do
		print "$table" "$domain" "$hosts" "$format"
		result $? "$domain as $format"
	done
done <"$golden/dns/cases"
same_domain bücher.example
result $? 'a domain in its own script'
same_domain BÜCHER.Example.
result $? 'a domain in capitals'
same_domain ann@bücher.example
result $? 'an address stands for its domain'
settings
result $? 'the host of the settings file'
several
result $? 'several domains'
revisions
result $? 'the digests of revisions of PACC'
unknown
result $? 'domains that are not answered'
wrong 2 "mailconf dns: expected DOMAIN...
$try"
result $? 'no domain'
wrong 2 "mailconf dns: --format: expected one of zone, json; found \"yaml\"
$try" q.com --format yaml
result $? 'an unknown format'
wrong 2 "mailconf dns: --format: expected one of zone, json; found \"zones\"
    did you mean \"zone\"?
$try" q.com --format=zones
result $? 'nearly a format'
wrong 2 "mailconf dns: --host: expected a host name such as config.example.net, or an IP address, found \"a b\"
$try" q.com --host 'a b'
result $? 'a host that is none'
wrong 1 'mailconf dns: --host: expected one host name, or IP addresses; found both, or several names
' q.com --host a.example --host 192.0.2.1
result $? 'a host name and an address'
wrong 1 'mailconf dns: --host: expected one host name, or IP addresses; found both, or several names
' q.com --host a.example --host b.example
result $? 'two host names'
names centurylink centurylink ''
result $? 'names of certificates'
names table table 'mailconf names: any number of names, which are not listed: *.customers.example, *.eas.example, *.vip.customers.example, autoconfig.*.mx.hoster.example
'
result $? 'names of certificates, and wildcards'
names table with-domains 'mailconf names: any number of names, which are not listed: *.customers.example, *.eas.example, *.vip.customers.example, autoconfig.*.mx.hoster.example
' --with-domains
result $? 'names of certificates, and the domains'
mailconf names default && [ ! -s "$work/found" ] &&
	says 'mailconf names: any number of names, which are not listed: *
'
result $? 'no names but the default'
! mailconf names centurylink q.com && says 'mailconf names: unexpected "q.com"
Try "mailconf names --help".
'
result $? 'an operand that names does not take'
all_there
result $? 'each file belongs to a case'
