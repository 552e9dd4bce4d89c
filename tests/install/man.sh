# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash disable=SC2154 # from run: $work, $tests, $commands
# The man pages: clean for both formatters, and nothing that --help has is missing
for page in build/man/*.[578]; do
	name=$(basename "$page")
	nothing "man_${name}_groff" "$(man --warnings -E UTF-8 -l -Tutf8 -Z "$page" 2>&1 >/dev/null)"
	# scdoc ends each entry with an empty paragraph
	nothing "man_${name}_mandoc" "$(mandoc -T lint -W warning "$page" | grep -v 'skipping paragraph macro')"
	MANWIDTH=100 man --nh --nj -l "$page" | col -bx >"$work/$name"
	# what the conversion from Markdown has left
	nothing "man_${name}_plain" "$(grep -nE '`|\]\(|\*\*|@[A-Z_]+@' "$work/$name")"
done
for command in $commands; do
	page=$work/bindtrace.8
	[ "$command" != export ] || page=$work/bindtrace-export.8
	nothing "man_command_$command" "$(grep -qE "^ +bindtrace \[?$command\]? " "$page" || echo "the page has no $command")"
	# the tag of an option begins its line
	nothing "man_options_$command" "$(for option in $(helped "$command"); do
		grep -qE -- "^ +(-., )?$option\b" "$page" || echo "the page has no $option"
	done)"
done
# what --help says of each is there in full, wherever its lines end
cat "$work/bindtrace.8" "$work/bindtrace-export.8" | tr -s ' \n' ' ' >"$work/flowing"
nothing man_help "$(sed -n 's/^option.*\t//p' build/tables | sed 's/^\.\.\./…/' | sort -u | while IFS= read -r help; do
	grep -qF -- " $help " "$work/flowing" || echo "the pages do not say: $help"
done)"
nothing man_sections "$(for section in NAME SYNOPSIS DESCRIPTION COMMANDS OPTIONS EXAMPLES 'EXIT STATUS' OVERHEAD SECURITY 'SEE ALSO'; do
	grep -qx "$section" "$work/bindtrace.8" || echo "no $section"
done)"
# a table's rows are entries; its first cell and its code are all there
nothing man_keys "$(sed -n 's/^| \([a-z_]\+\)[ ,|].*/\1/p' docs/events.md | grep -vx key | while read -r key; do
	grep -qE "^ +$key\b" "$work/bindtrace-events.7" || echo "no $key"
done)"
# the check of a recording in Python is still a program
is man_code "$(sed -n '/^           import hashlib/,/^ *$/s/^           //p' "$work/bindtrace-recording.5")" \
	"$(sed -n '/^import hashlib/,/^```/p' docs/recording.md | grep -v '^```')"
