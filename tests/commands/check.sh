# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# bindtrace check: free, refused and why, as whom and where.
# shellcheck shell=sh disable=SC2154

try "$bindtrace" check 127.0.0.1:8000
is check_free "$status $(cat "$out" "$err")" '0 tcp 127.0.0.1:8000 is free'
try "$bindtrace" check 8000
is check_wildcard "$(cat "$out")" 'tcp 0.0.0.0:8000 is free'
try "$bindtrace" check --listen '[::1]:8000'
is check_v6 "$status $(cat "$out")" '0 tcp [::1]:8000 is free'
try "$bindtrace" check --proto udp '*:8000'
is check_udp "$status $(cat "$out")" '0 udp 0.0.0.0:8000 is free'
try "$bindtrace" check -q 8000
is check_quiet "$status $(cat "$out")" '0 '

hold listen 8000 reuseaddr
try "$bindtrace" check 127.0.0.1:8000
is check_refused "$status" 4
shows check_refused_title '^bind would be refused: tcp 127.0.0.1:8000  EADDRINUSE' "$out"
shows check_refused_holder "LISTEN 127.0.0.1:8000 by hold\[$holder\]" "$out"
try "$bindtrace" check -q 8000
is check_refused_quiet "$status $(cat "$out")" '4 '
try "$bindtrace" check --json 8000
is check_json "$status $(json kind free port reason <"$out" | tr '\n' ',')" \
	'4 failure - 8000 listener,check false 8000 -,'
try "$bindtrace" check 127.0.0.2:8000
is check_other_address "$status" 0
try "$bindtrace" check --v6only '[::]:8000'
is check_v6only "$status" 0
try "$bindtrace" check '[::]:8000'
is check_dual_stack "$status" 4
try "$bindtrace" check -n "$COMMANDS_NETNS" 127.0.0.1:8000
is check_netns "$status $(cat "$out")" '0 tcp 127.0.0.1:8000 is free'
try "$bindtrace" check --proto udp 8000
is check_udp_is_another_table "$status" 0
release

hold bound 8001 reuseaddr
try "$bindtrace" check 8001
is check_bound "$status" 4
shows check_bound_holder 'BOUND 127.0.0.1:8001' "$out"
try "$bindtrace" check --reuseaddr 8001
is check_reuseaddr "$status" 0
try "$bindtrace" check --reuseport 8001
is check_reuseport "$status" 4
release

hold udp 8002
try "$bindtrace" check --proto udp 8002
is check_udp_refused "$status" 4
shows check_udp_refused_title '^bind would be refused: udp 0.0.0.0:8002  EADDRINUSE' "$out"
release

try "$bindtrace" check --user 65534 80
is check_user "$status" 4
shows check_user_title 'EACCES' "$out"
shows check_user_uid 'uid 65534' "$out"
try "$bindtrace" check 80
is check_root "$status" 0
try "$bindtrace" check 192.0.2.1:8000
is check_not_local "$status" 4
shows check_not_local_why 'EADDRNOTAVAIL' "$out"

try "$bindtrace" check "unix:$work/socket"
is check_unix "$status $(cat "$out")" "0 unix $work/socket is free"
check check_unix_gone "it left the socket behind" test ! -e "$work/socket"
hold unix "$work/socket"
try "$bindtrace" check "unix:$work/socket"
is check_unix_live "$status" 4
shows check_unix_live_why 'another socket is bound to this file' "$out"
shows check_unix_live_holder "LISTEN $work/socket by hold\[$holder\]" "$out"
is check_unix_live_untouched "$(grep -c "$work/socket" /proc/net/unix)" 1
release
try "$bindtrace" check "unix:$work/socket"
is check_unix_stale "$status" 4
shows check_unix_stale_why 'the socket file is left over' "$out"
shows check_unix_stale_do "rm -- $work/socket" "$out"
rm "$work/socket"
: >"$work/plain"
try "$bindtrace" check "unix:$work/plain"
shows check_unix_file 'is no socket' "$out"
try "$bindtrace" check unix:/no/such/folder/socket
is check_unix_no_folder "$status" 4
shows check_unix_no_folder_why ENOENT "$out"
chmod 1777 "$work"
try "$bindtrace" check --user 65534 "unix:$work/theirs"
is check_unix_user "$status $(cat "$out")" "0 unix $work/theirs is free"
check check_unix_user_gone "it left the socket behind" test ! -e "$work/theirs"
chmod 755 "$work"
try "$bindtrace" check --user 65534 "unix:$work/theirs"
is check_unix_user_refused "$status" 4
shows check_unix_user_why 'uid 65534 may not create files' "$out"
hold unix "@held"
try "$bindtrace" check unix:@held
is check_unix_abstract_refused "$status" 4
shows check_unix_abstract_holder "LISTEN @held by hold\[$holder\]" "$out"
try "$bindtrace" check --proto udp unix:@held
is check_unix_abstract_type "$status $(cat "$out")" '0 unix @held is free'
release
try "$bindtrace" check unix:@name
is check_unix_abstract "$status $(cat "$out")" '0 unix @name is free'

for word in '' x 0 65536 1.2.3:80 ::1:80 '[::1]' '[::1]80' unix: '1 2' '127.0.0.1:'; do
	try "$bindtrace" check "$word"
	is "check_usage '$word'" "$status $(wc -l <"$err")" '2 1'
done
try "$bindtrace" check
is check_usage_none "$status" 2
try "$bindtrace" check 80 81
is check_usage_two "$status" 2
try "$bindtrace" check --proto sctp 80
is check_usage_proto "$status" 2
try "$bindtrace" check --user no-such-user 80
is check_usage_user "$status" 2
try "$bindtrace" check --netns no-such-netns 80
is check_usage_netns "$status" 2
try "$bindtrace" check --wait=soon 80
is check_usage_wait "$status" 2
try "$helpers/as" --uid 65534 "$bindtrace" check 8000
is check_no_permission "$status" 3
