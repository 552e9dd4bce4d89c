# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Recordings that are followed, by exporters that are ended and killed: what is delivered, and how often."""
import os
import random
import signal
import time

import kit
from engine import awaited, await_http, bindtrace, export, get, recording, refuse, samples
from kit import NOBODY, Failure, case, check

KILLS = 50


def ledger(this, path):
    """An exporter whose deliveries can be read: one line each."""
    return this.run("ledger", "--state", "state", "--textfile", "ledger.prom", path,
                    program=f"{kit.BUNDLE}/ledger")


def took_signal(p):
    with open(f"/proc/{p.process.pid}/status", encoding="ascii") as f:
        return "\nShdPnd:\t0000000000000000\n" in f.read()


@case
def interrupted_with_its_tracer(this):
    """Ctrl-C reaches both ends of a pipe: what the tracer has to say then is still read. The second time it ends."""
    lines = read_lines(this, os.path.basename(recording(this, 20, "source.jsonl")))
    for times in 1, 2:
        pipe, name = os.path.join(this.dir, f"pipe{times}"), f"ledger{times}.prom"
        os.mkfifo(pipe)
        p = this.run("ledger", "--textfile", name, pipe, program=f"{kit.BUNDLE}/ledger")
        with open(pipe, "wb", buffering=0) as f:
            f.write(b"".join(lines[:3]))
            awaited("the first lines", lambda name=name: len(read_lines(this, name)) == 3)
            for _ in range(times):
                p.process.send_signal(signal.SIGINT)
                awaited("the signal to be taken", lambda p=p: p.process.poll() is not None or took_signal(p))
            if times == 1:
                f.write(b"".join(lines[3:]))
            else:
                p.ends()
        p.ends()
        check(p.process.returncode == 0, f"status {p.process.returncode}: {p.lines.all}")
        told = read_lines(this, name)
        check(told == (lines if times == 1 else lines[:3]), f"{len(told)} of {len(lines)} lines")


def read_lines(this, name):
    with open(os.path.join(this.dir, name), "rb") as f:
        return f.read().splitlines(keepends=True)


class Growing:
    """A recording that is written bit by bit, into a file after the other, as record does it."""

    def __init__(self, this, lines, draw):
        self.lines, self.draw = lines, draw
        self.path = os.path.join(this.dir, "trace.jsonl")
        self.number, self.done = 0, 0
        self.file = open(self.path, "wb", buffering=0)

    def rotate(self):
        self.number += 1
        self.file.close()
        os.rename(self.path, f"{self.path}.{self.number:06}")
        self.file = open(self.path, "wb", buffering=0)

    def some(self, n):
        """So many more lines; some of them come in two parts, some begin another file."""
        for line in self.lines[self.done:self.done + n]:
            if self.draw.randrange(60) == 0:
                self.rotate()
            cut = self.draw.randrange(len(line)) if self.draw.randrange(4) == 0 else 0
            self.file.write(line[:cut])
            self.file.write(line[cut:])
            self.done += 1

    def rest(self):
        self.file.write(b"".join(self.lines[self.done:]))
        self.file.close()


def delivered(this, wanted):
    return lambda: len(read_lines(this, "ledger.prom")) >= wanted


def distinct(lines):
    """Lines in their order, each of which may come again right behind itself; how often that was."""
    once = [line for i, line in enumerate(lines) if i == 0 or line != lines[i - 1]]
    return once, len(lines) - len(once)


def begin(this, growing):
    """A position is known from the first line on that is delivered."""
    growing.some(1)
    p = ledger(this, growing.path)
    awaited("the first line", delivered(this, 1))
    p.stop()


@case
def killed_at_random_moments(this):
    """kill -9, fifty times: nothing is lost, and of each life only the last line may come again."""
    lines = read_lines(this, os.path.basename(recording(this, 3000, "source.jsonl")))
    draw = random.Random(int(os.environ.get("SEED", "20261123")))
    growing = Growing(this, lines, draw)
    begin(this, growing)
    for _ in range(KILLS):
        p = ledger(this, growing.path)
        until = time.monotonic() + draw.random() * 0.1
        while time.monotonic() < until:
            growing.some(draw.randrange(4))
            time.sleep(0.002) # at some pace: what is written before it starts shows little
        p.stop(signal.SIGKILL)
    before = len(read_lines(this, "ledger.prom"))
    growing.rest()
    p = ledger(this, growing.path)
    awaited("the last line", lambda: read_lines(this, "ledger.prom")[-1:] == lines[-1:])
    said = p.stop()
    once, again = distinct(read_lines(this, "ledger.prom"))
    wrong = next((i for i, pair in enumerate(zip(once, lines)) if pair[0] != pair[1]), None)
    check(once == lines, f"{len(once)} lines instead of {len(lines)}; the first other one is {wrong}: "
                         f"{once[wrong or 0][:300]} {said[-300:]}")
    check(again <= KILLS, f"{again} lines came twice")
    check(before > 100, f"only {before} lines were delivered before the last kill")


@case
def ended_at_random_moments(this):
    """SIGTERM, as a service is restarted: each line comes exactly once, whatever became of its file meanwhile."""
    lines = read_lines(this, os.path.basename(recording(this, 2000, "source.jsonl")))
    growing = Growing(this, lines, random.Random(int(os.environ.get("SEED", "20261123"))))
    begin(this, growing)
    for _ in range(15):
        p = ledger(this, growing.path)
        growing.some(60)
        awaited("half of them", delivered(this, growing.done - 30))
        said = p.stop()
        check(p.process.returncode == 0, f"status {p.process.returncode}: {said[-300:]}")
        growing.some(60)
    growing.rest()
    p = ledger(this, growing.path)
    awaited("all lines", delivered(this, len(lines)))
    p.stop()
    check(read_lines(this, "ledger.prom") == lines, "not each line once")


@case
def follows_record(this):
    """The recorder itself, its files let to a group, and an exporter that was never more than a user."""
    folder = this.folder("record")
    path = os.path.join(folder, "trace.jsonl")
    record = bindtrace(this, "record", "-o", path, "-P", "21000", "--no-fold", "--max-size", "64K",
                       "--group", "nogroup")
    record.lines.until("watching for refused binds")
    own = this.folder("own", NOBODY)
    words = ["--state", f"{own}/state", "--metrics", "19095", path]
    url = "http://127.0.0.1:19095/metrics"

    def await_told(refusals):
        seen = []

        def told():
            series = samples(get(url)[2])
            seen.append(sum(value for name, value in series.items()
                            if name.startswith("bindtrace_failures_total")))
            return seen[-1] == refusals

        try:
            awaited(f"{refusals} refusals", told)
        except Failure as why:
            raise Failure(f"{why}: {seen[-1:]}, {p.stop()}, {record.stop(signal.SIGINT)}, "
                          f"{os.listdir(folder)}") from why

    p = export(this, *words, user=NOBODY)
    await_http(url)
    refuse(this, 21000, 100)
    await_told(100)
    p.stop()
    refuse(this, 21000, 100)
    record.process.send_signal(signal.SIGHUP)
    p = export(this, *words, user=NOBODY)
    await_http(url)
    refuse(this, 21000, 50)
    await_told(150)
    check(len(os.listdir(folder)) > 3, f"too few files: {os.listdir(folder)}")
    said = p.stop()
    check(p.process.returncode == 0 and not said, f"status {p.process.returncode}: {said}")
    record.stop(signal.SIGINT)


@case
def files_of_root_only(this):
    """What comes later cannot be read by who is no more than a user: said at once, and when it happens."""
    path = recording(this, 3)
    p = export(this, "--metrics", "19095", path)
    p.lines.until("trace.jsonl is read, but what comes after it cannot be, as user 65534")
    awaited("the refusals", lambda: b" 3\n" in await_http("http://127.0.0.1:19095/metrics"))
    os.rename(path, path + ".000001")
    recording(this, 1)
    said = p.ends()
    check(p.process.returncode == 1 and "cannot read" in said and "record --group" in said,
          f"status {p.process.returncode}: {said}")
