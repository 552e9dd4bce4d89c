# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# A full disk, and a power cut.
# shellcheck shell=sh disable=SC2154

# mount_full KIND: a disk of its own with hardly any room; tmpfs says so in write(), ext4 (on a loop device) has promised
# the room before it looks for it
mkdir full
mount_full() {
	case $1 in
	tmpfs) mount -t tmpfs -o size=256k tmpfs full ;;
	ext4)
		rm -f small
		truncate -s 1M small
		mkfs.ext4 -q -O ^has_journal -m 0 small && mount -o loop small full
		;;
	esac
}
# leave SIZE: of the disk's room, in whole blocks
leave() {
	cat /dev/zero >full/other 2>/dev/null
	truncate -s "-$1" full/other
	sync full/other
}

# full_disk KIND SIZE: of its room for the recording; ext4 keeps some more back, and then does give it
full_disk() {
	mount_full "$1"
	start full/r -P 21000 --no-fold
	leave "$2"
	refused --port 21000 --times 50
	await grep -q 'cannot write to full/r: No space left on device; tracing goes on' "$said"
	verified "full_meanwhile_$1" 5 full/r
	rm full/other
	await grep -q '"kind":"lost"' full/r
	refused --port 21000 --times 5
	finish
	is "full_status_$1" "$status $(wc -l <"$said")" '0 2'
	shows "full_said_$1" 'lines could not be written to full/r' "$said"
	verified "full_verified_$1" 0 full/r
	written=$(json kind <full/r | grep -c failure)
	lost=$(json kind stage count <full/r | awk '/^lost recording/ { n += $3 } END { print n + 0 }')
	check "full_lost_$1" "$lost of 55" test "$lost" -gt 10 -a "$lost" -lt 50
	is "full_adds_up_$1" $((written + lost)) 55
	is "full_footer_$1" "$(tail -n 1 full/r | json refused printed folded lost)" "55 $written 0 $lost"
	# a gap of seq is as wide as the line behind it says
	is "full_gap_$1" "$(json seq kind lines <full/r | awk '{ gap += $1 - seq - 1; seq = $1 }
		$2 == "lost" { gap -= $3 } BEGIN { seq = -1 } END { print gap }')" 0
	"$bindtrace" report full/r >report 2>"$err"
	shows "full_report_$1" 'full/r lacks [0-9]* refusals*, whose lines could not be written' "$err"
	shows "full_report_sum_$1" "^$lost refusals were lost: nothing is known of them" report

	# full to the end: what the file cannot say, the exit status does
	start full/to-the-end -P 21000 --no-fold
	leave 0
	# the rest of the file's last page takes a few lines that say what is lost, and then not even the footer
	refused --port 21000 --times 60
	finish
	is "full_to_the_end_$1" "$status" 1
	verified "full_to_the_end_verified_$1" 5 full/to-the-end
	try "$bindtrace" record -o full/none -P 21000
	is "full_from_the_start_$1" "$status $(wc -l <"$err")" '1 1'
	check "full_no_file_$1" "a file without a header is left" test ! -e full/none
	umount full
}
full_disk tmpfs 56K
full_disk ext4 0

# A power cut: the disk is a file of ours, and a copy of it is what the disk has at that moment. What only the
# kernel's memory has is not in it.
truncate -s 16M image
mkfs.ext4 -q image
mkdir cut snap
cut() {
	cp image copy
	mount -o loop copy snap
	try "$bindtrace" verify snap/r*
	kept=$(json kind <snap/r | grep -c failure)
	umount snap
}
mount -o loop image cut
start cut/r -P 21000 --no-fold --sync
refused --port 21000 --times 20
await has_lines cut/r 21
cut
is power_cut_sync "$status $((kept >= 19))" '5 1'
finish KILL
umount cut
mkfs.ext4 -q -F image
mount -o loop image cut
start cut/r -P 21000 --no-fold
refused --port 21000 --times 20
await has_lines cut/r 21
sleep 1 # what is promised: within a second
cut
is power_cut "$status $kept" '5 20'
finish KILL
umount cut
