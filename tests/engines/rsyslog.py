# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""rsyslog: what it makes of the messages that it gets by TCP, by UDP and on a socket of this machine."""
import glob
import json
import os
import signal

import kit
from engine import await_http, awaited, bindtrace, engine, get, recording, refuse, samples
from kit import case, check

PORT, METRICS = 20514, 19097
CONFIGURATION = """
global(workDirectory="DIR" maxMessageSize="1m")
module(load="imtcp")
module(load="imudp")
module(load="imuxsock" SysSock.Use="off")
module(load="mmjsonparse")
template(name="one" type="list") {
	constant(value="{") property(name="pri" format="jsonf")
	constant(value=",") property(name="hostname" format="jsonf")
	constant(value=",") property(name="app-name" format="jsonf")
	constant(value=",") property(name="procid" format="jsonf")
	constant(value=",") property(name="msgid" format="jsonf")
	constant(value=",") property(name="structured-data" format="jsonf")
	constant(value=",") property(outname="time" name="timereported" dateFormat="rfc3339" format="jsonf")
	constant(value=",") property(name="inputname" format="jsonf")
	constant(value=",") property(name="msg" format="jsonf")
	constant(value=",") property(outname="parsed" name="parsesuccess" format="jsonf")
	constant(value=",\\"event\\":") property(name="$!all-json") constant(value="}\\n")
}
ruleset(name="all") {
	action(type="mmjsonparse")
	action(type="omfile" file="DIR/log.jsonl" template="one" asyncWriting="off" ioBufferSize="1k" flushOnTXEnd="on")
}
input(type="imtcp" address="127.0.0.1" port="20514" ruleset="all")
input(type="imudp" address="127.0.0.1" port="20514" ruleset="all")
input(type="imuxsock" socket="DIR/log" ruleset="all")
"""


class Rsyslog:
    """One that writes what it gets to a file, a JSON object a message."""

    def __init__(self, this):
        self.this = this
        self.path = os.path.join(this.dir, "log.jsonl")
        self.configuration = this.file("rsyslog.conf", CONFIGURATION.replace("DIR", this.dir))
        self.daemon = None

    def start(self):
        # unpacked, its modules are not where it looks
        modules = [f"-M{folder}" for folder in glob.glob(f"{kit.UNPACKED}/rsyslog/usr/lib/*/rsyslog")]
        self.daemon = engine(self.this, "rsyslogd", "-n", "-i", "NONE", "-f", self.configuration, *modules)
        self.await_port()

    def await_port(self):
        """Until it listens: the address is in the kernel's table, as 0100007F:5022."""
        def listens():
            with open("/proc/net/tcp", encoding="ascii") as f:
                return f" 0100007F:{PORT:04X} 00000000:0000 0A " in f.read()
        awaited("rsyslogd", listens)

    def stop(self):
        self.daemon.stop()

    def messages(self):
        if not os.path.exists(self.path):
            return []
        with open(self.path, encoding="utf-8") as f:
            return [json.loads(message) for message in f.read().splitlines(keepends=True) if message.endswith("\n")]

    def of_kind(self, kind):
        return [message for message in self.messages() if message["msgid"] == kind]


def export(this, path, *words):
    p = this.run("sh", "-c", 'file=$1; shift; cat "$file" | "$@"', "export", path,
                 f"{kit.BUNDLE}/bindtrace-export", *words, program=kit.find("sh"))
    said = p.ends()
    check(not p.process.returncode and not said, f"status {p.process.returncode}: {said[-300:]}")


def traced(this, *words):
    """A real refusal, and the lines of the stream that tells of it."""
    p = bindtrace(this, "-P", "21200", "--json", *words)
    p.lines.until('"kind":"header"')
    refuse(this, 21200)
    p.lines.until('"kind":"failure"')
    said = p.stop(signal.SIGINT)
    check(p.process.returncode == 0, f"status {p.process.returncode}: {said[-300:]}")
    return [json.loads(line) for line in said.splitlines()]


def same(message, expected):
    different = {key: message.get(key) for key in expected if message.get(key) != expected[key]}
    check(not different, f"{different} instead of {expected}")


@case
def syslog_tcp(this):
    """A real refusal by RFC 5424 with all of the event: rsyslog reads the header, mmjsonparse the rest."""
    rsyslog = Rsyslog(this)
    rsyslog.start()
    lines = traced(this, "--syslog", f"tcp:127.0.0.1:{PORT}", "--syslog-json")
    messages = awaited("all messages", lambda: len(rsyslog.messages()) == len(lines) and rsyslog.messages())
    check([message["msgid"] for message in messages] == [line["kind"] for line in lines], str(messages))
    for message, line in zip(messages, lines):
        sentence = message["event"].pop("msg")
        check(sentence and "\n" not in sentence, sentence)
        check(message["event"] == line, f"{message['event']} instead of {line}")
    failure = rsyslog.of_kind("failure")[0]
    event = failure["event"]
    same(failure, {"pri": str(3 * 8 + 3), "hostname": event["host"], "app-name": "bindtrace", "procid": "-",
                   "structured-data": "-", "inputname": "imtcp", "parsed": "OK",
                   "time": event["time"][:26] + "Z"})


@case
def syslog_udp(this):
    """The sentence alone, a datagram a message."""
    rsyslog = Rsyslog(this)
    rsyslog.start()
    lines = traced(this, "--syslog", f"udp:127.0.0.1:{PORT}")
    awaited("all messages", lambda: len(rsyslog.messages()) == len(lines))
    event = [line for line in lines if line["kind"] == "failure"][0]
    failure = rsyslog.of_kind("failure")[0]
    same(failure, {"pri": "27", "hostname": event["host"], "app-name": "bindtrace", "inputname": "imudp",
                   "parsed": "FAIL"})
    check(failure["msg"].startswith(f"bind refused: tcp 127.0.0.1:21200 EADDRINUSE, refused[{event['process']['pid']}]; "
                                    "another socket listens there"), failure["msg"])


@case
def syslog_unix(this):
    """On the socket of this machine, as syslog(3) writes; who listens there knows no RFC 5424."""
    rsyslog = Rsyslog(this)
    rsyslog.start()
    lines = traced(this, "--syslog", f"unix:{this.dir}/log")
    messages = awaited("all messages", lambda: len(rsyslog.messages()) == len(lines) and rsyslog.messages())
    for message in messages:
        same(message, {"app-name": "bindtrace", "inputname": "imuxsock"})
    check([message["pri"] for message in messages] == ["30", "27", "30"], str(messages))
    check(messages[1]["msg"].strip().startswith("bind refused: tcp 127.0.0.1:21200 EADDRINUSE, refused["), str(messages))
    rsyslog.stop()
    p = bindtrace(this, "--syslog", f"unix:{this.dir}/log")
    p.fails("does a syslog daemon run?")


@case
def syslog_order(this):
    """A thousand messages through one connection: each arrives once, in order, whole."""
    rsyslog = Rsyslog(this)
    rsyslog.start()
    path = recording(this, 1000)
    export(this, path, "--syslog", f"tcp:127.0.0.1:{PORT}", "--syslog-json")
    with open(path, encoding="utf-8") as f:
        lines = [json.loads(line) for line in f]
    messages = awaited("all messages", lambda: len(rsyslog.messages()) >= len(lines) and rsyslog.messages())
    for message in messages:
        message["event"].pop("msg")
    check([message["event"] for message in messages] == lines, f"{len(messages)} messages, or other ones")


@case
def syslog_collector_restarts(this):
    """Down when it begins, and once more in between: what comes meanwhile is kept and arrives, once, in order."""
    rsyslog = Rsyslog(this)
    p = bindtrace(this, "--json", "--syslog", f"tcp:127.0.0.1:{PORT}", "--metrics", METRICS, "-P", "21200-21203")
    p.lines.until('"kind":"header"')
    url = f"http://127.0.0.1:{METRICS}/metrics"
    await_http(url)

    def metric(name):
        return samples(get(url)[2]).get(name, 0)

    def errors():
        return metric('bindtrace_export_errors_total{exporter="syslog"}')

    def arrived():
        return [message["msg"].split()[3] for message in rsyslog.of_kind("failure")]
    refuse(this, 21200)
    awaited("an error", lambda: errors() > 1)
    rsyslog.start()
    awaited("the first", lambda: arrived() == ["127.0.0.1:21200"])
    rsyslog.stop()
    before = errors()
    refuse(this, 21201)
    awaited("another error", lambda: errors() > before + 1)
    refuse(this, 21202)
    p.lines.until('"port":21202')
    rsyslog.start()
    refuse(this, 21203)
    awaited("all", lambda: arrived() == [f"127.0.0.1:{port}" for port in range(21200, 21204)])
    check(metric('bindtrace_events_lost_total{stage="export"}') == 0, "something was lost")
    p.stop(signal.SIGINT)
    check(p.process.returncode == 0, f"status {p.process.returncode}")


@case
def syslog_places(this):
    """What is no place is said before anything is traced."""
    for words in ["tcp:localhost"], ["udp:::1:514"], ["tls:a:1"], ["unix:"], ["tcp:[::1]"], ["tcp:a:0"], ["udp:a:65536"], ["tcp:a:syslog"]:
        bindtrace(this, "--syslog", *words).fails("is no place for syslog")
    bindtrace(this, "--metrics", METRICS, "--syslog-json").fails("there is none")
