#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""usage: fish.py <TABLES: completion for fish, of bindtrace and bindtrace-export."""
import os
import sys

sys.path[:0] = [os.path.dirname(__file__) + "/../man", os.path.dirname(__file__)]
import kinds
import tables

HEAD = """# made from the tables of bindtrace's options

# the command that is being written
function __bindtrace_command
	set -l words (commandline -opc)
	if string match -q '*bindtrace-export' -- $words[1]
		echo export
	else if contains -- "$words[2]" @NAMES@
		echo $words[2]
	else
		echo trace
	end
end

# of these commands one, and not yet behind "--"
function __bindtrace_is
	contains -- (__bindtrace_command) $argv; and not contains -- -- (commandline -opc)
end

function __bindtrace_begins
	test (count (commandline -opc)) = 1; and string match -q '*bindtrace' -- (commandline -opc)[1]
end

function __bindtrace_runs
	contains -- -- (commandline -opc)
end

# what the program behind "--" is, or takes
function __bindtrace_program
	set -l words (commandline -opc)
	set -e words[1..(contains -i -- -- $words)]
	complete -C (string join ' ' -- (string escape -- $words) (commandline -ct))
end

"""

ACTIONS = {
    "pids": "(__fish_complete_pids)",
    "users": "(__fish_complete_users)",
    "groups": "(__fish_complete_groups)",
    "folders": "(__fish_complete_directories)",
    "namespaces": "(command ls /run/netns 2>/dev/null)",
    "programs": "(command ps -eo comm= 2>/dev/null)",
}


def quoted(text):
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def line(option, names):
    what, words = kinds.kind(option)
    parts = ["complete -c $program -n", quoted("__bindtrace_is " + " ".join(names))]
    if option.letter:
        parts.append("-s " + option.letter)
    parts.append("-l " + option.name)
    if option.argument and not kinds.is_optional(option):
        values = " ".join(words) or ACTIONS.get(what, "")
        if kinds.is_list(option) and values:
            values = f"(__fish_append , {values})" if words else f"(__fish_complete_list , '{values[1:-1]}')"
        parts.append("-r" if what in ("files", "namespaces") else "-x")
        if values:
            parts.append("-a " + quoted(values))
        if what == "files":
            parts.append("-F")
    return " ".join(parts + ["-d " + quoted(option.help)])


commands = tables.read()
rows = {}
for command in commands:
    for option in command.options:
        rows.setdefault(option, []).append(command.name)
out = HEAD.replace("@NAMES@", " ".join(command.name for command in commands))
out += "for program in bindtrace bindtrace-export\n\tcomplete -c $program -f\n"
for command in commands:
    out += f"\tcomplete -c $program -n __bindtrace_begins -a {command.name} -d {quoted(command.help)}\n"
files = " ".join(command.name for command in commands if command.takes_files)
out += f"\tcomplete -c $program -n '__bindtrace_is {files}' -F\n"
out += "\tcomplete -c $program -n __bindtrace_runs -x -a '(__bindtrace_program)'\n"
for option, names in rows.items():
    out += "\t" + line(option, names) + "\n"
sys.stdout.write(out + "end\n")
