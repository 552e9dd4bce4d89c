# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""avahi-daemon, which has the port of mDNS for the whole machine, and programs that want it too."""
from kit import case, find
from watch import OTHER_PORT, STOP, Watch, same

CONFIG = """\
[server]
host-name=bindtrace
use-ipv6=no
allow-interfaces=lo
enable-dbus=no
[publish]
disable-publishing=yes
"""

# Its user comes with the package, whose scripts have not run; its socket and its pid file have one
# place. So both are there for it alone.
START = """\
set -e
cat /etc/passwd passwd >passwd.both
cat /etc/group group >group.both
mount --bind passwd.both /etc/passwd
mount --bind group.both /etc/group
mount -t tmpfs none /run
exec "$@"
"""

# As a browser's or a player's own mDNS: on every address, and never a word to avahi.
MDNS = """\
import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for option in sys.argv[1:]:
    s.setsockopt(socket.SOL_SOCKET, getattr(socket, option), 1)
s.bind(("", 5353))
print("up")
s.recv(1)
"""


def avahi(this):
    words = ["avahi-daemon", "-f", this.file("conf", CONFIG), "--no-drop-root", "--no-chroot",
             "--no-proc-title"]
    this.file("passwd", "avahi:x:65534:65534::/nonexistent:/usr/sbin/nologin\n")
    this.file("group", "avahi:x:65534:\n")
    this.file("start.sh", START)
    find(words[0])
    p = this.run("unshare", "--mount", "sh", "start.sh", *words)
    p.words = words # by the time it asks for a port
    return p


def start(this):
    p = avahi(this)
    p.lines.until("Server startup complete")
    return p


def mdns(this, *options):
    this.file("mdns.py", MDNS)
    return this.run("python3", "mdns.py", *options)


@case
def mdns_against_avahi(this):
    """It takes the port plainly, and lets others in once it has it."""
    w = Watch(this, 5353)
    first = start(this)
    second = mdns(this)
    second.fails("OSError: [Errno 98] Address already in use")
    event = w.refusal(second, [first.pid], "udp_in_use",
                      [STOP, "set_reuseport now", "set_reuseaddr now", OTHER_PORT], "udp",
                      protocol="udp")
    same("SO_REUSEADDR", event["holders"][0]["reuseaddr_refused"], "new_lacks")
    same("SO_REUSEPORT", event["holders"][0]["reuseport_refused"], "new_lacks")
    # either of the two options helps at once, as avahi has both
    for option in "SO_REUSEADDR", "SO_REUSEPORT":
        sharer = mdns(this, option)
        sharer.lines.until("^up$")
        sharer.stop()
    w.follow(event)
    mdns(this).lines.until("^up$")
    w.end(f"held  BOUND 0.0.0.0:5353 by avahi-daemon[{first.pid}]",
          "the holder would share it, but the new socket did not ask to")


@case
def avahi_against_mdns(this):
    """It asks plainly, then as one who shares; the other one does not."""
    w = Watch(this, 5353)
    first = mdns(this)
    first.lines.until("^up$")
    second = avahi(this)
    second.fails("Failed to create server: No suitable network protocol available")
    for lacks in "both_lack", "holder_lacks":
        event = w.refusal(second, [first.pid], "udp_in_use",
                          [STOP, "set_reuseaddr next_restart", OTHER_PORT], "udp", protocol="udp")
        same("SO_REUSEADDR", event["holders"][0]["reuseaddr_refused"], lacks)
    w.follow(event)
    start(this)
    w.end(f'held  BOUND 0.0.0.0:5353 by python3[{first.pid}] "python3 mdns.py"')


@case
def avahi_against_a_sharer(this):
    """Firefox, Chromium and players of music share by SO_REUSEADDR: it is refused once, and goes on."""
    w = Watch(this, 5353)
    first = mdns(this, "SO_REUSEADDR")
    first.lines.until("^up$")
    second = start(this)
    event = w.refusal(second, [first.pid], "udp_in_use",
                      [STOP, "set_reuseaddr now", OTHER_PORT], "udp", protocol="udp")
    same("SO_REUSEADDR", event["holders"][0]["reuseaddr_refused"], "new_lacks")
    w.end(f'held  BOUND 0.0.0.0:5353 by python3[{first.pid}] "python3 mdns.py SO_REUSEADDR"')
