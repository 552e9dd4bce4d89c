# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""The guide to "OSError: [Errno 98] Address already in use": its servers, word for word."""
import signal

import sockets
from kit import case
from watch import OTHER_PORT, Watch, same

RAW_SOCKET = """\
import socket
HOST = socket.gethostname() # Or 'localhost', '0.0.0.0', etc.
PORT = 8000
sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
# ✅ Set SO_REUSEADDR option BEFORE binding
sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
try:
    print(f"Binding to {HOST}:{PORT}...")
    sock.bind((HOST, PORT))
    sock.listen(1)
    print("Server is listening...")
    # ... rest of your server logic (accept connections, etc.) ...
except OSError as e:
    print(f"Binding failed: {e}")
finally:
    print("Closing socket.")
    sock.close()
"""

# Its option comes too late: the constructor has bound the socket by then.
SOCKETSERVER = """\
import socketserver
import http.server
PORT = 8000
Handler = http.server.SimpleHTTPRequestHandler # Example handler
# Use a context manager for clean shutdown
with socketserver.TCPServer(("", PORT), Handler) as httpd:
    # ✅ Set allow_reuse_address to True BEFORE serving
    httpd.allow_reuse_address = True
    print(f"Serving HTTP on port {PORT} (allowing address reuse)...")
    try:
        httpd.serve_forever()
    except KeyboardInterrupt:
        print("\\nServer stopped.")
"""

FLASK = """\
from flask import Flask
app = Flask(__name__)
@app.route('/')
def hello():
    return 'Hello, World!'
if __name__ == '__main__':
    # ✅ Setting use_reloader=False prevents auto-restarts causing TIME_WAIT issues
    # Note: You lose the auto-reload feature when code changes.
    app.run(host='0.0.0.0', port=5000, debug=True, use_reloader=False)
    # For production, use a proper WSGI server (Gunicorn, uWSGI) which handle
    # socket binding more robustly, usually using SO_REUSEADDR by default.
    # Setting debug=False also typically disables the reloader.
    # app.run(debug=False)
"""

# What Flask says before it binds is less, what it says of the refusal is more.
SAID_BEFORE = 100

WAIT = ["wait after_wait", "set_reuseaddr next_restart", "use_other_address now", OTHER_PORT]

GET = b"GET / HTTP/1.0\r\n\r\n"


def start(this, *words, ready="Serving HTTP on"):
    p = this.run("python3", *words)
    p.lines.until(ready)
    return p


@case
def http_server_twice(this):
    w = Watch(this, 8000)
    first = start(this, "-m", "http.server", 8000)
    second = this.run("python3", "-m", "http.server", 8000, room=0)
    event = w.refusal(second, [first.pid], address="0.0.0.0")
    second.fails("OSError: [Errno 98] Address already in use")
    same("same program", event["holders"][0]["processes"][0].get("same_program"), True)
    w.follow(event)
    start(this, "-m", "http.server", 8000)
    w.end(f'held  LISTEN 0.0.0.0:8000 by python3[{first.pid}] "python3 -m http.server 8000" '
          "(the same program, started ",
          "why   another socket listens there", f"do    stop python3[{first.pid}]")


@case
def http_server_restarts_quietly(this):
    """It sets allow_reuse_address: TIME_WAIT is not in its way."""
    w = Watch(this, 8000)
    first = start(this, "-m", "http.server", 8000)
    sockets.leaves_time_wait(8000, GET)
    first.stop(signal.SIGINT)
    start(this, "-m", "http.server", 8000)
    w.end()


@case
def guide_socketserver_restart(this):
    """TCPServer does not, whatever the guide's option says. Then with the advice followed, which
    says that it does not help yet."""
    this.file("server.py", SOCKETSERVER)
    w = Watch(this, 8000)
    first = start(this, "server.py")
    sockets.leaves_time_wait(8000, GET)
    first.stop(signal.SIGINT)
    second = this.run("python3", "server.py")
    second.fails("OSError: [Errno 98] Address already in use")
    event = w.refusal(second, [], "time_wait", WAIT, "time_wait")
    holder = event["holders"][0]
    same("SO_REUSEADDR", holder["reuseaddr_refused"], "both_lack")
    same("who closed", holder["time_wait"]["closed_by"]["pid"], first.pid)
    same("is it alive", holder["time_wait"]["closed_by"]["alive"], False)
    same("a minute to wait", 55 < event["frees_in_s"] < 65, True)
    # the old connection was born without it
    early = "socketserver.TCPServer.allow_reuse_address = True\nwith "
    this.file("server.py", SOCKETSERVER.replace("with ", early))
    third = this.run("python3", "server.py")
    third.fails("OSError: [Errno 98] Address already in use")
    event = w.refusal(third, [], "time_wait", WAIT, "time_wait")
    same("SO_REUSEADDR", event["holders"][0]["reuseaddr_refused"], "holder_lacks")
    w.end("held  TIME_WAIT 127.0.0.1:8000 <- 127.0.0.1:",
          f'closed by python3[{first.pid}] "python3 server.py" (exited)',
          "why   neither socket set SO_REUSEADDR",
          "set SO_REUSEADDR before bind() in server.py: it helps from the restart after this one",
          "why   the new socket set SO_REUSEADDR, but the old one had not",
          "keep SO_REUSEADDR in server.py: it is right")


@case
def guide_socketserver_twice(this):
    this.file("server.py", SOCKETSERVER)
    w = Watch(this, 8000)
    first = start(this, "server.py")
    second = this.run("python3", "server.py", room=0)
    event = w.refusal(second, [first.pid])
    second.fails("OSError: [Errno 98] Address already in use")
    same("same program", event["holders"][0]["processes"][0].get("same_program"), True)
    w.follow(event)
    start(this, "server.py")
    w.end("why   another socket listens there")


@case
def guide_raw_socket(this):
    """Its SO_REUSEADDR does not help against somebody else's listener."""
    this.file("server.py", RAW_SOCKET)
    w = Watch(this, 8000)
    this.run("python3", "server.py").lines.until("Server is listening...")
    holder = start(this, "-m", "http.server", 8000)
    asker = this.run("python3", "server.py")
    asker.lines.until(r"Binding failed: \[Errno 98\] Address already in use")
    event = w.refusal(asker, [holder.pid], address="127.0.0.1")
    same("overlap", event["holders"][0]["overlap"], "holder_wildcard")
    same("same program", event["holders"][0]["processes"][0].get("same_program"), None)
    w.end(f'by python3[{holder.pid}] "python3 -m http.server 8000"',
          "why   another socket listens there; the holder's wildcard includes the address asked")


@case
def guide_flask(this):
    this.file("app.py", FLASK)
    w = Watch(this, 5000)
    first = start(this, "app.py", ready="Running on http://")
    second = this.run("python3", "app.py", room=SAID_BEFORE)
    event = w.refusal(second, [first.pid], address="0.0.0.0")
    second.fails("Port 5000 is in use by another program")
    w.follow(event)
    again = start(this, "app.py", ready="Running on http://")
    sockets.leaves_time_wait(5000, GET)
    again.stop(signal.SIGINT)
    start(this, "app.py", ready="Running on http://")
    w.end("(the same program, started ")
