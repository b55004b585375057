# shellcheck shell=sh disable=SC2034 # the lists are used by the scripts
# What the scripts in this folder share; sourced with the source tree as the
# working directory.

# What building needs, and what testing needs beside it. All from Debian 12.
BUILD_PACKAGES='autoconf automake gcc libc6-dev make pkg-config
	libcmocka-dev libgnutls28-dev libidn2-dev libjansson-dev libmicrohttpd-dev libqrencode-dev
	libxml2-dev'
TEST_PACKAGES='apache2 bind9 bind9-dnsutils bind9-utils caddy clang curl fish gettext iproute2
	libxml2-utils mandoc nginx-light openssl python3-jsonschema python3-lxml
	python3-pytest python3-pytest-xdist shellcheck strace systemd util-linux xz-utils
	zsh'

# The mail programs of tests/clients: themselves, and what they are run and
# asked with. Evolution's part is compiled, with what of evolution-dev's
# pkg-config files is not among its dependencies.
CLIENT_PACKAGES='accountwizard dbus-daemon evolution evolution-data-server-dev
	evolution-dev evolution-ews libebackend1.2-dev libebook1.2-dev
	libecal2.0-dev libglib2.0-dev php-cli php-curl php-horde-mail-autoconfig
	php-intl php-mbstring thunderbird xvfb'

# What tests/page looks at the page with.
PAGE_PACKAGES='chromium poppler-utils python3-lxml zbar-tools'

# What is not in Debian, from npm, as NAME@VERSION. Delta Chat's core is a
# program without dependencies; the last html-validate for Debian's node is 9.
CLIENT_MODULES='@deltachat/stdio-rpc-server-linux-x64@2.57.0'
PAGE_MODULES='axe-core@4.14.1 html-validate@9.7.1'

say() {
	printf '%s: %s\n' "${0##*/}" "$*" >&2
}

die() {
	say "$*"
	exit 1
}

as_root() {
	if [ "$(id -u)" -eq 0 ]; then
		"$@"
	else
		sudo "$@"
	fi
}

# missing_packages NAME...: those that are not installed, one a line.
missing_packages() {
	for package; do
		dpkg-query -W -f='${db:Status-Status}\n' "$package" 2>/dev/null |
			grep -qx installed || printf '%s\n' "$package"
	done
}

# Whether apt has package lists, fetched within the last day. (The lists
# themselves carry the dates of the mirror.)
lists_are_fresh() {
	[ -n "$(find /var/lib/apt/lists -maxdepth 1 -name '*_Packages*' 2>/dev/null)" ] &&
		[ -n "$(find /var/lib/apt/lists/partial -maxdepth 0 -mtime -1 2>/dev/null)" ]
}

# apt_install NAME...: quietly, but for the end of what apt says when it fails.
#
# A package such as nginx starts its service when it is installed, which would
# take port 80 of a machine that only wants to run tests; a policy-rc.d that
# answers 101 forbids that (invoke-rc.d(8)). It is removed again; a machine that
# has one of its own keeps that.
apt_install() {
	# shellcheck disable=SC2016 # it is the inner shell that expands
	as_root sh -c '
		policy=/usr/sbin/policy-rc.d
		[ ! -e $policy ] || policy=
		log=$(mktemp) || exit
		trap "rm -f $policy $log" EXIT
		trap "exit 1" HUP INT TERM
		if [ "$policy" ]; then
			printf "#!/bin/sh\nexit 101\n" >$policy && chmod 755 $policy || exit
		fi
		DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends \
			-o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=120 install "$@" \
			>$log 2>&1 && exit
		tail -n 20 $log
		exit 1
	' sh "$@" >&2 </dev/null
}

# install_packages NAME...: what is missing of these; nothing when all is there.
install_packages() {
	missing=$(missing_packages "$@")
	[ -n "$missing" ] || return 0
	# shellcheck disable=SC2086 # the names are meant to be split
	set -- $missing
	command -v apt-get >/dev/null ||
		die "these Debian packages, or what they hold, are needed: $*"
	[ "$(id -u)" -eq 0 ] || command -v sudo >/dev/null ||
		die "run this as root, or install sudo, or first install: $*"
	say "installing from Debian: $*"
	if lists_are_fresh; then
		apt_install "$@" && return
		say 'fetching the package lists again'
	fi
	as_root apt-get -qq update >&2 || die 'apt-get update failed'
	apt_install "$@" || die "apt-get could not install: $*"
}

# missing_modules FOLDER NAME@VERSION...: those not below its node_modules.
missing_modules() {
	modules=$1/node_modules
	shift
	for module; do
		grep -qsF "\"version\": \"${module##*@}\"" "$modules/${module%@*}/package.json" ||
			printf '%s\n' "$module"
	done
}

# install_modules FOLDER NAME@VERSION...: below its node_modules, unless they are
# there. Debian's npm is hundreds of packages, so any on the path will do.
install_modules() {
	[ -n "$(missing_modules "$@")" ] || return 0
	command -v npm >/dev/null || install_packages npm
	folder=$1
	shift
	say "installing from npm: $*"
	mkdir -p "$folder" || return
	printf '{"private": true}\n' >"$folder/package.json"
	npm install --prefix "$folder" --no-audit --no-fund --loglevel=error "$@" </dev/null >&2
}

# Make configure and what it needs, when it is missing or older than its source.
generate_configure() {
	for made in configure Makefile.in config.h.in build-aux/tap-driver.sh; do
		if [ ! -e "$made" ] || [ -n "$(find configure.ac Makefile.am -newer configure)" ]; then
			say 'generating configure'
			autoreconf --install --force || die 'autoreconf failed'
			return
		fi
	done
}

# build_in FOLDER [CONFIGURE-OPTION...]: configure there unless that has been
# done with these options, then make.
build_in() {
	folder=$1
	shift
	mkdir -p "$folder"
	if [ ! -e "$folder/Makefile" ] ||
		[ "$*" != "$(cat "$folder/configured-with" 2>/dev/null)" ]; then
		rm -f "$folder/configured-with"
		say "configuring $folder"
		(cd "$folder" && ../configure --quiet "$@") || return
		printf '%s\n' "$*" >"$folder/configured-with"
	fi
	make --no-print-directory -C "$folder" -j"$(nproc)"
}
