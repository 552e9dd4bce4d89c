# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""The exporter that a tracer starts, and what becomes of tracing when something becomes of it."""
import json
import os
import signal
import socket
import time

import kit
from engine import await_http, awaited, bindtrace, export, get, refuse, samples
from kit import case, check
from power import children

URL = "http://127.0.0.1:19095/metrics"


def start(this, *more):
    """A tracer with its exporter; the lines go to a file of the case's."""
    p = bindtrace(this, "-P", "21000", "--metrics", "19095", "--json", *more)
    p.lines.until('"kind":"header"')
    await_http(URL)
    return p


def told_and_lost():
    """Refusals, as /metrics has them: told of, and lost in each stage."""
    series = samples(get(URL)[2])
    told = sum(v for k, v in series.items() if k.startswith("bindtrace_failures_total"))
    return told, {k.split('"')[1]: v for k, v in series.items()
                  if k.startswith("bindtrace_events_lost_total")}


@case
def metrics_of_a_tracer(this):
    """A real refusal is in /metrics, and the child ends with its tracer."""
    p = start(this)
    refuse(this, 21000)
    p.lines.until('"kind":"failure"')
    series = ('bindtrace_failures_total{operation="bind",errno="EADDRINUSE",reason="listener",'
              'protocol="tcp",family="ipv4"}')
    awaited(series, lambda: samples(get(URL)[2]).get(series) == 1)
    said = p.stop(signal.SIGINT)
    check(p.process.returncode == 0, f"status {p.process.returncode}: {said[-300:]}")


STORM = 4000


@case
def stopped_exporter(this):
    """SIGSTOP: those who are refused do not notice; what finds no room in the queue is counted, and it adds up."""
    out = os.path.join(this.dir, "trace.jsonl")
    p = bindtrace(this, "-P", "21000", "--metrics", "19095", "--json", "--no-fold", "-o", out)
    await_http(URL)
    awaited("the header", lambda: os.path.getsize(out)) # of a tracer that is attached
    [child] = children(p.pid)

    def storm():
        began = time.monotonic()
        refuse(this, 21000, STORM)
        return time.monotonic() - began

    storm() # everything has been loaded then
    running = storm()
    os.kill(child, signal.SIGSTOP)
    stopped = storm()
    storm() # what one of them leaves in the ring buffer may just fit into the queue
    with open(f"/proc/{child}/stat", encoding="utf-8") as f:
        check(f.read().rsplit(")", 1)[1].split()[0] == "T", "it is not stopped")
    os.kill(child, signal.SIGCONT)
    check(stopped < 2 * running + 0.2, f"{running:.2f} s, and {stopped:.2f} s when it was stopped")

    def adds_up():
        told, lost = told_and_lost()
        return told + sum(lost.values()) == 4 * STORM and (told, lost)

    try:
        told, lost = awaited(f"that they add up to {4 * STORM}", adds_up)
    except kit.Failure as why:
        raise kit.Failure(f"{why}: {told_and_lost()}; {p.stop(signal.SIGINT)[-600:]}") from why
    check(lost["queue"] > 0, f"{told} told, {lost}: the queue was never full")
    said = p.stop(signal.SIGINT)
    with open(out, encoding="utf-8") as f:
        footer = json.loads(f.readlines()[-1])
    check(footer["refused"] == 4 * STORM and footer["lost"] <= lost["ring_buffer"] + lost["queue"],
          f"{footer} beside {lost}")
    check(p.process.returncode == 0 and "lines did not reach the exporter" in said,
          f"status {p.process.returncode}: {said[-300:]}")
    print(f"   {STORM} refusals took {running:.3f} s, {stopped:.3f} s beside a stopped exporter; "
          f"{told:.0f} told, {lost['queue']:.0f} lost in the queue, "
          f"{lost['ring_buffer']:.0f} in the ring buffer")


@case
def two_dead_receivers(this):
    """Each would take all the time there is at the end; the exporter ends by itself, and says what it kept."""
    p = start(this, "--syslog", "tcp:127.0.0.1:9", "--otlp", "http://127.0.0.1:9")
    refuse(this, 21000)
    p.lines.until('"kind":"failure"')
    said = p.stop(signal.SIGINT)
    check(p.process.returncode == 0, f"status {p.process.returncode}: {said[-600:]}")
    check("lines did not get to tcp:127.0.0.1:9" in said and
          "1 line did not reach http://127.0.0.1:9/v1/logs" in said, said[-600:])


@case
def killed_exporter(this):
    """Tracing goes on, and says so; the status tells at the end."""
    p = start(this)
    refuse(this, 21000)
    p.lines.until('"kind":"failure"')
    [child] = children(p.pid)
    os.kill(child, signal.SIGKILL)
    p.lines.until("the exporter has ended; tracing goes on")
    refuse(this, 21000)
    p.lines.until('"kind":"failure"')
    said = p.stop(signal.SIGINT)
    check(p.process.returncode == 1 and "somebody killed the exporter" in said,
          f"status {p.process.returncode}: {said[-300:]}")
    check('"kind":"footer"' in said, "it has no end")


@case
def its_own_port_is_taken(this):
    """A tool about refused binds explains its own: who has the port, in the words of check."""
    with socket.create_server(("127.0.0.1", 19095)):
        p = export(this, "--metrics", "19095")
        said = p.ends()
        check(p.process.returncode == 1, f"status {p.process.returncode}: {said}")
        for words in "the port is taken", f"held  LISTEN 127.0.0.1:19095 by run[{os.getpid()}]", \
                "why   another socket listens there":
            check(words in said, f"no '{words}' in: {said}")
        p = bindtrace(this, "--metrics", "19095", "--json")
        said = p.ends()
        check(p.process.returncode == 1 and f"run[{os.getpid()}]" in said,
              f"status {p.process.returncode}: {said}")
        p = export(this, "--metrics", "19095", user=kit.NOBODY)
        p.fails("sudo bindtrace check says by whom")
