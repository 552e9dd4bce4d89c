# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Sockets that go from one program to another: by socket activation, and by accident."""
import socket

from kit import case
from watch import Watch, same

# sd_listen_fds(3): the sockets begin with descriptor 3
SERVICE = """\
import socket, sys
server = socket.socket(fileno=3) if sys.argv[1:] else socket.create_server(("127.0.0.1", 8000))
print("serving", flush=True)
while True:
    connection, _ = server.accept()
    connection.recv(100)
"""

# What it starts gets the listener, too: another program, which knows nothing of it.
LEAKY = """\
import socket, subprocess
server = socket.create_server(("127.0.0.1", 8000))
server.set_inheritable(True)
child = subprocess.Popen(["sleep", "1000"], close_fds=False)
print("child", child.pid)
child.wait()
"""


def activate(this):
    p = this.run("systemd-socket-activate", "-l", "127.0.0.1:8000",
                 "python3", "service.py", "activated")
    p.lines.until("Listening on 127.0.0.1:8000")
    return p


def refused(this):
    p = this.run("python3", "service.py")
    p.fails("Address already in use")
    return p


@case
def socket_activation_waits(this):
    """Nobody has connected yet: the activator has it, on behalf of the service."""
    this.file("service.py", SERVICE)
    w = Watch(this, 8000)
    first = activate(this)
    event = w.refusal(refused(this), [first.pid])
    same("comm", event["holders"][0]["processes"][0]["comm"], "systemd-socket-")
    w.follow(event)
    activate(this)
    w.end(f'by systemd-socket-[{first.pid}] "systemd-socket-activate -l 127.0.0.1:8000 ')


@case
def socket_activation_serves(this):
    """By now the same process is the service: the report calls it what it is called now."""
    this.file("service.py", SERVICE)
    w = Watch(this, 8000)
    first = activate(this)
    with socket.create_connection(("127.0.0.1", 8000)):
        first.lines.until("^serving$")
        late = Watch(this, 8000)
        asker = refused(this)
        event = w.refusal(asker, [first.pid])
        same("comm", event["holders"][0]["processes"][0]["comm"], "python3")
        same("who listened", event["holders"][0]["bound_by"]["comm"], "systemd-socket-")
        late.refusal(asker, [first.pid])
        w.follow(event)
    this.run("python3", "service.py").lines.until("^serving$")
    for watch in w, late:
        watch.end(f'by python3[{first.pid}] "python3 service.py activated"',
                  f"stop python3[{first.pid}], if")


@case
def inherited_by_accident(this):
    """A child that knows nothing of the socket; to end the server alone would not free the port."""
    this.file("leaky.py", LEAKY)
    this.file("service.py", SERVICE)
    w = Watch(this, 8000)
    first, child = leaky(this)
    event = w.refusal(refused(this), [first.pid, child])
    w.follow(event)
    again, child = leaky(this)
    again.process.kill()
    again.process.wait()
    asker = refused(this)
    event = w.refusal(asker, [child])
    holder = event["holders"][0]
    same("inherited", holder["processes"][0]["inherited"], True)
    same("who bound it", holder["bound_by"]["pid"], again.pid)
    same("is it alive", holder["bound_by"]["alive"], False)
    w.follow(event)
    this.run("python3", "service.py").lines.until("^serving$")
    w.end(f'by python3[{first.pid}] "python3 leaky.py" for ', ", shared with sleep[",
          f'by sleep[{child}] "sleep 1000" (its own parent has exited)',
          f', opened by python3[{again.pid}] "python3 leaky.py" (exited)')


def leaky(this):
    """The server, and the pid of its child."""
    p = this.run("python3", "leaky.py")
    p.lines.until("^child ")
    return p, int(p.lines.all[-1].split()[1])
