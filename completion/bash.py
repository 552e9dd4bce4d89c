#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""usage: bash.py <TABLES: completion for bash, of bindtrace and bindtrace-export."""
import os
import sys

sys.path[:0] = [os.path.dirname(__file__) + "/../man", os.path.dirname(__file__)]
import kinds
import tables

HEAD = """# bash completion for bindtrace; made from the tables of its options
# shellcheck shell=bash

# _bindtrace_offer KIND [WORD...]: what of this kind begins as the word under the cursor does
_bindtrace_offer() {
	local kind=$1 before='' cur=$cur
	shift
	case $kind in
	*,) before=${cur%"${cur##*,}"} cur=${cur##*,} kind=${kind%,} ;;
	esac
	case $kind in
	words) set -- -W "$*" ;;
	users) set -- -u ;;
	groups) set -- -g ;;
	pids) set -- -W "$(command ps -eo pid= 2>/dev/null)" ;;
	programs) set -- -W "$(command ps -eo comm= 2>/dev/null | tr ' ' '\\n')" ;;
	namespaces) set -- -f -W "$(command ls /run/netns 2>/dev/null)" ;;
	folders) set -- -d ;;
	files) set -- -f ;;
	*) return ;;
	esac
	mapfile -t COMPREPLY < <(compgen -P "$before" "$@" -- "$cur")
	case $kind in
	files | folders | namespaces) compopt -o filenames 2>/dev/null ;;
	esac
}

# _bindtrace_argument COMMAND OPTION: what may stand behind this option; false: it takes nothing
_bindtrace_argument() {
	case $1:$2 in
"""

OPTIONS = """	*) return 1 ;;
	esac
}

# _bindtrace_options COMMAND: its options
_bindtrace_options() {
	case $1 in
"""

MAIN = """	esac
}

_bindtrace() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} command=trace i
	COMPREPLY=()
	# "--option=argument" is three words
	if [ "$cur" = = ]; then
		cur=''
	elif [ "$prev" = = ] && [ "$COMP_CWORD" -gt 1 ]; then
		prev=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	case ${COMP_WORDS[0]##*/}:${COMP_WORDS[1]-} in
	bindtrace-export:*) command='export' ;;
	@COMMANDS@)
		[ "$COMP_CWORD" = 1 ] || command=${COMP_WORDS[1]}
		;;
	esac
	for ((i = 1; i < COMP_CWORD; i++)); do
		[ "${COMP_WORDS[i]}" = -- ] || continue
		if declare -F _command_offset >/dev/null; then
			_command_offset $((i + 1))
		else
			mapfile -t COMPREPLY < <(compgen -c -- "$cur")
		fi
		return
	done
	_bindtrace_argument "$command" "$prev" && return
	case $cur in
	-*)
		mapfile -t COMPREPLY < <(compgen -W "$(_bindtrace_options "$command")" -- "$cur")
		return
		;;
	esac
	case $command in
	@FILES@) _bindtrace_offer files ;;
	trace)
		[ "$COMP_CWORD" != 1 ] || _bindtrace_offer words @NAMES@
		;;
	esac
}

complete -F _bindtrace bindtrace bindtrace-export
"""


def spelled(option):
    return ["--" + option.name] + (["-" + option.letter] if option.letter else [])


def argument(command, option):
    what, words = kinds.kind(option)
    comma = "," if kinds.is_list(option) else ""
    patterns = " | ".join(f"{command.name}:{name}" for name in spelled(option))
    return f"\t{patterns}) _bindtrace_offer {' '.join([what + comma] + words)} ;;\n"


commands = tables.read()
out = HEAD
for command in commands:
    for option in command.options:
        # one that may be left out is completed behind "=" only, and none of them has words
        if option.argument and not kinds.is_optional(option):
            out += argument(command, option)
out += OPTIONS
for command in commands:
    names = " ".join(" ".join(spelled(option)) for option in command.options)
    out += f"\t{command.name}) echo '{names}' ;;\n"
names = [command.name for command in commands]
main = MAIN.replace("@COMMANDS@", " | ".join("bindtrace:" + name for name in names)).replace("@NAMES@", " ".join(names))
out += main.replace("@FILES@", " | ".join(command.name for command in commands if command.takes_files))
sys.stdout.write(out)
