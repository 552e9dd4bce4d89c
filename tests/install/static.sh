# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash disable=SC2154 # from run: $work, $tests, $commands
# The static program: alone in an empty root it reads and verifies; here it traces
nothing static_builds "$(make -s static 2>&1)"
nothing static_needs_nothing "$(readelf -lW build/bindtrace-static | grep -E 'INTERP|DYNAMIC')"
mkdir "$work/empty" && cp build/bindtrace-static "$work/empty/bindtrace" && cp tests/golden/files/signed.jsonl "$work/empty"
is static_alone "$(chroot "$work/empty" /bindtrace verify /signed.jsonl)" "$(cd tests/golden/files && ../../../bindtrace verify signed.jsonl | sed s,signed.jsonl,/signed.jsonl,)"
is static_reports "$(chroot "$work/empty" /bindtrace report /signed.jsonl | tail -n 3)" "$(TZ=UTC ./bindtrace report tests/golden/files/signed.jsonl | tail -n 3)"
# reports go to standard error where the program has the other
refused=$(build/bindtrace-static --json -- build/bundle/refused --name static 2>&1 | build/bundle/json kind reason process.comm process.user)
is static_traces "$(sed -n 2p <<<"$refused")" "failure listener static root"
