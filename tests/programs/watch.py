# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""bindtrace on the ports of a case, twice: as JSON, and as people read it."""
import json
import os
import re
import signal

import kit
import sockets
from kit import check

STOP, OTHER_PORT = "stop_holder now", "use_other_port now"
LAST_ROW = "^(  do  |      )  move to another port$" # of every report of a port in use


class Watch:
    """Both are attached when this returns. refusal() takes every refusal, end() is the end."""

    def __init__(self, case, *ports):
        words = ["bindtrace", "-n", "/proc/self/ns/net", "-P", ",".join(str(p) for p in ports)]
        program = f"{kit.BUNDLE}/bindtrace"
        self.json = case.run(*words, "--json", program=program)
        self.people = case.run(*words, "--color=never", program=program)
        self.json.lines.until('"kind":"header"')
        self.people.lines.until("^watching for refused binds")
        self.refusals = 0
        self.holders = set() # pids of which /proc says that they have one of the sockets

    def _failure(self):
        """The next refusal that is new; None: the stream has ended, with its footer."""
        while line := self.json.lines.next():
            event = json.loads(line)
            if event["kind"] == "footer":
                return None
            if event["kind"] == "failure" and event["repeat"]["count"] == 1:
                return event
        raise kit.Failure(f"bindtrace ended without a footer: {self.json.lines.tail()}")

    def refusal(self, asker, held_by, reason="listener", advice=(STOP, OTHER_PORT),
                role="listener", **fields):
        """The next refusal: of this program, because of these pids, the first one named first;
        for this reason, with this advice. More fields of the event may be given."""
        event = self._failure()
        check(event, "bindtrace did not report it")
        self.people.lines.until(LAST_ROW) # both have looked, now the holders may go
        self.refusals += 1
        who = event["process"]
        same("asker", who["pid"], asker.pid)
        same("its command line", who["cmdline"], asker.words)
        same("its comm", who["comm"], asker.words[0][:15])
        same("errno", event["errno"], "EADDRINUSE")
        same("reason", event["reason"], reason)
        same("advice", [f"{a['action']} {a['effective']}" for a in event["advice"]],
             list(advice))
        for name, value in fields.items():
            same(name, event[name], value)
        for holder in event["holders"]:
            self._is_true(event, holder)
        first = event["holders"][0]
        same("role", first["role"], role)
        same("holders", [p["pid"] for p in first["processes"]], held_by)
        return event

    def _is_true(self, event, holder):
        """Who is named has the socket, and who has it is named; the socket has the port."""
        protocol = "udp" if event["protocol"] == "udp" else "tcp"
        table = sockets.inodes(event["port"], protocol, holder["state"])
        if holder["role"] == "time_wait":
            same("processes of a TIME_WAIT", holder["processes"], [])
            check(table, "there is no TIME_WAIT")
            return
        inode = holder["inode"]
        check(inode in table, f"socket {inode} is not among those of the port: {table}")
        have = sockets.owners(inode)
        check(have, f"nobody has socket {inode} open")
        same("processes that have it", {p["pid"] for p in holder["processes"]}, have)
        self.holders |= have

    def follow(self, event):
        """Does what the first advice says, and waits until who was to be stopped has ended. Not
        where that would stop the service in which the tests run: it does the like then."""
        processes = event["holders"][0]["processes"]
        kill = "kill " + " ".join(str(p["pid"]) for p in processes)
        command = event["advice"][0].get("command", "")
        if processes[0].get("unit", "").endswith(".service"):
            check(command.startswith("systemctl"), f"not a unit is to be stopped: '{command}'")
        else:
            same("command", command, kill)
        wait = sockets.await_end(p["pid"] for p in processes)
        # a master may have ended its children before kill comes to them, and kill says so
        os.system(kill + " 2>/dev/null")
        wait()

    def end(self, *phrases, refused=None):
        """Nothing else was refused but what refusal() has taken, with what was folded into it so
        many; all of these phrases are in the text, and who holds something in it does so."""
        self.json.process.send_signal(signal.SIGINT)
        text = self.people.stop(signal.SIGINT)
        check(not (more := self._failure()), f"also refused: {more}")
        footer = json.loads(self.json.lines.all[-1])
        same("lost", footer["lost"], 0)
        same("refused", footer["refused"], self.refusals if refused is None else refused)
        self.json.lines.rest()
        for p in self.json, self.people:
            p.process.wait(kit.DEADLINE_S)
            same("exit status of bindtrace", p.process.returncode, 0)
        for phrase in phrases:
            check(phrase in text, f"no '{phrase}' in: {text}")
        for rows in re.findall(r"^  held  (.*?)^  why ", text, re.MULTILINE | re.DOTALL):
            for pid, after in re.findall(r"\[(\d+)\]([^\[]*)", rows):
                check(int(pid) in self.holders or "(exited)" in after,
                      f"{pid} holds nothing: {rows}")


def same(what, got, wanted):
    check(got == wanted, f"{what}: {got} instead of {wanted}")
