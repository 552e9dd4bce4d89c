# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Every filter shows what matches and nothing else. The refusal that must be shown is by "wanted" and comes
# last; the one that must not be by "other".
# shellcheck shell=sh disable=SC2154

shown() { json kind process.comm refused <"$out" | tr '\n' ' '; }
only_wanted() {
	check "filter_$1" "status $status, shown: $(shown) $(cat "$err")" test "$status" -eq 0 -a \
		"$(shown)" = 'failure wanted - footer - 1 '
}
# filter NAME "OPTIONS" "OTHER'S OPTIONS" "WANTED'S OPTIONS"
filter() {
	# shellcheck disable=SC2086 # words
	{
		start --json $2
		refused --name other $3
		refused --name wanted $4
	}
	finish
	only_wanted "$1"
}

filter port '-P 21001' '--port 21002' '--port 21001'
filter port_list '-P 80,21001-21003' '--port 21004' '--port 21003'
filter port_error '-P 21001' '--port 21002' '--port 21001 --error EINVAL'
filter comm '-c wanted' '' ''
filter comm_second '-c some -c wanted' '' ''
filter comm_no_prefix '-c wanted -c othe' '' ''
filter user '-u 1234' '--uid 1235' '--uid 1234'
filter user_list '-u 1,1234' '--uid 1235' '--uid 1234'
filter user_root '-u 0' '--uid 1235' ''
filter errno '-e EINVAL' '' '--error EINVAL'
filter errno_number '-e 22,13' '' '--error EINVAL'
filter several '-u 1234 -P 21001' '--uid 1234' '--uid 1234 --port 21001'

# the process exists, but waits for somebody to open the fifo
mkfifo "$work/go"
"$helpers/refused" --name wanted <"$work/go" &
waiting=$!
start --json -p 1,$waiting
refused --name other --port 21001
: >"$work/go"
wait $waiting
finish
only_wanted pid
# there are no more than 4194304 (PID_MAX_LIMIT), and that is none
try "$bindtrace" -p $$,4194304 --duration 10ms
check filter_pid_absent "status $status: $(cat "$err")" \
	test "$status $(grep -c 'there is no process 4194304' "$err") $(wc -l <"$err")" = '0 1 1'

only=
start --json -c wanted-anywhere
"$helpers/as" --netns "$helpers/refused" --name wanted-anywhere
finish
check filter_no_netns "shown: $(shown)" test "$(shown)" = 'failure wanted-anywhere - footer - 1 '
start --json -n /proc/self/ns/net
"$helpers/as" --netns "$helpers/refused" --name other
refused --name wanted
finish
only_wanted netns
start --json -n "$(stat -L -c %i /proc/self/ns/net)"
"$helpers/as" --netns "$helpers/refused" --name other
refused --name wanted
finish
only_wanted netns_number
# in_netns_of NUMBER COMMAND...: in a new namespace, if that has the number; false: it has another one
in_netns_of() {
	# shellcheck disable=SC2016 # for the inner shell
	"$helpers/as" --netns sh -c '[ "$(stat -L -c %i /proc/self/ns/net)" = "$0" ] && exec "$@"' "$@"
}
# the number of a namespace that is gone is soon another's, which nobody has asked for
mkfifo "$work/there"
"$helpers/as" --netns sh -c 'read -r _ && exec "$@"' - "$helpers/refused" --name wanted <"$work/there" &
waiting=$!
exec 4>"$work/there"
until [ "$(readlink /proc/$waiting/ns/net)" != "$(readlink /proc/self/ns/net)" ]; do :; done
number=$(stat -L -c %i /proc/$waiting/ns/net)
start --json -n /proc/$waiting/ns/net
echo >&4
exec 4>&-
wait $waiting
tries=0
until in_netns_of "$number" "$helpers/refused" --name other || [ $tries = 300 ]; do
	tries=$((tries + 1))
done
finish
if [ $tries = 300 ]; then
	skip filter_netns_gone "no other namespace was given the number"
elif ! python3 -c 'import socket as s; s.socket(s.AF_UNIX).getsockopt(s.SOL_SOCKET, 71, 8)' 2>/dev/null; then
	skip filter_netns_gone "this kernel does not tell the cookie of a namespace (SO_NETNS_COOKIE, Linux 5.14)"
else
	only_wanted netns_gone
fi
# shellcheck disable=SC2034 # start uses it
only='-n /proc/self/ns/net'

cgroup=
for root in /sys/fs/cgroup /sys/fs/cgroup/unified; do
	[ -e $root/cgroup.controllers ] && mkdir -p $root/bindtrace-cli-$$/below 2>/dev/null &&
		cgroup=$root/bindtrace-cli-$$ && break
done
# in_cgroup PATH COMMAND...
in_cgroup() {
	# shellcheck disable=SC2016 # for the inner shell
	sh -c 'echo $$ >"$0/cgroup.procs" && exec "$@"' "$@"
}
if [ "$cgroup" ]; then
	for path in "${cgroup##*/}" "/${cgroup##*/}" "$cgroup"; do
		start --json -g "$path"
		refused --name other
		in_cgroup "$cgroup/below" "$helpers/refused" --name wanted
		finish
		only_wanted "cgroup $path"
	done
	rmdir "$cgroup/below" "$cgroup"
else
	skip filter_cgroup "no cgroup2 to write to"
fi
