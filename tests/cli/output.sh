# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Help, versions, doctor, JSON, colours.
# shellcheck shell=sh disable=SC2154

try "$bindtrace" --help
missing=
for option in pid port comm user errno cgroup netns all no-fold duration count json timestamps wide \
	verbose quiet color attach help version; do
	grep -q -e "--$option" "$out" || missing="$missing $option"
done
check help "status $status, stderr $(cat "$err"), not named:$missing" \
	test "$status" -eq 0 -a -z "$missing" -a ! -s "$err"
check help_width "a line of more than 100 columns" test -z "$(grep -E '.{101}' "$out")"
try "$bindtrace" -h
check help_letter "status $status" test "$status" -eq 0 -a -s "$out"
try "$bindtrace" doctor --help
check help_doctor "status $status" test "$status" -eq 0 -a -s "$out" -a ! -s "$err"
try "$bindtrace" trace -h
check help_trace "status $status" test "$status" -eq 0 -a -s "$out" -a ! -s "$err"
for option in -V --version; do
	try "$bindtrace" $option
	check version$option "status $status: $(cat "$out")" grep -q '^bindtrace [0-9]*\.[0-9]' "$out"
done

try "$bindtrace" doctor
check doctor "status $status: $(cat "$err")" test "$status" -eq 0 -a ! -s "$err"
check doctor_chosen "nothing is chosen" grep -q -- '<- chosen' "$out"
try "$bindtrace" doctor --json
hook=$(json hook <"$out") || hook=
check doctor_json "status $status: $(cat "$out")" test "$status" -eq 0 -a "$hook" -a \
	"$(wc -l <"$out")" -eq 1
check doctor_json_chosen "$hook is chosen but does not work" \
	test "$(json "attach.$hook" <"$out")" = ok

# JSON: header first, footer last, seq without a gap, and what doctor chose is used
start --json
refused --port 21000
refused --port 21001
finish
echo "$header" | cat - "$out" >"$work/all"
check json_lines "$(json kind seq <"$work/all" | tr '\n' ,)" \
	test "$(json kind seq <"$work/all" | tr '\n' ,)" = 'header 0,failure 1,failure 2,footer 3,'
check json_hook "doctor chose $hook, the header says $(echo "$header" | json coverage.hook)" \
	test "$(echo "$header" | json coverage.hook)" = "$hook"
if command -v jq >/dev/null 2>&1; then
	check json_jq "jq does not read it" jq -e . "$work/all" >/dev/null
fi

start
refused --port 21000
finish
check text_lines "$(cat "$out")" test "$(grep -c ' bind refused: tcp 127.0.0.1:21000  EADDRINUSE$' "$out")" -eq 1
check text_header "$header" test "${header#watching for refused binds by }" != "$header"
check text_footer "$(tail -n 1 "$out")" \
	test "$(tail -n 1 "$out")" = 'refused 1 = printed 1 + folded 0 + lost 0'
start --all
refused --port 21000 --name both
finish
check all "$(cat "$out")" test "$(grep -c ' bound tcp 127.0.0.1:21000 by both' "$out")" -eq 1 -a \
	"$(grep -c ' bind refused: ' "$out")" -eq 1
try "$bindtrace" -n /proc/self/ns/net --quiet --duration 300ms
check quiet "status $status: $(cat "$out" "$err")" test "$status" -eq 0 -a ! -s "$out" -a ! -s "$err"

# Colours: on a terminal only, unless asked for otherwise. The report is made once the header has come.
coloured() { grep -q "$(printf '\033')\\[" "$out"; }
# color NAME yes|no COMMAND...
color() {
	name=color_$1 want=$2
	shift 2
	env TERM=xterm "$helpers/as" --limit "$start_s" "$@" >"$work/fifo" 2>"$err" </dev/null 3>&- &
	# shellcheck disable=SC2034 # finish uses it
	pid=$!
	exec 3<"$work/fifo"
	read -r _ <&3
	refused --port 21000
	finish none
	got=no
	coloured && got=yes
	if [ "$status" -eq 77 ]; then
		skip "$name" "no terminal to be had"
	elif [ "$status" -ne 0 ]; then
		fail "$name" "status $status: $(cat "$err")"
	else
		check "$name" "colours: $got" test $got = "$want"
	fi
}
color pipe no "$bindtrace" -n /proc/self/ns/net --count 1
color always yes "$bindtrace" -n /proc/self/ns/net --count 1 --color=always
color always_no_color yes env NO_COLOR=1 "$bindtrace" -n /proc/self/ns/net --count 1 --color=always
color terminal yes "$helpers/as" --tty "$bindtrace" -n /proc/self/ns/net --count 1
color terminal_never no "$helpers/as" --tty "$bindtrace" -n /proc/self/ns/net --count 1 --color=never
color terminal_no_color no env NO_COLOR=1 "$helpers/as" --tty "$bindtrace" -n /proc/self/ns/net --count 1
color terminal_no_color_empty yes env NO_COLOR= "$helpers/as" --tty "$bindtrace" -n /proc/self/ns/net --count 1
color terminal_dumb no env TERM=dumb "$helpers/as" --tty "$bindtrace" -n /proc/self/ns/net --count 1
