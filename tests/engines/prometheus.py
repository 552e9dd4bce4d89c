# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Prometheus, VictoriaMetrics and node_exporter, with what deploy/ has for them, on real refusals."""
import datetime
import glob
import json
import os
import re
import signal
import subprocess
import urllib.parse

import kit
from engine import (await_http, awaited, bindtrace, engine, export, find, get, refuse, samples)
from kit import case, check

DEPLOY = f"{os.path.dirname(os.path.realpath(__file__))}/../deploy"
METRICS = "127.0.0.1:19095"
PROMETHEUS = "http://127.0.0.1:19090"
VICTORIA = "http://127.0.0.1:18428"
VMALERT = "http://127.0.0.1:18880"
NODE = "127.0.0.1:19110"


def configure(this, targets):
    """Copies of what deploy/ has, but scraped and evaluated each second, with alerts that ring at once."""
    with open(f"{DEPLOY}/prometheus/rules.yml", encoding="utf-8") as f:
        this.file("rules.yml", re.sub(r"for: \S+", "for: 0s", f.read()))
    with open(f"{DEPLOY}/prometheus/scrape.yml", encoding="utf-8") as f:
        text = f.read().replace("15s", "1s")
    this.file("hosts.yml", json.dumps([{"targets": [where], "labels": {"instance": name}}
                                       for name, where in targets.items()]))
    return this.file("prometheus.yml", text)


def prometheus(this, targets):
    """Started, and ready. targets: what each instance is called, and where it is."""
    path = configure(this, targets)
    engine(this, "prometheus", f"--config.file={path}", f"--storage.tsdb.path={this.dir}/data",
           f"--web.listen-address={PROMETHEUS.removeprefix('http://')}")
    await_http(PROMETHEUS + "/-/ready")


def query(expression, base=PROMETHEUS):
    """[(labels, value)] of an instant query, as of now."""
    status, _, body = get(f"{base}/api/v1/query?{urllib.parse.urlencode({'query': expression})}")
    answer = json.loads(body)
    check(status == 200 and answer["status"] == "success", f"{expression}: {body[:300]}")
    return [(one["metric"], float(one["value"][1])) for one in answer["data"]["result"]]


def firing(name, base=PROMETHEUS, **labels):
    """Whether such an alert is on."""
    _, _, body = get(base + "/api/v1/alerts")
    return [one for one in json.loads(body)["data"]["alerts"]
            if one["labels"]["alertname"] == name and one["state"] == "firing"
            and labels.items() <= one["labels"].items()]


def tracer(this):
    p = bindtrace(this, "--json", "--metrics", METRICS, "--port-series", 20)
    p.lines.until('"kind":"header"')
    return p


def crash_loop(port, this, base):
    """As a supervisor does it: each start is another process, and is refused."""
    refuse(this, port)
    value = f'bindtrace_port_failures_total{{port="{port}"}}'
    awaited("the first refusal", lambda: query(value, base))
    for _ in range(12):
        refuse(this, port)
    awaited("the others", lambda: query(value, base)[0][1] == 13)


@case
def prometheus_alerts(this):
    """A crash loop that is real rings; so does a tracer that has gone."""
    p = tracer(this)
    prometheus(this, {"web1": METRICS})
    awaited("scraped", lambda: query('up{job="bindtrace"} == 1'))
    crash_loop(21000, this, PROMETHEUS)
    found = awaited("an alert", lambda: firing("BindCrashLoop", port="21000"))[0]
    said = found["annotations"]["summary"]
    # extrapolated from the first seconds: Prometheus may say up to twice as many
    check(re.fullmatch(r"web1: port 21000/tcp was refused [12]\d times in 10 minutes", said), said)
    check(not firing("BindtraceDown") and not firing("BindtraceLosesEvents"), "alerts without cause")
    reasons = awaited("a record", lambda: query("reason:bindtrace_failures:rate5m"))
    check([labels["reason"] for labels, _ in reasons] == ["listener"], f"recorded: {reasons}")
    ratio = awaited("a record", lambda: query("instance:bindtrace_ephemeral_ports:taken_ratio"))
    check(len(ratio) == 1 and 0 <= ratio[0][1] < 0.8, f"recorded: {ratio}")
    p.stop(signal.SIGINT)
    awaited("an alert", lambda: firing("BindtraceDown", instance="web1"))


@case
def victoria_metrics_alerts(this):
    """The same rules there, by vmalert."""
    tracer(this)
    path = configure(this, {"web1": METRICS})
    with open(path, encoding="utf-8") as f: # the rules are vmalert's
        scrape = f.read().replace("rule_files: [rules.yml]\n", "").replace("  evaluation_interval: 1s\n", "")
    engine(this, "victoria-metrics", f"-storageDataPath={this.dir}/data", "-memory.allowedBytes=256MB",
           f"-httpListenAddr={VICTORIA.removeprefix('http://')}", "-search.latencyOffset=0s",
           f"-promscrape.config={this.file('scrape.yml', scrape)}")
    await_http(VICTORIA + "/health")
    # nobody is to be told: there is no server at the notifier's address
    engine(this, "vmalert", f"-datasource.url={VICTORIA}", f"-remoteWrite.url={VICTORIA}",
           f"-rule={this.dir}/rules.yml", "-notifier.url=http://127.0.0.1:9",
           "-evaluationInterval=1s", f"-httpListenAddr={VMALERT.removeprefix('http://')}")
    await_http(VMALERT + "/health")
    awaited("scraped", lambda: query('up{job="bindtrace"} == 1', VICTORIA))
    crash_loop(21000, this, VICTORIA)
    awaited("an alert", lambda: firing("BindCrashLoop", VMALERT, port="21000"))


@case
def node_exporter_textfile(this):
    """What --textfile writes, node_exporter tells as its own."""
    path = f"{this.folder('textfile', kit.NOBODY)}/bindtrace.prom"
    p = bindtrace(this, "--json", "--textfile", path)
    p.lines.until('"kind":"header"')
    engine(this, "prometheus-node-exporter", f"--web.listen-address={NODE}",
           "--collector.disable-defaults", "--collector.textfile",
           f"--collector.textfile.directory={os.path.dirname(path)}")
    await_http(f"http://{NODE}/metrics")
    refuse(this, 21000)
    series = ('bindtrace_failures_total{errno="EADDRINUSE",family="ipv4",operation="bind",'
              'protocol="tcp",reason="listener"}')
    page = awaited("in node_exporter", lambda: (lambda s: s.get(series) == 1 and s)(
        samples(get(f"http://{NODE}/metrics")[2])))
    check(page["node_textfile_scrape_error"] == 0, "node_textfile_scrape_error")


def promtool(*words, cwd=DEPLOY):
    p = subprocess.run([find("promtool"), *words], cwd=cwd, capture_output=True, check=False)
    check(p.returncode == 0, f"promtool {' '.join(words)}: {(p.stdout + p.stderr).decode()[-900:]}")


def alerts_of(name):
    with open(f"{DEPLOY}/prometheus/{name}", encoding="utf-8") as f:
        return f.read()


@case
def prometheus_rules(_):
    """promtool plays the rules' own tests; every alert has one in which it fires, and one in which it does not."""
    promtool("check", "rules", "prometheus/rules.yml")
    promtool("check", "config", "prometheus/scrape.yml")
    promtool("test", "rules", "rules_test.yml", cwd=f"{DEPLOY}/prometheus")
    names = set(re.findall(r"alert: (\w+)", alerts_of("rules.yml")))
    tested = re.findall(r"eval_time: \w+(?:, |\n +)alertname: (\w+)( }|\n +exp_alerts:)",
                        alerts_of("rules_test.yml"))
    for how in " }", "\n":
        found = {name for name, end in tested if end.startswith(how)}
        check(names == found, f"{names ^ found}: not tested, or not there")


def known_metrics(this):
    """Every name that an exporter can tell, and what the rules record."""
    day = subprocess.run([f"{kit.BUNDLE}/day", "7", "8"], capture_output=True, check=True).stdout
    lines = [json.loads(one) for one in day.decode().splitlines()[:-1]]
    now = datetime.datetime.now(datetime.timezone.utc).isoformat().replace("+00:00", "Z")
    for one in lines: # so that a port is still to become free
        one["time"] = now
    path = this.file("lines", "".join(json.dumps(one) + "\n" for one in lines))
    textfile = f"{this.folder('textfile', kit.NOBODY)}/x.prom"
    export(this, "--metrics", METRICS, "--port-series", 9, "--textfile", textfile, path)
    page = awaited("the metrics", lambda: (lambda text: "bindtrace_port_wait_seconds{" in text and text)(
        get(f"http://{METRICS}/metrics")[2].decode()))
    names = {re.split("[{ ]", line)[0] for line in page.splitlines() if line[0] != "#"}
    return names | {"up", "ALERTS"} | set(re.findall(r"record: (\S+)", alerts_of("rules.yml")))


@case
def dashboards(this):
    """Every query of a dashboard and of the rules is one, and is about metrics that exist."""
    names = known_metrics(this)
    prometheus(this, {"web1": METRICS})
    queries = re.findall(r"expr: (?:\|\n((?: {10}.*\n)+)|(.*))", alerts_of("rules.yml"))
    queries = [("rules.yml", a or b) for a, b in queries]
    for path in glob.glob(f"{DEPLOY}/grafana/*.json"):
        with open(path, encoding="utf-8") as f:
            board = json.load(f)
        queries += [(panel["title"], target["expr"]) for panel in board["panels"]
                    for target in panel["targets"]]
    check(len(queries) > 24, f"only {len(queries)} queries were found")
    for where, text in queries:
        text = re.sub(r"\$__\w+", "1m", text).replace("$instance", ".*")
        query(text)
        used = re.findall(r"[a-z_:]*bindtrace_\w+(?::\w+)*", re.sub(r'"[^"]*"', "", text))
        check(used or "up{" in text or "ALERTS{" in text, f"{where}: {text}")
        check(set(used) <= names, f"{where}: nobody tells {set(used) - names}")
