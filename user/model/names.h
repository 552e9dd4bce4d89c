/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The vocabulary of bindtrace/1 (docs/events.md), as tables: each enum has one function that gives the
 * word used in JSON. The words never change meaning.
 */
#ifndef BT_NAMES_H
#define BT_NAMES_H

#include <stdint.h>

enum bt_reason {
	REASON_OTHER,
	REASON_LISTENER,
	REASON_BOUND_NOT_LISTENING,
	REASON_ACCEPTED_CONNECTION,
	REASON_OUTGOING_CONNECTION,
	REASON_ORPHAN,
	REASON_TIME_WAIT,
	REASON_FIN_WAIT2,
	REASON_REUSEPORT_UID,
	REASON_REUSEPORT_ONE_SIDED,
	REASON_LISTEN_CONFLICT,
	REASON_UDP_IN_USE,
	REASON_SCTP_IN_USE,
	REASON_IDENT_IN_USE,
	REASON_EPHEMERAL_EXHAUSTED,
	REASON_TUPLE_IN_USE,
	REASON_TUPLE_TIME_WAIT,
	REASON_ADDRESS_NOT_LOCAL,
	REASON_ADDRESS_TENTATIVE,
	REASON_ADDRESS_DUPLICATE,
	REASON_SCOPE_MISSING,
	REASON_NO_SUCH_DEVICE,
	REASON_PRIVILEGED_PORT,
	REASON_LSM_DENIED,
	REASON_CGROUP_DENIED,
	REASON_SECCOMP_DENIED,
	REASON_ALREADY_BOUND,
	REASON_ALREADY_CONNECTED,
	REASON_NOT_BOUND,
	REASON_CANNOT_LISTEN,
	REASON_MULTICAST_ADDRESS,
	REASON_BAD_LENGTH,
	REASON_BAD_FAMILY,
	REASON_NOT_A_SOCKET,
	REASON_V6ONLY_MAPPED,
	REASON_UNIX_PATH_STALE,
	REASON_UNIX_PATH_LIVE,
	REASON_UNIX_PATH_NOT_SOCKET,
	REASON_UNIX_PATH_ERROR,
	REASON_UNIX_ABSTRACT_IN_USE,
	REASON_HOLDER_GONE,
	REASON_KERNEL_MEMORY,
	N_REASONS,
};

enum bt_layer {
	LAYER_PORT_TABLE,
	LAYER_ADDRESS,
	LAYER_PRIVILEGE,
	LAYER_LSM,
	LAYER_CGROUP_BPF,
	LAYER_SECCOMP,
	LAYER_ARGUMENTS,
	LAYER_FILESYSTEM,
	LAYER_MEMORY,
	N_LAYERS, /* as a value: not known */
};

enum bt_role {
	ROLE_LISTENER,
	ROLE_BOUND,
	ROLE_ACCEPTED,
	ROLE_OUTGOING,
	ROLE_ORPHAN,
	ROLE_TIME_WAIT,
	ROLE_FIN_WAIT2,
	ROLE_UDP,
	ROLE_UNIX,
	ROLE_PING,
	ROLE_ASSOCIATION,
	N_ROLES,
};

enum bt_action {
	ACTION_WAIT,		/* the port frees by itself */
	ACTION_STOP_HOLDER,	/* end the process that holds it, by its own stop command */
	ACTION_STOP_KERNEL_USE, /* end what the kernel itself holds it for */
	ACTION_SET_REUSEADDR,	/* in the asker, before bind() */
	ACTION_SET_REUSEPORT, /* in the asker (and, if not yet there, the holder), before bind() */
	ACTION_SAME_USER,     /* run both as one user */
	ACTION_SET_V6ONLY,    /* in the asker, before bind() */
	ACTION_USE_OTHER_ADDRESS, /* a specific address that nobody holds */
	ACTION_USE_OTHER_PORT,
	ACTION_RESERVE_PORT, /* keep it out of the range of source ports */
	ACTION_RETRY,
	ACTION_LISTEN_ONCE, /* only one of the sockets may listen */
	ACTION_ADD_ADDRESS, /* or bind to one that this machine has */
	ACTION_SET_FREEBIND,
	ACTION_GRANT_CAPABILITY,
	ACTION_LOWER_PRIVILEGED_START,
	ACTION_USE_NEW_SOCKET,
	ACTION_SET_SCOPE,
	ACTION_FIX_ARGUMENTS,
	ACTION_CHANGE_POLICY,	 /* of a security module or a seccomp filter */
	ACTION_REMOVE_FILE,	 /* a socket file that nobody serves any more */
	ACTION_CREATE_DIRECTORY, /* of the path of a UNIX socket */
	ACTION_GRANT_ACCESS,	 /* ... which the asker may not write to */
	ACTION_USE_OTHER_PATH,
	ACTION_WIDEN_PORT_RANGE,
	ACTION_SET_BIND_ADDRESS_NO_PORT, /* in the asker, before bind() */
	ACTION_SET_TIMESTAMPS,		 /* of TCP, on both ends */
	ACTION_BRING_UP,		 /* an interface, or its link */
	ACTION_SKIP_DAD,		 /* add the address without duplicate address detection */
	ACTION_ENABLE_IPV6,
	ACTION_UNRESERVE_PORTS, /* let the kernel choose them again */
	N_ACTIONS,
};

enum bt_effective { EFFECTIVE_NOW, EFFECTIVE_AFTER_WAIT, EFFECTIVE_NEXT_RESTART, N_EFFECTIVE };

/* Who runs a container. */
enum bt_runtime {
	RUNTIME_UNKNOWN,
	RUNTIME_DOCKER,
	RUNTIME_CONTAINERD,
	RUNTIME_CRIO,
	RUNTIME_PODMAN,
	N_RUNTIMES,
};

/* What has become of an address that was refused. */
enum address_state {
	ADDRESS_UNKNOWN, /* nobody could look */
	ADDRESS_ABSENT,
	ADDRESS_DOWN,	   /* its interface is down */
	ADDRESS_TENTATIVE, /* IPv6: duplicate address detection is not done */
	ADDRESS_DUPLICATE, /* IPv6: somebody else on the link has it */
	ADDRESS_ELSEWHERE, /* IPv6: on another interface than the one the socket is tied to */
	ADDRESS_IPV6_OFF,  /* there is none of IPv6 on lo */
	ADDRESS_USABLE,
	N_ADDRESS_STATES,
};

/* What a process is to the asker. */
enum bt_relation { RELATION_NONE, RELATION_PARENT, RELATION_CHILD, RELATION_SIBLING, N_RELATIONS };

enum bt_read {
	READ_SNAPSHOT, /* at the instant of the refusal */
	READ_FILES, /* from the open files of all processes, a moment later (enrich/untabled.h) */
	READ_NONE,
	READ_ITERATOR, /* looked up a moment later */
	N_READS
};

/* What a rung cannot see; bits of struct coverage. */
enum bt_missing {
	MISSING_IO_URING = 1 << 0,	 /* bind and listen through io_uring */
	MISSING_KERNEL_BINDERS = 1 << 1, /* sockets the kernel binds for itself */
	MISSING_SHARERS = 1 << 2,	 /* processes that have a holder open */
	MISSING_COOKIES = 1 << 3,  /* openers and closers are matched by addresses, not by cookie */
	MISSING_LSM = 1 << 4,	   /* which gate before the protocol said no */
	MISSING_UNIX = 1 << 5,	   /* UNIX sockets */
	MISSING_CONNECT = 1 << 6,  /* connect() without a free local port */
	MISSING_AUTOBIND = 1 << 7, /* sendto() of UDP and ping without a free local port */
	MISSING_SECCOMP = 1 << 8,  /* what is refused before it reaches the network stack */
	MISSING_COMPAT = 1 << 9,   /* calls of 32-bit programs */
	MISSING_PID_NAMESPACE = 1 << 10, /* what /proc knows: it has other process ids */
	MISSING_BOUND = 1 << 11,	 /* TCP sockets that are bound and do not listen */
	MISSING_UDP = 1 << 12,		 /* who holds a port of UDP */
	MISSING_ASKER = 1 << 13,	 /* of the asker all but pid, uid, comm and cgroup */
	MISSING_SCTP = 1 << 14,	     /* listen(), sctp_bindx(), connect() and sendmsg() of SCTP */
	MISSING_PROCESSES = 1 << 15, /* program, folder, namespaces of other users' processes */
	MISSING_NAMESPACES =
		1 << 16, /* what is in other network namespaces; BPF programs by name */
	N_MISSING_BITS = 17,
};

/* The words. A number without one prints as "other", unless something else is said behind it. */
const char *reason_name(enum bt_reason reason);
const char *layer_name(enum bt_layer layer);
const char *role_name(enum bt_role role);
const char *action_name(enum bt_action action);
const char *effective_name(enum bt_effective effective);
const char *runtime_name(enum bt_runtime runtime);    /* NULL when not known */
const char *relation_name(enum bt_relation relation); /* NULL for none */
const char *hook_name(unsigned hook);		      /* enum bt_hook of bpf/abi.h */
const char *read_name(enum bt_read read);
/* One bit of enum bt_missing. */
const char *missing_name(uint32_t bit);
const char *operation_name(unsigned operation);
/* Protocol and family numbers of the socket layer; "other" when not known. */
const char *protocol_name(unsigned protocol);
const char *family_name(unsigned family);
/* TCP_* in lower case; substate is looked at for mini-sockets (state 6). */
const char *state_name(unsigned state, unsigned substate);
/* "EADDRINUSE"; "E?" when not known. */
const char *errno_name(int error);
/* The number for "EADDRINUSE", case ignored, or for decimal digits; -1 when not known. */
int errno_number(const char *name);
const char *address_state_name(enum address_state state); /* NULL when nobody could look */
/* enum bpf_attach_type of linux/bpf.h, as libbpf calls those that bind() and connect() ask. */
const char *attach_type_name(unsigned type);
const char *overlap_name(unsigned overlap);	/* NULL for none */
const char *reuseaddr_name(unsigned reuseaddr); /* NULL when it was a way out */
const char *reuseport_name(unsigned reuseport); /* NULL when it was a way out */

#endif /* BT_NAMES_H */
