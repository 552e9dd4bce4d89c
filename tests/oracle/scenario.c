/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Random sockets. */

#include <linux/filter.h>
#include <arpa/inet.h>
#include <sys/fsuid.h>

#include "oracle.h"

static uint64_t random_state_word;

void seed_random(uint64_t seed)
{
	random_state_word = seed;
}

/* splitmix64: every seed gives a different sequence, on every machine the same one */
static uint64_t next_random(void)
{
	uint64_t z = random_state_word += 0x9e3779b97f4a7c15;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z ^ (z >> 31);
}

unsigned pick(unsigned n)
{
	return (unsigned)(next_random() % n);
}

bool one_in(unsigned n)
{
	return !pick(n);
}

/* 127.0.0.6 is what the kernel keeps beside an IPv6 address: LOOPBACK4_IPV6. */
static const char *random_address(void)
{
	static const char *const addresses[] = {
		"0.0.0.0",
		"0.0.0.0",
		"127.0.0.1",
		"127.0.0.1",
		"127.0.0.2",
		"127.0.0.6",
		"::",
		"::",
		"::1",
		"fd00::2",
		"::ffff:0.0.0.0",
		"::ffff:127.0.0.1",
		"::ffff:127.0.0.2",
		"::ffff:127.0.0.6",
	};

	return addresses[pick(sizeof(addresses) / sizeof(*addresses))];
}

static bool is_mapped(const char *address)
{
	return !strncmp(address, "::ffff:", 7);
}

struct spec random_spec(void)
{
	static const uid_t uids[] = { 0, 0, 1000, 1000, 1001 };
	struct spec s = { .address = random_address() };

	if (one_in(2))
		s.options |= RA;
	if (!pick(5) || (one_in(2) && (s.options & RA)) || one_in(3))
		s.options |= RP;
	/* a mapped address on a V6ONLY socket is refused before anybody looks at the port */
	if (strchr(s.address, ':') && !is_mapped(s.address) && one_in(2))
		s.options |= V6ONLY;
	s.uid = uids[pick(sizeof(uids) / sizeof(*uids))];
	s.by_fsuid = one_in(2);
	if (one_in(4))
		s.ifindex = one_in(2) ? 1 : second_device();
	/* a specific IPv6 address must be the device's own, the mapped ones are everybody's */
	if (s.ifindex > 1 && strchr(s.address, ':') && strcmp(s.address, "::") &&
	    !(is_mapped(s.address) && second_device_exists()))
		s.ifindex = 1;
	s.grouped = (s.options & RP) && one_in(6);
	return s;
}

/* Only lo brings connections. */
enum state random_state(const struct spec *spec)
{
	if (spec->ifindex > 1)
		return one_in(2) ? BOUND : LISTENING;
	return (enum state)pick(N_STATES);
}

static void join_group(int fd)
{
	struct sock_filter code[] = { { BPF_RET | BPF_K, 0, 0, 0 } };
	struct sock_fprog program = { 1, code };

	must(!setsockopt(fd, SOL_SOCKET, SO_ATTACH_REUSEPORT_CBPF, &program, sizeof(program)),
	     "SO_ATTACH_REUSEPORT_CBPF failed");
}

int open_socket(const struct spec *spec)
{
	struct ep ep = at(spec->address, 0);
	int fd;

	if (spec->by_fsuid) {
		setfsuid(spec->uid);
		fd = new_socket(ep, spec->options);
		setfsuid(0);
	} else {
		fd = new_socket_as(spec->uid, ep, spec->options);
	}
	if (spec->ifindex)
		must(!setsockopt(fd, SOL_SOCKET, SO_BINDTOIFINDEX, &spec->ifindex, sizeof(int)),
		     "SO_BINDTOIFINDEX failed");
	if (spec->grouped)
		join_group(fd);
	return fd;
}

struct bt_sock as_bt_sock(const struct spec *spec)
{
	struct ep ep = at(spec->address, 0);
	struct bt_sock s = { .family = ep.sa.sa_family, .uid = spec->uid };

	if (s.family == AF_INET)
		memcpy(s.addr, &ep.in.sin_addr, 4);
	else
		memcpy(s.addr, &ep.in6.sin6_addr, 16);
	s.v6only = !!(spec->options & V6ONLY);
	return s;
}

const char *describe(const struct spec *spec, char text[160])
{
	snprintf(text, 160, "%s%s%s%s%s uid %u by %s device %d", spec->address,
		 spec->options & RA ? " REUSEADDR" : "", spec->options & RP ? " REUSEPORT" : "",
		 spec->options & V6ONLY ? " V6ONLY" : "", spec->grouped ? " CBPF" : "", spec->uid,
		 spec->by_fsuid ? "fsuid" : "euid", spec->ifindex);
	return text;
}

void print_round(const struct round *round)
{
	static const char *const states[N_STATES] = {
		"bound",  "listening", "established", "unaccepted", "close_wait",
		"orphan", "fin_wait2", "time_wait",   "outgoing",
	};
	char text[160];

	for (unsigned i = 0; i < round->n; i++) {
		const struct party *p = &round->parties[i];

		printf("  %u: port %u %s -> %s%s\n", i + 1, round->port, describe(&p->spec, text),
		       p->bound ? states[p->state] : "not bound",
		       p->listener_gone ? ", listener closed" : "");
	}
}
