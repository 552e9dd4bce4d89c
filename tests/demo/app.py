# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""The server of every guide: no SO_REUSEADDR. Serves one client, closes first, and ends."""
import socket
import sys

server = socket.socket()
server.bind(("127.0.0.1", int(sys.argv[1])))
server.listen()
print("ready", flush=True)
connection, _ = server.accept()
connection.sendall(b"hello\n")
connection.close()
