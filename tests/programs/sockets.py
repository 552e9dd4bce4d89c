# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""What /proc tells of sockets and who has them: bindtrace is not asked."""
import os
import select
import socket
import time

from kit import DEADLINE_S, check

# include/net/tcp_states.h, by bindtrace's names; UDP sockets without a peer are in TCP_CLOSE
STATES = {"established": 1, "time_wait": 6, "close": 7, "listen": 10}


def inodes(port, protocol, state):
    """The inodes of the sockets in that state that have the port; 0: no file, as TIME_WAIT."""
    found = []
    for table in protocol, protocol + "6":
        with open(f"/proc/net/{table}", encoding="ascii") as rows:
            next(rows)
            for row in rows:
                fields = row.split()
                if int(fields[1].split(":")[1], 16) == port and int(fields[3], 16) == STATES[state]:
                    found.append(int(fields[9]))
    return found


def owners(inode):
    """The pids of all processes that have the socket open."""
    found = set()
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            for fd in os.listdir(f"/proc/{name}/fd"):
                if os.readlink(f"/proc/{name}/fd/{fd}") == f"socket:[{inode}]":
                    found.add(int(name))
                    break
        except OSError: # it has just exited, or closed it, or even root may not look
            pass
    return found


def visit(port, say=b"", host="127.0.0.1"):
    """One client: it sees the server close first, and closes too. What the server said."""
    said = b""
    with socket.create_connection((host, port), DEADLINE_S) as s:
        s.sendall(say)
        while more := s.recv(4096):
            said += more
    return said


def leaves_time_wait(port, say=b""):
    """A visit after which the server's side of the connection is in TIME_WAIT."""
    visit(port, say)
    late = time.monotonic() + DEADLINE_S
    while not inodes(port, "tcp", "time_wait"): # the last FIN may be a moment away
        check(time.monotonic() < late, f"no connection of port {port} came into TIME_WAIT")


def await_end(pids):
    """Opens the processes; the function it returns waits until all of them have ended."""
    pidfds = [os.pidfd_open(pid) for pid in pids]

    def wait():
        for pidfd in pidfds:
            ended, _, _ = select.select([pidfd], [], [], DEADLINE_S)
            os.close(pidfd)
            check(ended, "a process did not end although the advice was followed")
    return wait
