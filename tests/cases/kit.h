/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What a case program needs: sockets in a line, states of TCP reached by waiting for them, helpers
 * in other processes, and the expectation on stdout.
 *
 * A case makes a refusal, says with expect() which event bindtrace must print, then follows the
 * advice and checks that the bind succeeds. Exit status: 0 all of it held, 1 a sentence on stderr,
 * 77 skipped. Every function here ends the program (status 1) when the system does not do what the
 * case relies on.
 */
#ifndef CASES_KIT_H
#define CASES_KIT_H

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/un.h>
#include <unistd.h>

#ifndef IPPROTO_MPTCP
#define IPPROTO_MPTCP 262
#endif
#ifndef IPPROTO_UDPLITE
#define IPPROTO_UDPLITE 136
#endif

/*
 * Options of a socket, set before bind(). An IPv6 socket without V6ONLY is dual stack. A PING socket
 * without RA has SO_REUSEADDR turned off, which the kernel turns on. SCTP is one-to-one, MANY
 * one-to-many. RAW takes packets of protocol RAW_PROTOCOL.
 */
enum {
	RA = 1,
	RP = 2,
	V6ONLY = 4,
	ON_LO = 8,
	MPTCP = 16,
	UDP = 32,
	UDPLITE = 64,
	PING = 128,
	RAW = 256,
	SCTP = 512,
	MANY = 1024
};

enum { RAW_PROTOCOL = IPPROTO_EGP }; /* nobody's any more */

/* An endpoint: address and port in the form the calls want. */
struct ep {
	union {
		struct sockaddr sa;
		struct sockaddr_in in;
		struct sockaddr_in6 in6;
		struct sockaddr_un un;
	};
	socklen_t len;
};

/* A connection: both ends are in this process, until one is closed. */
struct conn {
	int client, server;
	unsigned peer_port; /* of the client's end */
};

/* A helper process and the two pipes between it and the case. */
struct child {
	pid_t pid;
	int to, from;
};

/* ---- outcome */
enum { EXIT_SKIP = 77 };
__attribute__((noreturn, format(printf, 1, 2))) void fail(const char *fmt, ...);
__attribute__((noreturn)) void skip(const char *reason);
/* Fails the case unless ok; what says what was needed. */
void must(bool ok, const char *what);

/* ---- endpoints */
unsigned free_port(void); /* from 20000..29999: outside the usual range of source ports */
struct ep at(const char *address, unsigned port);
struct ep with_port(struct ep ep, unsigned port);
unsigned port_of(struct ep ep);
struct ep at_path(const char *path);
struct ep at_abstract(const char *name);
struct ep beside(const char *name); /* a path of this name in a directory of the case's own */
unsigned local_port(int fd);

/* ---- sockets */
int new_socket(struct ep ep, unsigned options);
int new_socket_as(uid_t uid, struct ep ep, unsigned options);
void set_option(int fd, unsigned option);
void bind_ok(int fd, struct ep ep);
void listen_ok(int fd);
int bound_on(struct ep ep, unsigned options);
int listen_on(struct ep ep, unsigned options);
int connect_to(struct ep ep);
int accept_from(int listener);
void shut(int fd); /* close() */
void await_eof(int fd);

/* ---- the refused calls; what they asked for is remembered for expect() */
void bind_refused(int fd, struct ep ep, int error);
void listen_refused(int fd, struct ep ep, int error);
int refuse(struct ep ep, unsigned options, int error); /* new_socket and bind_refused */
/* What they do when the call was refused; fd -1 when its options are not known. */
void remember(const char *operation, int fd, struct ep ep, int error);
/* The call was made by another process, which may be gone; pid 0: by a child of ppid. */
void refused_in(pid_t pid, pid_t ppid, uid_t uid, struct ep ep, int error);
void refused_in_child(void);		/* ... a child of this one */
void refused_protocol(unsigned option); /* ... and it was not TCP: UDP, SCTP ... */

/* ---- SCTP with several addresses, each an endpoint of one port */
void bindx_ok(int fd, const struct ep *eps, int n);
void bindx_refused(int fd, const struct ep *eps, int n, int error); /* remembers the first */
void await_association_gone(unsigned port);

/* ---- connections and what is left of them */
struct conn connection(int listener, struct ep server);
struct conn lone_connection(struct ep ep, unsigned options); /* its listener is closed */
/* The server's end closes first; returns the client's port when the mini-socket is there. */
unsigned time_wait(struct ep ep, unsigned options);
unsigned time_wait_of(struct conn c, unsigned port, int count);
void time_waits(int listener, struct ep ep,
		int count); /* of as many connections, one after another */
/* The same for thousands, in a network namespace of the case's own: clients are 40,000 of 127.0.0.2, from
 * port 21000 on, as many of 127.0.0.3, and so on. */
void crowd(int listener, struct ep ep, int count);
void await_state(unsigned port, unsigned state,
		 int count);			/* TCP_*: that many with this local port */
void await_mini(unsigned port, unsigned state); /* mini-socket, TCP_TIME_WAIT or TCP_FIN_WAIT2 */
bool comes_mini(unsigned port, unsigned state); /* false: it does not */
void await_gone(unsigned port);			/* nothing has this local port */
void fill(int fd);				/* writes until no more fits */

/* ---- processes */
bool start_child(struct child *c); /* true in the child */
void signal_parent(const struct child *c);
void wait_parent(const struct child *c);
void signal_child(const struct child *c);
void wait_child(const struct child *c);
void end_child(struct child *c); /* tells it to go on, and waits for its exit with status 0 */
void kill_child(struct child *c);
void send_fd(int channel, int fd);
int receive_fd(int channel);

/* ---- surroundings */
void private_net(void); /* a network namespace with nothing but lo, up */
void set_sysctl(const char *name, const char *value);
long get_sysctl(const char *name);
uint64_t boottime_ns(void);
bool in_kernel(void); /* the tracer's rung is one that sees who in the kernel said no */
/* Does the tracer see these? A word of coverage.missing that the header of a rung must have which does not see
   them (tracepoint, iterator), and no other. */
bool is_seen(const char *what);
bool looks_late(void); /* its rung reads no kernel memory, and looks holders up afterwards */
void nap_ms(unsigned ms);
const char *own_comm(void);
int open_terminal(int *slave); /* a new one's master end; -1: there is none to be had */

/* ---- what the event must and must not advise; counts for the next expect() only */
void advised(const char *action, const char *effective);
void not_advised(const char *action);
void not_advised_now(const char *action);

/* ---- the expectation: JSON members with ' for ", added to what the refused call says by itself */
__attribute__((format(printf, 1, 2))) void expect(const char *fmt, ...);
void allow(pid_t pid); /* a process that holders may name; whoever calls listen_on or bound_on is
			  one */
void disallow_self(void);
void expect_quiet(void); /* a control: no event at all */
void await_event(void);	 /* of the case's, under the driver */
void expect_more(void);	 /* further events of this case do not matter */

#endif /* CASES_KIT_H */
