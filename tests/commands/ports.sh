# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# bindtrace ports names who has what.
# shellcheck shell=sh disable=SC2154

try "$bindtrace" ports -n /proc/self/ns/net 8200-8299
is ports_none "$status $(cat "$out") $(cat "$err")" '0  bindtrace: nobody is seen there; bindtrace check PORT asks the kernel'
try "$bindtrace" ports --json -n /proc/self/ns/net 8200-8299
is ports_none_json "$status $(cat "$out" "$err")" '0 '

hold listen 8200 share reuseaddr
try "$bindtrace" ports 8200
is ports_title "$status $(head -n 1 "$out")" '0 tcp 8200'
shows ports_listen "^  LISTEN 127.0.0.1:8200 by hold\[$holder\] .*, shared with hold\[$sharer\]  uid 0" "$out"
try "$bindtrace" ports --json 8200
is ports_json "$(json kind protocol address port role netns processes <"$out" | cut -d' ' -f1-6)" \
	"socket tcp 127.0.0.1 8200 listener $(stat -L -c %i /proc/self/ns/net)"
is ports_json_pids "$(grep -o '"pid":[0-9]*' "$out" | tr '\n' ' ')" "\"pid\":$holder \"pid\":$sharer "
try "$bindtrace" ports -n "$COMMANDS_NETNS" 8200
is ports_other_netns "$status $(cat "$out")" '0 '
try "$bindtrace" ports
shows ports_all '^tcp 8200$' "$out"
"$helpers/as" --netns "$bindtrace" ports 8200 >"$out"
shows ports_named_netns "^tcp 8200  in network namespace $(stat -L -c %i /proc/self/ns/net)" "$out"
release

hold bound 8201
try "$bindtrace" ports 8201
shows ports_bound "^  BOUND 127.0.0.1:8201 by hold\[$holder\]" "$out"
try "$bindtrace" ports --proto udp 8201
is ports_proto "$(cat "$out")" ''
release
hold udp 8202
try "$bindtrace" ports 8202
is ports_udp_title "$(head -n 1 "$out")" 'udp 8202'
shows ports_udp "^  BOUND 127.0.0.1:8202 by hold\[$holder\]" "$out"
release
hold accepted 8203
try "$bindtrace" ports 8203
shows ports_accepted "^  CLOSE_WAIT 127.0.0.1:8203 -- 127.0.0.1:[0-9]* by hold\[$holder\]" "$out"
release

hold time_wait 8204
try "$bindtrace" check --json 127.0.0.1:8204
foretold=$(head -n 1 "$out" | json frees_at)
try "$bindtrace" ports --json 8204
is ports_time_wait "$(json role port processes <"$out")" 'time_wait 8204 [ ]'
# each counts the ticks that are left from a clock between two of them (10 ms where they are longest)
told=$(json time_wait.frees_at <"$out")
apart_ms=$((($(date -d "$told" +%s%N) - $(date -d "$foretold" +%s%N)) / 1000000))
check ports_time_wait_end "'$told' instead of '$foretold'" test "${told:+${apart_ms#-}}" -le 20
try "$bindtrace" ports 8204
shows ports_time_wait_text '^  TIME_WAIT 127.0.0.1:8204 -- 127.0.0.1:[0-9]*, frees in [56][0-9]\.[0-9] s' "$out"
release
hold fin_wait2 8205
try "$bindtrace" ports 8205
shows ports_fin_wait2 '^  FIN_WAIT2 127.0.0.1:8205 .*, frees in at least [0-9]' "$out"
release

# in a pid namespace of its own: it says what it cannot see, and does not fake the rest
if unshare -pf true 2>/dev/null; then
	try unshare -pf "$bindtrace" ports 8299
	shows ports_pid_namespace 'only the processes of this pid namespace' "$err"
	try unshare -pf "$bindtrace" check 8299
	is check_pid_namespace "$status" 3
	try unshare -pf "$bindtrace" -- true
	is program_pid_namespace "$status" 3
else
	skip ports_pid_namespace "no unshare"
fi

for word in x 70000 80-; do
	try "$bindtrace" ports "$word"
	is "ports_usage $word" "$status $(wc -l <"$err")" '2 1'
done
try "$helpers/as" --uid 65534 "$bindtrace" ports
is ports_no_permission "$status" 3
