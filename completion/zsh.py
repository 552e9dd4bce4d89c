#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""usage: zsh.py <TABLES: completion for zsh, of bindtrace and bindtrace-export."""
import os
import sys

sys.path[:0] = [os.path.dirname(__file__) + "/../man", os.path.dirname(__file__)]
import kinds
import tables

HEAD = """#compdef bindtrace bindtrace-export
# made from the tables of its options

_bindtrace_namespaces() {
	local -a names=(/run/netns/*(N:t))
	_alternative 'names:network namespace:compadd -a names' 'files:file:_files'
}

_bindtrace_programs() {
	local -a names=(${(f)"$(ps -eo comm= 2>/dev/null)"})
	compadd -a names
}

_bindtrace_options() {
	case $1 in
"""

MAIN = """	esac
}

_bindtrace() {
	local -a names=(
@NAMES@
	)
	if [[ $service = bindtrace-export ]]; then
		_bindtrace_options export
	elif (( CURRENT == 2 )) && [[ $words[2] != -* ]]; then
		_describe command names
	elif (( CURRENT > 2 && ${names[(I)$words[2]:*]} )); then
		local command=$words[2]
		shift words
		(( CURRENT-- ))
		_bindtrace_options $command
	else
		_bindtrace_options trace
	fi
}

_bindtrace "$@"
"""

ACTIONS = {
    "pids": "_pids",
    "users": "_users",
    "groups": "_groups",
    "folders": "_files -/",
    "files": "_files",
    "namespaces": "_bindtrace_namespaces",
    "programs": "_bindtrace_programs",
    "nothing": " ",
}


def quoted(text):
    return "'" + text.replace("'", "'\\''") + "'"


def escaped(text):
    return text.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]").replace(":", "\\:")


def action(option):
    what, words = kinds.kind(option)
    if kinds.is_list(option) and what in ("words", "users", "pids"):
        return "_sequence " + ("compadd - " + " ".join(words) if words else ACTIONS[what])
    return "(" + " ".join(words) + ")" if words else ACTIONS[what]


def spec(option):
    text, long, short = f"[{escaped(option.help)}]", "--" + option.name, "-" + option.letter
    tail = ""
    if option.argument:
        optional = kinds.is_optional(option)
        tail = (":" if optional else "") + f":{escaped(option.argument.strip('[]='))}:{action(option)}"
        long, short = long + ("=-" if optional else "="), short + "+"
    if not option.letter:
        return quoted("*" + long + text + tail)
    return f"{quoted('*' + short + text + tail)} {quoted('*' + long + text + tail)}"


def operands(command):
    if command.takes_program:
        return ["'(-)--[the rest is a program to run]:program: _command_names -e'", "'*::arguments: _normal'"]
    return ["'*:file:_files'"] if command.takes_files else []


commands = tables.read()
out = HEAD
for command in commands:
    specs = [spec(option) for option in command.options] + operands(command)
    out += f"\t{command.name})\n\t\t_arguments -s \\\n\t\t\t" + " \\\n\t\t\t".join(specs) + "\n\t\t;;\n"
names = "\n".join("\t\t" + quoted(f"{command.name}:{command.help}") for command in commands)
sys.stdout.write(out + MAIN.replace("@NAMES@", names))
