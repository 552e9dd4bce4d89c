# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Nothing is overwritten; numbered files, budgets, SIGHUP, programs.
# shellcheck shell=sh disable=SC2154

cp plain before
try "$bindtrace" record -o plain -P 21000
is exists "$status $(wc -l <"$err")" '1 1'
check exists_kept "it has changed" cmp -s plain before
ln -s /no/where link
try "$bindtrace" record -o link -P 21000 --budget 1M
is exists_link "$status $(wc -l <"$err")" '1 1'
try "$bindtrace" record -o /no/such/folder/x
is no_folder "$status $(wc -l <"$err")" '1 1'
try "$helpers/as" --uid 65534 "$bindtrace" record -o /tmp/bindtrace-record-$$ -P 21000
is not_root "$status" 3
check not_root_nothing_left "an empty file is left" test ! -e /tmp/bindtrace-record-$$

# each line is as it would be without files: numbered, one chain
mkdir sizes
start sizes/r -P 21000 --no-fold --max-size 64K
refused --port 21000 --times 200
finish
is sizes_status "$status" 0
check sizes_many "$(ls sizes)" test "$(find sizes -type f | wc -l)" -ge 5
check sizes_kept_to "$(ls -l sizes)" test -z "$(find sizes -size +64k)"
verified sizes_verified 0 sizes/r.* sizes/r
is sizes_all "$(cat sizes/r.* sizes/r | json kind | grep -c failure)" 200
is sizes_seq "$(cat sizes/r.* sizes/r | json seq | awk '$1 != NR - 1' | wc -l)" 0
is sizes_modes "$(stat -c %a sizes/* | sort -u)" 600
verified sizes_without_last 5 sizes/r.*
shows sizes_without_last_said 'it goes on in a file that is not given' "$out"
verified sizes_without_first 0 sizes/r.000002 sizes/r.000003 sizes/r.00000[4-9] sizes/r
shows sizes_without_first_said '^sizes/r.000002: .*it goes on from a file that is not given' "$out"
verified sizes_gap 1 sizes/r.000001 sizes/r.000003
shows sizes_gap_said 'altered at line 1, which does not go on where sizes/r.000001 ends' "$out"
verified sizes_swapped 5 sizes/r.000002 sizes/r.000001
shows sizes_swapped_said 'what comes after sizes/r.000002 is not given' "$out"
verified sizes_glob 0 sizes/r*
"$bindtrace" report sizes/r.* sizes/r >in-order 2>&1
"$bindtrace" report sizes/r* >by-name 2>&1
check sizes_report_glob "$(diff in-order by-name | head -c 600)" cmp -s in-order by-name
# the footer's totals are of all files: what is not given is not equal to what is
"$bindtrace" report sizes/r.00000[2-9] sizes/r >without-first 2>/dev/null
is report_without_first "$(grep -c ' of them, equal to others' without-first)" 0
# a clock that was set back for years does not bring the second file before the first
sed -E 's/"([a-z_]*time)":"2[0-9]{3}/"\1":"2001/g' sizes/r.000002 >set-back
"$bindtrace" report sizes/r.000001 sizes/r.000002 2>/dev/null | grep ' refused: ' >in-order
"$bindtrace" report sizes/r.000001 set-back 2>"$err" | grep ' refused: ' >by-clock
check report_set_back "$(diff in-order by-clock | head -c 600)" cmp -s in-order by-clock
try python3 check.py sizes/r.* sizes/r
is sizes_python "$status" 0
try python3 check.py sizes/r.000001 sizes/r.000003
is sizes_python_gap "$status" 1

mkdir files
start files/r -P 21000 --no-fold --max-size 64K --max-files 3
refused --port 21000 --times 200
finish
is files_number "$(find files -type f | wc -l)" 3
verified files_verified 0 files/r.* files/r

# the flight recorder: restarted, and never over its budget
mkdir flight
for run in 1 2; do
	start flight/r -P 21000 --no-fold --budget 1M
	for part in 1 2 3 4; do
		refused --port 21000 --times 100
		used=$(du -sk flight | cut -f1)
		check "budget_$run$part" "$used KB" test "$used" -le $((1024 + 4))
	done
	finish
	is "budget_status_$run" "$status" 0
done
shows budget_moved 'flight/r was there already; it has got a number' "$said"
verified budget_verified 0 flight/r.* flight/r
check budget_used "$used KB" test "$used" -ge 700
start flight/r -P 21000 --budget 1M
mine=$pid
try "$bindtrace" record -o flight/r -P 21000 --budget 1M
is budget_busy "$status" 1
shows budget_busy_said 'flight/r is being written by another bindtrace record' "$err"
pid=$mine
finish

# SIGHUP
start hup -P 21000 --no-fold
refused --port 21000
mv hup hup.old
kill -HUP "$pid"
await test -e hup
await has_lines hup 1
refused --port 21000
: >taken
kill -HUP "$pid"
await grep -q 'hup is still there' "$said"
refused --port 21000
finish
is hup_status "$status" 0
verified hup_verified 0 hup.old hup
verified hup_old 5 hup.old
is hup_lines "$(cat hup.old hup | json kind | grep -v resolved | tr '\n' ,)" \
	'header,failure,footer,header,failure,failure,footer,'
is hup_seq "$(cat hup.old hup | json seq | awk '$1 != NR - 1' | wc -l)" 0

# of a program, whose standard output is its own
try "$bindtrace" record -o program -- sh -c "echo mine; '$helpers/refused' --port 21000; exit 7"
is program "$status $(cat "$out" "$err")" '7 mine'
verified program_verified 0 program
is program_lines "$(json kind <program | tr '\n' ,)" 'header,failure,footer,'

# a group may read what an exporter follows, the files that come later, too
mkdir group
start group/r -P 21000 --no-fold --max-size 64K --group nogroup
refused --port 21000 --times 40
finish
is group_modes "$(stat -c '%a %U %G' group/* | sort -u)" '640 root nogroup'
try "$bindtrace" record -o group/x -P 21000 --group no-such-group
is group_unknown "$status $(wc -l <"$err")" '2 1'
