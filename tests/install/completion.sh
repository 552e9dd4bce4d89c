# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash disable=SC2154 # from run: $work, $tests, $commands
# Completions, in the shells themselves
PATH=$PWD:$PATH

# in_bash WORD...: what bash offers for the last of these
in_bash() {
	bash --norc -c '. build/completion/bash; COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
		compopt() { :; }; _bindtrace; printf "%s\n" "${COMPREPLY[@]}"' bash "$@" | sort -u
}
# The same of fish, which reads a line.
# shellcheck disable=SC2016
in_fish() { fish --no-config -c '. build/completion/fish; complete -C "$argv"' -- "$*" | cut -f1 | sort -u; }

nothing completion_bash_parses "$(bash -n build/completion/bash 2>&1)"
nothing completion_zsh_parses "$(zsh -fn build/completion/zsh 2>&1)"
nothing completion_fish_parses "$(fish --no-config -n build/completion/fish 2>&1)"
for command in $commands; do
	is "completion_bash_$command" "$(in_bash bindtrace "$command" --)" "$(helped "$command")"
	is "completion_fish_$command" "$(in_fish bindtrace "$command" --)" "$(helped "$command")"
done
is completion_bash_default "$(in_bash bindtrace --)" "$(helped trace)"
is completion_fish_default "$(in_fish bindtrace --)" "$(helped trace)"
is completion_bash_exporter "$(in_bash bindtrace-export --)" "$(helped export)"
is completion_fish_exporter "$(in_fish bindtrace-export --)" "$(helped export)"
is completion_bash_commands "$(in_bash bindtrace '')" "$(echo "$commands" | sort)"
is completion_fish_commands "$(in_fish 'bindtrace ')" "$(echo "$commands" | sort)"

# each word that is offered is one that bindtrace takes
for option in color attach proto errno; do
	command=trace
	[ $option != proto ] || command=check
	words=$(in_bash bindtrace $command --$option '')
	is "completion_words_$option" "$(for word in $words; do
		bindtrace $command --$option "$word" --help >/dev/null && echo "$word"
	done)" "${words:-none is offered}"
	is "completion_fish_$option" "$(in_fish "bindtrace $command --$option ")" "$words"
done
is completion_bash_equals "$(in_bash bindtrace --color = a)" $'always\nauto'
is completion_bash_equals_empty "$(in_bash bindtrace --color =)" $'always\nauto\nnever'
is completion_bash_list "$(in_bash bindtrace -e EACCES,EADDRI)" EACCES,EADDRINUSE
is completion_bash_user "$(in_bash bindtrace check -u nobo)" nobody
is completion_bash_file "$(in_bash bindtrace verify docs/record)" docs/recording.md
is completion_bash_program "$(in_bash bindtrace -- unshar)" unshare
is completion_fish_user "$(in_fish bindtrace check -u nobo)" nobody
is completion_fish_file "$(in_fish bindtrace verify docs/record)" docs/recording.md
is completion_fish_program "$(in_fish bindtrace record -o x -- unshar)" unshare
# zsh has an entry for "--" itself
in_zsh() { "$tests/zsh.py" "$1" | grep -vx -e --; }
for command in $commands; do
	is "completion_zsh_$command" "$(in_zsh "bindtrace $command --")" "$(helped "$command")"
done
is completion_zsh_default "$(in_zsh "bindtrace --")" "$(helped trace)"
is completion_zsh_exporter "$(in_zsh "bindtrace-export --")" "$(helped export)"
is completion_zsh_commands "$(in_zsh "bindtrace ")" "$(echo "$commands" | sort)"
is completion_zsh_color "$(in_zsh "bindtrace --color ")" $'always\nauto\nnever'
is completion_zsh_user "$(in_zsh "bindtrace check -u nobo")" nobody
