# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Whoever gets a port that was refused is told, once.
# shellcheck shell=sh disable=SC2154

# story OPTION...: what bindtrace says of a port that is refused three times and then bound
story() {
	hold listen 8300
	"$bindtrace" "$@" -n /proc/self/ns/net >"$work/events" 2>"$err" &
	tracing=$!
	exec 5<"$work/events"
	read -r _ <&5
	"$bindtrace" check -q 127.0.0.1:8300
	"$bindtrace" check -q 127.0.0.1:8300
	"$bindtrace" check -q 127.0.0.1:8300
	release
	"$bindtrace" check -q 127.0.0.2:8300
	"$helpers/refused" --port 8301 --name other
	"$helpers/hold" bound 8300 </dev/null >"$work/got"
	"$helpers/hold" bound 8300 </dev/null >/dev/null
	kill -INT $tracing
	cat <&5 >"$out"
	exec 5<&-
	wait $tracing
	read -r got _ <"$work/got"
}
mkfifo "$work/events"

story --json
resolved=$(grep '"kind":"resolved"' "$out" | head -n 1)
is resolved_json "$(echo "$resolved" | json operation protocol address port how process.comm process.pid refusals)" \
	"bind tcp 127.0.0.1 8300 bound hold $got 3"
is resolved_incident "$(echo "$resolved" | json incident)" \
	"$(grep '"kind":"failure"' "$out" | head -n 1 | json repeat.incident)"
is resolved_once "$(grep -c '"kind":"resolved".*"port":8300' "$out")" 1
is resolved_seq "$(json seq <"$out" | tr '\n' ' ')" "$(seq 1 "$(wc -l <"$out")" | tr '\n' ' ')"
is resolved_sum "$(tail -n 1 "$out" | json refused lost)" '4 0'
story
shows resolved_text "  resolved: tcp 127.0.0.1:8300 bound by hold\[$got\] after [0-9.]* s and 3 refusals\$" "$out"
# the one who gets it is not one of those that are watched
story --json -c bindtrace
is resolved_filtered "$(grep '"kind":"resolved"' "$out" | json port process.pid)" "8300 $got"
is resolved_filtered_quiet "$(grep -c '"kind":"bound"' "$out")" 0
story --json --all
is resolved_all "$(grep '"kind":"resolved"' "$out" | json port process.pid | head -n 1)" "8300 $got"
story --json --no-fold
is resolved_no_fold "$(grep '"kind":"resolved"' "$out" | json port refusals | head -n 1)" '8300 3'
