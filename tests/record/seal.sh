# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# What a recording says, who signed it, and what verify says of it.
# shellcheck shell=sh disable=SC2154,SC2016 # variables of ./run; backquotes

umask 0
start plain -P 21000
refused --port 21000
refused --port 21000 --times 5
finish
umask 022
is record_status "$status" 0
check record_header "$header" test "${header#watching for refused binds by }" != "$header"
shows record_footer '^refused 6 = printed 2 + folded 4 + lost 0$' "$out"
last=$(sed -n 's/^last chain value //p' "$out")
is record_mode "$(stat -c %a plain)" 600
is record_lines "$(json kind seq file_number <plain | tr '\n' ,)" \
	'header 0 1,failure 1 -,resolved 2 -,failure 3 -,folded 4 -,footer 5 -,'
verified verify_intact 0 plain
is verify_sentence "$(cat "$out")" "plain: intact, 6 lines, not signed, last chain value $last"
check record_jq "jq does not read it" jq -es 'length == 6' plain >"$out"
cp plain readable
chmod 644 readable
try "$helpers/as" --uid 65534 "$bindtrace" verify readable
is verify_not_root "$status" 0

# the ten lines that people will copy
sed -n '/^```python$/,/^```$/p' "$here/recording.md" | sed '1d;$d' >check.py
try python3 check.py plain
is python_intact "$status $(cat "$out")" "0 plain whole after line 6 $last"
head -n 3 plain >short
sed '3s/"incident":1/"incident":2/' plain >altered
printf '{"schema"' | cat short - >torn
try python3 check.py short
is python_short "$status $(cut -d' ' -f1-6 "$out")" '0 short cut short after line 3'
try python3 check.py torn
is python_torn "$status $(cut -d' ' -f1-6 "$out")" '0 torn cut short after line 3'
try python3 check.py altered
is python_altered "$status $(cat "$err")" '1 altered: altered at line 3'

verified verify_short 5 short
shows verify_short_line 'short: cut short after line 3, not signed' "$out"
verified verify_torn 5 torn
shows verify_torn_line 'torn: cut short after line 3, not signed' "$out"
verified verify_altered 1 altered
shows verify_altered_line 'altered: altered at line 3, which does not follow' "$out"
: >empty
verified verify_empty 5 empty
shows verify_empty_line '^empty: cut short after line 0: there is nothing to verify$' "$out"
verified verify_text 1 "$here/run"
shows verify_text_line 'altered at line 1, which is not' "$out"
verified verify_missing 2 plain no-such-file
verified verify_folder 2 .
verified verify_worst 1 altered no-such-file short plain
is verify_each "$(wc -l <"$out")" 3
verified verify_two 0 plain readable
# a path as long as can be pushes neither the verdict nor what is wrong out of its line
long=$(printf '%02040d' 0 | sed 's,0,./,g')
verified verify_long_path 0 "${long}plain"
shows verify_long_path_line '/plain: intact, 6 lines, not signed' "$out"
verified verify_long_missing 2 "${long}nix"
shows verify_long_missing_line '/nix: No such file or directory$' "$err"
try "$bindtrace" verify
is verify_no_file "$status" 2
"$bindtrace" verify plain >/dev/full 2>"$err"
is verify_full_stdout $? 1

# keys
try "$bindtrace" keygen key
is keygen "$status $(stat -c %a key key.pub | tr '\n' ,)" '0 600,644,'
public=$(sed -n 's/^public key //p' "$out")
is keygen_public "$(cat key.pub)" "bindtrace-public-key:$public"
"$bindtrace" keygen other >/dev/null
cp key before
try "$bindtrace" keygen key
is keygen_again "$status" 1
check keygen_kept "the key has changed" cmp -s key before
start signed -P 21000 --sign key
refused --port 21000
finish
verified signed 0 signed
shows signed_by "signed: intact, 3 lines, signed by $public," "$out"
verified signed_key 0 --key key.pub signed
verified signed_hex 0 --key "$public" signed
verified signed_wrong_key 1 --key other.pub signed
shows signed_wrong_key_said 'which is wrong: it should be by' "$out"
verified unsigned_key 1 --key key.pub plain
verified key_is_secret 2 --key key signed
verified key_missing 2 --key no-such-key signed
verified key_is_none 2 --key plain signed
sed -E 's/,"signature":"[0-9a-f]+"//' signed >stripped
verified signature_stripped 1 stripped
head -n 2 signed >unended
verified signature_missing 5 unended
shows signature_missing_said 'the signature is missing with the end' "$out"
verified signature_missing_key 1 --key key.pub unended
chmod 644 key
try "$bindtrace" record -o x --sign key
is sign_public_secret "$status $(wc -l <"$err")" '2 1'
try "$bindtrace" record -o x --sign key.pub
is sign_no_secret "$status $(wc -l <"$err")" '2 1'
try "$bindtrace" record -o x --sign no-such-key
is sign_missing "$status $(wc -l <"$err")" '2 1'
check sign_no_file "a file was made" test ! -e x

for words in 'record' 'record -o x --max-size 1K' 'record -o x --max-size 1.5M' 'record -o x --max-files 1' \
	'record -o x --budget 10K' 'record -o x --budget 1M --max-size 600K' 'record -o x --json' 'keygen' \
	'keygen a b' 'verify --json plain' 'trace --sync'; do
	# shellcheck disable=SC2086 # words
	try "$bindtrace" $words
	is "usage '$words'" "$status $(wc -l <"$err")" '2 1'
done
