# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""What an exporter may do, as its process shows it, and that it works with no more."""
import os
import signal
import socket

from engine import awaited, await_http, bindtrace, export, get, line, recording, samples
from kit import NOBODY, case, check

URL = "http://127.0.0.1:19095/metrics"


def status(pid):
    """What /proc says of each of its threads: a dictionary of each."""
    threads = []
    for tid in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{tid}/status", encoding="utf-8") as f:
            threads.append(dict(row.rstrip("\n").split(":\t", 1) for row in f if ":\t" in row))
    return threads


def powerless(pid, uid=NOBODY):
    threads = status(pid)
    check(len(threads) > 1, "it has only one thread")
    for t in threads:
        check(t["Uid"].split() == [str(uid)] * 4, f"users: {t['Uid']}")
        check(t["Groups"].strip() == "", f"groups: {t['Groups']}")
        for name in "CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb":
            check(int(t[name], 16) == 0, f"{name}: {t[name]}")
        check(t["NoNewPrivs"] == "1", "it could get new privileges")
        check(t["Seccomp"] == "2", "it has no seccomp filter")
    # not dumpable: what it has in /proc is root's
    check(os.stat(f"/proc/{pid}/mem").st_uid == 0, "others of its user may look in")


def children(pid):
    with open(f"/proc/{pid}/task/{pid}/children", encoding="utf-8") as f:
        return [int(child) for child in f.read().split()]


def maps(pid):
    with open(f"/proc/{pid}/maps", encoding="utf-8") as f:
        return f.read()


@case
def started_as_root(this):
    path = recording(this, 5)
    p = export(this, "--metrics", "19095", path)
    awaited("the refusals", lambda: b" 5\n" in await_http(URL))
    powerless(p.pid)
    p.stop()


@case
def started_as_a_user(this):
    path = recording(this, 5)
    os.chmod(path, 0o644)
    p = export(this, "--metrics", "19095", path, user=NOBODY)
    awaited("the refusals", lambda: b" 5\n" in await_http(URL))
    t = status(p.pid)[0]
    check(t["NoNewPrivs"] == "1" and t["Seccomp"] == "2" and int(t["CapEff"], 16) == 0, f"{t}")
    said = p.stop()
    check(p.process.returncode == 0, said)


@case
def started_by_the_tracer(this):
    """The child has none of the tracer's power, nor of its descriptors; the tracer none of the libraries."""
    p = bindtrace(this, "-P", "21000", "--metrics", "19095", "--json")
    p.lines.until('"kind":"header"')
    await_http(URL)
    [child] = children(p.pid)
    powerless(child)
    check("microhttpd" in maps(child), "the exporter has no HTTP library")
    for library in "microhttpd", "curl", "ssl", "gnutls", "rdkafka":
        check(library not in maps(p.pid), f"{library} is mapped into the tracer")
    for fd in os.listdir(f"/proc/{child}/fd"):
        target = os.readlink(f"/proc/{child}/fd/{fd}")
        check("bpf" not in target and "perf" not in target, f"it has {target}")
    p.stop(signal.SIGINT)
    check(p.process.returncode == 0, f"status {p.process.returncode}")


@case
def not_root(this):
    p = export(this, "--metrics", "19095", "--user", "root")
    p.fails("an exporter does not run as root")
    p = export(this, "--metrics", "19095", "--user", "no-such-user")
    p.fails("there is no user 'no-such-user'")
    p = export(this, "--metrics", "19095", "--user", "nobody", user=NOBODY)
    p.fails("only root can become another user")


@case
def tracers_at_a_socket(this):
    """Two streams at once, each with its own incidents: what one folds is not taken for the other's."""
    path = os.path.join(this.dir, "export.socket")
    export(this, "--metrics", "19095", f"unix:{path}")
    await_http(URL)
    streams = [socket.socket(socket.AF_UNIX) for _ in range(2)]
    reasons = ["time_wait", "listener"]
    for s, reason in zip(streams, reasons):
        s.connect(path)
        s.sendall(line("failure", 1, reason=reason, errno="EADDRINUSE", operation="bind",
                       protocol="tcp", family="ipv4", port=8000,
                       repeat={"count": 1, "incident": 1, "adds": 1}).encode())
    for s, times in zip(streams, [10, 20]):
        s.sendall(line("folded", 2, errno="EADDRINUSE", operation="bind", protocol="tcp",
                       family="ipv4", port=8000, process={"pid": 1, "comm": "x"},
                       repeat={"count": times, "incident": 1, "adds": times}).encode())

    def told():
        series = samples(get(URL)[2])
        return [sum(v for k, v in series.items() if f'reason="{reason}"' in k)
                for reason in reasons] == [11, 21]

    awaited("both streams", told)
    for s in streams:
        s.close()
