# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Redis and PostgreSQL."""
import os
import signal

import sockets
from kit import NOBODY, case, check, find
from watch import Watch, same


def redis(this):
    return this.run("redis-server", "--port", 6379, program=os.path.join(this.dir, "redis-server"))


def redis_is_one_file(this):
    """All of Redis is one program that looks at its name; to be the server is a link in another
    package, which would start it."""
    os.symlink(find("redis-check-rdb"), os.path.join(this.dir, "redis-server"))


@case
def redis_twice(this):
    redis_is_one_file(this)
    w = Watch(this, 6379)
    first = redis(this)
    first.lines.until("Ready to accept connections")
    second = redis(this)
    second.fails("TCP listening socket *:6379: bind: Address already in use")
    event = w.refusal(second, [first.pid], address="0.0.0.0")
    w.follow(event)
    redis(this).lines.until("Ready to accept connections")
    w.end(f"held  LISTEN 0.0.0.0:6379 by redis-server[{first.pid}]",
          "why   another socket listens there")


@case
def redis_restarts_quietly(this):
    redis_is_one_file(this)
    w = Watch(this, 6379)
    first = redis(this)
    first.lines.until("Ready to accept connections")
    sockets.leaves_time_wait(6379, b"QUIT\r\n")
    first.stop()
    redis(this).lines.until("Ready to accept connections")
    w.end()


def postgres(this, data):
    """As it is mostly set up: on the addresses of localhost, and a UNIX socket where all are."""
    return this.run("postgres", "-D", data, "-h", "127.0.0.1,::1", "-k", this.dir + "/run",
                    user=NOBODY)


def cluster(this, name):
    data = this.folder(name, NOBODY)
    p = this.run("initdb", "-D", data, "-N", "-A", "trust", "--no-locale", user=NOBODY)
    output = p.ends()
    check(p.process.returncode == 0, f"initdb: {output}")
    return data


@case
def postgres_twice(this):
    """The other has data of its own. It is refused twice, and never comes to its UNIX socket."""
    this.folder("run", NOBODY)
    one, two = cluster(this, "one"), cluster(this, "two")
    w = Watch(this, 5432)
    first = postgres(this, one)
    first.lines.until("ready to accept connections")
    second = postgres(this, two)
    second.fails('could not bind IPv6 address "::1": Address already in use')
    # checkpointer, walwriter and the others have closed theirs: none of them is to be named
    events = [w.refusal(second, [first.pid], address=address)
              for address in ("127.0.0.1", "::1")]
    same("uid", events[0]["holders"][0]["uid"], NOBODY)
    w.follow(events[1])
    third = postgres(this, two)
    third.lines.until("ready to accept connections")
    third.stop(signal.SIGINT)
    postgres(this, two).lines.until("ready to accept connections")
    w.end(f"held  LISTEN 127.0.0.1:5432 by postgres[{first.pid}]",
          f"held  LISTEN [::1]:5432 by postgres[{first.pid}]",
          f"uid {NOBODY} (nobody)")
