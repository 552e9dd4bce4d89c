// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Addresses that cannot be bound: nobody's here, or not yet, or not any more. */
#include <netinet/in.h>
#include <stdio.h>

#include "verdict/verdict.h"

static bool is_multicast4(const struct bt_sock *s)
{
	return s->family == AF_INET && (s->addr[0] & 0xf0) == 0xe0;
}

/* ping_check_bind_addr() takes no multicast address, whoever has it. */
static bool is_ping_multicast(const struct bt_record *r)
{
	return bt_is_ping(&r->sock) && is_multicast4(&r->sock);
}

/* What was found; of several addresses (sctp_bindx) it is not told which was refused. */
static enum address_state state_of(const struct event *e)
{
	return e->rec.more_len || is_ping_multicast(&e->rec) ? ADDRESS_UNKNOWN : e->address.state;
}

enum bt_reason address_reason(const struct event *e)
{
	switch (state_of(e)) {
	case ADDRESS_TENTATIVE:
		return REASON_ADDRESS_TENTATIVE;
	case ADDRESS_DUPLICATE:
		return REASON_ADDRESS_DUPLICATE;
	default:
		return REASON_ADDRESS_NOT_LOCAL;
	}
}

static void add_not_local(struct text *t, const struct bt_record *r)
{
	if (is_ping_multicast(r)) {
		text_add(t, "ping sockets take no multicast address");
		return;
	}
	text_printf(t, "no interface of this network namespace has the address%s",
		    r->more_len ? ", or one of the others given with it" : "");
}

void address_summary(struct text *t, const struct event *e)
{
	const struct address_facts *a = &e->address;

	switch (state_of(e)) {
	case ADDRESS_DOWN:
		text_printf(t, "the address is that of %s, which is down", a->device);
		break;
	case ADDRESS_TENTATIVE:
		text_printf(t,
			    "the address is still tentative on %s: duplicate address detection "
			    "is not done%s",
			    a->device,
			    a->no_carrier ? ", and will not be before the link has a carrier" : "");
		break;
	case ADDRESS_DUPLICATE:
		text_printf(t,
			    "somebody else on the link of %s has the address: duplicate address "
			    "detection has failed",
			    a->device);
		break;
	case ADDRESS_ELSEWHERE:
		text_printf(t, "%s has the address, but the socket is tied to another interface",
			    a->device);
		break;
	case ADDRESS_IPV6_OFF:
		text_add(t, "IPv6 is switched off on lo (net.ipv6.conf.lo.disable_ipv6), so there "
			    "is no ::1");
		break;
	case ADDRESS_USABLE:
		text_printf(t,
			    "%s has the address now: it came a moment too late, or is in a VRF "
			    "that the socket is not in",
			    a->device);
		break;
	default:
		add_not_local(t, &e->rec);
		break;
	}
}

/* Where IP_FREEBIND helps: raw_bind() has looked at it since 5.17 or so, ping sockets want no multicast. */
static bool can_freebind(const struct bt_record *r)
{
	if (r->sock.protocol == IPPROTO_RAW && r->sock.family == AF_INET)
		return r->rule & BT_RULE_BHASH2;
	return !is_ping_multicast(r);
}

static void advise_freebind(struct event *e, const char *text)
{
	if (can_freebind(&e->rec))
		verdict_advise(e, ACTION_SET_FREEBIND, EFFECTIVE_NOW, text);
}

static void advise_up(struct event *e)
{
	const char *device = e->address.device;
	struct advice *a =
		verdict_advise(e, ACTION_BRING_UP, EFFECTIVE_NOW,
			       "bring the interface up, in the network namespace of the program");

	/* a name may have any character but '/' and white space */
	if (a && device[strspn(device, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				       "0123456789_.@:-")] == '\0')
		snprintf(a->command, sizeof(a->command), "ip link set %s up", device);
}

static void advise_tentative(struct event *e)
{
	if (e->address.no_carrier)
		verdict_advise(e, ACTION_BRING_UP, EFFECTIVE_NOW,
			       "see that the link comes up (cable, peer, switch port)");
	else
		verdict_advise(
			e, ACTION_WAIT, EFFECTIVE_AFTER_WAIT,
			"wait until the detection is done, mostly a second or two (in a unit: "
			"After= and Wants=network-online.target)");
	advise_freebind(e, "or set IP_FREEBIND before bind() (FreeBind= in a .socket unit), which "
			   "does not wait for it");
	verdict_advise(e, ACTION_SKIP_DAD, EFFECTIVE_NEXT_RESTART,
		       "or add the address without the detection (ip address add ... nodad, or "
		       "IPv6DuplicateAddressDetection=0 of systemd-networkd)");
}

static void advise_ipv6(struct event *e)
{
	struct advice *a = verdict_advise(
		e, ACTION_ENABLE_IPV6, EFFECTIVE_NOW,
		"switch it on, in the network namespace of the program, or bind 127.0.0.1");

	if (a)
		snprintf(a->command, sizeof(a->command),
			 "sysctl -w net.ipv6.conf.lo.disable_ipv6=0");
}

static void advise_not_local(struct event *e)
{
	verdict_advise(e, ACTION_ADD_ADDRESS, EFFECTIVE_NOW,
		       "bind an address that this machine has, or give it this one");
	advise_freebind(e, "if the address comes later (failover, DHCP): set IP_FREEBIND before "
			   "bind() (FreeBind= in a .socket unit)");
}

void address_advice(struct event *e)
{
	switch (state_of(e)) {
	case ADDRESS_DOWN:
		advise_up(e);
		break;
	case ADDRESS_TENTATIVE:
		advise_tentative(e);
		break;
	case ADDRESS_DUPLICATE:
		verdict_advise(
			e, ACTION_ADD_ADDRESS, EFFECTIVE_NOW,
			"use another address, or take it from whoever has it, remove it here "
			"and add it again");
		break;
	case ADDRESS_ELSEWHERE:
		verdict_advise(e, ACTION_SET_SCOPE, EFFECTIVE_NOW,
			       "tie the socket to the interface that has the address, or to none "
			       "(SO_BINDTODEVICE, sin6_scope_id)");
		break;
	case ADDRESS_IPV6_OFF:
		advise_ipv6(e);
		break;
	case ADDRESS_USABLE:
		verdict_advise(e, ACTION_RETRY, EFFECTIVE_NOW, "try again");
		advise_freebind(e,
				"and set IP_FREEBIND before bind(), if the address comes late at "
				"every start (FreeBind= in a .socket unit)");
		break;
	default:
		advise_not_local(e);
		break;
	}
}
