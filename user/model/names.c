// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#define _GNU_SOURCE /* strerrorname_np, IPPROTO_MPTCP */
#include "model/names.h"

#include <errno.h>
#include <linux/bpf.h>
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "base/number.h"
#include "bpf/abi.h"
#include "bpf/rule.h"

#define N(table)    (sizeof(table) / sizeof((table)[0]))
#define PROTO_MPTCP 262
#define MAX_ERRNO   4095

static const char *const reasons[] = {
	[REASON_OTHER] = "other",
	[REASON_LISTENER] = "listener",
	[REASON_BOUND_NOT_LISTENING] = "bound_not_listening",
	[REASON_ACCEPTED_CONNECTION] = "accepted_connection",
	[REASON_OUTGOING_CONNECTION] = "outgoing_connection",
	[REASON_ORPHAN] = "orphan",
	[REASON_TIME_WAIT] = "time_wait",
	[REASON_FIN_WAIT2] = "fin_wait2",
	[REASON_REUSEPORT_UID] = "reuseport_uid",
	[REASON_REUSEPORT_ONE_SIDED] = "reuseport_one_sided",
	[REASON_LISTEN_CONFLICT] = "listen_conflict",
	[REASON_UDP_IN_USE] = "udp_in_use",
	[REASON_SCTP_IN_USE] = "sctp_in_use",
	[REASON_IDENT_IN_USE] = "ident_in_use",
	[REASON_EPHEMERAL_EXHAUSTED] = "ephemeral_exhausted",
	[REASON_TUPLE_IN_USE] = "tuple_in_use",
	[REASON_TUPLE_TIME_WAIT] = "tuple_time_wait",
	[REASON_ADDRESS_NOT_LOCAL] = "address_not_local",
	[REASON_ADDRESS_TENTATIVE] = "address_tentative",
	[REASON_ADDRESS_DUPLICATE] = "address_duplicate",
	[REASON_SCOPE_MISSING] = "scope_missing",
	[REASON_NO_SUCH_DEVICE] = "no_such_device",
	[REASON_PRIVILEGED_PORT] = "privileged_port",
	[REASON_LSM_DENIED] = "lsm_denied",
	[REASON_CGROUP_DENIED] = "cgroup_denied",
	[REASON_SECCOMP_DENIED] = "seccomp_denied",
	[REASON_ALREADY_BOUND] = "already_bound",
	[REASON_ALREADY_CONNECTED] = "already_connected",
	[REASON_NOT_BOUND] = "not_bound",
	[REASON_CANNOT_LISTEN] = "cannot_listen",
	[REASON_MULTICAST_ADDRESS] = "multicast_address",
	[REASON_BAD_LENGTH] = "bad_length",
	[REASON_BAD_FAMILY] = "bad_family",
	[REASON_NOT_A_SOCKET] = "not_a_socket",
	[REASON_V6ONLY_MAPPED] = "v6only_mapped",
	[REASON_UNIX_PATH_STALE] = "unix_path_stale",
	[REASON_UNIX_PATH_LIVE] = "unix_path_live",
	[REASON_UNIX_PATH_NOT_SOCKET] = "unix_path_not_socket",
	[REASON_UNIX_PATH_ERROR] = "unix_path_error",
	[REASON_UNIX_ABSTRACT_IN_USE] = "unix_abstract_in_use",
	[REASON_HOLDER_GONE] = "holder_gone",
	[REASON_KERNEL_MEMORY] = "kernel_memory",
};
_Static_assert(N(reasons) == N_REASONS, "a reason has no name");

static const char *const layers[] = {
	[LAYER_PORT_TABLE] = "port_table", [LAYER_ADDRESS] = "address",
	[LAYER_PRIVILEGE] = "privilege",   [LAYER_LSM] = "lsm",
	[LAYER_CGROUP_BPF] = "cgroup_bpf", [LAYER_SECCOMP] = "seccomp",
	[LAYER_ARGUMENTS] = "arguments",   [LAYER_FILESYSTEM] = "filesystem",
	[LAYER_MEMORY] = "memory",
};
_Static_assert(N(layers) == N_LAYERS, "a layer has no name");

static const char *const roles[] = {
	[ROLE_LISTENER] = "listener",
	[ROLE_BOUND] = "bound",
	[ROLE_ACCEPTED] = "accepted",
	[ROLE_OUTGOING] = "outgoing",
	[ROLE_ORPHAN] = "orphan",
	[ROLE_TIME_WAIT] = "time_wait",
	[ROLE_FIN_WAIT2] = "fin_wait2",
	[ROLE_UDP] = "udp",
	[ROLE_UNIX] = "unix",
	[ROLE_PING] = "ping",
	[ROLE_ASSOCIATION] = "association",
};
_Static_assert(N(roles) == N_ROLES, "a role has no name");

static const char *const actions[] = {
	[ACTION_WAIT] = "wait",
	[ACTION_STOP_HOLDER] = "stop_holder",
	[ACTION_STOP_KERNEL_USE] = "stop_kernel_use",
	[ACTION_SET_REUSEADDR] = "set_reuseaddr",
	[ACTION_SET_REUSEPORT] = "set_reuseport",
	[ACTION_SAME_USER] = "same_user",
	[ACTION_SET_V6ONLY] = "set_v6only",
	[ACTION_USE_OTHER_ADDRESS] = "use_other_address",
	[ACTION_USE_OTHER_PORT] = "use_other_port",
	[ACTION_RESERVE_PORT] = "reserve_port",
	[ACTION_RETRY] = "retry",
	[ACTION_LISTEN_ONCE] = "listen_once",
	[ACTION_ADD_ADDRESS] = "add_address",
	[ACTION_SET_FREEBIND] = "set_freebind",
	[ACTION_GRANT_CAPABILITY] = "grant_capability",
	[ACTION_LOWER_PRIVILEGED_START] = "lower_privileged_start",
	[ACTION_USE_NEW_SOCKET] = "use_new_socket",
	[ACTION_SET_SCOPE] = "set_scope",
	[ACTION_FIX_ARGUMENTS] = "fix_arguments",
	[ACTION_CHANGE_POLICY] = "change_policy",
	[ACTION_REMOVE_FILE] = "remove_file",
	[ACTION_CREATE_DIRECTORY] = "create_directory",
	[ACTION_GRANT_ACCESS] = "grant_access",
	[ACTION_USE_OTHER_PATH] = "use_other_path",
	[ACTION_WIDEN_PORT_RANGE] = "widen_port_range",
	[ACTION_SET_BIND_ADDRESS_NO_PORT] = "set_bind_address_no_port",
	[ACTION_SET_TIMESTAMPS] = "set_timestamps",
	[ACTION_BRING_UP] = "bring_up",
	[ACTION_SKIP_DAD] = "skip_dad",
	[ACTION_ENABLE_IPV6] = "enable_ipv6",
	[ACTION_UNRESERVE_PORTS] = "unreserve_ports",
};
_Static_assert(N(actions) == N_ACTIONS, "an action has no name");

static const char *const effectives[] = {
	[EFFECTIVE_NOW] = "now",
	[EFFECTIVE_AFTER_WAIT] = "after_wait",
	[EFFECTIVE_NEXT_RESTART] = "next_restart",
};
_Static_assert(N(effectives) == N_EFFECTIVE, "an effect has no name");

static const char *const hooks[] = {
	[BT_HOOK_FEXIT] = "fexit",
	[BT_HOOK_KPROBE_MULTI] = "kprobe_multi",
	[BT_HOOK_TRACEPOINT] = "tracepoint",
	[BT_HOOK_ITERATOR] = "iterator",
};
_Static_assert(N(hooks) == BT_N_HOOKS, "a hook has no name");

static const char *const runtimes[] = {
	[RUNTIME_UNKNOWN] = NULL, [RUNTIME_DOCKER] = "docker", [RUNTIME_CONTAINERD] = "containerd",
	[RUNTIME_CRIO] = "cri-o", [RUNTIME_PODMAN] = "podman",
};
_Static_assert(N(runtimes) == N_RUNTIMES, "a runtime has no name");

static const char *const relations[] = {
	[RELATION_NONE] = NULL,
	[RELATION_PARENT] = "parent",
	[RELATION_CHILD] = "child",
	[RELATION_SIBLING] = "sibling",
};
_Static_assert(N(relations) == N_RELATIONS, "a relation has no name");

static const char *const reads[] = {
	[READ_SNAPSHOT] = "snapshot",
	[READ_FILES] = "files",
	[READ_NONE] = "none",
	[READ_ITERATOR] = "iterator",
};
_Static_assert(N(reads) == N_READS, "a way to read has no name");

/* by bit number */
static const char *const missings[] = { "io_uring",  "kernel_binders", "sharers",	"cookies",
					"lsm",	     "unix",	       "connect",	"autobind",
					"seccomp",   "compat",	       "pid_namespace", "bound",
					"udp",	     "asker",	       "sctp",		"processes",
					"namespaces" };
_Static_assert(N(missings) == N_MISSING_BITS, "a bit of coverage has no name");

static const char *const operations[] = { [BT_OP_BIND] = "bind",
					  [BT_OP_LISTEN] = "listen",
					  [BT_OP_CONNECT] = "connect",
					  [BT_OP_AUTOBIND] = "autobind" };

/* include/net/tcp_states.h */
static const char *const states[] = {
	NULL,	 "established", "syn_sent", "syn_recv", "fin_wait1", "fin_wait2",    "time_wait",
	"close", "close_wait",	"last_ack", "listen",	"closing",   "new_syn_recv",
};
_Static_assert(N(states) == BT_N_STATES, "a state has no name");

static const char *const overlaps[] = {
	[BT_OVERLAP_NONE] = NULL,
	[BT_OVERLAP_SAME_ADDRESS] = "same_address",
	[BT_OVERLAP_NEW_WILDCARD] = "new_wildcard",
	[BT_OVERLAP_HOLDER_WILDCARD] = "holder_wildcard",
	[BT_OVERLAP_BOTH_WILDCARD] = "both_wildcard",
	[BT_OVERLAP_DUAL_STACK] = "dual_stack",
};

static const char *const reuseaddrs[] = {
	[BT_REUSEADDR_OK] = NULL,
	[BT_REUSEADDR_NEW_LACKS] = "new_lacks",
	[BT_REUSEADDR_HOLDER_LACKS] = "holder_lacks",
	[BT_REUSEADDR_BOTH_LACK] = "both_lack",
	[BT_REUSEADDR_HOLDER_LISTENS] = "holder_listens",
};

static const char *const reuseports[] = {
	[BT_REUSEPORT_OK] = NULL,
	[BT_REUSEPORT_NEW_LACKS] = "new_lacks",
	[BT_REUSEPORT_HOLDER_LACKS] = "holder_lacks",
	[BT_REUSEPORT_BOTH_LACK] = "both_lack",
	[BT_REUSEPORT_UID_DIFFERS] = "uid_differs",
	[BT_REUSEPORT_NEW_GROUPED] = "new_grouped",
};

static const char *const address_states[] = {
	[ADDRESS_UNKNOWN] = NULL,	   [ADDRESS_ABSENT] = "absent",
	[ADDRESS_DOWN] = "down",	   [ADDRESS_TENTATIVE] = "tentative",
	[ADDRESS_DUPLICATE] = "duplicate", [ADDRESS_ELSEWHERE] = "elsewhere",
	[ADDRESS_IPV6_OFF] = "ipv6_off",   [ADDRESS_USABLE] = "usable",
};
_Static_assert(N(address_states) == N_ADDRESS_STATES, "a state of an address has no name");

static const char *const attach_types[] = {
	[BPF_CGROUP_INET4_BIND] = "cgroup_inet4_bind",
	[BPF_CGROUP_INET6_BIND] = "cgroup_inet6_bind",
	[BPF_CGROUP_INET4_CONNECT] = "cgroup_inet4_connect",
	[BPF_CGROUP_INET6_CONNECT] = "cgroup_inet6_connect",
	[BPF_CGROUP_INET4_POST_BIND] = "cgroup_inet4_post_bind",
	[BPF_CGROUP_INET6_POST_BIND] = "cgroup_inet6_post_bind",
};

static const struct {
	unsigned number;
	const char *name;
} protocols[] = {
	{ IPPROTO_TCP, "tcp" },		{ IPPROTO_UDP, "udp" },	  { PROTO_MPTCP, "mptcp" },
	{ IPPROTO_UDPLITE, "udplite" }, { IPPROTO_SCTP, "sctp" }, { IPPROTO_DCCP, "dccp" },
	{ IPPROTO_RAW, "raw" },		{ IPPROTO_ICMP, "icmp" }, { IPPROTO_ICMPV6, "icmp" },
};

/* A value from another kernel's or recording's future has no word. */
#define NAME_IN(table, i, unknown) ((size_t)(i) < N(table) && (table)[i] ? (table)[i] : (unknown))

const char *reason_name(enum bt_reason reason)
{
	return NAME_IN(reasons, reason, "other");
}

const char *layer_name(enum bt_layer layer)
{
	return NAME_IN(layers, layer, "other");
}

const char *role_name(enum bt_role role)
{
	return NAME_IN(roles, role, "other");
}

const char *action_name(enum bt_action action)
{
	return NAME_IN(actions, action, "other");
}

const char *effective_name(enum bt_effective effective)
{
	return NAME_IN(effectives, effective, "other");
}

const char *hook_name(enum bt_hook hook)
{
	return NAME_IN(hooks, hook, "other");
}

const char *runtime_name(enum bt_runtime runtime)
{
	return NAME_IN(runtimes, runtime, NULL);
}

const char *relation_name(enum bt_relation relation)
{
	return NAME_IN(relations, relation, NULL);
}

const char *read_name(enum bt_read read)
{
	return NAME_IN(reads, read, "other");
}

const char *missing_name(uint32_t bit)
{
	return bit ? NAME_IN(missings, __builtin_ctz(bit), "other") : "other";
}

const char *operation_name(unsigned operation)
{
	return NAME_IN(operations, operation, "other");
}

const char *address_state_name(enum address_state state)
{
	return NAME_IN(address_states, state, NULL);
}

const char *attach_type_name(unsigned type)
{
	return NAME_IN(attach_types, type, "other");
}

const char *protocol_name(unsigned protocol)
{
	for (size_t i = 0; i < N(protocols); i++)
		if (protocols[i].number == protocol)
			return protocols[i].name;
	return "other";
}

const char *family_name(unsigned family)
{
	switch (family) {
	case AF_INET:
		return "ipv4";
	case AF_INET6:
		return "ipv6";
	case AF_UNIX:
		return "unix";
	default:
		return "other";
	}
}

const char *state_name(unsigned state, unsigned substate)
{
	/* a mini-socket is in state TIME_WAIT also while it stands for FIN_WAIT2 */
	if (state == BT_TCP_TIME_WAIT && substate)
		state = substate;
	return NAME_IN(states, state, "other");
}

const char *errno_name(int error)
{
	const char *name = error > 0 ? strerrorname_np(error) : NULL;

	if (error == 524) /* the kernel's own (include/linux/errno.h), of which no program should ever hear */
		return "ENOTSUPP";
	return name ? name : "E?";
}

int errno_number(const char *name)
{
	uint32_t number;

	if (!number_u32(name, &number))
		return number >= 1 && number <= MAX_ERRNO ? (int)number : -1;
	for (int error = 1; error <= MAX_ERRNO; error++) {
		const char *known = strerrorname_np(error);

		if (known && !strcasecmp(known, name))
			return error;
	}
	return !strcasecmp(name, "EWOULDBLOCK") ? EWOULDBLOCK
	       : !strcasecmp(name, "ENOTSUP")	? ENOTSUP
						: -1;
}

const char *overlap_name(unsigned overlap)
{
	return NAME_IN(overlaps, overlap, NULL);
}

const char *reuseaddr_name(unsigned reuseaddr)
{
	return NAME_IN(reuseaddrs, reuseaddr, NULL);
}

const char *reuseport_name(unsigned reuseport)
{
	return NAME_IN(reuseports, reuseport, NULL);
}
