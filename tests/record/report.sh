# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# What is recorded is told as it was told live.
# shellcheck shell=sh disable=SC2154

has_refusals() { [ "$(grep -c ' refused: ' live)" -ge "$1" ]; }
mkfifo holding
"$helpers/hold" listen 21100 <holding >held 3>&- &
exec 5>holding
await test -s held
"$helpers/as" --limit 60 "$bindtrace" record -o told --print -P 21100 -n /proc/self/ns/net >live 2>"$err" \
	</dev/null 3>&- 5>&- &
live=$!
await grep -q ^watching live
"$helpers/hold" listen 21100 </dev/null >/dev/null 2>&1
"$helpers/hold" bound 21100 </dev/null >/dev/null 2>&1
await has_refusals 2
kill -INT $live
wait $live
exec 5>&-
check report_live "$(head -c 900 live)" grep -q '  held  LISTEN 127.0.0.1:21100 by hold' live
"$bindtrace" report told >report 2>"$err"
is report_status $? 0
# the last line but that with the seal, which only the recorder says
grep -v '^last chain value' live >live.text
head -n "$(lines live.text)" report >report.text
check report_as_live "$(diff live.text report.text | head -c 900)" cmp -s live.text report.text
shows report_summary '^1 incident, 2 refusals told of$' report
is report_json "$("$bindtrace" report --json told | cmp - told && echo same)" same
is report_port "$("$bindtrace" report --json -P 1 told | json kind | tr '\n' ' ')" 'header footer '
is report_pid "$("$bindtrace" report --json -p 1 told | json kind | tr '\n' ' ')" 'header footer '
is report_since "$("$bindtrace" report --json --since 2500-01-01T00:00:00Z told | json kind | tr '\n' ' ')" 'header footer '

# What one tracer prints beside its lines is told of them again, byte for byte, in every style: reports, counts of
# equal refusals, calls that succeed, ends, the last line.
port=21200
for style in '' -v -w '-v -w --timestamps'; do
	for all in '' --all; do
		rm -f both.jsonl live
		port=$((port + 1))
		# shellcheck disable=SC2086 # words
		"$helpers/as" --limit 60 "$bindtrace" --json -o both.jsonl --print $style $all -n /proc/self/ns/net \
			>live 2>"$err" </dev/null 3>&- &
		live=$!
		await test -s live
		refused --port 21000 --times 50
		await grep -q '49 more refusals of the same' live
		refused --port 21000 --times 5
		"$helpers/hold" bound 21000 </dev/null >/dev/null
		"$helpers/hold" time_wait $port </dev/null >/dev/null
		"$helpers/hold" bound $port </dev/null >/dev/null 2>&1
		kill -INT $live
		wait $live
		# shellcheck disable=SC2086
		"$bindtrace" report $style both.jsonl 2>"$err" | head -n "$(lines live)" >report
		is "report_replays $style $all" "$(cmp live report 2>&1 || diff live report | head -c 600)" ''
		for word in 'bind refused' 'resolved: ' ' more refusals of the same' '^refused 56 '; do
			shows "report_replays $style $all: $word" "$word" live
		done
		[ ! "$all" ] || shows "report_replays $style $all: bound" ' bound tcp 127.0.0.1:21000' live
	done
done

# a file that was cut, with something else in it: told as far as it goes
sed 2q told >cut-short
echo '{"schema":"bindtrace/1","kind":"failure","port":"x"}' >>cut-short
sed -n 3p told | head -c 50 >>cut-short
try "$bindtrace" report cut-short
is report_cut_status "$status" 0
shows report_cut_line 'cut-short: line 3 has no usable value of port; it is skipped' "$err"
shows report_cut_end 'cut-short: line 4 is cut short' "$err"
shows report_cut_summary '^the file has no end' "$out"
try "$bindtrace" report told cut-short
shows report_one_host '^[0-9:.]*  bind refused: tcp 127.0.0.1:21100' "$out"
sed 's/"host":"[^"]*"/"host":"web2"/' cut-short >elsewhere
try "$bindtrace" report told elsewhere
shows report_merged '^web2: [0-9:.]*  bind refused: tcp 127.0.0.1:21100' "$out"
printf 'root:x:0:0\ndaemon:x:1:1\n' >no-recording
try "$bindtrace" report no-recording
is report_no_recording "$status $(wc -l <"$out")" '2 0'
shows report_no_recording_said 'no-recording is no recording of bindtrace' "$err"
try "$bindtrace" report /no/such/file
is report_no_file "$status $(wc -l <"$err")" '2 1'
try "$bindtrace" report
is report_no_operand "$status" 2

# a file that takes long, and no room: how far it has come, for who sits at a terminal, until they have seen enough
truncate -s 1T vast
try env TERM=vt100 AWAITS=' 1 line' "$helpers/terminal" '^C' "$bindtrace" report vast
if [ "$status" -eq 77 ]; then
	echo "SKIP report_progress: no terminal to be had"
	skipped=$((skipped + 1))
else
	is report_progress_status "$status" 130
	shows report_progress 'reading vast: 0 %, 1 line' "$out"
fi
rm vast
