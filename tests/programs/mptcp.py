# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""A listener as net.Listen of Go 1.24 and later makes it: MPTCP where the kernel has it."""
import socket

from kit import Skip, case
from watch import OTHER_PORT, STOP, Watch, same

# Go's listenStream() and favoriteAddrFamily(): ":8080" is [::] with IPv4, and SO_REUSEADDR
GO_LIKE = """\
import socket
server = socket.socket(socket.AF_INET6, socket.SOCK_STREAM, socket.IPPROTO_MPTCP)
server.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.bind(("::", 8080))
server.listen(4096)
print("up")
server.accept()
"""


def start(this, *words, ready="^up$"):
    p = this.run("python3", *words)
    p.lines.until(ready)
    return p


def go_like(this):
    try:
        socket.socket(socket.AF_INET6, socket.SOCK_STREAM, socket.IPPROTO_MPTCP).close()
    except OSError as why:
        raise Skip(f"the kernel has no MPTCP: {why}") from None
    this.file("server.py", GO_LIKE)


@case
def mptcp_twice(this):
    go_like(this)
    w = Watch(this, 8080)
    first = start(this, "server.py")
    second = this.run("python3", "server.py")
    second.fails("Address already in use")
    event = w.refusal(second, [first.pid], protocol="mptcp", address="::")
    same("protocol of the holder", event["holders"][0]["protocol"], "mptcp")
    w.follow(event)
    start(this, "server.py")
    w.end("bind refused: mptcp [::]:8080  EADDRINUSE",
          f"held  LISTEN [::]:8080 by python3[{first.pid}]")


@case
def tcp_against_mptcp(this):
    """MPTCP has its ports in TCP's table."""
    go_like(this)
    w = Watch(this, 8080)
    first = start(this, "server.py")
    second = this.run("python3", "-m", "http.server", 8080)
    second.fails("OSError: [Errno 98] Address already in use")
    event = w.refusal(second, [first.pid], protocol="tcp", address="0.0.0.0")
    same("protocol of the holder", event["holders"][0]["protocol"], "mptcp")
    same("overlap", event["holders"][0]["overlap"], "dual_stack")
    w.follow(event)
    first = start(this, "-m", "http.server", 8080, ready="Serving HTTP on")
    # and the other way round: it, too, can leave the IPv4 port alone
    second = this.run("python3", "server.py")
    second.fails("Address already in use")
    w.refusal(second, [first.pid], advice=[STOP, "set_v6only now", OTHER_PORT], protocol="mptcp")
    this.file("server.py", GO_LIKE.replace("V6ONLY, 0", "V6ONLY, 1"))
    start(this, "server.py")
    w.end("an IPv6 socket on :: without IPV6_V6ONLY takes the IPv4 port too")
