# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# bindtrace -- PROGRAM: it runs as if nobody looked.
# shellcheck shell=sh disable=SC2154,SC2016 # variables of ./run; $ for inner shells

try "$bindtrace" -- true
is program_status "$status" 0
is program_quiet "$(cat "$out" "$err")" ''
try "$bindtrace" -- sh -c 'exit 7'
is program_status_7 "$status" 7
try "$bindtrace" -- sh -c 'kill -KILL $$'
is program_killed "$status" 137
try "$bindtrace" -- no-such-program
is program_not_found "$status" 127
shows program_not_found_said "no-such-program" "$err"
: >"$work/file"
try "$bindtrace" -- "$work/file"
is program_not_executable "$status" 126
try "$bindtrace" --
is program_missing "$status" 2
try "$bindtrace" --frobnicate -- true
is program_usage "$status" 2
try "$helpers/as" --uid 65534 "$bindtrace" -- sh -c 'echo ran'
is program_no_permission "$status" 3
is program_not_run "$(cat "$out")" ''
try "$bindtrace" -v -- true
shows program_verbose_header '^watching for' "$err"
shows program_verbose_footer '^refused 0 = ' "$err"

echo hello | "$bindtrace" -- cat >"$out" 2>"$err"
is program_stdin "$(cat "$out")" hello
is program_argument "$("$bindtrace" -- printf '%s|' a 'b  c' -- -p)" 'a|b  c|--|-p|'

# its first act, and not only once
n=0 times=5
while [ $n -lt $times ]; do
	n=$((n + 1))
	try "$bindtrace" -- "$helpers/refused" --name "first$n"
	grep -q "first$n\[" "$err" || break
done
is program_first_act "$n" $times
is program_reports_on_stderr "$(cat "$out")" ''
try "$bindtrace" --json -o "$work/report" -- "$helpers/refused" --name inner
is program_json "$(json kind process.comm <"$work/report" | tr '\n' ',')" \
	'header -,failure inner,footer -,'
try "$bindtrace" --json -- "$helpers/refused" --name inner
is program_json_stderr "$(json kind <"$err" | tr '\n' ',')" 'header,failure,footer,'

# an orphan counts, a stranger does not
mkfifo "$work/go" "$work/done"
try "$bindtrace" --json -o "$work/report" -- sh -c '
	( ( read -r x <"$1/go"; "$0/refused" --name orphan; echo >"$1/done" ) & )
	echo >"$1/go"; read -r x <"$1/done"' "$helpers" "$work"
is program_orphan "$(json kind process.comm <"$work/report" | grep failure)" 'failure orphan'
try "$bindtrace" --json -o "$work/report" -- sh -c '
	( exec sh -c "( \"$0/refused\" --name deep )" ); exit 3' "$helpers"
is program_deep "$status $(json kind process.comm <"$work/report" | grep failure)" '3 failure deep'
"$bindtrace" --json -o "$work/report" -- sh -c 'echo >"$0/go"; read -r x <"$0/done"' "$work" &
running=$!
read -r _ <"$work/go"
"$helpers/refused" --name stranger
echo >"$work/done"
wait $running
is program_stranger "$(json kind refused <"$work/report" | tr '\n' ',')" 'header -,footer 0,'
try "$bindtrace" --json -o "$work/report" -P 21001 -- "$helpers/refused" --port 21000
is program_filter "$(json kind <"$work/report" | tr '\n' ',')" 'header,footer,'
try "$bindtrace" --json -o "$work/report" --count 1 -- sh -c '
	"$0/refused" --port 21000; "$0/refused" --port 21001; exit 5' "$helpers"
is program_count "$status $(json kind port <"$work/report" | tr '\n' ',')" '5 header -,failure 21000,footer -,'
"$bindtrace" -- sh -c '"$0/refused"; echo still >&2; exit 6' "$helpers" 2>&1 | read -r _
"$bindtrace" -o /dev/full -- sh -c '"$0/refused"; exit 6' "$helpers" 2>"$err"
status=$?
is program_full "$status" 6
shows program_full_said 'cannot write to /dev/full' "$err"
try "$bindtrace" -o "$work/no/such" -- true
is program_output_unwritable "$status" 1

# signals: to bindtrace alone, and from a terminal to all
# (a shell has those in the background ignore INT and QUIT, and so does what they start)
for signal in TERM HUP; do
	"$bindtrace" -- sh -c 'trap "exit 9" '$signal'; echo >"$0/go"; sleep 60 & wait; exit 1' "$work" &
	running=$!
	read -r _ <"$work/go"
	kill -$signal $running
	wait $running
	status=$?
	is program_signal_$signal "$status" 9
done
"$bindtrace" -- sh -c 'echo >"$0/go"; exec sleep 60' "$work" &
running=$!
read -r _ <"$work/go"
kill -TERM $running
wait $running 2>/dev/null
status=$?
is program_signal_default "$status" 143

# on_terminal NAME KEY EXPECTED SCRIPT
on_terminal() {
	try "$helpers/terminal" "$2" "$bindtrace" -- sh -c "$4"
	[ "$status" -eq 77 ] && skip "$1" "no terminal to be had" && return
	is "$1" "$status $(tr -d '\r' <"$out" | tr '\n' ' ')" "$3"
}
on_terminal program_terminal - '0 up ' 'test -t 0 && test -t 1 && test -t 2 && echo up'
try "$helpers/terminal" - "$bindtrace" -- sh -c 'exit 4'
[ "$status" -eq 77 ] || shows program_silence '^bindtrace: nothing was refused to sh' "$out"
on_terminal program_ctrl_c '^C' '9 up ^Cint ' 'trap "echo int; exit 9" INT; echo up; sleep 60 & wait'
on_terminal program_ctrl_backslash '^\' '9 up ^\quit ' 'trap "echo quit; exit 9" QUIT; echo up; sleep 60 & wait'
on_terminal program_ctrl_c_dies '^C' '130 up ^C' 'echo up; exec sleep 60'
on_terminal program_ctrl_z '^Z' '0 up ^Zstopped went on ' \
	'trap "echo went on; exit 0" CONT; echo up; sleep 60 & wait; wait'
