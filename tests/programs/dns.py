# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""dnsmasq, on UDP and TCP; its UDP socket would share the port, and Python's would not."""
from kit import case
from watch import OTHER_PORT, STOP, Watch, same

UDP_SERVER = """\
import socketserver
with socketserver.UDPServer(("127.0.0.1", 5300), socketserver.BaseRequestHandler) as server:
    print("up")
    server.serve_forever()
"""

SHARES = UDP_SERVER.replace("with ", "socketserver.UDPServer.allow_reuse_address = True\nwith ")


def dnsmasq(this):
    return this.run("dnsmasq", "--port=5300", "--listen-address=127.0.0.1", "--bind-interfaces",
                    "--no-resolv", "--no-hosts", "--conf-file=/dev/null", "--pid-file=",
                    "--user=nobody", "--keep-in-foreground", "--log-facility=-")


def start(this):
    p = dnsmasq(this)
    p.lines.until("started, version")
    return p


@case
def dnsmasq_twice(this):
    """UDP lets the second one in, as both set SO_REUSEADDR: only TCP refuses."""
    w = Watch(this, 5300)
    first = start(this)
    second = dnsmasq(this)
    second.fails("failed to create listening socket for 127.0.0.1: Address already in use")
    event = w.refusal(second, [first.pid], protocol="tcp")
    w.follow(event)
    start(this).stop()
    start(this)
    w.end(f"held  LISTEN 127.0.0.1:5300 by dnsmasq[{first.pid}]",
          "why   another socket listens there")


@case
def udp_against_dnsmasq(this):
    w = Watch(this, 5300)
    first = start(this)
    this.file("server.py", UDP_SERVER)
    second = this.run("python3", "server.py")
    second.fails("OSError: [Errno 98] Address already in use")
    event = w.refusal(second, [first.pid], "udp_in_use", [STOP, "set_reuseaddr now", OTHER_PORT],
                      "udp", protocol="udp")
    same("SO_REUSEADDR", event["holders"][0]["reuseaddr_refused"], "new_lacks")
    # the second advice helps at once: both then have the port
    this.file("server.py", SHARES)
    sharer = this.run("python3", "server.py")
    sharer.lines.until("^up$")
    sharer.stop()
    this.file("server.py", UDP_SERVER)
    w.follow(event)
    this.run("python3", "server.py").lines.until("^up$")
    w.end(f"held  BOUND 127.0.0.1:5300 by dnsmasq[{first.pid}]",
          "why   another UDP socket has the port: the holder would share it, but the new socket "
          "did not ask to")


@case
def dnsmasq_against_udp(this):
    w = Watch(this, 5300)
    this.file("server.py", UDP_SERVER)
    first = this.run("python3", "server.py")
    first.lines.until("^up$")
    second = dnsmasq(this)
    second.fails("failed to create listening socket for 127.0.0.1: Address already in use")
    event = w.refusal(second, [first.pid], "udp_in_use",
                      [STOP, "set_reuseaddr next_restart", OTHER_PORT], "udp", protocol="udp")
    same("SO_REUSEADDR", event["holders"][0]["reuseaddr_refused"], "holder_lacks")
    w.follow(event)
    start(this)
    w.end(f'held  BOUND 127.0.0.1:5300 by python3[{first.pid}] "python3 server.py"',
          "why   another UDP socket has the port: the holder did not agree to share it")
