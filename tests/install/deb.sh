# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash disable=SC2154 # from run: $work, $tests, $commands
# The Debian package, installed and removed in a copy of this system that vanishes with the mount namespace
nothing deb_builds "$(nice make -s deb 2>&1 >/dev/null)"
nothing deb_warnings "$(grep -n 'warning:' build/deb/log | head -n 3)"
nothing deb_lintian "$(lintian --allow-root --pedantic --display-info --fail-on none build/deb/*.changes 2>&1 | grep -v '^N:')"
nothing deb_build_depends "$(for package in $(sed -n "/^build='/,/'$/p" tests/tools/packages | tr -d "'" | sed 's/^build=//'); do
	case $package in
	gcc | libc6-dev | make | python3-minimal) ;; # build-essential, and python3
	*) grep -qxE " ?$package,?" debian/control || echo "debian/control does not ask for $package" ;;
	esac
done)"
# none but those of make install, where Debian wants them
deb=$(ls build/deb/bindtrace_*.deb)
units=$(cd deploy/systemd && find . -name '*.service' | sort | sed 's,^\./,./lib/systemd/system/,' | tr '\n' ' ')
is deb_files "$(dpkg-deb -c "$deb" | awk '$1 !~ /^d/ { print $6 }' | grep -vE '/(doc|man|lintian)/' | sort | tr '\n' ' ')" \
	"$units"'./usr/lib/sysusers.d/bindtrace.conf ./usr/sbin/bindtrace ./usr/sbin/bindtrace-export ./usr/share/bash-completion/completions/bindtrace ./usr/share/bash-completion/completions/bindtrace-export ./usr/share/fish/vendor_completions.d/bindtrace-export.fish ./usr/share/fish/vendor_completions.d/bindtrace.fish ./usr/share/zsh/vendor-completions/_bindtrace '

# Prints what went wrong. What dpkg -P leaves is the user: files of a user who is gone would be the next one's.
cat >"$work/inside" <<'INSIDE'
set -u
cd /
say() { echo "$*"; }
dpkg_quietly() { dpkg "$@" >/deb.log 2>&1 || { say "dpkg $*:"; tail -n 3 /deb.log; }; }
touch /began
dpkg_quietly -i /package.deb
bindtrace --version >/dev/null || say 'bindtrace does not run'
bindtrace export --version >/dev/null || say 'bindtrace export does not run'
man --path bindtrace >/dev/null 2>&1 && man -w bindtrace-recording >/dev/null || say 'no man page is found'
getent passwd bindtrace >/dev/null || say 'there is no user bindtrace'
[ -z "$(find /etc/systemd /etc/rc?.d -name '*bindtrace*')" ] || say 'a service is enabled'
dpkg -V bindtrace || say 'files are not as in the package'
dpkg_quietly -i /package.deb # again, as an upgrade does
dpkg_quietly -r bindtrace
[ ! -e /usr/sbin/bindtrace ] || say 'the program stays'
dpkg_quietly -P bindtrace
find /usr /etc /var /lib/systemd -xdev -name '*bindtrace*' -newer /began
dpkg-query -s bindtrace >/dev/null 2>&1 && say 'dpkg still knows it'
exit 0
INSIDE
in_a_copy() {
	# shellcheck disable=SC2016
	unshare -m bash -c '
		mkdir "$1/copy" && mount -t tmpfs none "$1/copy" && cd "$1/copy" && mkdir upper work root &&
			mount -t overlay overlay -o lowerdir=/,upperdir=upper,workdir=work root &&
			mount --rbind /proc root/proc && mount --rbind /dev root/dev || exit
		cp "$2" root/package.deb && cp "$1/inside" root/inside
		chroot root env PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive bash /inside 2>&1
	' bash "$work" "$1"
}
nothing deb_installs_and_removes "$(in_a_copy "$PWD/$deb")"
