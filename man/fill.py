#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""usage: fill.py PAGE.scd VERSION <TABLES: the page, with what the tables of commands and options say in the place of
the lines "@COMMANDS@", "@OPTIONS@" (of every command but export) and "@EXPORT_OPTIONS@"."""
import re
import sys

import tables


def escaped(text):
    # of full stops that begin a line scdoc 1.11 loses one
    return re.sub(r"([\\*_#])", r"\\\1", re.sub(r"^\.\.\.", "…", text))


def spelled(option):
    letter = f"*-{option.letter}*, " if option.letter else ""
    if not option.argument:
        return f"{letter}*--{option.name}*"
    if option.argument.startswith("[="):
        return f"{letter}*--{option.name}*[=_{escaped(option.argument[2:-1])}_]"
    return f"{letter}*--{option.name}* _{escaped(option.argument)}_"


def entry(option, note=""):
    return f"{spelled(option)}\n\t{escaped(option.help)}{note}\n\n"


def list_commands(commands):
    out = ""
    for command in commands:
        name = f"[*{command.name}*]" if command is commands[0] else f"*{command.name}*"
        out += f"*bindtrace* {name} [_OPTION_...] {escaped(command.operands)}".rstrip()
        out += f"\n\t{escaped(command.help)}\n\n"
    return out


def list_options(commands):
    rows = {}
    for command in commands:
        for option in command.options:
            rows.setdefault(option, []).append(command.name)
    some = {option: names for option, names in rows.items() if len(names) < len(commands)}
    out = "".join(entry(option, f" ({', '.join(names)})") for option, names in some.items())
    return out + "".join(entry(option) for option in rows if option not in some)


commands = tables.read()
others = [command for command in commands if command.name != "export"]
(export,) = (command for command in commands if command.name == "export")
places = {
    "@COMMANDS@\n": list_commands(commands),
    "@OPTIONS@\n": list_options(others),
    "@EXPORT_OPTIONS@\n": "".join(entry(option) for option in export.options),
}
with open(sys.argv[1], encoding="utf-8") as page:
    for line in page:
        sys.stdout.write(places[line].rstrip("\n") + "\n" if line in places else line.replace("@VERSION@", sys.argv[2]))
