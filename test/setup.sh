#!/bin/sh
# Installs what a goal of the Makefile needs and the system lacks (apt is left
# alone when nothing is missing), and prints the PostgreSQL version to use.
#
#   test/setup.sh demo|test|bench|reference
set -eu

goal=$1

die() {
	echo "make $goal: $*" >&2
	exit 1
}

version=${PGVERSION:-}
if [ -z "$version" ]; then
	# shellcheck source=/dev/null
	case $(. /etc/os-release 2>/dev/null && echo "${ID:-} ${VERSION_ID:-}") in
		"debian 12") version=15 ;;
		"debian 13") version=17 ;;
		*) die "this is not Debian 12 or 13: name a PostgreSQL packaged here, make $goal PGVERSION=15" ;;
	esac
fi
command -v dpkg-query >/dev/null || die "this is not Debian: dpkg is missing"

packages="gcc libc6-dev make liblpsolve55-dev postgresql-$version postgresql-server-dev-$version postgresql-$version-postgis-3"
# gnuplot draws the charts of a district's profile; a browser and its letters look at it
[ "$goal" = bench ] || packages="$packages gnuplot-nox"
[ "$goal" != test ] ||
	packages="$packages postgresql-$version-pgtap libtap-parser-sourcehandler-pgtap-perl postgresql-$version-plpgsql-check gdal-bin \
		tidy chromium chromium-driver python3-selenium fonts-noto-core"

missing=
for package in $packages; do
	case $(dpkg-query -W -f='${Status}' "$package" 2>/dev/null) in
		*" ok installed") ;;
		*) missing="$missing $package" ;;
	esac
done

if [ -n "$missing" ]; then
	if [ "$(id -u)" -eq 0 ]; then
		sudo=
	elif command -v sudo >/dev/null && { sudo -n true 2>/dev/null || { [ -t 0 ] && sudo -v; }; }; then
		sudo=sudo
	else
		die "missing:$missing (run as root or with sudo to have them installed)"
	fi

	echo "make $goal: installing$missing" >&2
	log=$(mktemp)
	guard=
	made=
	undo() {
		rm -f "$log"
		[ -z "$guard" ] || $sudo rm -f "$guard"
		[ -z "$made" ] || $sudo rmdir "$made"
	}
	trap undo EXIT
	trap 'exit 129' HUP
	trap 'exit 130' INT
	trap 'exit 143' TERM
	apt() {
		$sudo env DEBIAN_FRONTEND=noninteractive LC_ALL=C apt-get -q -y -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300 \
			--no-install-recommends "$@" >>"$log" 2>&1 </dev/null
	}
	install() {
		apt install "$@" || die "cannot install $*: $(grep '^E: ' "$log" | head -n 1)"
	}

	# A failed update may be another archive's fault: the install decides.
	apt update || :
	conf=/etc/postgresql-common/createcluster.conf
	[ -f $conf ] || install postgresql-common

	# A server package makes and starts a cluster "main" when it comes in.  This
	# stands in the way while it does, and goes: the site's settings stay its own.
	grep -q '^include_dir.*createcluster\.d' $conf ||
		die "$conf does not include createcluster.d: installing$missing could start a cluster"
	if [ ! -d ${conf%.conf}.d ]; then
		made=${conf%.conf}.d
		$sudo mkdir "$made"
	fi
	guard=${conf%.conf}.d/zz-registry-setup.conf
	echo 'create_main_cluster = false' | $sudo tee "$guard" >/dev/null

	# shellcheck disable=SC2086  # a list
	install $missing
fi
echo "$version"
