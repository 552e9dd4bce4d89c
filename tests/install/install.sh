# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash disable=SC2154 # from run: $work, $tests, $commands
# make install and make uninstall, into a folder with a space in its name
root="$work/a root"
quietly() { make -s "$@" >"$work/log" 2>&1 || echo "make $*: $(tail -n 3 "$work/log")"; }

nothing install "$(quietly install PREFIX=/usr DESTDIR="$root")"
is install_programs "$(stat -c '%a %n' "$root"/usr/sbin/* | sed "s,$root,,")" $'755 /usr/sbin/bindtrace\n755 /usr/sbin/bindtrace-export'
is install_version "$("$root/usr/sbin/bindtrace" --version | head -n 1)" "bindtrace $(sed -n 's/.*VERSION "\(.*\)"/\1/p' user/base/version.h)"
# bindtrace starts it from where it is itself
is install_exporter "$(cd / && "$root/usr/sbin/bindtrace" export --version | head -n 1)" "$(./bindtrace-export --version | head -n 1)"
is install_pages "$(cd "$root/usr/share/man" && ls man?/*)" \
	$'man5/bindtrace-recording.5\nman7/bindtrace-events.7\nman8/bindtrace-export.8\nman8/bindtrace.8'
is install_completions "$(cd "$root/usr/share" && find bash-completion zsh fish ! -type d | sort)" \
	"bash-completion/completions/bindtrace
bash-completion/completions/bindtrace-export
fish/vendor_completions.d/bindtrace-export.fish
fish/vendor_completions.d/bindtrace.fish
zsh/site-functions/_bindtrace"
is install_documents "$(ls "$root/usr/share/doc/bindtrace")" "$(find NEWS README.md docs/*.md docs/*.json docs/*.fields -printf '%f\n' | sort)"
is install_sysusers "$(ls "$root/usr/lib/sysusers.d")" bindtrace.conf
units=$(cd deploy/systemd && find . -name '*.service' | sed 's,./,,' | sort)
is install_units "$(cd "$root/usr/lib/systemd/system" 2>/dev/null && ls)" "$units"
is install_modes "$(find "$root" -type f ! -path '*/sbin/*' ! -perm 644)" ''
nothing uninstall "$(quietly uninstall PREFIX=/usr DESTDIR="$root")"
nothing uninstall_all "$(find "$root" ! -type d)"
nothing uninstall_twice "$(quietly uninstall PREFIX=/usr DESTDIR="$root")"

# all its folders by name; what is somebody else's stays
mkdir -p "$root/doc" && touch "$root/doc/mine"
folders=(SBINDIR=/bin MANDIR=/man DOCDIR=/doc BASHCOMPDIR=/b ZSHCOMPDIR=/z FISHCOMPDIR=/f UNITDIR=/u SYSUSERSDIR=/s)
nothing install_folders "$(quietly install DESTDIR="$root" "${folders[@]}")"
is install_into_folders "$(cd "$root" && find bin man b z f s u ! -type d 2>/dev/null | sort | tr '\n' ' ')" \
	'b/bindtrace b/bindtrace-export bin/bindtrace bin/bindtrace-export f/bindtrace-export.fish f/bindtrace.fish man/man5/bindtrace-recording.5 man/man7/bindtrace-events.7 man/man8/bindtrace-export.8 man/man8/bindtrace.8 s/bindtrace.conf '"$(for unit in $units; do printf 'u/%s ' "$unit"; done)z/_bindtrace "
nothing uninstall_folders "$(quietly uninstall DESTDIR="$root" "${folders[@]}")"
is uninstall_leaves "$(find "$root" ! -type d)" "$root/doc/mine"
