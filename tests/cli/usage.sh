# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Bad input: one sentence and the right status.
# shellcheck shell=sh disable=SC2154

usage() {
	name=usage_$1
	shift
	try "$bindtrace" "$@"
	one_sentence "$name" 2
}
# names NAME WORD: the sentence of the last try names the word
names() { check "usage_$1_named" "'$2' is not in: $(cat "$err")" grep -qF -e "$2" "$err"; }

usage unknown_option --frobnicate
names unknown_option --frobnicate
usage unknown_letter -Z
names unknown_letter -Z
usage unknown_letter_in_group -qZq
names unknown_letter_in_group Z
usage unknown_option_control "--$(printf 'a\033[2J\nb')"
usage no_argument --port
names no_argument --port
usage no_argument_letter -p
names no_argument_letter -p
usage needless_argument --json=yes
names needless_argument "'--json' takes no argument"
usage mistyped_option --prot 80
names mistyped_option 'did you mean --port?'
usage mistyped_option_value --durtaion=1s
names mistyped_option_value 'did you mean --duration?'
usage option_elsewhere check --comm sh 80
names option_elsewhere "'--comm' is another command's"
usage mistyped_command chekc 80
names mistyped_command 'did you mean bindtrace check?'
usage port_as_command 8000
names port_as_command '-P PORT'
usage ambiguous --co
usage bad_port -P 70000
usage port_word -P http
usage port_open_range -P 80-
usage port_backwards -P 90-80
usage port_empty -P ''
usage port_empty_part -P 80,
usage port_negative -P -1
usage bad_pid -p 1x
usage pid_zero -p 0
usage pid_empty_part -p 1,
usage pid_large -p 99999999999
usage pids_many -p "$(seq -s , 1 17)"
usage bad_errno -e EFROB
usage errno_zero -e 0
usage errno_large -e 99999
usage comm_empty -c ''
usage unknown_user -u no-such-user
usage unknown_netns -n no-such-namespace
usage netns_is_a_file -n /etc/passwd
usage netns_is_a_folder -n /tmp
usage unknown_cgroup -g /no/such/cgroup
usage cgroup_is_a_folder -g /tmp
usage bad_duration --duration soon
usage duration_zero --duration 0
usage duration_negative --duration=-1
usage duration_long --duration 99999999999999h
usage count_zero --count 0
usage count_word --count many
usage buffer_small --buffer 1K
usage buffer_large --buffer 2G
usage buffer_word --buffer much
usage bad_color --color=sometimes
usage bad_attach --attach=ptrace
usage extra_argument trace extra
usage unknown_command frobnicate
usage command_not_first --json doctor
names command_not_first 'bindtrace doctor'
usage doctor_port doctor -P 80
usage doctor_operand doctor sockets
names doctor_operand sockets
usage record_operand record trace.jsonl
names record_operand "-o FILE"

# stdout closed, full, without a reader
for form in '--duration 5s' '--duration 5s --json' doctor 'doctor --json' --help --version; do
	name=$(echo "$form" | tr -cd "[:lower:]")
	# shellcheck disable=SC2086 # words
	"$bindtrace" $form >&- 2>"$err"
	status=$?
	: >"$out"
	one_sentence "closed_$name" 1
	# shellcheck disable=SC2086
	"$bindtrace" $form >/dev/full 2>"$err"
	status=$?
	one_sentence "full_$name" 1
done

for form in '' --json; do
	name=reader_gone${form:+_json}
	# shellcheck disable=SC2086
	start $form
	exec 3<&-
	await "$pid"
	if [ "$status" -gt 1 ]; then
		fail "$name" "status $status"
	else
		check "$name" "not quiet: $(cat "$err")" test ! -s "$err"
	fi
done

# no permission, no types, no such way to attach
cp "$bindtrace" "$work/bindtrace"
try "$helpers/as" --uid 65534 "$work/bindtrace"
one_sentence not_root 3
try "$helpers/as" --uid 65534 "$work/bindtrace" --attach tracepoint
one_sentence not_root_attach 3
try "$helpers/as" --uid 65534 "$work/bindtrace" doctor
check not_root_doctor "status $status, or no sentence: $(cat "$err")" \
	test "$status" -eq 3 -a "$(wc -l <"$err")" -eq 1

if unshare -m mount -t tmpfs none /sys/kernel/btf 2>/dev/null; then
	# shellcheck disable=SC2016 # for the inner shell
	hide='mount -t tmpfs none /sys/kernel/btf && exec "$0" "$@"'
	try unshare -m sh -c "$hide" "$bindtrace"
	one_sentence no_btf 3
	try unshare -m sh -c "$hide" "$bindtrace" doctor
	check no_btf_doctor "status $status, or no sentence: $(cat "$err")" \
		test "$status" -eq 3 -a "$(wc -l <"$err")" -eq 1
else
	skip no_btf "nothing can be mounted over /sys/kernel/btf"
fi

impossible=
for rung in fexit kprobe_multi tracepoint; do
	[ "$("$bindtrace" doctor --json | json attach.$rung)" = ok ] && continue
	impossible=$rung
	try "$bindtrace" --attach=$rung
	one_sentence impossible_$rung 3
done
[ "$impossible" ] || skip impossible_rung "every rung is possible on this kernel"
