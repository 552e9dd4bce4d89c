# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""OTLP over HTTP: what the official decoder makes of it equals the events, and no fault of a collector loses one."""
import json
import os
import signal
import socket
import time

import kit
from engine import bindtrace, engine, line, recording, refuse
from kit import Failure, Skip, case, check

DECODER = f"{kit.UNPACKED}/otlp-decoder"
PORT = 14318
URL = f"http://127.0.0.1:{PORT}"
NEXT_TRY = "the next try is in"

# Where a record's attributes are in the line; those whose process is told have process.* besides.
PROCESS = {"pid": "process.pid", "ppid": "process.parent_pid", "comm": "process.executable.name",
           "exe": "process.executable.path", "cmdline": "process.command_args",
           "uid": "process.user.id", "user": "process.user.name",
           "start_time": "process.creation.time", "cgroup": "process.linux.cgroup"}
SAME = {"seq": "bindtrace.seq", "operation": "bindtrace.operation", "errno": "error.type",
        "errno_number": "bindtrace.errno_number", "protocol": "network.transport",
        "family": "network.type", "address": "network.local.address",
        "port": "network.local.port", "peer_address": "network.peer.address",
        "peer_port": "network.peer.port", "layer": "bindtrace.layer",
        "reason": "bindtrace.reason", "frees_in_s": "bindtrace.frees_in",
        "frees_at": "bindtrace.frees_at", "kind": "bindtrace.kind"}


def receiver(this, *script):
    """A collector that answers as the script says (otlp_receiver.js)."""
    if not os.path.isdir(DECODER):
        why = "the decoder of OTLP is not installed (make deps-test)"
        raise Failure(why) if os.environ.get("CI") else Skip(why)
    p = engine(this, "node", f"{kit.BUNDLE}/engines/otlp_receiver.js", DECODER, PORT, *script)
    p.lines.until("^ready$")
    return p


def request(p):
    """The next request that a collector has read, decoded."""
    said = p.lines.next()
    check(said, "the receiver has ended")
    found = json.loads(said)
    check("wrong" not in found, f"the decoder says: {found.get('wrong')}")
    return found


def value(any_value):
    """What an AnyValue says."""
    (kind, what), = any_value.items()
    if kind == "intValue":
        return int(what)
    if kind == "arrayValue":
        return [value(one) for one in what.get("values", [])]
    if kind == "kvlistValue":
        return attributes(what.get("values", []))
    return what


def attributes(pairs):
    found = {pair["key"]: value(pair["value"]) for pair in pairs}
    check(len(found) == len(pairs), f"a key is there twice: {pairs}")
    return found


def records(found):
    """The log records of a request, their attributes and their resource's as dictionaries."""
    for resource in found["message"]["resourceLogs"]:
        of = attributes(resource["resource"]["attributes"])
        for scope in resource["scopeLogs"]:
            check(scope["scope"]["name"] == "bindtrace", f"scope {scope['scope']}")
            for record in scope["logRecords"]:
                yield {**record, "attributes": attributes(record["attributes"]), "resource": of}


def points(found):
    """The data points of a request, by the name of the metric and the values of its attributes."""
    all_of = {}
    for resource in found["message"]["resourceMetrics"]:
        for scope in resource["scopeMetrics"]:
            for metric in scope["metrics"]:
                data = metric.get("sum") or metric.get("gauge") or metric["histogram"]
                for point in data["dataPoints"]:
                    labels = sorted(attributes(point.get("attributes", [])).items())
                    all_of[metric["name"], *(text for _, text in labels)] = (metric, point)
    return all_of


def count(found, *name):
    return int(points(found)[name][1]["asInt"])


def seqs(found):
    return [record["attributes"]["bindtrace.seq"] for record in records(found)]


class Feed:
    """An exporter whose lines come as a case wishes."""

    def __init__(self, this, *options, **environment):
        path = os.path.join(this.dir, "feed")
        os.mkfifo(path)
        variables = [f"{name}={text}" for name, text in environment.items()]
        self.program = this.run("env", *variables, f"{kit.BUNDLE}/bindtrace-export", "-v",
                                *options, path, program="/usr/bin/env")
        self.lines = self.program.lines
        self.pipe = open(path, "w", encoding="utf-8") # when it has opened the other end

    def write(self, *lines):
        self.pipe.write("".join(lines))
        self.pipe.flush()

    def ends(self, status=0):
        """No more lines: all that it has said, when it has ended."""
        self.pipe.close()
        said = self.program.ends()
        check(self.program.process.returncode == status,
              f"status {self.program.process.returncode}: {said[-500:]}")
        return said


def refusals(this, events):
    """The lines of a recording: its header, and one a refusal."""
    with open(recording(this, events), encoding="utf-8") as file:
        lines = file.readlines()
    return lines[:-1]


def holds(record, event, process="process"):
    """Whether a record says what its line does."""
    said = record["attributes"]
    for path, key in SAME.items():
        if event.get(path) is not None:
            check(said.get(key) == event[path], f"{key}: {said.get(key)} for {event[path]}")
        else:
            check(key not in said or path == "reason", f"{key}: {said.get(key)} for nothing")
    for path, key in PROCESS.items():
        wanted = event.get(process, {}).get(path)
        check(said.get(key) == wanted, f"{key}: {said.get(key)} for {wanted}")


def decisive(event):
    return next(h for h in event["holders"] if h["decisive"])


@case
def otlp_of_real_refusals(this):
    """Refused, again and again, and bound in the end: as the tracer's own lines tell it."""
    collector = receiver(this)
    p = bindtrace(this, "-P", "21000", "--json", "--otlp", URL, "--otlp-interval", "1h")
    p.lines.until('"kind":"header"')
    refuse(this, 21000, 3)
    p.lines.until('"kind":"failure"')
    found = request(collector)
    with socket.create_server(("127.0.0.1", 21000)):
        p.lines.until('"kind":"resolved"')
    said = p.stop(signal.SIGINT)
    check(p.process.returncode == 0, f"status {p.process.returncode}: {said[-300:]}")
    told = [json.loads(one) for one in p.lines.all if one.startswith("{")]
    events = [event for event in told if event["kind"] in ("failure", "folded", "resolved")]
    got = list(records(found))
    while (more := request(collector))["kind"] == "logs":
        got += records(more)
    check(len(got) == len(events), f"{len(got)} records of {len(events)} lines")
    for record, event in zip(got, events):
        holds(record, event)
        check(record["resource"]["host.name"] == event["host"], f"{record['resource']}")
    first, event = got[0]["attributes"], events[0]
    holder = decisive(event)
    check(got[0]["severityNumber"] == 17 and got[0]["eventName"] == "bindtrace.bind.failure"
          and event["summary"] in got[0]["body"]["stringValue"], f"{got[0]}")
    check(first["bindtrace.holder.role"] == "listener"
          and first["bindtrace.holder.bound_by.process.pid"] == holder["bound_by"]["pid"]
          and first["bindtrace.advice"] == [one["text"] for one in event["advice"]], f"{first}")
    total = sum(record["attributes"]["bindtrace.refusals"] for record in got)
    check(total == 3 == count(more, "bindtrace.failures", "bind", "listener", "EADDRINUSE", "tcp",
                              "ipv4"), f"{total} refusals, {points(more).keys()}")


HEADER = line("header", 0, version="0.1.0", boot_id="0b0f8a0a-0000-4000-8000-000000000001",
              kernel="6.1.0-13-amd64", machine="x86_64",
              coverage={"hook": "fexit", "holders": "walk", "missing": ["seccomp"]})
ASKED = {"operation": "bind", "errno": "EADDRINUSE", "errno_number": 98, "protocol": "tcp",
         "family": "ipv4", "address": "127.0.0.1", "port": 8000}
WHO = {"pid": 4242, "ppid": 1, "comm": "\u2028py\u009b", "cmdline": ["py", "", "a\nb"], "uid": 1000,
       "user": "web"}
EVENT = {**ASKED, "process": WHO, "layer": "port_table", "reason": "time_wait",
         "summary": "the old connection keeps the port", "frees_in_s": 61.5,
         "advice": [{"action": "wait", "text": "wait 61.5 s", "effective": "now"}],
         "holders": [{"culprit": True, "decisive": True, "order": 0, "blocks": True,
                      "role": "time_wait", "state": "time_wait", "protocol": "tcp",
                      "family": "ipv4", "address": "127.0.0.1", "port": 8000,
                      "peer_address": "127.0.0.1", "peer_port": 55672, "processes": [],
                      "time_wait": {"frees_in_s": 61.5,
                                    "closed_by": {"pid": 4188, "comm": "python3", "uid": 0}}}],
         "repeat": {"count": 1, "incident": 1, "adds": 1}}


def all_kinds():
    yield HEADER
    yield line("failure", 1, 1, **EVENT)
    yield line("folded", 2, 2, **ASKED, process=WHO, repeat={"count": 5, "incident": 1, "adds": 4})
    yield line("lost", 3, 3, stage="ring_buffer", count=7)
    yield line("resolved", 4, 4, **{key: ASKED[key] for key in ("operation", "protocol", "family",
               "address", "port")}, incident=1, how="bound", process=WHO, after_s=3.0, refusals=5)


def time_of(event):
    whole, fraction = event["time"].rstrip("Z").split(".")
    return f"{int(time.mktime(time.strptime(whole, '%Y-%m-%dT%H:%M:%S')) - time.timezone)}{fraction}"


@case
def otlp_of_all_kinds(this):
    """Every kind of line, values and resource; one collector for all, then the metrics."""
    collector = receiver(this)
    feed = Feed(this, "--otlp", "env", OTEL_EXPORTER_OTLP_ENDPOINT=URL + "/", OTEL_SERVICE_NAME="mine",
                OTEL_RESOURCE_ATTRIBUTES="k8s.node.name=n%C3%A41,service.name=other,host.name=here")
    lines = list(all_kinds())
    feed.write(*lines)
    feed.ends()
    found = request(collector)
    got, events = list(records(found)), [json.loads(one) for one in lines[1:]]
    check([record["eventName"] for record in got] ==
          ["bindtrace.bind.failure", "bindtrace.failure.folded", "bindtrace.events.lost",
           "bindtrace.port.resolved"], f"{got}")
    check([record["severityNumber"] for record in got] == [13, 13, 13, 9], f"{got}")
    for record, event in zip(got, events):
        holds(record, event)
    first, resource = got[0]["attributes"], got[0]["resource"]
    check(first["bindtrace.time_wait.remaining"] == 61.5, f"{first}")
    check(first["bindtrace.holder.closed_by.process.pid"] == 4188, f"{first}")
    check(got[2]["attributes"]["bindtrace.lost"] == 7, f"{got[2]}")
    check(got[3]["attributes"]["bindtrace.after"] == 3, f"{got[3]}")
    check(resource["service.name"] == "mine" and resource["k8s.node.name"] == "n\u00e41" and
          resource["host.name"] == "here" and resource["host.arch"] == "amd64" and
          resource["os.type"] == "linux" and resource["os.version"] == "6.1.0-13-amd64" and
          "host.id" not in resource and len(resource["service.instance.id"]) == 36, f"{resource}")
    found = request(collector)
    check(count(found, "bindtrace.failures", "bind", "time_wait", "EADDRINUSE", "tcp", "ipv4") == 5
          and count(found, "bindtrace.events_lost", "ring_buffer") == 7
          and count(found, "bindtrace.resolved", "bound") == 1, f"{points(found).keys()}")
    metric, point = points(found)["bindtrace.incident_duration",]
    check(metric["histogram"]["aggregationTemporality"] == 2 and point["count"] == "1"
          and point["sum"] == 3 and point["bucketCounts"][2] == "1"
          and len(point["bucketCounts"]) == len(point["explicitBounds"]) + 1, f"{point}")
    metric, point = points(found)["bindtrace.failures", "bind", "time_wait", "EADDRINUSE", "tcp",
                                  "ipv4"]
    check(metric["sum"]["isMonotonic"] and metric["sum"]["aggregationTemporality"] == 2 and
          int(point["startTimeUnixNano"]) < int(point["timeUnixNano"]), f"{metric}")


@case
def otlp_of_two_hosts(this):
    """Two streams take turns at a socket: a record is its own host's, and so is what is counted."""
    collector = receiver(this)
    path = os.path.join(this.dir, "export.socket")
    exporter = this.run(f"{kit.BUNDLE}/bindtrace-export", "-v", "--otlp", URL, f"unix:{path}")
    exporter.lines.until("exporting to otlp")
    streams = {name: socket.socket(socket.AF_UNIX) for name in ("web1", "web2")}
    seen = []
    for s in streams.values():
        s.connect(path)
    for kind, fields in ("header", {"version": "0.1.0"}), ("failure", EVENT), ("failure", EVENT):
        for name, s in streams.items():
            s.sendall(line(kind, 1, host=name, **fields).encode())
    while len(seen) < 4:
        seen += [record["resource"]["host.name"] for record in records(request(collector))]
    check(sorted(seen) == ["web1", "web1", "web2", "web2"], f"records of {seen}")
    exporter.stop()
    parts = request(collector)["message"]["resourceMetrics"]
    names = [attributes(part["resource"]["attributes"]).get("host.name") for part in parts]
    check(names[-1] is None and sorted(names[:-1]) == ["web1", "web2"], f"metrics of {names}")
    for name, part in zip(names, parts):
        found = points({"message": {"resourceMetrics": [part]}})
        refused = [p for (metric, *_), p in found.items() if metric == "bindtrace.failures"]
        check((len(refused) == 1 and refused[0][1]["asInt"] == "2") if name else not refused,
              f"{name}: {found.keys()}")
    for s in streams.values():
        s.close()


@case
def otlp_collector_down(this):
    """Nobody listens; then somebody does: everything arrives, once and in its order."""
    feed = Feed(this, "--otlp", URL)
    lines = refusals(this, 600)
    feed.write(*lines)
    feed.lines.until(NEXT_TRY, 2)
    collector = receiver(this)
    got = []
    while len(got) < 600:
        got += seqs(request(collector))
    check(got == list(range(1, 601)), f"{len(got)} records, of 600")
    said = feed.ends()
    check("it works again" in said and "did not reach" not in said, said)
    last = request(collector)
    check(count(last, "bindtrace.events_lost", "export") == 0, "none is lost")
    check(count(last, "bindtrace.export_errors", "otlp") >= 2, "each failure is counted")


@case
def otlp_queue_full(this):
    """More than there is room for while nobody listens: what arrives and what is counted add up."""
    feed = Feed(this, "--otlp", URL, "--queue", "1M")
    lines = refusals(this, 2000)
    feed.write(*lines)
    feed.lines.until("no more lines can wait")
    collector = receiver(this)
    got, found = [], request(collector)
    feed.pipe.close()
    while found["kind"] == "logs":
        got += seqs(found)
        found = request(collector)
    lost = count(found, "bindtrace.events_lost", "export")
    check(len(got) == len(set(got)) and 0 < lost and len(got) + lost == 2000,
          f"{len(got)} have arrived, {lost} are lost, of 2000")
    check(f"refusals lost: {lost}" in feed.ends(), "what is lost is said")


def played(this, script, lines, *options, **environment):
    """The requests for logs that were made, the metrics at the end, and what the exporter said."""
    collector = receiver(this, *script)
    feed = Feed(this, "--otlp", URL, *options, **environment)
    feed.write(*lines)
    again = ("429", "503", "drop", "cut", "hang")
    found = [request(collector)]
    while found[-1]["answer"][0] in again:
        found.append(request(collector))
    said = feed.ends()
    last = request(collector)
    while last["answer"][0] in again:
        last = request(collector)
    return found, last, said


@case
def otlp_retries(this):
    """Retry-After, in seconds and as a date, is kept to; the same records come until they are taken."""
    found, last, said = played(this, ["logs=503", "logs=drop", "logs=cut", "logs=429/1",
                                      "logs=429/date", "logs=ok"], refusals(this, 5))
    check(all(seqs(one) == [1, 2, 3, 4, 5] for one in found) and len(found) == 6, f"{len(found)}")
    waits = [b["at_ms"] - a["at_ms"] for a, b in zip(found, found[1:])]
    # libcurl itself goes on at once where a connection that it had kept turns out to be closed
    check(waits[0] >= 500 and waits[2] >= 1000, f"no backoff: {waits}")
    check(waits[3] >= 1000 and waits[4] >= 1000, f"the collector wanted a second each: {waits}")
    check(count(last, "bindtrace.events_lost", "export") == 0 and "did not reach" not in said, said)
    check(count(last, "bindtrace.export_errors", "otlp") == 4, "each failure is counted")


@case
def otlp_refused(this):
    """400 is not tried again, and a redirect is not followed: what was in it is counted, the next arrives."""
    for status in "400", "moved":
        collector = receiver(this, f"logs={status}")
        feed = Feed(this, "--otlp", URL)
        lines = refusals(this, 8)
        feed.write(*lines[:6])
        check(len(seqs(request(collector))) == 5, "five at first")
        feed.write(*lines[6:])
        check(seqs(request(collector)) == [6, 7, 8], "what comes next is what came next")
        said = feed.ends()
        check("answers 400: not" in said or status != "400", said)
        check("5 lines did not reach" in said and "refusals lost: 5" in said, said)
        check(count(request(collector), "bindtrace.events_lost", "export") == 5, "five are lost")
        collector.stop()
        os.remove(os.path.join(this.dir, "feed"))
        os.remove(os.path.join(this.dir, "trace.jsonl"))


@case
def otlp_partial(this):
    """What a collector says it has left out is lost, and not sent again; metrics that it cannot take now are."""
    found, last, said = played(this, ["logs=partial/2", "metrics=503", "metrics=ok"],
                               refusals(this, 5))
    check(len(found) == 1 and count(last, "bindtrace.events_lost", "export") == 2, f"{said}")
    check(r"all but 2: no room\x1b[2J" in said and "refusals lost: 2" in said, said)
    check(count(last, "bindtrace.failures", "bind", "listener", "EADDRINUSE", "tcp", "ipv4") == 5,
          "they were refused all the same")


@case
def otlp_never_answers(this):
    """A collector that takes a request and is silent: it is asked again, and does not hold up the end."""
    found, last, said = played(this, ["logs=hang", "logs=ok"], refusals(this, 5),
                               OTEL_EXPORTER_OTLP_TIMEOUT="300")
    check(found[1]["at_ms"] - found[0]["at_ms"] >= 300 + 500, "timeout and backoff")
    check(count(last, "bindtrace.events_lost", "export") == 0, said)


@case
def otlp_silent_at_the_end(this):
    """Nor does one that never answers hold up the end, and what it was given is counted."""
    collector = receiver(this, "logs=hang")
    feed = Feed(this, "--otlp", URL)
    feed.write(*refusals(this, 5))
    request(collector)
    began = time.monotonic()
    said = feed.ends()
    check(time.monotonic() - began < 6, "it took longer than an exporter may")
    check("5 lines did not reach" in said, said)
    check(count(request(collector), "bindtrace.events_lost", "export") == 5, "five are lost")


@case
def otlp_gzip_and_secrets(this):
    """Compressed; the headers of the environment arrive, and are nowhere else, also not where a collector repeats them."""
    secret = "Bearer s3cr3t,x"
    collector = receiver(this, "logs=echo")
    feed = Feed(this, "--otlp", "env", OTEL_EXPORTER_OTLP_ENDPOINT=URL,
                OTEL_EXPORTER_OTLP_COMPRESSION="gzip",
                OTEL_EXPORTER_OTLP_HEADERS="authorization=Bearer%20s3cr3t%2Cx, x-empty=")
    feed.write(*refusals(this, 5))
    found = request(collector)
    check(found["headers"]["content-encoding"] == "gzip" and len(seqs(found)) == 5, f"{found}")
    check(found["headers"]["authorization"] == secret and found["headers"]["x-empty"] == "", "sent")
    with open(f"/proc/{feed.program.pid}/cmdline", "rb") as file:
        check(b"s3cr3t" not in file.read(), "on the command line")
    said = feed.ends()
    check("answers 401" in said and "s3cr3t" not in said, said)
