# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Reports as documents: of a real recording, read by a real browser and by GitHub's Markdown parser.
# shellcheck shell=sh disable=SC2154

start incidents
python3 "$here/scenes.py" 21300 21301 21302 "$work/<s>|\`x\`](y" >"$err" 2>&1 3>&- ||
	fail document_scenes "$(tail -1 "$err")"
finish
try "$bindtrace" report --html report.html incidents
is html_status "$status $(cat "$out" "$err")" '0 '
python3 "$here/drawn.py" report.html incidents "$work" >"$out" 2>"$err" || fail html_checks "$(tail -1 "$err")"
while read -r verdict name why; do
	if [ "$verdict" = ok ]; then pass "$name"; else fail "${name%:}" "$why"; fi
done <"$out"

try "$bindtrace" report --markdown incidents
is markdown_status "$status" 0
cmark-gfm -e table -e autolink -e strikethrough --unsafe "$out" >markdown.html
tags=$(grep -oE '<[a-z0-9]+' markdown.html | sort -u | tr -d '\n<' | sed 's/h1h2h3/h/')
is markdown_only_ours "$tags" 'codehlipstrongtabletbodytdththeadtrul'
shows markdown_hostile_name '<code>a|b`c\](d)\[' markdown.html
shows markdown_hostile_tag '<code>&lt;b&gt;x&lt;/b&gt;&amp;' markdown.html
shows markdown_hostile_path '<td><code>bind unix .*/&lt;s&gt;|`x`\](y</code></td>' markdown.html
shows markdown_end '<strong>End:</strong> got by winner\[[0-9]*\] after' markdown.html
is markdown_incidents "$(grep -c '^<h3>' markdown.html)" 4

# where it goes
chmod 640 report.html
before=$(stat -c %i report.html)
try "$bindtrace" report --html report.html incidents
is html_replaced "$status $([ "$(stat -c %i report.html)" != "$before" ] && echo new)" '0 new'
sum=$(sha256sum <incidents)
try "$bindtrace" report --html incidents incidents
is html_spares_recordings "$status $(wc -l <"$err")" '2 1'
is html_recording_intact "$(sha256sum <incidents)" "$sum"
try "$bindtrace" report --html - incidents
is html_to_stdout "$(head -1 "$out")" '<!doctype html>'
ln -s report.html page
try "$bindtrace" report --html page incidents
is html_link_stays "$status $(readlink page) $(head -1 report.html)" '0 report.html <!doctype html>'
"$bindtrace" report --html /dev/full incidents 2>"$err"
is html_device_full "$? $(wc -l <"$err")" '1 1'
try "$bindtrace" report --json --markdown incidents
is json_or_markdown "$status" 2
try "$bindtrace" report --markdown --html - incidents
is markdown_or_html "$status" 2
mkdir tight && mount -t tmpfs -o size=16k none tight
try "$bindtrace" report --html tight/report.html incidents
is html_disk_full "$status $(wc -l <"$err") $(ls tight)" '1 1 '
shows html_disk_full_said 'cannot write the report to tight/report.html: No space left' "$err"
umount tight
