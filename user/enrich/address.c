// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "enrich/address.h"

#include <errno.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <linux/if_addr.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "enrich/netns.h"
#include "enrich/proc.h"

enum { LOWER_UP = 1 << 16 }; /* IFF_LOWER_UP of linux/if.h, which does not go with net/if.h */

struct look {
	const struct bt_sock *asked;
	struct address_facts *facts;
	char table[65536]; /* the beginning of if_inet6 */
};

int address_flags_in(const char *table, const uint8_t address[16], unsigned ifindex)
{
	unsigned index, flags, byte;
	int i;

	for (; *table; table += strcspn(table, "\n"), table += *table == '\n') {
		if (sscanf(table, "%*32s %x %*x %*x %x", &index, &flags) != 2 || index != ifindex)
			continue;
		for (i = 0; i < 16; i++)
			if (sscanf(table + 2 * i, "%2x", &byte) != 1 || byte != address[i])
				break;
		if (i == 16)
			return (int)flags;
	}
	return -1;
}

/* ipv6_chk_addr(): an optimistic address is used before it is known to be nobody else's. */
static enum address_state state_of_flags(int flags)
{
	if (flags >= 0 && flags & IFA_F_DADFAILED)
		return ADDRESS_DUPLICATE;
	if (flags >= 0 && flags & IFA_F_TENTATIVE && !(flags & IFA_F_OPTIMISTIC))
		return ADDRESS_TENTATIVE;
	return ADDRESS_USABLE;
}

/* The address in question as one of IPv4, or of IPv6; NULL: it is not. */
static const uint8_t *as_v4(const struct bt_sock *s)
{
	return s->family == AF_INET ? s->addr : bt_is_mapped(s) ? s->addr + 12 : NULL;
}

static const uint8_t *as_v6(const struct bt_sock *s)
{
	return s->family == AF_INET6 && !bt_is_mapped(s) ? s->addr : NULL;
}

static bool is_loopback6(const uint8_t *six)
{
	return six && IN6_IS_ADDR_LOOPBACK((const struct in6_addr *)(const void *)six);
}

static bool is_link_local(const uint8_t *six)
{
	return six && IN6_IS_ADDR_LINKLOCAL((const struct in6_addr *)(const void *)six);
}

/* An address of IPv4 stays local when its interface goes down (fib_sync_down_dev). */
static enum address_state state_v4(const uint8_t *asked, const struct ifaddrs *i)
{
	const struct sockaddr_in *in = (const void *)i->ifa_addr;

	return asked && !memcmp(&in->sin_addr, asked, 4) ? ADDRESS_USABLE : ADDRESS_ABSENT;
}

/* ipv6_chk_addr(): only an address of the link has to be on the very interface. */
static enum address_state state_v6(const struct look *l, const uint8_t *asked,
				   const struct ifaddrs *i)
{
	const struct sockaddr_in6 *in6 = (const void *)i->ifa_addr;
	unsigned index = if_nametoindex(i->ifa_name);

	if (!asked || memcmp(&in6->sin6_addr, asked, 16))
		return ADDRESS_ABSENT;
	if (is_link_local(asked) && index != l->asked->ifindex)
		return ADDRESS_ELSEWHERE;
	if (!(i->ifa_flags & IFF_UP))
		return ADDRESS_DOWN;
	return state_of_flags(address_flags_in(l->table, asked, index));
}

/* What this one row of the interfaces' addresses says; ADDRESS_ABSENT: it is about another address. */
static enum address_state state_on(const struct look *l, const struct ifaddrs *i)
{
	/* an lo that is down has no ::1 */
	if (i->ifa_flags & IFF_LOOPBACK && !(i->ifa_flags & IFF_UP) &&
	    is_loopback6(as_v6(l->asked)))
		return ADDRESS_DOWN;
	if (i->ifa_addr && i->ifa_addr->sa_family == AF_INET)
		return state_v4(as_v4(l->asked), i);
	if (i->ifa_addr && i->ifa_addr->sa_family == AF_INET6)
		return state_v6(l, as_v6(l->asked), i);
	return ADDRESS_ABSENT;
}

/* IPv6 of an interface, in the namespace we are in. */
static bool is_off(const char *device)
{
	char path[64], value = 0;
	int fd;

	snprintf(path, sizeof(path), "/proc/sys/net/ipv6/conf/%s/disable_ipv6", device);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	if (read(fd, &value, 1) != 1)
		value = 0;
	close(fd);
	return value == '1';
}

/* Of several interfaces that have the address, the one that comes nearest to what was asked for. */
static void look_at(struct look *l, const struct ifaddrs *i)
{
	enum address_state state = state_on(l, i), before = l->facts->state;

	if (state == ADDRESS_ABSENT ||
	    (before != ADDRESS_ABSENT && before != ADDRESS_ELSEWHERE && state != ADDRESS_USABLE))
		return;
	l->facts->state = state;
	l->facts->no_carrier = !(i->ifa_flags & LOWER_UP);
	snprintf(l->facts->device, sizeof(l->facts->device), "%s", i->ifa_name);
}

/* An address of the link says nothing without its interface, which not every rung sees. */
static bool is_half_known(const struct bt_sock *s)
{
	return is_link_local(as_v6(s)) && !s->ifindex;
}

/* In the asker's network namespace. */
static void look(void *context)
{
	struct look *l = context;
	struct ifaddrs *list, *i;

	if (getifaddrs(&list))
		return;
	proc_read(AT_FDCWD, "/proc/thread-self/net/if_inet6", l->table, sizeof(l->table));
	l->facts->state = ADDRESS_ABSENT;
	for (i = list; i; i = i->ifa_next)
		look_at(l, i);
	freeifaddrs(list);
	if (l->facts->state == ADDRESS_ABSENT && is_loopback6(as_v6(l->asked)) && is_off("lo"))
		l->facts->state = ADDRESS_IPV6_OFF;
}

void address_enrich(struct event *e)
{
	static struct look l;

	/* of several addresses (sctp_bindx) nobody knows which it was */
	if (e->rec.error != EADDRNOTAVAIL || e->rec.operation != BT_OP_BIND || e->rec.more_len ||
	    (e->rec.sock.family != AF_INET && e->rec.sock.family != AF_INET6) ||
	    is_half_known(&e->rec.sock))
		return;
	l.asked = &e->rec.sock;
	l.facts = &e->address;
	netns_visit(&e->rec, look, &l);
}
