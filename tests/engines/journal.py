# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""The journal of systemd: a journald of the case's own, with a /run of its own, and what journalctl finds in it."""
import json
import os
import signal
import socket
import subprocess

import kit
from engine import await_http, awaited, find, get, line, recording, refuse, samples
from kit import case, check

CONFIGURATION = """[Journal]
Storage=volatile
Audit=no
ReadKMsg=no
RateLimitIntervalSec=0
ForwardToSyslog=no
ForwardToKMsg=no
ForwardToConsole=no
ForwardToWall=no
"""
# A mount namespace stays while this shell does, journald comes and goes in it.
ROOM = """mount -t tmpfs none /run && mkdir -p /run/systemd/journal /run/log/journal &&
mount --bind "$1" /etc/systemd/journald.conf && echo ready && exec sleep infinity"""
FAILURE = "6d18b6b797ad4a39909bb3f39c398068"
SOCKET = "/run/systemd/journal/socket"
# What is asked for while this process has it; two more times it is only counted.
ASK = """import socket
for _ in range(3):
    try: socket.socket().bind(("127.0.0.1", 21100))
    except OSError as e: print(e)"""


class Journal:
    """The room that journald has, and journald."""

    def __init__(self, this):
        self.this = this
        configuration = this.file("journald.conf", CONFIGURATION)
        self.room = this.run("unshare", "-m", "sh", "-c", ROOM, "room", configuration)
        self.room.lines.until("^ready$")
        self.inside = ["nsenter", "-m", "-t", str(self.room.pid)]
        self.daemon = None

    def start(self):
        program = "/lib/systemd/systemd-journald"
        check(os.access(program, os.X_OK), "no systemd-journald (make deps-test)")
        self.daemon = self.run(program)
        seen = f"/proc/{self.room.pid}/root{SOCKET}"
        awaited("journald", lambda: os.path.exists(seen))

    def stop(self):
        """Ends journald; its socket is gone, as it is not when systemd has it."""
        self.daemon.stop()
        os.remove(f"/proc/{self.room.pid}/root{SOCKET}")

    def run(self, *words):
        """A program in the room."""
        return self.this.run(*self.inside, *words, program=kit.find("nsenter"))

    def bindtrace(self, *words):
        return self.run(f"{kit.BUNDLE}/bindtrace", "-n", "/proc/self/ns/net", *words)

    def export(self, path):
        return self.run("sh", "-c", 'cat "$1" | "$2" --journal', "export", path, f"{kit.BUNDLE}/bindtrace-export")

    def ctl(self, *words):
        """What journalctl says."""
        return subprocess.run([*self.inside, find("journalctl"), "-q", "--no-pager", "-D", "/run/log/journal", *words],
                              check=True, capture_output=True, timeout=kit.DEADLINE_S).stdout

    def events(self, n):
        """The lines of the stream, as they are in the journal, once it has n: journald files later what it was given."""
        def question():
            lines = self.ctl("-t", "bindtrace", "-o", "cat", "--output-fields=BINDTRACE_EVENT").decode().splitlines()
            return len(lines) >= n and lines
        return awaited(f"{n} lines in the journal", question)

    def entries(self, *words):
        """Entries with all of their fields; one that no terminal should get is a list of bytes in journalctl's JSON."""
        return [{name: value if isinstance(value, str) else bytes(value).decode() for name, value in entry.items()}
                for entry in map(json.loads, self.ctl("--all", "-o", "json", "-t", "bindtrace", *words).splitlines())]


def ended(p, status=0):
    said = p.ends()
    check(p.process.returncode == status, f"status {p.process.returncode}: {said[-300:]}")
    return said


@case
def journal_of_a_tracer(this):
    """A real refusal is found by its fields, and the journal holds the whole stream, line by line."""
    journal = Journal(this)
    journal.start()
    p = journal.bindtrace("-P", "21100", "--journal", "--json")
    p.lines.until('"kind":"header"')
    with socket.create_server(("127.0.0.1", 21100)):
        asker = this.run("python3", "-c", ASK)
        asker.ends()
        p.lines.until('"kind":"failure"')
    said = p.stop(signal.SIGINT).splitlines()
    check(p.process.returncode == 0, f"status {p.process.returncode}: {said[-3:]}")
    lines = [one for one in said if one.startswith("{")]
    events = journal.events(len(lines))
    check(events == lines, f"{events} for {said}")
    entry, = journal.entries(f"MESSAGE_ID={FAILURE}", "BINDTRACE_PORT=21100", "BINDTRACE_REASON=listener")
    with open("/proc/self/comm", encoding="utf-8") as f:
        comm = f.read().strip()
    expected = {
        "PRIORITY": "3", "SYSLOG_IDENTIFIER": "bindtrace", "BINDTRACE_KIND": "failure", "BINDTRACE_OPERATION": "bind",
        "BINDTRACE_ERRNO": "EADDRINUSE", "BINDTRACE_ADDRESS": "127.0.0.1", "BINDTRACE_PROTOCOL": "tcp",
        "BINDTRACE_PID": str(asker.pid), "BINDTRACE_COMM": "python3", "BINDTRACE_HOLDER_PID": str(os.getpid()),
        "BINDTRACE_HOLDER_COMM": comm, "BINDTRACE_INCIDENT": "1", "_COMM": "bindtrace-expor",
        "MESSAGE": f"bind refused: tcp 127.0.0.1:21100 EADDRINUSE, python3[{asker.pid}]; another socket listens there; "
                   f"held by {comm}[{os.getpid()}]",
    }
    different = {key: entry.get(key) for key in expected if entry.get(key) != expected[key]}
    check(not different, f"{different} instead of {expected}")


@case
def journal_is_a_recording(this):
    """A thousand refusals are told of in order, once each, and report reads them out of the journal."""
    journal = Journal(this)
    journal.start()
    path = recording(this, 1000)
    ended(journal.export(path))
    with open(path, encoding="utf-8") as f:
        lines = f.read().splitlines()
    events = journal.events(len(lines))
    check(events == lines, f"{len(events)} lines for {len(lines)}, or other ones")
    copy = this.file("journal.jsonl", "\n".join(events) + "\n")
    reports = [subprocess.run([f"{kit.BUNDLE}/bindtrace", "report", one], capture_output=True, check=True,
                              timeout=kit.DEADLINE_S).stdout for one in (path, copy)]
    check(reports[0] == reports[1] and reports[0], "report tells something else of it")


@case
def journal_of_the_clock(this):
    """That the clock was set stands among the refusals whose times it is about."""
    journal = Journal(this)
    journal.start()
    path = this.file("clock.jsonl", line("clock", 0, set_by_s=-7200.0) + line("clock", 1, slept_s=30.0))
    ended(journal.export(path))
    journal.events(2)
    said = [(entry["BINDTRACE_KIND"], entry["PRIORITY"], entry["MESSAGE"]) for entry in journal.entries()]
    check(said == [("clock", "5", "clock set back by 2 h: every time told before, also when a port frees, is so much earlier"),
                   ("clock", "5", "asleep for 30.0 s: ports that were to free by themselves do so that much later")], said)


@case
def journal_of_large_entries(this):
    """What is too large for a datagram comes as a sealed file; a newline in a field ends nothing."""
    journal = Journal(this)
    journal.start()
    asked = {"operation": "bind", "errno": "ENOENT", "errno_number": 2, "protocol": "unix", "family": "unix",
             "address": "/run/two\nlines=1\nPRIORITY=0", "reason": "unix_path_error", "layer": "filesystem",
             "summary": "the directory is missing",
             "process": {"pid": 4242, "tid": 4242, "comm": "a\nb=\u001b[31m"}}
    sizes = [0, 150_000, 250_000, 500_000]
    path = this.file("large.jsonl", "".join(line("failure", i, padding="x" * n, **asked)
                                            for i, n in enumerate(sizes)))
    ended(journal.export(path))
    events = journal.events(len(sizes))
    entries = journal.entries()
    padded = [len(json.loads(entry["BINDTRACE_EVENT"])["padding"]) for entry in entries]
    check(padded == sizes, f"{padded} instead of {sizes}")
    with open(path, encoding="utf-8") as f:
        check(events == f.read().splitlines(), "journalctl -o cat does not give what was put in")
    for entry in entries:
        check(entry["PRIORITY"] == "3", f"priority {entry['PRIORITY']}")
        check(entry["BINDTRACE_ADDRESS"] == asked["address"], entry["BINDTRACE_ADDRESS"])
        check(entry["BINDTRACE_COMM"] == asked["process"]["comm"], entry["BINDTRACE_COMM"])
        check(entry["MESSAGE"] == "bind refused: unix /run/two\\nlines=1\\nPRIORITY=0 ENOENT, "
              "a\\nb=\\x1b[31m[4242]; the directory is missing", entry["MESSAGE"])


@case
def journal_restarts(this):
    """While journald is away, lines are kept; it is told as an error, and nothing is lost."""
    journal = Journal(this)
    journal.start()
    p = journal.bindtrace("--json", "--journal", "--metrics", "19096", "-P", "21100-21103")
    p.lines.until('"kind":"header"')
    await_http("http://127.0.0.1:19096/metrics")

    def metric(name):
        return samples(get("http://127.0.0.1:19096/metrics")[2]).get(name, 0)
    refuse(this, 21100)
    awaited("the first", lambda: len(journal.entries(f"MESSAGE_ID={FAILURE}")) == 1)
    journal.stop()
    refuse(this, 21101)
    awaited("an error", lambda: metric('bindtrace_export_errors_total{exporter="journal"}') > 1)
    refuse(this, 21102)
    p.lines.until('"port":21102')
    journal.start()
    refuse(this, 21103)
    awaited("all", lambda: [entry["BINDTRACE_PORT"] for entry in journal.entries(f"MESSAGE_ID={FAILURE}")] ==
            ["21100", "21101", "21102", "21103"])
    check(metric('bindtrace_events_lost_total{stage="export"}') == 0, "something was lost")
    p.stop(signal.SIGINT)
    check(p.process.returncode == 0, f"status {p.process.returncode}")


@case
def journal_is_not_there(this):
    """Asked for a journal where there is none, it says so at once."""
    journal = Journal(this)
    said = ended(journal.export("/dev/null"), status=1)
    check("does systemd-journald run?" in said, said)
