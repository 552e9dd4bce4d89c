# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""A case: a network of its own, the programs in it, and the end of all of them."""
import ctypes
import fcntl
import glob
import os
import re
import select
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import traceback

DEADLINE_S = 30  # for whatever is awaited; nothing takes a tenth of it
NOBODY = 65534
BUNDLE = None  # the folder with bindtrace, set by run

# Where the programs are: Debian's places, and the same in what tests/tools/packages has unpacked.
# Not where a user's own interpreters are: nobody else may be let in there.
UNPACKED = os.environ.get("BINDTRACE_PROGRAMS", "/var/cache/bindtrace-programs")
PATH = ":".join(root + folder for root in ["", *glob.glob(UNPACKED + "/*")]
                for folder in ("/usr/bin", "/usr/sbin", "/usr/lib/postgresql/15/bin"))
MACHINE = os.stat("/proc/self/ns/net").st_ino # the network of everybody else

CASES = []


class Failure(Exception):
    """What a case says when bindtrace, or a program, is not as it should be."""


class Skip(Exception):
    """This machine cannot play the case."""


def case(function):
    """Marks a function of one argument, the Case, as one to be played."""
    CASES.append(function)
    return function


def check(condition, why):
    if not condition:
        raise Failure(why)


def find(name):
    """The path of a program; packages are to have installed it, so a missing one is a failure."""
    path = shutil.which(name, path=PATH)
    check(path, f"{name} is not installed (make deps-test)")
    return path


class Lines:
    """The lines that come out of a pipe, as they come; all holds those that have come."""

    def __init__(self, pipe):
        self.pipe = pipe # a descriptor
        self.buffer = b""
        self.all = []

    def next(self):
        """The next line without its end, None when there is no more."""
        while b"\n" not in self.buffer:
            ready, _, _ = select.select([self.pipe], [], [], DEADLINE_S)
            check(ready, f"nothing more came after: {self.tail()}")
            more = os.read(self.pipe, 65536)
            if not more:
                if not self.buffer:
                    return None
                more = b"\n"
            self.buffer += more
        line, self.buffer = self.buffer.split(b"\n", 1)
        self.all.append(line.decode("utf-8", "replace"))
        return self.all[-1]

    def until(self, pattern, times=1):
        """Reads up to the line in which the pattern is found for the times-th time."""
        while times:
            line = self.next()
            check(line is not None, f"it ended before '{pattern}': {self.tail()}")
            times -= bool(re.search(pattern, line))

    def rest(self):
        while self.next() is not None:
            pass
        return self.all

    def tail(self):
        return " | ".join(self.all[-5:])


def full_pipe(room):
    """The ends of a pipe that takes only so many bytes more: who writes more waits for a reader."""
    page = os.sysconf("SC_PAGE_SIZE")
    out, into = os.pipe()
    check(fcntl.fcntl(into, fcntl.F_SETPIPE_SZ, page) == page, "no pipe of one page")
    os.write(into, b"." * (page - room - 1) + b"\n")
    return out, into


class Program:
    """A program that runs, its output and errors in lines. With room, it gets no further than to
    write so many bytes until they are read: what is refused and says so, is still there when
    bindtrace looks for it."""

    def __init__(self, words, executable, user, cwd, room):
        out, into = os.pipe() if room is None else full_pipe(room)
        self.words = words
        more = {"env": {"PATH": PATH, "HOME": "/nonexistent", "LC_ALL": "C.UTF-8",
                        "PYTHONUNBUFFERED": "1"}}
        if user is not None:
            more.update(user=user, group=user, extra_groups=[])
        # a session of its own, as from a terminal
        self.process = subprocess.Popen(words, executable=executable, start_new_session=True,
                                        cwd=cwd, stdin=subprocess.DEVNULL, stdout=into,
                                        stderr=into, **more)
        os.close(into)
        self.pid = self.process.pid
        self.lines = Lines(out)

    def ends(self):
        """Awaits its end; its output."""
        output = "\n".join(self.lines.rest())
        self.process.wait(DEADLINE_S)
        return output

    def fails(self, message):
        """Awaits that it gives up, with this in its output."""
        output = self.ends()
        check(self.process.returncode, f"{self.words[0]} did not fail: {output[-300:]}")
        check(message in output, f"{self.words[0]} did not say '{message}': {output[-300:]}")

    def stop(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        return self.ends()


def fresh_network():
    """A network namespace with nothing but lo, and a host name that resolves to it everywhere."""
    clone_newnet, clone_newuts = 0x40000000, 0x04000000
    siocgifflags, siocsifflags, iff_up = 0x8913, 0x8914, 1
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(clone_newnet | clone_newuts):
        raise Skip(f"no network namespace: {os.strerror(ctypes.get_errno())}")
    socket.sethostname("127.0.0.1")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        answer = fcntl.ioctl(s, siocgifflags, struct.pack("16sH14x", b"lo", 0))
        flags = struct.unpack("16sH14x", answer)[1]
        fcntl.ioctl(s, siocsifflags, struct.pack("16sH14x", b"lo", flags | iff_up))


def end_networks(networks):
    """Ends every process in these network namespaces but this one: they all are the case's."""
    check(MACHINE not in networks, "not in a network of its own")
    found = True
    while found: # until one look finds none: they may have made others meanwhile
        found = False
        for name in os.listdir("/proc"):
            if not name.isdigit() or int(name) == os.getpid():
                continue
            try:
                pidfd = os.pidfd_open(int(name))
            except OSError:
                continue
            try:
                # asked after the descriptor was opened: it is about that process
                if os.stat(f"/proc/{name}/ns/net").st_ino in networks:
                    signal.pidfd_send_signal(pidfd, signal.SIGKILL)
                    select.select([pidfd], [], [], DEADLINE_S)
                    found = True
            except OSError: # gone, or one that even root may not look at
                pass
            finally:
                os.close(pidfd)


class Case:
    """What a case needs of the world around it."""

    def __init__(self):
        self.dir = tempfile.mkdtemp(prefix="bindtrace-")
        os.chmod(self.dir, 0o755)
        self.programs = []
        self.networks = {os.stat("/proc/self/ns/net").st_ino} # a case may make more

    def file(self, name, content):
        path = os.path.join(self.dir, name)
        with open(path, "w", encoding="utf-8") as f:
            f.write(content)
        return path

    def folder(self, name, user=0):
        path = os.path.join(self.dir, name)
        os.mkdir(path)
        os.chown(path, user, user)
        return path

    def run(self, *words, program=None, user=None, room=None):
        """Starts the program that is called words[0], in the case's folder."""
        words = [str(word) for word in words]
        p = Program(words, program or find(words[0]), user, self.dir, room)
        self.programs.append(p)
        return p

    def end(self):
        end_networks(self.networks)
        for p in self.programs:
            p.process.wait(DEADLINE_S)
            os.close(p.lines.pipe)
        shutil.rmtree(self.dir)


def play(function):
    """Plays a case in a network of its own and says how it went; true: it did not fail."""
    name = function.__name__
    try:
        fresh_network()
        this = Case()
        try:
            function(this)
        finally:
            this.end()
        print(f"ok {name}", flush=True)
    except Skip as why:
        print(f"SKIP {name}: {why}", flush=True)
    except Failure as why:
        print(f"FAIL {name}: {why}", flush=True)
        return False
    except Exception: # of the case itself, or of a program that is not as it should be
        print(f"FAIL {name}: {' '.join(traceback.format_exc().split())}", flush=True)
        return False
    return True
