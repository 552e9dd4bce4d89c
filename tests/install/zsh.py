#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""usage: zsh.py LINE: what zsh offers to complete LINE with, a word a line, sorted.

zsh completes on a terminal only. It gets one, and its compadd is made to say what it is given.
"""
import os
import pty
import re
import select
import sys

SETUP = r"""
PS1=; PS2=; unsetopt prompt_cr prompt_sp beep
autoload -Uz compinit; compinit -D -u
fpath=(%s $fpath); autoload -Uz _bindtrace; compdef _bindtrace bindtrace bindtrace-export
compadd() {
	local -a found
	# asked for the words themselves by its caller
	if [[ ${@[1,(i)(-|--)]} == *-[OAD]* ]]; then builtin compadd "$@"; return; fi
	builtin compadd -O found "$@"
	print -rl -- '' '<'${^found}'>'
	builtin compadd "$@"
}
complete_line() { zle complete-word; print -r -- '' '=END='; exit }
zle -N complete_line; bindkey '^X' complete_line
print -r -- '=READY''='
"""


def until(fd, word):
    text = ""
    while word not in text:
        if not select.select([fd], [], [], 30)[0]:
            raise SystemExit(f"zsh did not say {word}: {text[-600:]!r}")
        text += os.read(fd, 65536).decode(errors="replace")
    return text


pid, fd = pty.fork()
if pid == 0:
    os.environ.update(TERM="dumb", ZDOTDIR="/nonexistent", COLUMNS="400")
    os.execvp("zsh", ["zsh", "-f", "-i"])
folder = os.path.abspath(sys.argv[0] + "/../../../build/zsh")
os.makedirs(folder, exist_ok=True)
with open("build/completion/zsh") as source, open(folder + "/_bindtrace.%d" % os.getpid(), "w") as target:
    target.write(source.read())
os.replace(target.name, folder + "/_bindtrace")
with open(folder + "/setup.%d" % os.getpid(), "w") as setup:
    setup.write(SETUP % folder)
os.write(fd, f". {setup.name}\n".encode())
until(fd, "=READY=")
os.write(fd, sys.argv[1].encode() + b"\x18")
text = until(fd, "=END=")
os.unlink(setup.name)
os.close(fd)
os.waitpid(pid, 0)
print("\n".join(sorted(set(re.findall(r"<([^<>\r\n]+)>", text)))))
