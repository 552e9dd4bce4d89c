# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""ClickHouse: a day of a fleet goes in, and what was planted in it (day.c) comes out of the queries of deploy/."""
import json
import os
import re
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request

import kit
from engine import await_http, engine
from kit import case, check

PORT = 18123
URL = f"http://127.0.0.1:{PORT}/"
DEPLOY = f"{os.path.dirname(os.path.realpath(__file__))}/../deploy/clickhouse"
INSERT = URL + "?" + urllib.parse.urlencode({
    "date_time_input_format": "best_effort",
    "query": "INSERT INTO bindtrace.events FORMAT JSONEachRow"})

CONFIG = """<yandex>
 <logger><level>warning</level><log>{dir}/clickhouse.log</log><errorlog>{dir}/clickhouse.errors</errorlog></logger>
 <listen_host>127.0.0.1</listen_host><http_port>{port}</http_port>
 <path>{dir}/clickhouse/</path><tmp_path>{dir}/clickhouse/tmp/</tmp_path>
 <users_config>{dir}/users.xml</users_config>
 <default_profile>default</default_profile><default_database>default</default_database>
 <mark_cache_size>67108864</mark_cache_size>
</yandex>"""
USERS = """<yandex>
 <profiles><default><max_memory_usage>2000000000</max_memory_usage></default></profiles>
 <users><default><password/><networks><ip>127.0.0.1</ip></networks>
 <profile>default</profile><quota>default</quota></default></users>
 <quotas><default/></quotas>
</yandex>"""

HOSTS, LINES = 20, 50_000 # of each host, header and footer included
DAY = "2026-11-28"


def post(data, url=URL):
    """The status and the body that a POST is answered with."""
    try:
        with urllib.request.urlopen(url, data=data.encode(), timeout=kit.DEADLINE_S) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def ask(statement):
    """The rows of a query as lists."""
    status, body = post(f"{statement} FORMAT JSONCompact" if statement.startswith("SELECT")
                        else statement)
    check(status == 200, f"{statement[:80]}: {body[:300]}")
    return json.loads(body)["data"] if body else None


def statements(name):
    """Of a file of deploy/: (what the comment before it calls it, the statement)."""
    with open(f"{DEPLOY}/{name}", encoding="utf-8") as f:
        text = f.read()
    for part in re.sub(r"^-- (\w+):", r"\n@\1\n--", text, flags=re.M).split("\n@"):
        called, _, rest = part.partition("\n")
        for statement in re.sub(r"--.*", "", rest if part != text else part).split(";"):
            if statement.strip():
                yield called, statement.strip()


def start(this):
    """The engine with the table of deploy/ in it."""
    this.file("users.xml", USERS)
    config = this.file("clickhouse.xml", CONFIG.format(dir=this.dir, port=PORT))
    engine(this, "clickhouse-server", f"--config-file={config}")
    await_http(URL + "ping")
    for _, statement in statements("schema.sql"):
        ask(statement)


def answers(day):
    """What all queries of deploy/ answer for that day, by their names."""
    return {name: ask(statement.replace("{day:Date}", f"toDate('{day}')"))
            for name, statement in statements("queries.sql")}


def insert_days(this):
    """The days of all hosts, as many at once as there are cores; the footers' totals and how long it took."""
    steps = [f"{kit.BUNDLE}/day $0 {LINES}", f"tee >(tail -n 1 >{this.dir}/footer.$0)",
             f"{DEPLOY}/rows", f"curl -sS --fail -T- '{INSERT}'"]
    began = time.monotonic()
    with subprocess.Popen(["xargs", "-n", "1", "-P", str(os.cpu_count()), "bash", "-c",
                           "set -o pipefail; " + " | ".join(steps)], stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as p:
        said = p.communicate("\n".join(map(str, range(1, HOSTS + 1))).encode())[0]
    took = time.monotonic() - began
    check(p.returncode == 0, f"inserting: {said.decode()[-300:]}")
    footers = []
    for number in range(1, HOSTS + 1):
        with open(f"{this.dir}/footer.{number}", encoding="utf-8") as f:
            footers.append(json.loads(f.read()))
    return footers, took


def check_counts(footers):
    """All rows are there, and their refusals are those that the tracers counted."""
    rows = {kind: (int(n), int(refusals)) for kind, n, refusals in
            ask("SELECT kind, count(), sum(refusals) FROM bindtrace.events GROUP BY kind")}
    check(sum(n for n, _ in rows.values()) == HOSTS * (LINES - 1), f"rows: {rows}")
    check(rows["header"][0] == HOSTS and rows["lost"][0] == 1, f"kinds: {rows}")
    printed, folded = (sum(f[key] for f in footers) for key in ("printed", "folded"))
    check((rows["failure"], rows["folded"][1]) == ((printed, printed), folded), f"{rows}")
    seqs = ask("SELECT uniqExact(host, seq), min(seq), max(seq) FROM bindtrace.events")
    check(seqs == [[str(HOSTS * (LINES - 1)), "0", str(LINES - 2)]], f"seq: {seqs}")


def check_answers(found, refused):
    """What day.c has planted."""
    check(found["totals"][0][1:] == [str(refused), "17", "20"], f"totals: {found['totals']}")
    hosts = found["hosts"]
    check(hosts[0][0] == "node13" and int(hosts[0][1]) > 5 * int(hosts[1][1]), f"hosts: {hosts}")
    check([row for row in hosts if row[3] != "0"] == [["node03", "49996", hosts[-1][2], "17"]],
          f"hosts: {hosts}")
    check(found["pairs"][0] == ["shop/checkout", "metrics-agent.service", "5", "52215", [9090],
                                f"{DAY} 02:00:00", f"{DAY} 23:59:56"], f"pairs: {found['pairs']}")
    check(found["ports"][:3] == [[9090, "tcp", "52215", "5", "listener"],
                                 [3000, "tcp", "14400", "20", "time_wait"],
                                 [8080, "tcp", "4500", "1", "listener"]], f"{found['ports']}")
    checkout = [[f"node0{n}", "shop/checkout", 9090, "metrics-agent.service", "120", "10440",
                 f"{DAY} 09:30:00", f"{DAY} 23:59:56"] for n in range(1, 6)]
    api = ["node07", "api.service", 8080, "legacy-proxy.service", "300", "4500",
           f"{DAY} 14:00:00", f"{DAY} 16:29:58"]
    check(found["crash_loops"] == checkout + [api], f"crash_loops: {found['crash_loops']}")
    longest = found["longest"][0]
    check(longest[:4] == ["node07", 8080, "api.service", "legacy-proxy.service"]
          and abs(longest[4] - 9000) < 2, f"longest: {longest}")
    pair = ["shop/checkout", "metrics-agent.service"]
    check(found["deploys"] == [
        [*pair, "checkout-5d8b9c7f6", f"{DAY} 02:00:00", f"{DAY} 02:03:00", "5", "15"],
        [*pair, "checkout-6c9f7d5b8c", f"{DAY} 09:30:00", f"{DAY} 23:59:56", "5", "52200"]],
          f"deploys: {found['deploys']}")
    check(found["tracers"] == [["0.1.0", "6.1.0-28-amd64", "fexit", "19", "node01"],
                               ["0.0.9", "6.1.0-28-amd64", "fexit", "1", "node20"]],
          f"tracers: {found['tracers']}")


def check_report(this):
    """The simulated lines are none but what bindtrace itself reads, and it counts as the table does."""
    with open(f"{this.dir}/node07", "wb") as f:
        subprocess.run([f"{kit.BUNDLE}/day", "7", str(LINES)], stdout=f, check=True)
    p = this.run("bindtrace", "report", f.name, program=f"{kit.BUNDLE}/bindtrace")
    said = p.ends().splitlines()
    check(p.process.returncode == 0, f"report: {said[-3:]}")
    check(not [one for one in said if one.startswith("bindtrace:")], f"report: {said[:3]}")
    check(any(one.startswith("ports: 8080: 4500, 3000: 720, ") for one in said), f"{said[-3:]}")


@case
def clickhouse_day(this):
    """A million lines of twenty hosts."""
    check_report(this)
    start(this)
    footers, took = insert_days(this)
    check_counts(footers)
    began = time.monotonic()
    found = answers(DAY)
    asked = time.monotonic() - began
    check_answers(found, sum(f["refused"] - f["lost"] for f in footers))
    size = int(ask("SELECT sum(bytes_on_disk) FROM system.parts WHERE active"
                   " AND database = 'bindtrace'")[0][0])
    n = HOSTS * LINES
    print(f"   clickhouse_day: {n} lines in {took:.1f} s, {n / took:.0f} a second, "
          f"{size / n:.1f} bytes each on disk; all queries: {asked:.2f} s")


@case
def clickhouse_strict(this):
    """What has no column, or is no event, is refused and not silently nothing."""
    start(this)
    status, body = post('{"kind":"failure","nobody":1}\n', INSERT)
    check(status != 200 and "nobody" in body, f"{status} {body[:300]}")
    event = ('{"schema":"bindtrace/1","kind":"failure","seq":1,"host":"a","port":1,'
             '"time":"2026-11-28T00:00:00.5Z"}')
    p = subprocess.run([f"{DEPLOY}/rows"], input=f'no event\n{event}\n{{"kind":"check"}}\n'.encode(),
                       capture_output=True, check=False)
    check(p.returncode == 1 and b"left out: 1" in p.stderr, f"{p}")
    status, body = post(p.stdout.decode(), INSERT)
    check(status == 200, f"{status} {body[:300]}")
    rows = ask("SELECT host, port, time, refusals FROM bindtrace.events")
    check(rows == [["a", 1, "2026-11-28 00:00:00", "1"]], f"{rows}")


def rows_of(*lines):
    """What `rows` makes of such lines, each with a host and a time."""
    text = "".join(json.dumps({"host": "a", "time": "2026-11-28T00:00:00Z", **one}) + "\n"
                   for one in lines)
    p = subprocess.run([f"{DEPLOY}/rows"], input=text.encode(), capture_output=True, check=True)
    return [json.loads(one) for one in p.stdout.splitlines()]


@case
def clickhouse_rows(_):
    """A row says who asked and who holds only where that is known; services are called what people call them."""
    pod = {"pid": 7, "comm": "api", "pod": {"namespace": "shop", "name": "api-6c9f7d5b8c-x2x7k"}}
    holders = [{"culprit": True, "role": "accepted", "processes": [{"pid": 8, "comm": "worker"}]},
               {"decisive": True, "role": "listener", "processes": [],
                "bound_by": {"pid": 9, "comm": "nginx", "unit": "nginx.service"}}]
    failure = {"kind": "failure", "seq": 1, "port": 80, "process": pod, "holders": holders,
               "repeat": {"incident": 1, "adds": 1}}
    folded = {"kind": "folded", "seq": 2, "port": 80, "repeat": {"incident": 1, "adds": 5}}
    resolved = {"kind": "resolved", "seq": 3, "port": 80, "incident": 1, "after_s": 2.5, "adds": 1}
    header, later = {"kind": "header", "seq": 0}, {"kind": "header", "seq": 0, "previous": "00"}
    pair = ("shop/api", "nginx.service")

    def pairs(*lines):
        return [(one.get("asker"), one.get("holder")) for one in rows_of(*lines)
                if one["kind"] != "header"]

    first = rows_of(failure)[0]
    check((first["asker_deploy"], first["holder_role"], first["holder_pid"])
          == ("api-6c9f7d5b8c", "listener", 9), f"{first}")
    check(pairs(failure, folded, resolved) == [pair] * 3, "of one stream")
    check(pairs(failure, later, folded, resolved) == [pair] * 3, "into the next file")
    check(pairs(failure, header, folded, resolved) == [pair, (None, None), (None, None)],
          "another tracer's numbers")
    check(pairs(failure, {**folded, "host": "b"}) == [pair, (None, None)], "another host's")
    check(pairs(failure, {**folded, "repeat": {"incident": 8193}}) == [pair, (None, None)],
          "another incident")
    docker = {"pid": 1, "comm": "x", "container": {"id": "0123456789abcdef" * 4}}
    names = [({"pid": 1, "comm": "x", "unit": "session-3.scope"}, "x"),
             ({"pid": 1, "comm": "x", "unit": "db.service"}, "db.service"),
             (docker, "0123456789ab"), ({**docker, "container": {"name": "web", "id": "0"}}, "web"),
             ({"pid": 1, "pod": {"namespace": "kube", "name": "agent-x2x7k"}}, "kube/agent"),
             ({"pid": 1, "pod": {"namespace": "db", "name": "pg-0"}}, "db/pg-0")]
    for process, name in names:
        found = rows_of({**failure, "process": process})[0]["asker"]
        check(found == name, f"{process}: {found}")
