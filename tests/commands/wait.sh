# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# bindtrace check --wait ends when the port can be had, and not much later.
# shellcheck shell=sh disable=SC2154

try "$bindtrace" check --wait 8000
is wait_free "$status" 0
# waits OPTION...: in the background, and it has been refused once when this returns
waits() {
	"$bindtrace" check --json --wait "$@" >"$work/waiting" 2>"$err" &
	waiting=$!
	exec 5<"$work/waiting"
	read -r first <&5
}
# ended: its last line is in $last
ended() {
	read -r last <&5
	exec 5<&-
	wait $waiting
	status=$?
}
mkfifo "$work/waiting"

for how in listen bound accepted; do
	hold $how 8100
	waits 127.0.0.1:8100
	release
	ended
	is wait_$how "$status $(echo "$last" | json kind free)" '0 check true'
	later wait_${how}_in_time "$released" "$(echo "$last" | json boottime_ns)"
done
hold udp 8100
waits --proto udp 127.0.0.1:8100
release
ended
is wait_udp "$status $(echo "$last" | json kind free)" '0 check true'

# the kernel alone knows when
echo 5 >/proc/sys/net/ipv4/tcp_fin_timeout
hold fin_wait2 8101
waits 127.0.0.1:8101
is wait_fin_wait2_reason "$(echo "$first" | json reason)" fin_wait2
freed=$("$helpers/hold" poll 8101)
ended
is wait_fin_wait2 "$status $(echo "$last" | json kind free)" '0 check true'
later wait_fin_wait2_in_time "$freed" "$(echo "$last" | json boottime_ns)"
release

hold listen 8102
try "$bindtrace" check --wait=300ms 8102
is wait_timeout "$status" 4
is wait_timeout_lines "$(wc -l <"$out")" 2
shows wait_timeout_holder "^tcp 0.0.0.0:8102: LISTEN by hold\[$holder\], waiting 0\." "$out"
try "$bindtrace" check --wait=300ms --json 8102
is wait_timeout_json "$status $(json kind free <"$out" | tr '\n' ',')" '4 failure -,check false,'
try "$helpers/terminal" - "$bindtrace" check --wait=1s 8102
if [ "$status" -eq 77 ]; then
	skip wait_terminal "no terminal to be had"
else
	check wait_terminal "no countdown: $(cat "$out")" test "$(tr '\r' '\n' <"$out" | grep -c waiting)" -ge 5
fi
release
try "$bindtrace" check --wait 192.0.2.1:8000 --user 65534 --wait=200ms
is wait_not_local "$status" 4
try "$bindtrace" check --wait --user 65534 80
is wait_in_vain "$status" 4
shows wait_in_vain_why EACCES "$out"
