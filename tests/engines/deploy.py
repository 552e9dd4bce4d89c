# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""deploy/: units under a systemd of the case's own, and what is written for systems that are not here."""
import json
import os
import re
import shutil
import subprocess

import yaml

import kit
from engine import awaited, find, get, refuse, samples
from kit import case, check

UNITS = ["bindtrace.service", "bindtrace-export.service"]
EXPOSURE = {"bindtrace.service": 4.7, "bindtrace-export.service": 1.5} # at most; docs/export.md has the figures
PRESENT = ["sysinit", "basic", "local-fs", "shutdown", "multi-user", "network-online", "room"]


def deployed(*path):
    return os.path.join(kit.BUNDLE, "deploy", *path)


def says(*words):
    p = subprocess.run(words, capture_output=True, text=True, check=False, timeout=kit.DEADLINE_S)
    return p.returncode, p.stdout + p.stderr


def root_of(this):
    """A tree in which the units and the programs are installed."""
    root = this.folder("root")
    for place in "usr/local/sbin", "etc":
        os.makedirs(f"{root}/{place}")
    shutil.copytree("/usr/lib/systemd/system", f"{root}/usr/lib/systemd/system", symlinks=True)
    for name in "bindtrace", "bindtrace-export":
        shutil.copy(f"{kit.BUNDLE}/{name}", f"{root}/usr/local/sbin")
    for name in UNITS:
        shutil.copy(deployed("systemd", name), f"{root}/usr/lib/systemd/system")
    return root


@case
def units_are_sound(this):
    """systemd finds nothing wrong with the units, and they are no more exposed than the documents say."""
    analyze, root = find("systemd-analyze"), root_of(this)
    status, said = says(analyze, "verify", "--man=no", f"--root={root}", *UNITS)
    check(status == 0 and not said, f"verify: {said}")
    for name, most in EXPOSURE.items():
        _, said = says(analyze, "security", "--offline=true", f"--root={root}", name)
        found = re.search(rf"exposure level for {name}: ([0-9.]+)", said)
        check(found and float(found[1]) <= most, f"{found and found[0]}, not at most {most}: {said[-300:]}")
    status, said = says(find("systemd-sysusers"), f"--root={root}", deployed("systemd", "bindtrace.sysusers"))
    with open(f"{root}/etc/passwd", encoding="ascii") as f:
        check(status == 0 and "bindtrace:" in f.read(), f"sysusers: {said}")


class Room:
    """systemd, with journald and what is deployed."""

    def __init__(self, this):
        self.dir = this.folder("room")
        units = this.folder("room/units")
        os.mkdir(f"{self.dir}/bin")
        for name in "bindtrace", "bindtrace-export":
            shutil.copy(f"{kit.BUNDLE}/{name}", f"{self.dir}/bin")
        for name in UNITS:
            shutil.copy(deployed("systemd", name), units)
        for name in "systemd-journald.service", "systemd-journald.socket", "systemd-journald-dev-log.socket":
            shutil.copy(f"/usr/lib/systemd/system/{name}", units)
        for name in PRESENT:
            this.file(f"room/units/{name}.target", "[Unit]\nDefaultDependencies=no\n" +
                      ("Wants=systemd-journald.service\n" if name == "room" else ""))
        shutil.copy(deployed("systemd", "bindtrace.sysusers"), f"{self.dir}/sysusers")
        here = os.path.dirname(os.path.realpath(__file__))
        shell = this.run("unshare", "-pfmuiC", "--kill-child", f"{here}/room.sh", self.dir)
        shell.lines.until("^ready$")
        with open(f"/proc/{shell.pid}/task/{shell.pid}/children", encoding="ascii") as f:
            self.pid = int(f.read().split()[0])
        awaited("systemd", lambda: self.ctl("is-active", "systemd-journald.service")[0] == 0)

    def inside(self, *words):
        return says(find("nsenter"), "-a", "-t", str(self.pid), *words)

    def ctl(self, *words):
        return self.inside("systemctl", "--no-pager", *words)

    def journal(self, *words):
        return self.inside("journalctl", "--no-pager", "-q", "-o", "cat", *words)[1]


# <linux/capability.h>
BITS = {"dac_override": 1, "dac_read_search": 2, "kill": 5, "net_admin": 12, "sys_ptrace": 19, "sys_admin": 21,
        "syslog": 34, "perfmon": 38, "bpf": 39}


def wanted():
    """What a tracer with an exporter keeps where nobody takes anything from it."""
    keeps = json.loads(says(f"{kit.BUNDLE}/bindtrace", "doctor", "--json")[1])["keeps"]
    return sorted(set(keeps) - {"seccomp"} | {"kill"})


def mask(names):
    return sum(1 << BITS[name] for name in names)


@case
def units_run(this):
    """Behind all that is locked away by its unit, the tracer sees a refusal, and tells the journal and Prometheus; the
    exporter reads the recording."""
    room = Room(this)
    check(room.ctl("start", UNITS[0])[0] == 0, f"it does not start: {room.journal()}")

    def watches():
        check(room.ctl("is-active", UNITS[0])[0] == 0, f"it has failed: {room.journal('-u', UNITS[0])}")
        return "watching for refused binds" in room.journal("-t", "bindtrace")
    awaited("the tracer", watches)
    check(room.ctl("start", UNITS[1])[0] == 0, f"it does not start: {room.journal()}")
    _, pid = room.ctl("show", UNITS[0], "-p", "MainPID", "--value")
    _, kept = room.inside("sed", "-n", "s/^CapEff:\\s*//p", f"/proc/{pid.strip()}/status")
    check(int(kept, 16) == mask(wanted()), f"the tracer has {kept}, and would keep {wanted()}")
    refuse(this, 21400)
    series = ('bindtrace_failures_total{operation="bind",errno="EADDRINUSE",reason="listener",'
              'protocol="tcp",family="ipv4"}')
    for port in 9095, 9096:
        awaited(f"port {port}", lambda port=port: samples(get(f"http://127.0.0.1:{port}/metrics")[2]).get(series, 0) >= 1)
    entries = awaited("entries", lambda: room.journal("BINDTRACE_PORT=21400", "BINDTRACE_KIND=failure").splitlines())
    check(entries[0].startswith("bind refused: tcp 127.0.0.1:21400 EADDRINUSE, refused["), str(entries))
    for unit in UNITS:
        check(room.ctl("stop", unit)[0] == 0, f"{unit} does not stop")
        check("Result=success" in room.ctl("show", unit, "-p", "Result")[1], room.ctl("status", unit)[1])
    status, said = room.inside("bindtrace", "verify", "/var/log/bindtrace/trace.jsonl")
    check(status == 0, said)


class Strict(yaml.SafeLoader):
    """YAML in which a key stands once."""

    def construct_mapping(self, node, deep=False):
        keys = [self.construct_object(key) for key, _ in node.value]
        check(len(keys) == len(set(keys)), f"a key twice in {keys}")
        return super().construct_mapping(node, deep)


def documents(*path):
    with open(deployed(*path), encoding="utf-8") as f:
        return list(yaml.load_all(f, Loader=Strict))


# What Kubernetes' API calls the fields (v1, apps/v1): a dictionary names them, a list has such ones, a type is a value,
# ANY is a map of strings.
ANY = object()
META = {"name": str, "namespace": str, "labels": ANY, "annotations": ANY}
MOUNT = {"name": str, "mountPath": str, "readOnly": bool, "mountPropagation": str}
CONTAINER = {
    "name": str, "image": str, "args": [str], "volumeMounts": [MOUNT],
    "env": [{"name": str, "value": str, "valueFrom": {"fieldRef": {"fieldPath": str}}}],
    "ports": [{"name": str, "containerPort": int, "protocol": str}],
    "readinessProbe": {"httpGet": {"path": str, "port": str}, "periodSeconds": int},
    "securityContext": {"privileged": bool, "allowPrivilegeEscalation": bool, "readOnlyRootFilesystem": bool,
                        "runAsUser": int, "capabilities": {"drop": [str], "add": [str]}, "seccompProfile": {"type": str}},
    "resources": {"requests": {"cpu": str, "memory": str}, "limits": {"memory": str}},
}
POD = {
    "serviceAccountName": str, "automountServiceAccountToken": bool, "hostPID": bool, "hostNetwork": bool,
    "nodeSelector": ANY, "tolerations": [{"operator": str}], "priorityClassName": str,
    "terminationGracePeriodSeconds": int, "containers": [CONTAINER],
    "volumes": [{"name": str, "hostPath": {"path": str, "type": str}}],
}
KINDS = {
    "Namespace": {"apiVersion": str, "kind": str, "metadata": META},
    "ServiceAccount": {"apiVersion": str, "kind": str, "metadata": META, "automountServiceAccountToken": bool},
    "DaemonSet": {"apiVersion": str, "kind": str, "metadata": META, "spec": {
        "selector": {"matchLabels": ANY}, "updateStrategy": {"type": str, "rollingUpdate": {"maxUnavailable": str}},
        "template": {"metadata": META, "spec": POD}}},
}


def fits(value, schema, where):
    if schema is ANY:
        schema = dict.fromkeys(value, str)
    if isinstance(schema, list):
        check(isinstance(value, list) and value, f"{where} is no list")
        for i, item in enumerate(value):
            fits(item, schema[0], f"{where}[{i}]")
    elif isinstance(schema, dict):
        check(isinstance(value, dict) and value, f"{where} is no object")
        for key, item in value.items():
            check(key in schema, f"{where}.{key} is no field")
            fits(item, schema[key], f"{where}.{key}")
    else:
        check(type(value) is schema, f"{where} is {value!r}, no {schema.__name__}")


@case
def kubernetes_manifest(_):
    """Fields that there are, of their types; what refers to something, refers to what is there; capabilities are those
    of the unit."""
    found = documents("kubernetes", "bindtrace.yaml")
    check([one["kind"] for one in found] == list(KINDS), f"kinds: {[one['kind'] for one in found]}")
    for one in found:
        fits(one, KINDS[one["kind"]], one["kind"])
    spec = found[2]["spec"]
    labels, pod = spec["template"]["metadata"]["labels"], spec["template"]["spec"]
    check(spec["selector"]["matchLabels"].items() <= labels.items(), "the selector does not select the template")
    check(pod["serviceAccountName"] == found[1]["metadata"]["name"], "another service account")
    container, = pod["containers"]
    check({mount["name"] for mount in container["volumeMounts"]} == {volume["name"] for volume in pod["volumes"]},
          "mounts and volumes are not the same")
    port, = container["ports"]
    check(container["readinessProbe"]["httpGet"]["port"] == port["name"], "it asks another port")
    check(f"0.0.0.0:{port['containerPort']}" in container["args"], "it serves another port")
    with open(deployed("systemd", "bindtrace.service"), encoding="utf-8") as f:
        allowed = re.findall(r"\bCAP_(\w+)", " ".join(line for line in f if not line.startswith("#")))
    check(set(container["securityContext"]["capabilities"]["add"]) == set(allowed), f"the unit has {allowed}")


@case
def collector_configuration(_):
    """Every part that a pipeline names is there, and every part that is there is named."""
    whole, = documents("opentelemetry", "collector.yaml")
    service = whole.pop("service")
    used = {"extensions": set(service["extensions"]), "receivers": set(), "processors": set(), "exporters": set()}
    for pipeline in service["pipelines"].values():
        for kind, names in pipeline.items():
            used[kind] |= set(names)
    check(used == {kind: set(parts) for kind, parts in whole.items()}, f"{used} of {whole.keys()}")
    stores = {part["sending_queue"]["storage"] for part in whole["exporters"].values() if "sending_queue" in part}
    check(stores <= used["extensions"], f"no {stores}")


@case
def feeder_usage(this):
    """Without a broker it says what it needs."""
    p = this.run("bindtrace-kafka", program=deployed("kafka", "bindtrace-kafka"))
    p.fails("usage: bindtrace --json | bindtrace-kafka BROKERS")
