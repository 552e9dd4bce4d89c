# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""The tables of commands and options, as man/tables.c prints them."""
import collections
import re
import sys

Option = collections.namedtuple("Option", "letter name argument help")


class Command:
    def __init__(self, name, operands, text):
        self.name, self.operands, self.help = name, operands.strip(), text
        self.options = []

    @property
    def takes_files(self):
        return "FILE" in re.findall("[A-Z]+", self.operands) and self.name != "record"

    @property
    def takes_program(self):
        return "-- PROGRAM" in self.operands


def read(lines=sys.stdin):
    """The commands in their order, each with its options; the first is the default."""
    commands = []
    for line in lines:
        kind, *fields = line.rstrip("\n").split("\t")
        if kind == "command":
            commands.append(Command(*fields))
        else:
            commands[-1].options.append(Option(*fields))
    return commands
