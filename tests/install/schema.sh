# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash disable=SC2154 # from run: $work, $tests, $commands
# Every line that tests have seen, against the schema. All keys must be in those that are always the same: the golden
# recordings, the unit tests of the sinks, and what is traced here; those of a native run come behind them.
for name in json commands_sink facts_sink; do
	BINDTRACE_SEEN=$work/seen "build/unit/test_$name" >"$work/log" 2>&1 || echo "FAIL schema_unit_$name: $(tail -n 3 "$work/log" | tr '\n' '|')"
done
nothing schema_live "$(python3 -B "$tests/live.py" ./bindtrace 2>&1 >"$work/live")"
mkdir -p build/seen
python3 -B "$tests/schema.py" tests/golden/{[0-9]*,clock,files}/*.jsonl* "$work/seen" "$work/live" --also build/seen/* ||
	echo "FAIL schema_end: status $?"
