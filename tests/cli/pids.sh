# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# In a pid namespace of its own the tracer knows processes by other numbers than the kernel side.
# shellcheck shell=sh disable=SC2154

outside=$bindtrace
bindtrace=$work/inside
# shellcheck disable=SC2016 # for the inner shell
printf '#!/bin/sh\nexec unshare -pf --mount-proc "%s" "$@"\n' "$outside" >"$bindtrace"
chmod +x "$bindtrace"
# lacks FILE WORDS
lacks() { ! grep -q "$2" "$1"; }

if "$bindtrace" --version >/dev/null 2>&1; then
	try "$bindtrace" -p 1
	one_sentence pids_filter 3
	check pids_filter_sentence "$(cat "$err")" grep -q 'first pid namespace' "$err"

	# asker and holder are outside; what is 1 in there is somebody else here
	start -v --count 1
	refused --port 21003 --name outside
	finish none
	check pids_header "$header" test "${header%degraded*not seen here*}" != "$header"
	check pids_gap "$(cat "$out")" grep -q 'first pid namespace' "$out"
	check pids_asker "$(cat "$out")" grep -q ' who   outside\[[0-9]*\]' "$out"
	check pids_holder "$(cat "$out")" \
		grep -q ' held  LISTEN 127.0.0.1:21003, opened by outside\[' "$out"
	check pids_nobody "$(cat "$out")" lacks "$out" 'no process has it open'
	check pids_exited "$(cat "$out")" lacks "$out" '(exited)'
	check pids_kill "$(cat "$out")" lacks "$out" 'kill '

	start --json --count 1
	refused --port 21003
	finish none
	missing=$(echo "$header" | json coverage.missing)
	check pids_missing "$missing" test "${missing%sharers*pid_namespace*}" != "$missing"
	check pids_json "$(json process.alive process.exe <"$out")" \
		test "$(head -n 1 "$out" | json process.alive process.exe)" = '- -'
	check pids_json_processes "$(head -n 1 "$out")" lacks "$out" '"processes":'
else
	skip pids "unshare makes no pid namespace"
fi
# shellcheck disable=SC2034 # the parts use it
bindtrace=$outside
