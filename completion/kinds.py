# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""What the argument of an option can be completed with, by how --help writes it."""
import re

RUNGS = ["auto", "fexit", "kprobe_multi", "tracepoint", "iterator"]
WORDS = {
    "WHEN": ["auto", "always", "never"],
    "RUNG": RUNGS,
    "ERRNO": ["EADDRINUSE", "EACCES", "EADDRNOTAVAIL", "EINVAL", "EPERM", "EAFNOSUPPORT", "ENODEV", "ENOENT"],
}
KINDS = {
    "PID": "pids",
    "USER": "users",
    "PATH": "folders",
    "NAME|PATH": "namespaces",
    "FILE": "files",
    "FILE.prom": "files",
    "KEY": "files",
    "OUT": "files",
}
# NAME is a name of what the option is called
NAMES = {"comm": "programs", "group": "groups"}


def kind(option):
    """files, folders, users, groups, pids, programs, namespaces, words or nothing; and the words."""
    base = re.sub(r"\[,.*\]$", "", option.argument).lstrip("[=").rstrip("]")
    if base in WORDS:
        return "words", WORDS[base]
    if re.fullmatch(r"[a-z0-9_]+(\|[a-z0-9_]+)+", base):
        return "words", base.split("|")
    if base == "NAME":
        return NAMES.get(option.name, "nothing"), []
    return KINDS.get(base, "nothing"), []


def is_list(option):
    """More than one may stand there, with commas between."""
    return "[," in option.argument


def is_optional(option):
    """Then it has to follow behind "="."""
    return option.argument.startswith("[")
