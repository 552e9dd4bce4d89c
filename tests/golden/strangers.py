#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""strangers.py RECORDING FOLDER: what other versions of bindtrace would have made of a golden recording.

newer.jsonl   keys, kinds and words that nobody knows yet
older.jsonl   without the keys that came later
other.jsonl   of schema bindtrace/2
Each is sealed, as docs/compatibility.md promises of every version."""
import hashlib
import json
import sys

recording, folder = sys.argv[1:]
lines = [json.loads(line) for line in open(recording, encoding="utf-8")]
for line in lines:
    del line["chain"]

# A key is put before, between and behind those that are known, in every object there is.
LATER = [{"new": [1, None, {}]}, "some text", 7.5, None, [], True]
WORDS = {"reason": "gravity", "layer": "weather", "role": "landlord", "state": "superposed", "overlap": "entangled",
         "reuseaddr_refused": "on_principle", "action": "pray", "effective": "eventually", "hook": "crystal_ball",
         "holders": "dreamt", "relation": "cousin", "operation": "rebind", "runtime": "barrel", "how": "inherited"}
LATER_LISTS = {"missing": "the_future"}


def newer(value, depth, turn):
    if isinstance(value, list):
        return [newer(one, depth + 1, turn) for one in value]
    if not isinstance(value, dict):
        return value
    out = {}
    if depth:
        out["later_first"] = LATER[turn % len(LATER)]
    for n, (key, one) in enumerate(value.items()):
        # each second line has words of the future
        if turn % 2 and isinstance(one, str) and key in WORDS:
            one = WORDS[key]
        if key in LATER_LISTS:
            one = one + [LATER_LISTS[key]]
        out[key] = newer(one, depth + 1, turn)
        if n == 2:
            out["later_middle"] = LATER[(turn + n) % len(LATER)]
    out["later_last"] = LATER[(turn + 1) % len(LATER)]
    return out


# What this version's lines have and the first ones had not: who counted, who decides, who looked.
SINCE = {"adds", "since_s", "decisive", "order", "parents", "same_program", "relation", "orphaned", "port_range",
         "bpf_programs", "security_modules", "stopped", "coverage", "device_ignored", "file_number", "sysctls",
         "address_state", "frees_at_least", "inherited", "netns_name", "via", "holder_totals"}
KINDS_SINCE = {"folded", "resolved", "lost"}


def older(value):
    if isinstance(value, list):
        return [older(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {key: older(one) for key, one in value.items() if key not in SINCE}


def write(name, made):
    chain = bytes(32)
    with open(f"{folder}/{name}.jsonl", "w", encoding="utf-8") as out:
        for seq, line in enumerate(made):
            if "seq" in line:
                line["seq"] = seq
            body = json.dumps(line, separators=(",", ":"), ensure_ascii=False)[:-1]
            chain = hashlib.sha256(chain + body.encode()).digest()
            out.write(f'{body},"chain":"{chain.hex()}"}}\n')


strange = dict(lines[1], kind="premonition")
few = lines[:2] + [strange] + lines[2:14] + lines[-1:]
write("newer", [newer(line, 0, turn) for turn, line in enumerate(few)])
write("older", [older(line) for line in lines[:20] + lines[-1:] if line["kind"] not in KINDS_SINCE])
write("other", [dict(line, schema="bindtrace/2") for line in lines[:1] + lines[-1:]])
