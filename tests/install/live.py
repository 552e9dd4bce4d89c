#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""usage: live.py BINDTRACE: lines of the commands that need a kernel, on standard output: ports, check, and trace of a
program that is refused and then served."""
import socket
import subprocess
import sys

REFUSED = """
import socket, sys
port = int(sys.argv[1])
for address in ("127.0.0.1", "192.0.2.1"):
    try:
        socket.socket().bind((address, port))
    except OSError:
        pass
socket.socket(socket.AF_INET6).bind(("::1", 0))
raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, 253)
raw.bind(("127.0.0.1", 0))
"""


def run(*arguments):
    """Its lines; that a bind is refused is no failure of it."""
    done = subprocess.run([sys.argv[1], *arguments], stdout=subprocess.PIPE, check=False)
    if done.returncode not in (0, 4) or not done.stdout:
        sys.exit(f"bindtrace {' '.join(arguments)}: status {done.returncode}")
    sys.stdout.write(done.stdout.decode())


listener = socket.create_server(("127.0.0.1", 0))
port = listener.getsockname()[1]
client = socket.create_connection(("127.0.0.1", port))
server, _ = listener.accept()
past = socket.create_connection(("127.0.0.1", port))
late, _ = listener.accept()
# who closes first has the TIME_WAIT
late.close()
past.recv(1)
past.close()
run("ports", "--json", str(port))
run("check", "--json", "--wait=0.1s", f"127.0.0.1:{port}")
with socket.create_server(("127.0.0.1", 0)) as gone:
    free = gone.getsockname()[1]
run("check", "--json", f"127.0.0.1:{free}")
run("--json", "--all", "--output", "/proc/self/fd/1", "--", sys.executable, "-c", REFUSED, str(port))
