#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""usage: schema.py FILE... --also [FILE...]: holds docs/events.schema.json against lines that tests have seen, and
against docs/events.md.

More strictly than a reader may: a key that the schema does not have, or a word that its examples do not name, is a
fault here. And what the schema has must be in some line of the first files, or be listed in tests/install/unseen with
a reason.
Prints ok and FAIL lines.
"""
import collections
import json
import re
import sys

import jsonschema

with open("docs/events.schema.json", encoding="utf-8") as file:
    SCHEMA = json.load(file)
DEFS = SCHEMA["$defs"]
faults = collections.OrderedDict()  # what is wrong, and the first line of which it is
seen = set()  # "holder.role", "holder.role=listener"


def fields(schema, name):
    """Every key of an object and of what it builds on: {key: (where it is, its schema)}."""
    found = {}
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return fields(DEFS[name], name)
    for part in schema.get("allOf", []):
        found.update(fields(part, name))
    found.update({key: (f"{name}.{key}", value) for key, value in schema.get("properties", {}).items()})
    return found


def resolve(schema, name):
    while "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        schema = DEFS[name]
    return schema, name


def walk(value, schema, name, line):
    schema, name = resolve(schema, name)
    if isinstance(value, dict):
        known = fields(schema, name)
        for key, member in value.items():
            if key in known:
                seen.add(known[key][0])
                walk(member, known[key][1], known[key][0], line)
            elif "additionalProperties" not in schema:
                faults.setdefault(f"{name} has no key {key}", line)
    elif isinstance(value, list):
        for member in value:
            walk(member, schema.get("items", {}), name, line)
    elif "examples" in schema:
        seen.add(f"{name}={value}")
        if value not in schema["examples"]:
            faults.setdefault(f"{name} has no word {value}", line)


def everything(schema, name):
    """What the schema has, named as in seen: keys only, of each definition once."""
    for key, (where, value) in fields({k: v for k, v in schema.items() if k != "allOf"}, name).items():
        yield where
        value = value.get("items", value)
        if "properties" in value:
            yield from everything(value, where)


def check(name, wrong):
    for text, line in wrong.items():
        print(f"FAIL {name}: {text}: {line[:300]}")
    if not wrong:
        print(f"ok {name}")


def validate(files):
    validator = jsonschema.Draft202012Validator(SCHEMA)
    lines = n_files = 0
    for path in files:
        n_files += 1
        with open(path, "rb") as file:
            for line in file:
                # a recording may be cut short, on purpose
                if not line.endswith(b"\n"):
                    continue
                event, text = json.loads(line), line.decode()
                lines += 1
                for error in validator.iter_errors(event):
                    where = "/".join(str(part) for part in error.absolute_path)
                    faults.setdefault(f"{where or 'the line'}: {error.message[:200]}", text)
                kind = event["kind"]
                walk(event, {"$ref": f"#/$defs/{kind}"} if kind in DEFS else {"$ref": "#/$defs/line"}, kind, text)
    print(f"# {lines} lines in {n_files} files")


def refused(name, line):
    """The strict reading itself must find fault with this line."""
    before = dict(faults)
    faults.clear()
    walk(line, {"$ref": "#/$defs/failure"}, "failure", "")
    found = bool(faults) or not jsonschema.Draft202012Validator(SCHEMA).is_valid(line)
    faults.clear()
    faults.update(before)
    return {} if found else {f"{name} was not found": json.dumps(line)}


jsonschema.Draft202012Validator.check_schema(SCHEMA)
also = sys.argv.index("--also")
validate(sys.argv[1:also])
first = set(seen)
validate(path for path in sys.argv[also + 1 :] if "*" not in path)
check("schema", faults)

line = {"schema": "bindtrace/1", "kind": "failure", "seq": 1}
known = dict(line, operation="bind", errno="EACCES", errno_number=13, process={"pid": 1}, reason="other", summary="")
known.update(advice=[], frees_in_s=None, frees_at=None, coverage={"hook": "fexit", "holders": "none", "missing": []})
wrong = {} if jsonschema.Draft202012Validator(SCHEMA).is_valid(known) else {"a good line is refused": json.dumps(known)}
wrong.update(refused("a new key", dict(known, novel=1)))
wrong.update(refused("a new key of a process", dict(known, process={"pid": 1, "novel": 1})))
wrong.update(refused("a new word", dict(known, reason="novel")))
wrong.update(refused("another type", dict(known, port="80")))
wrong.update(refused("a missing key", {key: value for key, value in known.items() if key != "coverage"}))
check("schema_is_strict", wrong)

keys = {where for name, schema in DEFS.items() for where in everything(schema, name)}
with open("tests/install/unseen", encoding="utf-8") as file:
    unseen = {text.split()[0] for text in file if text.strip() and not text.startswith("#")}
check("schema_keys_seen", {f"{key} was in no line, and tests/install/unseen does not list it": "" for key in sorted(keys - first - unseen)})
check("schema_unseen_is_short", {f"tests/install/unseen lists {key}, which is no key, or was seen": "" for key in sorted((unseen - keys) | (unseen & first))})

with open("docs/events.md", encoding="utf-8") as file:
    page = file.read()
    # what is code, and the first cells of tables
    told = re.findall("`([^`]*)`", page) + re.findall(r"^\| ([^|]*) \|", page, re.MULTILINE)
    documented = {word for text in told for word in re.findall(r"[a-z0-9_-]+", text)}
undocumented = {key for key in keys if key.rpartition(".")[2] not in documented}
words = {word for name in ("failure", "holder", "process", "coverage", "line") for value in DEFS[name].get("properties", {}).values() for word in value.get("examples", [])}
check("schema_documented", {f"docs/events.md does not tell of {key}": "" for key in sorted(undocumented)})
check("schema_words_documented", {f"docs/events.md does not tell of the word {word}": "" for word in sorted(words - documented)})
