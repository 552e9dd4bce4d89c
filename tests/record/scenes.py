# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Plays incidents for a recorder that watches: usage: scenes.py LISTENER CLASSIC CROWD UNIX
The first three are ports of 127.0.0.1. Prints nothing; ends when all of it has happened.

  LISTENER  somebody listens, four processes with hostile names are refused, then another gets the port
  CLASSIC   a server closes first and ends: TIME_WAIT refuses its restart, and nobody gets the port
  CROWD     one listener, one asker, 500 refusals
  UNIX      a socket file with a hostile name, left behind by its server
"""
import ctypes
import os
import socket
import sys
import time

PR_SET_NAME = 15
HOSTILE = [b"<b>x</b>&'\"", b"a|b`c](d)", b"\x1b[31mred\n", "\u202egnp.exe".encode()]
LISTENER, CLASSIC, CROWD = (int(port) for port in sys.argv[1:4])


def server(port):
    s = socket.socket()
    s.bind(("127.0.0.1", port))
    s.listen()
    return s


def child(play, name=None):
    """Runs it in a process of its own, under that name; waits for its end."""
    pid = os.fork()
    if not pid:
        if name:
            ctypes.CDLL(None).prctl(PR_SET_NAME, name, 0, 0, 0)
        play()
        os._exit(0)
    assert os.waitpid(pid, 0)[1] == 0


def refused(port, times=1):
    for _ in range(times):
        with socket.socket() as s:
            try:
                s.bind(("127.0.0.1", port))
            except OSError:
                continue
            raise SystemExit(f"{port} was not refused")


def listener():
    with server(LISTENER):
        for name in HOSTILE:
            child(lambda: refused(LISTENER), name)
            time.sleep(0.3)  # the picture has a width
    child(lambda: server(LISTENER).close(), b"winner")


def serve_one():
    with server(CLASSIC) as s, socket.create_connection(("127.0.0.1", CLASSIC)) as client:
        s.accept()[0].close()
        client.recv(1)


def classic():
    child(serve_one, b"app-1")
    child(lambda: refused(CLASSIC), b"app-2")


def crowd():
    with server(CROWD):
        child(lambda: refused(CROWD, 500), b"crowd")


def unix(path):
    with socket.socket(socket.AF_UNIX) as s:
        s.bind(path)
    with socket.socket(socket.AF_UNIX) as s:
        try:
            s.bind(path)
        except OSError:
            return
    raise SystemExit("the path was not refused")


listener()
classic()
crowd()
unix(os.fsencode(sys.argv[4]))
