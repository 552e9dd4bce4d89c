# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# The open files of all processes are looked through for what is told, not for what is only counted.
# shellcheck shell=sh disable=SC2154

mkfifo "$work/looked"

# runs: how often the tracer's iterators have called its programs, each look once for every task
runs() {
	awk '
		FNR == 1 { type = "" }
		$1 == "link_type:" { type = $2 }
		$1 == "prog_id:" { id = $2; if (type == "iter") iterator[id] = 1 }
		$1 == "run_cnt:" { runs[id] = $2 }
		END { for (id in iterator) sum += runs[id]; print sum + 0 }' /proc/$tracing/fdinfo/*
}

# watch OPTION...
watch() {
	"$bindtrace" --json "$@" -n /proc/self/ns/net >"$work/looked" 2>"$err" &
	tracing=$!
	exec 5<"$work/looked"
	read -r _ <&5
}
# ask WHAT: somebody asks for it in a loop; the first line about that is in $first
ask() {
	"$helpers/hold" poll "$1" >/dev/null &
	asking=$!
	read -r first <&5
}
unwatch() {
	kill -INT $tracing
	cat <&5 >"$out"
	exec 5<&-
	wait $tracing
}

# each refusal is looked into: so many runs is a look
hold listen 8310 count
watch --no-fold
before=$(runs)
for _ in 1 2 3 4 5; do
	"$bindtrace" check -q 127.0.0.1:8310
	read -r first <&5
done
look=$((($(runs) - before) / 5))
unwatch
check look_runs "$look runs" test $look -ge 10

# ten a second come up from the kernel side; the first is told, and a second later that it goes on
watch
before=$(runs)
ask 8310
again='{"kind":"folded"}'
while [ "$(echo "$again" | json kind)" = folded ]; do read -r again <&5; done
runs=$(($(runs) - before))
unwatch
release
wait $asking
is look_told "$(echo "$first" | json kind reason) $(echo "$again" | json kind reason)" 'failure listener failure listener'
check look_counted "$(echo "$again" | json repeat.count) refusals" test "$(echo "$again" | json repeat.count)" -ge 20
check look_twice "$runs runs, of which $look are a look" test $runs -ge $((look * 3 / 2)) -a $runs -lt $((look * 4))
is look_sum "$(tail -n 1 "$out" | json lost)" 0

# what the kernel side cannot know of is seen as soon as ever, though it is no new refusal: a file that is left over
hold unix "$work/socket"
watch
ask "$work/socket"
release
read -r left <&5
unwatch
rm "$work/socket"
wait $asking
is look_left "$(echo "$first" | json reason) $(echo "$left" | json reason)" 'unix_path_live unix_path_stale'
check look_left_soon "$first$left" test \
	$((($(echo "$left" | json boottime_ns) - $(echo "$first" | json boottime_ns)) / 1000000)) -lt 900
