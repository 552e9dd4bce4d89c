# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""What the cases of exports share: engines, the exporter, the tracer, and lines that nobody had to be refused for."""
import http.client
import json
import os
import shutil
import time
import urllib.error
import urllib.request

import kit
from kit import Failure, Skip, check


def find(name):
    """The path of an engine. In CI the packages have installed it; elsewhere it may be missing."""
    path = shutil.which(name, path=kit.PATH)
    if path:
        return path
    why = f"{name} is not installed (make deps-test)"
    raise Failure(why) if os.environ.get("CI") else Skip(why)


def engine(this, name, *words, **more):
    """Starts one, in the case's folder; its end is that of the case."""
    return this.run(name, *words, program=find(name), **more)


def bindtrace(this, *words, **more):
    """The tracer, as root, on what is refused in the case's network."""
    return this.run("bindtrace", *words, "-n", "/proc/self/ns/net",
                    program=f"{kit.BUNDLE}/bindtrace", **more)


def export(this, *words, **more):
    """An exporter of its own, which may be given its lines as a file."""
    return this.run("bindtrace-export", *words, program=f"{kit.BUNDLE}/bindtrace-export", **more)


def refuse(this, port, times=1):
    """That many real refusals on 127.0.0.1; returns when they have happened."""
    p = this.run("refused", "--port", port, "--times", times, program=f"{kit.BUNDLE}/refused")
    said = p.ends()
    check(not p.process.returncode, f"nothing was refused: {said}")
    return p


def recording(this, events, name="trace.jsonl"):
    """A recording of so many refusals, made as record makes one: a thousand ports from 20000 on, in turn."""
    path = os.path.join(this.dir, name)
    p = this.run("recording", path, events, program=f"{kit.BUNDLE}/recording")
    said = p.ends()
    check(not p.process.returncode, f"no recording: {said}")
    return path


def not_sanitized(why):
    """With programs under ASan (tests/run sanitize) the case would tell of that."""
    if "SANITIZED" in os.environ:
        raise Skip(why)


def get(url, timeout=kit.DEADLINE_S, **headers):
    """The status, the headers and the body that a GET is answered with."""
    request = urllib.request.Request(url, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=timeout) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers, error.read()


def awaited(what, question):
    """Asks until the answer is true, and gives it; for those who say by no event that they are ready."""
    until = time.monotonic() + kit.DEADLINE_S
    while time.monotonic() < until:
        try:
            if answer := question():
                return answer
        except (OSError, http.client.HTTPException):
            pass
        time.sleep(0.02)
    raise Failure(f"{what}: not within {kit.DEADLINE_S} s")


def await_http(url):
    """Until it is answered with 200; the body."""
    def question():
        status, _, body = get(url)
        return status == 200 and (body or b" ")
    return awaited(url, question)


def samples(text):
    """The series of a /metrics page: {name{labels}: value}, as they are written there."""
    found = {}
    for line in text.decode().splitlines():
        if line and not line.startswith("#"):
            series, value = line.rsplit(" ", 1)
            check(series not in found, f"twice: {series}")
            found[series] = float(value)
    return found


HOST = "web1"
BEGAN_S = 1_700_000_000 # of the lines that nobody had to be refused for, in Unix time


def line(kind, seq, at_s=0, **fields):
    """A line of a stream, its newline included."""
    at_ns = round((BEGAN_S + at_s) * 1e9)
    whole = {"schema": "bindtrace/1", "kind": kind, "seq": seq, "host": HOST,
             "boottime_ns": round(at_s * 1e9), "realtime_ns": at_ns, **fields}
    return json.dumps(whole, separators=(",", ":")) + "\n"
