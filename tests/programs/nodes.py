# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Node.js: net, cluster and dgram."""
import sockets
from kit import case, check
from watch import OTHER_PORT, STOP, Watch, same

SERVER = """\
require('net').createServer((socket) => socket.end('bye')).listen(3000, () => console.log('up'));
"""

# what Node's documentation of 'EADDRINUSE' does
RETRIES = """\
const net = require('net');
const PORT = 3000, HOST = undefined;
const server = net.createServer();
server.on('listening', () => console.log('up'));
server.on('error', (e) => {
  if (e.code === 'EADDRINUSE') {
    console.error('Address in use, retrying...');
    setTimeout(() => {
      server.close();
      server.listen(PORT, HOST);
    }, 1000);
  }
});
server.listen(PORT, HOST);
"""

TWICE = """\
const net = require('net');
net.createServer().listen(3000, () => {
	net.createServer().on('error', (e) => console.log(e.message)).listen(3000);
});
"""

CLUSTER = """\
const cluster = require('cluster');
if (cluster.isPrimary) {
	for (let i = 0; i < 2; i++)
		cluster.fork();
	let n = 0;
	cluster.on('listening', () => ++n == 2 && console.log('up'));
} else {
	require('net').createServer().listen(3000);
}
"""

DGRAM = """\
const socket = require('dgram').createSocket('udp4');
socket.bind(3000, () => console.log('up'));
"""

DGRAM_SHARES = """\
const socket = require('dgram').createSocket({ type: 'udp4', reuseAddr: true });
socket.on('listening', () => console.log('up'));
socket.bind(3000);
"""

UDP_ADVICE = [STOP, "set_reuseaddr next_restart", OTHER_PORT]


def start(this, name, content):
    this.file(name, content)
    p = this.run("node", name)
    p.lines.until("^up$")
    return p


@case
def node_net_twice(this):
    """It tries again by itself, and the advice lets it in."""
    w = Watch(this, 3000)
    first = start(this, "server.js", RETRIES)
    second = this.run("node", "server.js")
    event = w.refusal(second, [first.pid], family="ipv6", address="::")
    same("same program", event["holders"][0]["processes"][0].get("same_program"), True)
    w.follow(event)
    second.lines.until("^up$")
    w.end(f'held  LISTEN [::]:3000 by node[{first.pid}] "node server.js" (the same program',
          f"resolved: tcp [::]:3000 bound by node[{second.pid}]",
          refused=second.lines.all.count("Address in use, retrying..."))


@case
def node_net_restarts_quietly(this):
    w = Watch(this, 3000)
    first = start(this, "server.js", SERVER)
    sockets.leaves_time_wait(3000)
    first.stop()
    start(this, "server.js", SERVER)
    w.end()


@case
def node_net_twice_in_one_process(this):
    w = Watch(this, 3000)
    this.file("twice.js", TWICE)
    p = this.run("node", "twice.js")
    event = w.refusal(p, [p.pid])
    check("command" not in event["advice"][0], "a command that ends the asker")
    p.lines.until("listen EADDRINUSE: address already in use :::3000")
    w.end(f"by node[{p.pid}], the asker itself, for ",
          "close the first one: the same process holds it, as descriptor ")


@case
def node_cluster(this):
    """The primary alone has the socket: no worker is to be named."""
    w = Watch(this, 3000)
    first = start(this, "cluster.js", CLUSTER)
    this.file("server.js", SERVER)
    second = this.run("node", "server.js")
    second.fails("EADDRINUSE")
    event = w.refusal(second, [first.pid])
    w.follow(event)
    start(this, "server.js", SERVER)
    w.end(f'by node[{first.pid}] "node cluster.js" for ')


@case
def node_dgram_says_nothing(this):
    """With a callback the error has nobody to tell it to: node ends with status 0."""
    w = Watch(this, 3000)
    first = start(this, "udp.js", DGRAM)
    second = this.run("node", "udp.js")
    same("what node says", second.ends(), "")
    event = w.refusal(second, [first.pid], "udp_in_use", UDP_ADVICE, "udp", protocol="udp")
    w.follow(event)
    start(this, "udp.js", DGRAM)
    w.end(f'held  BOUND 0.0.0.0:3000 by node[{first.pid}] "node udp.js"',
          "why   another UDP socket has the port: neither asked to share it")


@case
def node_dgram_one_shares(this):
    w = Watch(this, 3000)
    first = start(this, "udp.js", DGRAM)
    this.file("shares.js", DGRAM_SHARES)
    second = this.run("node", "shares.js")
    second.fails("Error: bind EADDRINUSE 0.0.0.0:3000")
    w.refusal(second, [first.pid], "udp_in_use", UDP_ADVICE, "udp", protocol="udp")
    w.end("why   another UDP socket has the port: the holder did not agree to share it")
