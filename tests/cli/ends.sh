# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# However it ends, nothing of it stays attached or loaded.
# shellcheck shell=sh disable=SC2154

# begun OPTION...: start, and remember what it has loaded
begun() {
	start "$@"
	"$helpers/loaded" --of "$pid" >"$work/loaded"
	n_progs=$(sort -u "$work/loaded" | grep -c '^prog ')
	[ "$n_progs" -ge 2 ] || fail ends "only $n_progs programs are seen in its descriptors"
}
# ended NAME STATUS
ended() {
	if [ "$status" -ne "$2" ]; then
		fail "$1" "status $status, not $2: $(cat "$err")"
	elif [ "$2" -eq 0 ] && [ -s "$err" ]; then
		fail "$1" "on stderr: $(cat "$err")"
	elif left=$(sort -u "$work/loaded" | "$helpers/loaded" --gone); then
		pass "$1"
	else
		fail "$1" "still there: $(echo "$left" | tr '\n' ' ')"
	fi
}
is_last_footer() { [ "$(tail -n 1 "$out" | json kind)" = footer ]; }

total=$("$helpers/loaded")
for signal in INT TERM HUP; do
	begun --json
	finish $signal
	ended end_by_$signal 0
	check end_by_${signal}_footer "no footer: $(tail -n 1 "$out")" is_last_footer
done

begun --json --duration 3s
finish none
ended end_by_duration 0
check end_by_duration_footer "no footer" is_last_footer

begun --json --count 1
refused --port 21000
finish none
ended end_by_count 0
check end_by_count_footer "not a footer after 1 line" test "$(json kind printed <"$out" | tr '\n' ' ')" = \
	'failure - footer 1 '

# what came after the last report is lost or was never seen, but not folded
begun --json --count 1 --no-fold
refused --port 21000 --times 3000
finish none
check count_no_fold "folded with --no-fold: $(tail -n 1 "$out" | json printed folded lost)" \
	test "$(tail -n 1 "$out" | json folded)" = 0
ended end_by_count_no_fold 0

begun
finish KILL
ended end_by_KILL 137

begun --json
exec 3<&-
refused --port 21000
await "$pid"
[ "$status" -ne 1 ] || status=0
ended end_by_EPIPE 0

# it ends in spite of a second signal, and of one that comes while it starts
begun
kill -INT "$pid"
kill -TERM "$pid" 2>/dev/null
finish none
ended end_by_two_signals 0
"$helpers/as" --limit "$start_s" "$bindtrace" >"$out" 2>"$err" </dev/null &
pid=$!
kill -TERM $pid
await $pid
check end_by_early_signal "status $status: $(cat "$err")" test "$status" -eq 143 -o "$status" -eq 0

# another instance sees the same
start --json
first=$pid
mkfifo "$work/fifo2"
"$helpers/as" --limit "$start_s" "$bindtrace" --json -P 21000 >"$work/fifo2" 2>"$work/err2" </dev/null 3>&- &
second=$!
exec 4<"$work/fifo2"
read -r _ <&4
refused --port 21000 --name twice
kill -INT $first $second
cat <&3 >"$work/first"
cat <&4 >"$work/second"
exec 3<&- 4<&-
await $first
sum=$status
await $second
sum=$sum$status
events() { json kind process.comm process.pid port <"$1" | grep ' twice '; }
check second_instance "status $sum, '$(events "$work/first")' and '$(events "$work/second")'" \
	test "$sum" = 00 -a "$(events "$work/first")" -a \
	"$(events "$work/first")" = "$(events "$work/second")"

# the whole machine: no more than at first, unless others trace as well
tries=0
while [ "$("$helpers/loaded")" -gt "$total" ] && [ $tries -lt 50 ]; do
	tries=$((tries + 1))
	usleep 100000 2>/dev/null || sleep 0.1
done
if grep -qx bindtrace /proc/[0-9]*/comm 2>/dev/null; then
	skip nothing_left "somebody else runs bindtrace"
else
	check nothing_left "$total programs, maps and links at first, $("$helpers/loaded") now" \
		test "$("$helpers/loaded")" -le "$total"
fi
