/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Sockets, the calls that are refused, and connections in the state a case wants. */

#include <arpa/inet.h>
#include <stdarg.h>
#include <sys/random.h>

#include "kit.h"

/* from 20000 on are those that cases name themselves */
enum { PORT_FIRST = 20100, PORT_COUNT = 9900, PATIENCE_MS = 10000, CROWD_OF_ADDRESS = 40000 };

/* ---- outcome */

void fail(const char *fmt, ...)
{
	int error = errno;
	va_list args;

	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fprintf(stderr, " (errno %d: %s)\n", error, strerror(error));
	exit(1);
}

void skip(const char *reason)
{
	printf("%s\n", reason);
	exit(EXIT_SKIP);
}

void must(bool ok, const char *what)
{
	if (!ok)
		fail("%s", what);
}

/* ---- endpoints */

/* One line of /proc/net/tcp and its kin. */
struct row {
	unsigned local_port, peer_port, state, timer;
};

/* Calls fn for each row of the four tables' first n (tcp, tcp6, udp, udp6); returns the sum of its
 * answers. */
static int each_row(int n, int (*fn)(const struct row *row, const void *arg), const void *arg)
{
	static const char *const tables[] = { "tcp", "tcp6", "udp", "udp6" };
	int sum = 0;

	for (int i = 0; i < n; i++) {
		char path[64], line[512];
		FILE *f;

		snprintf(path, sizeof(path), "/proc/self/net/%s", tables[i]);
		f = fopen(path, "re");
		while (f && fgets(line, sizeof(line), f)) {
			struct row r;

			if (sscanf(line,
				   " %*d: %*[0-9A-F]:%x %*[0-9A-F]:%x %x %*[0-9A-F]:%*[0-9A-F] %x:",
				   &r.local_port, &r.peer_port, &r.state, &r.timer) == 4)
				sum += fn(&r, arg);
		}
		if (f)
			fclose(f);
	}
	return sum;
}

static int touches_port(const struct row *row, const void *arg)
{
	unsigned port = *(const unsigned *)arg;

	return row->local_port == port || row->peer_port == port;
}

unsigned free_port(void)
{
	for (int i = 0; i < 1000; i++) {
		unsigned r, port;

		must(getrandom(&r, sizeof(r), 0) == sizeof(r), "getrandom failed");
		port = PORT_FIRST + r % PORT_COUNT;
		if (!each_row(4, touches_port, &port))
			return port;
	}
	fail("no free port between 20100 and 29999");
}

struct ep at(const char *address, unsigned port)
{
	struct ep ep = { .len = 0 };

	if (strchr(address, ':')) {
		ep.in6.sin6_family = AF_INET6;
		ep.in6.sin6_port = htons((uint16_t)port);
		ep.len = sizeof(ep.in6);
		must(inet_pton(AF_INET6, address, &ep.in6.sin6_addr) == 1,
		     "a bad IPv6 address in the case");
	} else {
		ep.in.sin_family = AF_INET;
		ep.in.sin_port = htons((uint16_t)port);
		ep.len = sizeof(ep.in);
		must(inet_pton(AF_INET, address, &ep.in.sin_addr) == 1,
		     "a bad IPv4 address in the case");
	}
	return ep;
}

/* sin_port and sin6_port are in one place. */
struct ep with_port(struct ep ep, unsigned port)
{
	ep.in.sin_port = htons((uint16_t)port);
	return ep;
}

unsigned port_of(struct ep ep)
{
	return ntohs(ep.in.sin_port);
}

unsigned local_port(int fd)
{
	struct ep ep = { .len = sizeof(ep.in6) };

	must(getsockname(fd, &ep.sa, &ep.len) == 0, "getsockname failed");
	return port_of(ep);
}

/* ---- sockets */

void set_option(int fd, unsigned option)
{
	int one = 1, r = 0;

	if (option == RA)
		r = setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	else if (option == RP)
		r = setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &one, sizeof(one));
	else if (option == V6ONLY)
		r = setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof(one));
	else if (option == ON_LO)
		r = setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, "lo", 3);
	if (r)
		fail("setting option %u failed", option);
}

static int type_of(unsigned options)
{
	if (options & RAW)
		return SOCK_RAW;
	if (options & MANY)
		return SOCK_SEQPACKET;
	return options & (UDP | UDPLITE | PING) ? SOCK_DGRAM : SOCK_STREAM;
}

static int protocol_of(int family, unsigned options)
{
	if (options & PING)
		return family == AF_INET6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP;
	if (options & (SCTP | MANY))
		return IPPROTO_SCTP;
	if (options & RAW)
		return RAW_PROTOCOL;
	return options & MPTCP ? IPPROTO_MPTCP : options & UDPLITE ? IPPROTO_UDPLITE : 0;
}

int new_socket(struct ep ep, unsigned options)
{
	int family = ep.sa.sa_family, zero = 0;
	int fd = socket(family, type_of(options) | SOCK_CLOEXEC, protocol_of(family, options));

	if (fd < 0 && options & MPTCP)
		skip("this kernel has no MPTCP");
	if (fd < 0 && options & UDPLITE)
		skip("this kernel has no UDP-Lite");
	if (fd < 0 && options & (SCTP | MANY))
		skip("this kernel has no SCTP");
	if (fd < 0 && family == AF_INET6)
		skip("this kernel has no IPv6");
	must(fd >= 0, "socket failed");
	/* whatever net.ipv6.bindv6only says; these two take nothing but IPv6 */
	if (family == AF_INET6 && !(options & (PING | RAW)))
		must(!setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &zero, sizeof(zero)),
		     "IPV6_V6ONLY=0 failed");
	if (options & PING)
		must(!setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &zero, sizeof(zero)),
		     "SO_REUSEADDR=0 failed");
	for (unsigned o = RA; o <= ON_LO; o <<= 1)
		if (options & o)
			set_option(fd, o);
	return fd;
}

int new_socket_as(uid_t uid, struct ep ep, unsigned options)
{
	int fd;

	must(seteuid(uid) == 0, "seteuid failed");
	fd = new_socket(ep, options & ~ON_LO);
	must(seteuid(0) == 0, "seteuid back to root failed");
	if (options & ON_LO)
		set_option(fd, ON_LO);
	return fd;
}

void bind_ok(int fd, struct ep ep)
{
	if (bind(fd, &ep.sa, ep.len))
		fail("bind to port %u was refused, it had to succeed", port_of(ep));
}

void listen_ok(int fd)
{
	must(listen(fd, 256) == 0, "listen was refused, it had to succeed");
}

int bound_on(struct ep ep, unsigned options)
{
	int fd = new_socket(ep, options);

	bind_ok(fd, ep);
	allow(getpid());
	return fd;
}

int listen_on(struct ep ep, unsigned options)
{
	int fd = bound_on(ep, options);

	listen_ok(fd);
	return fd;
}

int connect_to(struct ep ep)
{
	int fd = new_socket(ep, 0);

	if (connect(fd, &ep.sa, ep.len))
		fail("connect to port %u failed", port_of(ep));
	return fd;
}

int accept_from(int listener)
{
	int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);

	must(fd >= 0, "accept failed");
	return fd;
}

void shut(int fd)
{
	must(close(fd) == 0, "close failed");
}

void await_eof(int fd)
{
	char c;

	must(read(fd, &c, 1) == 0, "the other end's FIN did not come");
}

/* ---- the refused calls */

void bind_refused(int fd, struct ep ep, int error)
{
	int r = bind(fd, &ep.sa, ep.len);

	if (r == 0)
		fail("bind to port %u succeeded, it had to fail with errno %d", port_of(ep), error);
	if (errno != error)
		fail("bind to port %u failed, but not with errno %d", port_of(ep), error);
	remember("bind", fd, ep, error);
}

void listen_refused(int fd, struct ep ep, int error)
{
	int r = listen(fd, 8);

	if (r == 0 || errno != error)
		fail("listen on port %u had to fail with errno %d", port_of(ep), error);
	remember("listen", fd, ep, error);
}

int refuse(struct ep ep, unsigned options, int error)
{
	int fd = new_socket(ep, options);

	bind_refused(fd, ep, error);
	return fd;
}

/* ---- connections and what is left of them */

struct conn connection(int listener, struct ep server)
{
	struct conn c;

	c.client = connect_to(server);
	c.server = accept_from(listener);
	c.peer_port = local_port(c.client);
	return c;
}

struct conn lone_connection(struct ep ep, unsigned options)
{
	int listener = listen_on(ep, options);
	struct conn c = connection(listener, ep);

	shut(listener);
	return c;
}

/* The client waits for the FIN, so that it is the server's end that closed first. */
static void close_server_first(struct conn c)
{
	shut(c.server);
	await_eof(c.client);
	shut(c.client);
}

/* To look at /proc for each of them takes an emulated CPU seconds, each look being as long as the table. */
void time_waits(int listener, struct ep ep, int count)
{
	for (int i = 0; i < count; i++)
		close_server_first(connection(listener, ep));
	await_state(port_of(ep), TCP_TIME_WAIT, count);
}

/* TIME_WAIT lasts a minute, so nothing is awaited in between. A client's port that came twice would end the first. */
void crowd(int listener, struct ep ep, int count)
{
	for (int i = 0; i < count; i++) {
		struct ep client = at("127.0.0.2", 21000 + (unsigned)i % CROWD_OF_ADDRESS);
		int fd, other;

		client.in.sin_addr.s_addr =
			htonl(ntohl(client.in.sin_addr.s_addr) + (uint32_t)i / CROWD_OF_ADDRESS);
		fd = bound_on(client, 0);
		must(!connect(fd, &ep.sa, ep.len), "connect() failed");
		other = accept_from(listener);
		shut(other);
		shut(fd);
	}
	await_state(port_of(ep), TCP_TIME_WAIT, count);
}

unsigned time_wait_of(struct conn c, unsigned port, int count)
{
	close_server_first(c);
	await_state(port, TCP_TIME_WAIT, count);
	return c.peer_port;
}

unsigned time_wait(struct ep ep, unsigned options)
{
	return time_wait_of(lone_connection(ep, options), port_of(ep), 1);
}

struct wanted {
	unsigned port, state;
	bool mini;
};

static int is_wanted(const struct row *row, const void *arg)
{
	const struct wanted *w = arg;

	return row->local_port == w->port && (!w->state || row->state == w->state) &&
	       (!w->mini || row->timer == 3); /* 3: only mini-sockets */
}

static bool come_rows(struct wanted w, int count)
{
	for (int ms = 0; ms < PATIENCE_MS; ms++) {
		if (each_row(2, is_wanted, &w) == count)
			return true;
		nap_ms(1);
	}
	return false;
}

static void await_rows(struct wanted w, int count)
{
	if (!come_rows(w, count))
		fail("port %u: waited in vain for %d in state %u", w.port, count, w.state);
}

void await_state(unsigned port, unsigned state, int count)
{
	await_rows((struct wanted){ port, state, false }, count);
}

void await_mini(unsigned port, unsigned state)
{
	await_rows((struct wanted){ port, state, true }, 1);
}

bool comes_mini(unsigned port, unsigned state)
{
	return come_rows((struct wanted){ port, state, true }, 1);
}

void await_gone(unsigned port)
{
	await_rows((struct wanted){ port, 0, false }, 0);
}

void fill(int fd)
{
	static const char zeros[16384];

	while (send(fd, zeros, sizeof(zeros), MSG_DONTWAIT | MSG_NOSIGNAL) > 0)
		;
	must(errno == EAGAIN, "filling the socket failed");
}
