# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Flask's reloader: the parent binds, the child serves, and both have the socket."""
from guide import SAID_BEFORE
from kit import case
from watch import Watch, same

APP = """\
from flask import Flask
app = Flask(__name__)
@app.route('/')
def hello():
    return 'Hello, World!'
if __name__ == '__main__':
    app.run(host='0.0.0.0', port=5000, debug=True)
"""


def start(this):
    """The parent, and the pid of its child."""
    p = this.run("python3", "app.py")
    p.lines.until("Debugger PIN") # the child says so when it has the socket
    with open(f"/proc/{p.pid}/task/{p.pid}/children", encoding="ascii") as children:
        child, = children.read().split()
    return p, int(child)


def refused(this):
    """It waits with saying so; see guide.py."""
    return this.run("python3", "app.py", room=SAID_BEFORE)


@case
def reloader_twice(this):
    """Both have to go: the command is for both."""
    this.file("app.py", APP)
    w = Watch(this, 5000)
    first, child = start(this)
    asker = refused(this)
    event = w.refusal(asker, [first.pid, child])
    asker.fails("Port 5000 is in use by another program")
    same("inherited", [p["inherited"] for p in event["holders"][0]["processes"]], [False, True])
    w.follow(event)
    start(this)
    w.end(f"by python3[{first.pid}]", f", shared with python3[{child}]")


@case
def reloader_orphan(this):
    """The parent was killed; what it had started still has the port."""
    this.file("app.py", APP)
    w = Watch(this, 5000)
    first, child = start(this)
    first.process.kill()
    first.process.wait()
    late = Watch(this, 5000)
    asker = refused(this)
    event = w.refusal(asker, [child])
    holder = event["holders"][0]
    for name in "orphaned", "same_program", "inherited":
        same(name, holder["processes"][0].get(name), True)
    same("who bound it", holder["bound_by"]["pid"], first.pid)
    same("is it alive", holder["bound_by"]["alive"], False)
    # who looks only now does not know that there was a parent
    event = late.refusal(asker, [child])
    same("who bound it", event["holders"][0].get("bound_by"), None)
    asker.fails("Port 5000 is in use by another program")
    w.follow(event)
    start(this)
    w.end(f"by python3[{child}]", "(the same program, started ", "its own parent has exited)",
          f'opened by python3[{first.pid}] "python3 app.py" (exited)')
    late.end(f"by python3[{child}]", "(the same program, started ", "its own parent has exited)")
