# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""A small fleet: a dozen machines, each a network of its own with a name, a tracer and an exporter; one Prometheus and one
ClickHouse for all. On one of them a service is started again and again, and refused: both must say which and why."""
import os
import shutil
import signal
import subprocess

import clickhouse
import kit
import prometheus
from engine import awaited
from kit import case, check, find

NAMES = [f"shop{n:02}" for n in range(1, 13)]
SICK, PORT, STARTS = "shop07", 8080, 24
SERIES = f'bindtrace_port_failures_total{{port="{PORT}"}}'
QUIET = 3 # refusals on each other host, of a port each


class Host:
    """A machine: its own network at a bridge, its own name."""

    def __init__(self, this, number, name):
        self.this, self.name = this, name
        self.address = f"10.99.0.{number + 1}"
        script = f"echo {name} >/proc/sys/kernel/hostname && echo made && exec tail -f /dev/null"
        self.init = this.run("unshare", "--net", "--uts", "sh", "-c", script)
        self.init.lines.until("^made$")
        this.networks.add(os.stat(f"/proc/{self.init.pid}/ns/net").st_ino)
        ip("link", "add", f"host{number}", "type", "veth", "peer", "name", "eth0",
           "netns", self.init.pid)
        ip("link", "set", f"host{number}", "master", "fleet", "up")
        for words in ("link", "set", "lo", "up"), ("link", "set", "eth0", "up"), \
                ("address", "add", f"{self.address}/24", "dev", "eth0"):
            self.run("ip", *words).ends()

    def run(self, *words):
        """A program of that machine."""
        spaces = f"/proc/{self.init.pid}/ns"
        return self.this.run("nsenter", f"--net={spaces}/net", f"--uts={spaces}/uts", *words)

    def trace(self):
        """Its recorder, which is also asked for metrics."""
        self.recording = f"{self.this.dir}/{self.name}.jsonl"
        self.tracer = self.run(f"{kit.BUNDLE}/bindtrace", "record", "-o", self.recording,
                               "-n", "/proc/self/ns/net", "--metrics", "0.0.0.0:9095",
                               "--port-series", "20")

    def listen(self, name, port):
        """A program that has a port of 127.0.0.1 from now on."""
        # it would let go at the end of its input
        p = self.run("sh", "-c", f"tail -f /dev/null | exec {self.this.dir}/{name} listen {port}")
        p.lines.until(r"^\d+ 0$")

    def refused(self, port, times):
        said = self.run(f"{kit.BUNDLE}/refused", "--port", port, "--times", times).ends()
        check(not said, f"refused: {said}")


def ip(*words):
    subprocess.run([find("ip"), *map(str, words)], check=True)


def make(this):
    """All machines, with a tracer each that has attached."""
    ip("link", "add", "fleet", "type", "bridge")
    ip("address", "add", "10.99.0.1/24", "dev", "fleet")
    ip("link", "set", "fleet", "up")
    hosts = [Host(this, number, name) for number, name in enumerate(NAMES, 1)]
    for host in hosts:
        host.trace()
    for host in hosts:
        host.tracer.lines.next()
    return hosts


def incident(hosts):
    """What happens: something small everywhere, and on one machine a service that cannot start."""
    sick = hosts[NAMES.index(SICK)]
    sick.listen("legacy", PORT)
    for number, host in enumerate(hosts):
        if host is not sick:
            host.refused(9000 + number, QUIET)
    for start in range(STARTS):
        sick.run(f"{sick.this.dir}/api", "listen", PORT).ends()
        if not start: # a loop is what goes on from one scrape to the next
            awaited("the first start", lambda: prometheus.query(SERIES))


def ask_prometheus(hosts):
    names = {"sick": 'topk(1, sum by (instance) (bindtrace_failures_total))',
             "port": SERIES}
    awaited("all refusals", lambda: sum(v for _, v in prometheus.query("bindtrace_failures_total"))
            == STARTS + QUIET * (len(hosts) - 1))
    for name, query in names.items():
        found = [(labels["instance"], value) for labels, value in prometheus.query(query)]
        check(found == [(SICK, STARTS)], f"{name}: {found}")
    awaited("an alert", lambda: prometheus.firing("BindCrashLoop", instance=SICK, port=str(PORT)))
    wrong = [one["labels"] for one in prometheus.firing("BindCrashLoop")
             if one["labels"]["instance"] != SICK]
    check(not wrong, f"an alert without cause: {wrong}")


def ask_clickhouse(hosts):
    for host in hosts:
        insert = (f"set -o pipefail; {clickhouse.DEPLOY}/rows <{host.recording} | "
                  f"curl -sS --fail -T- '{clickhouse.INSERT}'")
        subprocess.run(["bash", "-c", insert], check=True)
    day = clickhouse.ask("SELECT toString(toDate(min(time))) FROM bindtrace.events")[0][0]
    found = clickhouse.answers(day)
    told = STARTS + QUIET * (len(hosts) - 1)
    check(found["totals"][0][1:] == [str(told), "0", str(len(hosts))], f"{found['totals']}")
    check(found["hosts"][0][:2] == [SICK, str(STARTS)], f"hosts: {found['hosts']}")
    loops = found["crash_loops"]
    check([row[:4] + [row[5]] for row in loops] == [[SICK, "api", PORT, "legacy", str(STARTS)]],
          f"crash_loops: {loops}")
    return loops


@case
def fleet(this):
    """Twelve tracers and exporters; one answer."""
    hosts = make(this)
    prometheus.prometheus(this, {host.name: f"{host.address}:9095" for host in hosts})
    clickhouse.start(this)
    awaited("all scraped", lambda: len(prometheus.query('up{job="bindtrace"} == 1')) == len(hosts))
    for name in "api", "legacy":
        shutil.copy(f"{kit.BUNDLE}/hold", f"{this.dir}/{name}")
    incident(hosts)
    ask_prometheus(hosts)
    for host in hosts:
        host.tracer.process.send_signal(signal.SIGINT)
    for host in hosts:
        host.tracer.ends()
        check(host.tracer.process.returncode == 0, f"{host.name}: {host.tracer.lines.tail()}")
    host, asker, port, holder, *_ = ask_clickhouse(hosts)[0]
    print(f"   fleet: {len(hosts)} hosts; {host}: {asker} is refused {port}, which {holder} has")
