# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""/metrics: of its format, and for those who scrape badly."""
import http.client
import os
import socket
import subprocess
import threading
import time

from engine import awaited, await_http, export, find, get, not_sanitized, recording, samples
from kit import NOBODY, case, check

PORT = 19095
URL = f"http://127.0.0.1:{PORT}/metrics"
OPENMETRICS = "application/openmetrics-text; version=1.0.0"


def serve(this, events=50, *more):
    """An exporter that has counted so many refusals, and may count more."""
    this.path = recording(this, events)
    p = export(this, "--metrics", PORT, *more, this.path)
    await_http(URL)
    awaited("the refusals", lambda: told() == events)
    return p


def told(text=None):
    series = samples(text or get(URL)[2])
    return sum(v for k, v in series.items() if k.startswith("bindtrace_failures_total"))


def promtool(text):
    p = subprocess.run([find("promtool"), "check", "metrics"], input=text, capture_output=True,
                       check=False)
    check(p.returncode == 0 and not p.stderr and not p.stdout,
          f"promtool: {p.stdout.decode()} {p.stderr.decode()}")


@case
def formats(this):
    """What their owners' tools read: the text by promtool, OpenMetrics by the Python client's strict parser."""
    serve(this, 50, "--port-series", "10")
    status, headers, text = get(URL)
    check(status == 200 and headers["Content-Type"].startswith("text/plain; version=0.0.4"),
          f"{status} {headers}")
    promtool(text)
    status, headers, text = get(URL, Accept=OPENMETRICS)
    check(headers["Content-Type"].startswith("application/openmetrics-text; version=1.0.0"),
          f"{headers}")
    # pylint: disable=import-outside-toplevel,import-error # a missing one is this case's failure only
    from prometheus_client.openmetrics.parser import text_string_to_metric_families
    families = {f.name: f for f in text_string_to_metric_families(text.decode())}
    [failures] = families["bindtrace_failures"].samples
    check(failures.value == 50 and failures.labels["errno"] == "EADDRINUSE", f"{failures}")
    check(len(families["bindtrace_port_failures"].samples) == 10, "not ten ports")
    for name in ("cpu_seconds", "resident_memory_bytes", "virtual_memory_bytes", "open_fds",
                 "max_fds", "start_time_seconds"):
        check(families[f"process_{name}"].samples[0].value > 0, f"no process_{name}")


@case
def ten_thousand_scrapes(this):
    """Its memory and its descriptors are after them what they were before."""
    not_sanitized("memory is kept back to find who uses it late")
    serve(this)
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=10)

    def scrape(times):
        for i in range(times):
            if i % 10 == 0: # a connection of its own now and then
                connection.close()
            connection.request("GET", "/metrics", headers={"Accept": OPENMETRICS} if i % 2 else {})
            body = connection.getresponse().read()
        return samples(body)

    before, after = scrape(1000), scrape(9000)
    connection.close()
    check(told() == 50, "it does not count as before")
    grown = after["process_resident_memory_bytes"] - before["process_resident_memory_bytes"]
    check(grown < 256 << 10, f"it has grown by {grown} bytes")
    check(after["process_open_fds"] == before["process_open_fds"],
          f"{before['process_open_fds']} descriptors, then {after['process_open_fds']}")


def slow_client(stop, got):
    """Asks, and takes a byte a second, which it adds to got."""
    s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1) # as little as the kernel lets us
    s.connect(("127.0.0.1", PORT))
    s.sendall(b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")
    while not stop.wait(1):
        got.append(s.recv(1))
    s.close()


@case
def a_byte_a_second(this):
    """A page of which neither the slow one nor the kernel takes all; meanwhile others are served, and counting goes
    on."""
    with open("/proc/sys/net/ipv4/tcp_wmem", "w", encoding="utf-8") as f: # of the case's own network
        f.write("4096 4096 4096")
    serve(this, 1000, "--port-series", "1000")
    base = samples(get(URL)[2])["process_open_fds"]
    stop = threading.Event()
    got = []
    slow = [threading.Thread(target=slow_client, args=(stop, got)) for _ in range(3)]
    for thread in slow:
        thread.start()
    try:
        awaited("the slow ones", lambda: samples(get(URL)[2])["process_open_fds"] >= base + 3)
        with open(this.path, "ab") as f, open(this.path, "rb") as whole:
            lines = [line for line in whole if b'"kind":"failure"' in line]
            expected = 1000
            while len(got) < 6: # two seconds
                expected += 1
                f.write(lines[0])
                f.flush()
                began = time.monotonic()
                awaited("one more", lambda wanted=expected: told() == wanted)
                took = time.monotonic() - began
                check(took < 2, f"beside slow ones it took {took:.1f} s")
        check(samples(get(URL)[2])["process_open_fds"] >= base + 3, "they are not slow")
    finally:
        stop.set()
        for thread in slow:
            thread.join()


def answer(request):
    """What comes back for these bytes: the first line, or nothing. Some are only the beginning of a request."""
    with socket.create_connection(("127.0.0.1", PORT), timeout=2) as s:
        try:
            s.sendall(request)
            s.shutdown(socket.SHUT_WR)
            return s.makefile("rb").readline()
        except OSError: # it has closed before it had read all, or waits for more
            return b""


@case
def garbage(this):
    p = serve(this)
    head = b"Host: x\r\nConnection: close\r\n\r\n"
    for request, wanted in (
            (b"GET /metrics HTTP/1.1\r\n" + head, b"200"),
            (b"HEAD /metrics HTTP/1.1\r\n" + head, b"200"),
            (b"GET /metrics?x=1 HTTP/1.1\r\n" + head, b"200"),
            (b"GET / HTTP/1.1\r\n" + head, b"200"),
            (b"GET /../../etc/passwd HTTP/1.1\r\n" + head, b"404"),
            (b"GET /metrics/x HTTP/1.1\r\n" + head, b"404"),
            (b"DELETE /metrics HTTP/1.1\r\n" + head, b"405 "),
            (b"POST /metrics HTTP/1.1\r\nContent-Length: 4\r\n" + head + b"data", b"405")):
        check(wanted in answer(request), f"{request} is answered with {answer(request)}")
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=5)
    connection.request("DELETE", "/metrics")
    response = connection.getresponse()
    check((response.status, response.headers["Allow"]) == (405, "GET, HEAD"), f"{response.headers}")
    connection.close()
    for request in (b"", b"\r\n", b"\0" * 5000, os.urandom(5000), b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n",
                    b"GET /" + b"x" * 100000 + b" HTTP/1.1\r\n" + head,
                    b"GET /metrics HTTP/1.1\r\n" + b"X: y\r\n" * 20000 + head,
                    b"POST /metrics HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n" + head,
                    b"POST /metrics HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" + head + b"ffffffffffffffff\r\n",
                    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + os.urandom(300)):
        check(b" 200 " not in answer(request), f"{request[:60]} is served")
    check(told() == 50 and p.process.poll() is None, "it does not serve as before")


@case
def idle_connections(this):
    """Two hundred that say nothing take no more places than one address may have."""
    serve(this)
    idle = []
    try:
        for _ in range(200):
            idle.append(socket.create_connection(("127.0.0.1", PORT), timeout=5))
        connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=5,
                                                source_address=("127.0.0.2", 0))
        connection.request("GET", "/metrics")
        series = samples(connection.getresponse().read())
        connection.close()
        check(series["process_open_fds"] < 60, f"{series['process_open_fds']} descriptors")
    finally:
        for s in idle:
            s.close()
    awaited("a scrape from the same address", lambda: told() == 50)


@case
def textfile(this):
    """Whole at any time, and readable for everybody; node_exporter has names of its own for process_*."""
    folder = this.folder("textfiles", NOBODY)
    path = os.path.join(folder, "bindtrace.prom")
    trace = recording(this, 20)
    p = export(this, "--textfile", path, trace)
    page = awaited("the refusals", lambda: told_in(path) == 20 and read(path))
    promtool(page)
    check(b"process_" not in page, "it tells of itself")
    check(os.stat(path).st_mode & 0o777 == 0o644, "its mode")
    before = os.stat(path)
    with open(trace, "rb") as f:
        failure = [line for line in f if b'"kind":"failure"' in line][0]
    with open(trace, "ab") as f:
        f.write(failure)
    awaited("one more", lambda: told_in(path) == 21)
    check(os.stat(path).st_ino != before.st_ino, "it was written in its place")
    p.stop()
    check(os.listdir(folder) == ["bindtrace.prom"] and told_in(path) == 21, os.listdir(folder))


def read(path):
    with open(path, "rb") as f:
        return f.read()


def told_in(path):
    return told(read(path))


@case
def textfile_without_room(this):
    """The one that is there stays whole; that it is old is counted, and said once."""
    folder = this.folder("small")
    path = os.path.join(folder, "bindtrace.prom")
    trace = recording(this, 20)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size=16k,uid={NOBODY}", "none", folder],
                   check=True)
    try:
        p = export(this, "--textfile", path, "--metrics", PORT, trace)
        awaited("the refusals", lambda: told_in(path) == 20)
        with open(f"{folder}/fill", "wb", buffering=0) as f:
            try:
                while f.write(b"x" * 512):
                    pass
            except OSError:
                pass
        with open(trace, "rb") as f:
            failure = [line for line in f if b'"kind":"failure"' in line][0]
        with open(trace, "ab") as f:
            f.write(failure)
        series = 'bindtrace_export_errors_total{exporter="textfile"}'
        awaited("two errors", lambda: samples(get(URL)[2])[series] >= 2)
        check(told_in(path) == 20, "the one that is there has changed")
        os.unlink(f"{folder}/fill")
        awaited("one more", lambda: told_in(path) == 21)
        said = p.stop()
        check(said.count("No space left on device") == 1, f"it said: {said}")
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


@case
def ephemeral_ports(this):
    """Of a range that is known: how many are reserved, and of the others taken, in IPv4 or IPv6."""
    not_sanitized("it is slow, and the requests of this case are counted, too")
    for name, value in (("ip_local_port_range", "40000 40099"),
                        ("ip_local_reserved_ports", "40000-40009,40050,50000")):
        with open(f"/proc/sys/net/ipv4/{name}", "w", encoding="utf-8") as f: # of the case's own network
            f.write(value)
    listeners = [socket.create_server(("127.0.0.1", port)) for port in (40001, 40020, 40100)]
    listeners += [socket.create_server(("::1", port), family=socket.AF_INET6) for port in (40020, 40021)]
    with socket.create_connection(("127.0.0.1", 40100), source_address=("127.0.0.1", 40099)):
        serve(this)
        series = samples(get(URL)[2])
        found = {state: series[f'bindtrace_ephemeral_ports{{state="{state}"}}']
                 for state in ("size", "reserved", "taken")}
    for s in listeners:
        s.close()
    check(found == {"size": 100, "reserved": 11, "taken": 3}, f"{found}")
