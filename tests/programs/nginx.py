# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""nginx: a master and its workers, five trials a start, and two listens that exclude each other."""
import signal

import sockets
from kit import NOBODY, case, check
from watch import OTHER_PORT, STOP, Watch, same

# what it would write elsewhere is in the case's folder
CONFIGURATION = """\
daemon off;
worker_processes 2;
user nobody nogroup;
error_log stderr notice;
pid nginx.pid;
events {}
http {
	access_log off;
	client_body_temp_path body;
	proxy_temp_path proxy;
	fastcgi_temp_path fastcgi;
	uwsgi_temp_path uwsgi;
	scgi_temp_path scgi;
	server {
		listen 8080;
		return 204;
	}
}
"""


def run(this, *more):
    return this.run("nginx", *more, "-p", this.dir, "-e", "stderr", "-c", "nginx.conf")


def workers(p):
    """The pids of all workers that it has started."""
    return [int(line.split()[-1]) for line in p.lines.all if "start worker process " in line]


def started(p):
    """The pids of the master and its workers, once they are there."""
    p.lines.until(r"start worker process \d", 2)
    return [p.pid, *workers(p)]


def reloads(p):
    """Other workers take the place of those it had; returns when these have gone."""
    p.process.send_signal(signal.SIGHUP)
    p.lines.until(r"worker process \d+ exited", 2)
    return workers(p)[-2:]


def trials(p):
    return "\n".join(p.lines.all).count("failed (98: Address already in use)")


@case
def nginx_twice(this):
    this.file("nginx.conf", CONFIGURATION)
    w = Watch(this, 8080)
    master, *children = started(run(this))
    late = Watch(this, 8080)
    second = run(this)
    second.fails("still could not bind()")
    same("trials", trials(second), 5)
    event = w.refusal(second, [master, *children])
    same("users", [p["uid"] for p in event["holders"][0]["processes"]], [0, NOBODY, NOBODY])
    late.refusal(second, [master, *children])
    w.follow(event)
    started(run(this))
    for watch in w, late:
        watch.end(f"held  LISTEN 0.0.0.0:8080 by nginx[{master}]",
                  f", shared with nginx[{children[0]}], nginx[{children[1]}]",
                  "why   another socket listens there",
                  f"more refusals of the same by nginx[{second.pid}]",
                  "resolved: tcp 0.0.0.0:8080 bound by nginx", refused=5)


@case
def nginx_orphaned_workers(this):
    """The master was killed, the workers serve on. nginx tries again by itself, and gets in when
    the advice is followed."""
    this.file("nginx.conf", CONFIGURATION)
    w = Watch(this, 8080)
    first = run(this)
    master, *children = started(first)
    first.process.kill()
    first.process.wait()
    second = run(this)
    event = w.refusal(second, children)
    holder = event["holders"][0]
    same("orphaned", [p.get("orphaned") for p in holder["processes"]], [True, None])
    same("who bound it", [holder["bound_by"]["pid"], holder["bound_by"]["alive"]], [master, False])
    w.follow(event)
    started(second)
    w.end(f"by nginx[{children[0]}]", "(its own parent has exited)",
          f"nginx[{children[1]}], opened by nginx[{master}]",
          f"resolved: tcp 0.0.0.0:8080 bound by nginx[{second.pid}]", refused=trials(second))


@case
def nginx_tests_its_configuration(this):
    """nginx -t binds, too; that it is refused is no failure to nginx. And after a reload other
    workers have the socket."""
    this.file("nginx.conf", CONFIGURATION)
    w = Watch(this, 8080)
    p = run(this)
    started(p)
    reloaded = reloads(p)
    test = run(this, "-t")
    check("test is successful" in test.ends(), "nginx -t failed")
    w.refusal(test, [p.pid, *reloaded])
    w.end(f'who   nginx[{test.pid}] "nginx -t -p {this.dir} ', f"by nginx[{p.pid}]",
          f", shared with nginx[{reloaded[0]}], nginx[{reloaded[1]}]\n")


@case
def nginx_dual_stack(this):
    """Two listens of one configuration exclude each other: the first holder is the asker itself."""
    both = CONFIGURATION.replace("listen 8080;", "listen 8080; listen [::]:8080 ipv6only=off;")
    this.file("nginx.conf", both)
    w = Watch(this, 8080)
    p = run(this)
    # /proc has to be asked while it tries
    event = w.refusal(p, [p.pid], advice=[STOP, "set_v6only now", OTHER_PORT], address="::")
    same("overlap", event["holders"][0]["overlap"], "dual_stack")
    check("command" not in event["advice"][0], "a command that ends the asker")
    p.stop()
    this.file("nginx.conf", both.replace("off", "on"))
    started(run(this))
    w.end(f"held  LISTEN 0.0.0.0:8080 by nginx[{p.pid}], the asker itself, for ",
          "an IPv6 socket on :: without IPV6_V6ONLY takes the IPv4 port too",
          "close the first one: the same process holds it", "set IPV6_V6ONLY before bind()",
          refused=trials(p))


@case
def nginx_restarts_quietly(this):
    """After a reload, and with connections in TIME_WAIT."""
    this.file("nginx.conf", CONFIGURATION)
    w = Watch(this, 8080)
    p = run(this)
    started(p)
    reloads(p)
    sockets.leaves_time_wait(8080, b"GET / HTTP/1.0\r\n\r\n")
    p.stop(signal.SIGQUIT)
    started(run(this))
    w.end()
