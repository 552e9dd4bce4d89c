/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What a case expects bindtrace to print, on stdout for the driver. */

#include <arpa/inet.h>
#include <stdarg.h>

#include "kit.h"

enum { MAX_ALLOWED = 16 };

/* What the last refused call asked for. */
static struct {
	const char *operation;
	int error;
	struct ep ep;
	unsigned options;
	pid_t pid, ppid;
	uid_t uid;
	bool no_socket;
} asked;

static pid_t allowed[MAX_ALLOWED];
static int n_allowed;

static unsigned options_of(int fd)
{
	int value = 0;
	unsigned options = 0;
	socklen_t len = sizeof(value);

	if (!getsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &value, &len) && value)
		options |= RA;
	if (!getsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &value, &len) && value)
		options |= RP;
	if (getsockopt(fd, SOL_SOCKET, SO_PROTOCOL, &value, &len))
		return options;
	if (value == IPPROTO_MPTCP)
		options |= MPTCP;
	else if (value == IPPROTO_UDP)
		options |= UDP;
	else if (value == IPPROTO_UDPLITE)
		options |= UDPLITE;
	else if (value == IPPROTO_SCTP)
		options |= SCTP;
	else if (value == IPPROTO_ICMP || value == IPPROTO_ICMPV6)
		options |= PING;
	else if (value == RAW_PROTOCOL)
		options |= RAW;
	return options;
}

static const char *protocol_of(unsigned options)
{
	if (options & UDP)
		return "udp";
	if (options & UDPLITE)
		return "udplite";
	if (options & SCTP)
		return "sctp";
	if (options & PING)
		return "icmp";
	if (options & RAW)
		return "raw";
	return options & MPTCP ? "mptcp" : "tcp";
}

void remember(const char *operation, int fd, struct ep ep, int error)
{
	asked.operation = operation;
	asked.error = error;
	asked.ep = ep;
	asked.options = fd >= 0 ? options_of(fd) : 0;
	asked.no_socket = error == EBADF || error == ENOTSOCK;
	asked.pid = getpid();
	asked.ppid = getppid();
	asked.uid = getuid();
}

void refused_in(pid_t pid, pid_t ppid, uid_t uid, struct ep ep, int error)
{
	remember("bind", -1, ep, error);
	asked.pid = pid;
	asked.ppid = ppid;
	asked.uid = uid;
}

void refused_in_child(void)
{
	asked.pid = 0;
	asked.ppid = getpid();
}

void refused_protocol(unsigned option)
{
	asked.options = option;
}

static void address_text(struct ep ep, char *text, socklen_t size)
{
	if (ep.sa.sa_family == AF_UNIX)
		snprintf(text, size, "%s%.*s", ep.un.sun_path[0] ? "" : "@",
			 (int)(ep.len - offsetof(struct sockaddr_un, sun_path) - 1),
			 ep.un.sun_path + !ep.un.sun_path[0]);
	else if (ep.sa.sa_family == AF_INET6)
		inet_ntop(AF_INET6, &ep.in6.sin6_addr, text, size);
	else
		inet_ntop(AF_INET, &ep.in.sin_addr, text, size);
}

void allow(pid_t pid)
{
	for (int i = 0; i < n_allowed; i++)
		if (allowed[i] == pid)
			return;
	must(n_allowed < MAX_ALLOWED, "too many allowed processes in the case");
	allowed[n_allowed++] = pid;
}

void disallow_self(void)
{
	for (int i = 0; i < n_allowed; i++)
		if (allowed[i] == getpid())
			allowed[i] = allowed[--n_allowed];
}

/* Adds to a list of JSON; the three are emptied by expect(). */
static char advice[512], never[256], not_now[256];

__attribute__((format(printf, 3, 4))) static void append(char *list, size_t size, const char *fmt,
							 ...)
{
	size_t n = strlen(list);
	va_list args;

	if (n)
		n += (size_t)snprintf(list + n, size - n, ", ");
	va_start(args, fmt);
	n += (size_t)vsnprintf(list + n, size - n, fmt, args);
	va_end(args);
	must(n < size, "too much advice in the case");
}

void advised(const char *action, const char *effective)
{
	append(advice, sizeof(advice), "{'action': '%s', 'effective': '%s'}", action, effective);
}

void not_advised(const char *action)
{
	append(never, sizeof(never), "'%s'", action);
}

void not_advised_now(const char *action)
{
	append(not_now, sizeof(not_now), "'%s'", action);
}

static int print_advice(char *text, size_t size)
{
	int n = 0;

	if (*advice)
		n += snprintf(text + n, size - n, ", 'advice': [%s]", advice);
	if (*never)
		n += snprintf(text + n, size - n, ", 'not_advised': [%s]", never);
	if (*not_now)
		n += snprintf(text + n, size - n, ", 'not_advised_now': [%s]", not_now);
	*advice = *never = *not_now = '\0';
	return n;
}

/* Under the driver: stay as you are until the tracer has printed everything so far. */
static void settle(void)
{
	char byte;

	if (!getenv("BINDTRACE_CASE_SETTLE"))
		return;
	printf("{\"settle\": true}\n");
	fflush(stdout);
	must(read(STDIN_FILENO, &byte, 1) == 1, "the driver went away");
}

void await_event(void)
{
	char byte;

	if (!getenv("BINDTRACE_CASE_SETTLE"))
		return;
	printf("{\"await\": true}\n");
	fflush(stdout);
	must(read(STDIN_FILENO, &byte, 1) == 1, "the driver went away");
}

static bool too_short(struct ep ep)
{
	socklen_t least = ep.sa.sa_family == AF_INET6 ? 24 : sizeof(struct sockaddr_in);

	if (ep.sa.sa_family == AF_UNIX)
		return false;
	return ep.len < least; /* 24: SIN6_LEN_RFC2133 */
}

/*
 * Of a call that was refused before the protocol no typed pointer leads to the socket, and programs of control
 * groups, which the last rung has that from, are not asked by SCTP.
 */
static bool nameless(void)
{
	return asked.no_socket || (looks_late() && (too_short(asked.ep) || asked.options & SCTP));
}

/* The members every event has, from the refused call itself. */
static int print_asked(char *text, size_t size)
{
	char address[sizeof(struct sockaddr_un)];
	const char *family = asked.ep.sa.sa_family == AF_UNIX	 ? "unix"
			     : asked.ep.sa.sa_family == AF_INET6 ? "ipv6"
								 : "ipv4";
	int n;

	address_text(asked.ep, address, sizeof(address));
	n = snprintf(text, size,
		     "'operation': '%s', 'errno': '%s', 'errno_number': %d, "
		     "'process': {",
		     asked.operation, strerrorname_np(asked.error), asked.error);
	if (asked.pid)
		n += snprintf(text + n, size - n, "'pid': %d, 'comm': '%s', ", (int)asked.pid,
			      own_comm());
	n += snprintf(text + n, size - n,
		      "'ppid': %d, 'uid': %u}, 'no_other_pids': true, 'allowed_pids': [",
		      (int)asked.ppid, asked.uid);
	for (int i = 0; i < n_allowed; i++)
		n += snprintf(text + n, size - n, "%s%d", i ? ", " : "", (int)allowed[i]);
	n += snprintf(text + n, size - n, "]");
	if (looks_late())
		n += snprintf(text + n, size - n, ", 'order_unseen': true");
	if (nameless())
		n += snprintf(text + n, size - n, ", 'protocol': null");
	else
		n += snprintf(text + n, size - n, ", 'protocol': '%s'",
			      asked.ep.sa.sa_family == AF_UNIX ? family
							       : protocol_of(asked.options));
	if (asked.error == EAFNOSUPPORT || too_short(asked.ep))
		return n; /* it does not say what was asked for */
	n += snprintf(text + n, size - n, ", 'family': '%s', 'address': '%s'", family, address);
	if (asked.ep.sa.sa_family == AF_UNIX)
		return n + snprintf(text + n, size - n, ", 'port': null");
	if (asked.options & RAW)
		return n + snprintf(text + n, size - n, ", 'port': null, 'ip_protocol': %d",
				    RAW_PROTOCOL);
	n += snprintf(text + n, size - n, ", 'port': %u", port_of(asked.ep));
	if (asked.error == EADDRINUSE)
		n += snprintf(text + n, size - n, ", 'layer': 'port_table'");
	if (asked.error == EADDRINUSE && !nameless())
		n += snprintf(text + n, size - n,
			      ", 'socket': {'reuse_address': %s, 'reuse_port': %s}",
			      asked.options & RA ? "true" : "false",
			      asked.options & RP ? "true" : "false");
	return n;
}

void expect(const char *fmt, ...)
{
	char text[8192] = "{";
	int n = 1 + print_asked(text + 1, sizeof(text) - 1);
	va_list args;

	n += snprintf(text + n, sizeof(text) - n, ", ");
	va_start(args, fmt);
	n += vsnprintf(text + n, sizeof(text) - n, fmt, args);
	va_end(args);
	n += print_advice(text + n, sizeof(text) - n);
	must((size_t)n + 2 < sizeof(text), "the expectation is too long");
	for (char *c = text; *c; c++)
		if (*c == '\'')
			*c = '"';
	printf("%s}\n", text);
	fflush(stdout);
	settle();
}

void expect_quiet(void)
{
	printf("{\"quiet\": true}\n");
	fflush(stdout);
}

void expect_more(void)
{
	printf("{\"more\": true}\n");
	fflush(stdout);
}
