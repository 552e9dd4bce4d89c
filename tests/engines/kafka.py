# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Kafka's protocol: deploy/kafka sends the stream into a cluster of librdkafka's that has bad days."""
import json
import os
import signal
import subprocess

import kit
from engine import awaited, find, recording, refuse
from kit import case, check

TOPIC = "bindtrace.events"


class Cluster:
    """Three brokers; the first leads the only partition."""

    def __init__(self, this):
        self.this = this
        self.kcat = find("kcat")
        orders = os.path.join(this.dir, "orders")
        os.mkfifo(orders)
        self.process = this.run("sh", "-c", 'exec "$@" <orders', "cluster", f"{kit.BUNDLE}/kafka_cluster", TOPIC)
        self.into = open(orders, "w", encoding="ascii", buffering=1)
        self.servers = self.process.lines.next()
        check(self.servers and ":" in self.servers, f"no cluster: {self.servers}")

    def produce(self):
        """What sends what is written to the file "stream"."""
        os.mkfifo(os.path.join(self.this.dir, "stream"))
        return self.this.run("sh", "-c", 'exec "$@" <stream', "producer", f"{kit.BUNDLE}/deploy/kafka/bindtrace-kafka",
                             self.servers)

    def order(self, word, n):
        self.into.write(f"{word} {n}\n")
        self.process.lines.until(f"^{word} {n}$")

    def ask(self, *words):
        return subprocess.run([self.kcat, "-b", self.servers, *words], check=True, capture_output=True, text=True,
                              timeout=kit.DEADLINE_S).stdout

    def messages(self):
        """All that the partition has, oldest first."""
        return [line.rstrip(" ") for line in
                self.ask("-C", "-q", "-t", TOPIC, "-p", "0", "-o", "beginning", "-e").splitlines()]

    def await_messages(self, n):
        awaited(f"{n} messages", lambda: f"offset {n}" in self.ask("-Q", "-t", f"{TOPIC}:0:-1"))

    def end(self):
        self.into.close()
        self.process.ends()
        check(not self.process.process.returncode, "the cluster failed")


@case
def kafka_of_a_tracer(this):
    """The stream of a tracer with a real refusal."""
    cluster = Cluster(this)
    producer = cluster.produce()
    copy = os.path.join(this.dir, "copy")
    tracer = this.run("bash", "-c", 'exec "$@" > >(tee copy >stream)', "tracer", f"{kit.BUNDLE}/bindtrace", "--json",
                      "-n", "/proc/self/ns/net", "-P", "21300")
    cluster.await_messages(1)
    refuse(this, 21300)
    cluster.await_messages(2)
    tracer.stop(signal.SIGINT)
    said = producer.ends()
    check(not producer.process.returncode, f"status {producer.process.returncode}: {said[-300:]}")
    messages = cluster.messages()
    with open(copy, encoding="utf-8") as f:
        check(messages == f.read().splitlines(), f"other messages: {messages}")
    kinds = [json.loads(message)["kind"] for message in messages]
    check(kinds == ["header", "failure", "footer"], f"kinds {kinds}")
    cluster.end()


@case
def kafka_broker_stops(this):
    """The leader stops in the middle of a thousand events, requests fail now and then: each event is there once, in
    order."""
    cluster = Cluster(this)
    with open(recording(this, 1000), encoding="utf-8") as f:
        lines = f.read().splitlines()
    half = len(lines) // 2
    producer = cluster.produce()
    with open(os.path.join(this.dir, "stream"), "w", encoding="utf-8") as stream:
        cluster.order("refuse", 6)
        stream.write("\n".join(lines[:half]) + "\n")
        stream.flush()
        cluster.await_messages(half)
        cluster.order("down", 1)
        stream.write("\n".join(lines[half:]) + "\n")
        stream.flush()
        producer.lines.until("Connection refused")
        cluster.order("leader", 2)
        cluster.await_messages(len(lines))
    said = producer.ends()
    check(not producer.process.returncode, f"status {producer.process.returncode}: {said[-300:]}")
    cluster.order("up", 1)
    messages = cluster.messages()
    check(messages == lines, f"{len(messages)} messages for {len(lines)} lines, or other ones")
    cluster.end()
