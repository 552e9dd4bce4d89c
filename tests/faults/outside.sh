# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# What is around it is small, full, closed, hidden, or takes it away.
# shellcheck shell=sh disable=SC2154

# ---- its ring buffer is one page: most is lost, and counted
start "$bindtrace" --json --no-fold -P 21010 --buffer 4K
refused --port 21010 --times 3000
ended one_page
is one_page_refused "$(tail -n 1 out | json refused)" 3000
is one_page_said "$(grep -c '"kind":"lost"' out | sed 's/^[1-9].*/said/')" said

# ---- who reads its output does not: it waits, and writes all of it when there is room
for where in --nonblock '--tty --nonblock'; do
	name=full$(echo "$where" | sed 's/ *--/_/g')
	# shellcheck disable=SC2086 # words
	start "$helpers/as" $where "$bindtrace" --json --no-fold -P 21011
	refused --port 21011 --times 300
	tracer=$(cat "/proc/$pid/task/$pid/children")
	kill -INT ${tracer:-$pid}
	cat <&3 >out
	exec 3<&-
	wait "$pid"
	is "$name" "$? $(grep -c '"kind":"failure"' out) $(tail -n 1 out | json refused printed lost)" '0 300 300 300 0'
done

# ---- its terminal is gone
start "$helpers/as" --tty "$bindtrace" --json
tracer=$(cat "/proc/$pid/task/$pid/children")
"$helpers/loaded" --of "${tracer% }" >loaded
kill -9 "$pid"
cat <&3 >out
exec 3<&-
wait "$pid" 2>/dev/null
is terminal_gone_left "$(grep -c prog loaded | sed 's/^[1-9].*/some/') $(sort -u loaded | "$helpers/loaded" --gone)" 'some '

# ---- an iterator is refused while it runs: who has a socket open is not known then, and the line says so
start env REFUSE="$work/refused" LD_PRELOAD="$helpers/faults/refuse.so" "$bindtrace" --json -P 21012,21013
sharers() { echo "$line" | json port holders coverage.missing | grep -oE '^[0-9]+|"processes"|"sharers"' | tr '\n' ' '; }
known=$(echo "$header" | json coverage.missing | grep -c sharers)
touch "$work/refused"
refused --port 21012
read -r line <&3
is iterator_refused_later "$(sharers)" '21012 "sharers" '
rm "$work/refused"
refused --port 21013
read -r line <&3
if [ "$known" = 0 ]; then is iterator_again "$(sharers)" '21013 "processes" '; fi
ended iterator_refused_ends

# ---- other users' processes are hidden from a user who may trace: nobody is said to have exited
caps=cap_bpf,cap_perfmon,cap_dac_read_search
case $("$bindtrace" doctor --json) in *'"fexit":"ok"'* | *'"kprobe_multi":"ok"'*) ;; *) caps=$caps,cap_sys_admin ;; esac
chmod 755 "$work"
cp "$bindtrace" users
if ! "$helpers/power/setcap" "$caps+ep" users 2>err; then
	skip hidepid_user "a file cannot be given capabilities: $(cat err)"
else
	for how in --json -v; do
		start unshare -m sh -c 'mount -t proc -o hidepid=2 proc /proc && exec "$@"' - "$helpers/as" --uid 65534 ./users -P 21014 $how
		refused --port 21014
		read -r line <&3
		case $how in
		--json)
			is hidepid_user "$(echo "$line" | json kind port process.comm process.uid process.alive process.exe)" \
				'failure 21014 refused 0 - -'
			is hidepid_user_lacks "$(echo "$header$line" | grep -o '"processes"[],]' | wc -l)" 2
			is hidepid_user_guesses "$(echo "$line" | grep -c '"alive":')" 0
			ended hidepid_user_ends
			;;
		*)
			is hidepid_user_degraded "${header#*, }" "$(echo "$header" | grep -o 'degraded: [1-9].*')"
			cat <&3 >out &
			reader=$!
			kill -INT "$pid"
			exec 3<&-
			wait "$pid" $reader
			is hidepid_user_says "$(grep -c exited out) $(grep -c "other users' processes" out)" '0 1'
			;;
		esac
	done
fi

# ---- the OOM killer takes it: what it had recorded is there
# its group: of version 1 or 2 of control groups
v1=$(sed -n 's/^[^ ]* [^ ]* [^ ]* \/ \([^ ]*\) .* - cgroup [^ ]* .*\bmemory\b.*/\1/p' /proc/self/mountinfo | head -n 1)
if [ "$v1" ]; then
	memory=$v1/bindtrace-faults usage=memory.usage_in_bytes limit=memory.limit_in_bytes
else
	memory=$top/bindtrace-faults usage=memory.current limit=memory.max
	echo +memory >"$top/cgroup.subtree_control"
fi
mkdir "$memory"
if [ ! -e "$memory/$limit" ]; then
	skip oom "there is no control group of memory"
else
	start sh -c 'echo $$ >"$0/cgroup.procs" && echo 1000 >/proc/self/oom_score_adj && exec "$@"' "$memory" \
		"$bindtrace" record -o oom.jsonl -P 21015 --no-fold --sync
	refused --port 21015 --times 20
	until [ "$(grep -c '"kind":"failure"' oom.jsonl)" = 20 ]; do :; done
	# with who wants so much there is no room for the tracer, and without the tracer there is
	used=$(cat "$memory/$usage")
	echo $((used + 8 * 1024 * 1024)) >"$memory/$limit"
	sh -c 'echo $$ >"$0/cgroup.procs" && exec dd if=/dev/zero of=/dev/null bs="$1" count=1' "$memory" \
		$((used + 4 * 1024 * 1024)) 2>/dev/null
	cat <&3 >out
	exec 3<&-
	wait "$pid" 2>/dev/null
	is oom_killed "$? $(sort -u loaded | "$helpers/loaded" --gone)" '137 '
	"$bindtrace" verify oom.jsonl >out 2>err
	is oom_verified "$? $(grep -c '"kind":"failure"' oom.jsonl)" '5 20'
fi
rmdir "$memory"
