/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * One event on its way through the layers: the source fills rec, enrich fills what only user space
 * knows, the verdict fills the judgement, the sinks print. Live and replayed events are this same type.
 *
 * Fixed size, no pointers to own: an event is a plain value. Strings are NUL-terminated and raw (bytes a
 * task chose): only the sinks escape them. Times are CLOCK_BOOTTIME or realtime nanoseconds, 0 = unknown.
 */
#ifndef BT_EVENT_H
#define BT_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "bpf/abi.h"
#include "model/names.h"
#include "model/pair.h"

enum { EVENT_MAX_PROCESSES = 96, EVENT_MAX_ADVICE = 6, EVENT_TEXT = 320 };
enum {
	EVENT_MAX_PARENTS = 8,
	EVENT_MAX_CONTAINERS = 8,
	EVENT_MAX_PROGRAMS = 8,
	EVENT_MAX_MODULES = 6
};

/* What the path of a control group tells of a container. */
struct container {
	enum bt_runtime runtime;
	char id[65];	  /* 64 hex digits; empty: in no container */
	char pod_uid[40]; /* Kubernetes; may be known without a container */
	uint32_t owner;	  /* uid whose runtime it is: 0, or the user of a rootless one */
};

/* What the files of its runtime tell: of the container with this id. */
struct container_names {
	char id[65];
	char name[128];
	char pod_namespace[64];
	char pod_name[256];
};

struct ancestor {
	uint32_t pid;
	char comm[BT_COMM_LEN + 1];
};

/* A process somebody will read about. */
struct process {
	uint32_t pid; /* 0: no process */
	uint32_t tid;
	uint32_t ppid;
	uint32_t uid;
	uint64_t start_ns; /* boottime */
	uint64_t time_ns;  /* when it did what it is named for (boottime) */
	int fd;		   /* -1: not known */
	int8_t alive;	   /* 1, 0, -1: not known */
	int8_t inherited;  /* has the socket but did not make it: 1, 0, -1: not known */
	uint16_t cmdline_len;
	char comm[BT_COMM_LEN + 1];
	/* arguments separated by NUL, cmdline_len bytes: text_command_length() */
	char cmdline[BT_CMDLINE_LEN];
	char exe[256];
	char cgroup[256];
	char unit[96]; /* of systemd itself: the .socket unit on whose behalf it has the socket */
	char user[40];
	struct container container; /* of a port proxy: the one behind it */
	bool forwards;		    /* a port proxy, such as docker-proxy */
	uint16_t to_family;	    /* where a proxy sends what it gets; 0: not known */
	uint16_t to_port;
	uint8_t to_addr[16];
	uint32_t pid_in_namespace; /* 0: it is in the tracer's own pid namespace, or not known */
	int8_t stopped;		   /* by a signal, as Ctrl-Z does: 1, 0, -1: not known */
	bool orphaned;		   /* the process that started it has exited; false: not known */
	bool same_program;	   /* as the asker's; false: not, or not known */
	enum bt_relation relation; /* to the asker */
	struct ancestor shell;	   /* whose job it is; pid 0: not known */
	char tty[16];		   /* "pts/3": its controlling terminal */
	uint8_t n_parents;
	struct ancestor parents[EVENT_MAX_PARENTS]; /* the nearest first */
};

/* What user space and the verdict add to rec.holders[i]. */
struct holder {
	struct bt_pair pair;
	enum bt_role role;
	struct process opener; /* who bound it or connected it */
	struct process closer;
	uint16_t first_process; /* in processes[]: every process that has the socket open now */
	uint16_t n_processes;
	uint16_t more_processes; /* beyond those there was room for */
	uint16_t more_addresses; /* that an SCTP socket is bound to, beside that of its bt_sock */
};

struct advice {
	enum bt_action action;
	enum bt_effective effective;
	char text[EVENT_TEXT];
	char command[EVENT_TEXT]; /* may be empty */
};

/* user/verdict's answer. */
struct verdict {
	enum bt_reason reason;
	enum bt_layer layer;
	int culprit;	     /* index of the holder on which the kernel stopped, -1: none */
	int decisive;	     /* ... and of the one that decides what helps: the text is about it */
	bool has_frees_in;   /* everything in the way ends by itself */
	bool frees_at_least; /* ... but not before: a FIN_WAIT2 peer may prolong it */
	int64_t frees_in_ns; /* from rec.hdr.boottime_ns */
	char summary[EVENT_TEXT];
	unsigned n_advice;
	struct advice advice[EVENT_MAX_ADVICE];
};

enum unix_file {
	UNIX_FILE_UNKNOWN, /* nobody could look, or it would have been another one */
	UNIX_FILE_NONE,
	UNIX_FILE_SOCKET,
	UNIX_FILE_OTHER,
};

/* What a look at the name of a UNIX socket found, a moment after the refusal. */
struct unix_facts {
	enum unix_file file;
	int fd;		 /* the file while it is being looked at, else -1 */
	int8_t served;	 /* a socket is bound to the file: 1, 0, -1: not known */
	bool ours;	 /* the same path leads us to the same file */
	uint32_t device; /* of the file, as the kernel numbers it */
	uint64_t inode;	 /* of the file */
	uint64_t socket; /* inode of what seems to have the abstract name; 0: none found */
};

/* What /proc/net/sctp tells, a moment after the refusal. */
struct sctp_facts {
	unsigned orphans;    /* associations on the port whose socket is closed */
	struct bt_sock peer; /* of the first: family, addr, port; family 0: not known */
};

/* A BPF program of a control group that the call asks, and that may say no. */
struct cgroup_program {
	uint32_t id;
	uint32_t attach_type; /* enum bpf_attach_type of linux/bpf.h */
	int8_t sets_error; /* it chooses the error of what it refuses: 1, 0 (then it is EPERM), -1: not known */
	char name[17];
	char tag[17];	  /* hex */
	char cgroup[256]; /* what it is attached to */
	char unit[96];	  /* ... when that is a unit of systemd */
};

/* A security module that said no, or may have. */
enum { SECURITY_DETAIL = 128 };

struct security_module {
	char name[16]; /* as /sys/kernel/security/lsm calls it */
	/* the asker's label or profile; of bpf: the program; may be empty */
	char detail[SECURITY_DETAIL];
	uint32_t program_id; /* of bpf, where it is one program */
};

/* What a look at the interfaces found, a moment after an address was refused. */
struct address_facts {
	enum address_state state;
	bool no_carrier; /* of the interface */
	char device[16]; /* its name; empty: none has the address */
};

/* Who has the ports of a range in which none was free, as it was a moment later. */
enum { CENSUS_USERS = 3 };

struct census {
	bool known;
	uint16_t first, last;
	unsigned reserved;  /* never given to who does not name them */
	unsigned taken;	    /* of the others */
	unsigned time_wait; /* of those: only what is left of connections has them */
	unsigned to_peer;   /* ... a connection to the very peer that connect() wanted has them */
	int64_t first_free_ns; /* until the first of the time_wait ones is free, from rec.hdr.boottime_ns */
	unsigned n_users;
	unsigned more_users; /* that there was no room for */
	struct {
		struct process who;
		unsigned ports;
	} users[CENSUS_USERS]; /* who has most of them first */
};

struct repeat {
	uint64_t count;	   /* refusals of this asker, endpoint and culprit so far */
	uint64_t first_ns; /* boottime */
	uint64_t incident; /* number of the incident within the stream */
	int64_t adds;	   /* refusals that no line before has told of; -1: not known */
	uint64_t since_ns; /* from the line before that told of the incident; 0: there is none */
};

/* What equal refusals have in common. */
struct folded {
	struct bt_fold_key key; /* pid 0: more than one kind, or one that is no longer known */
	char comm[BT_COMM_LEN + 1];
	bool named; /* endpoint_asked() */
	uint16_t path_len;
	char path[BT_PATH_LEN]; /* of a UNIX socket */
};

struct event {
	uint64_t seq;
	uint64_t realtime_ns; /* of the refusal */
	struct bt_record rec;
	struct process asker;
	char parent_comm[BT_COMM_LEN + 1];
	bool trial; /* `bindtrace check` asked, to find out: no program was refused */
	struct holder holders[BT_MAX_HOLDERS]; /* beside rec.holders */
	struct process processes[EVENT_MAX_PROCESSES];
	unsigned n_processes; /* event_clear() begins again here */
	struct container_names containers[EVENT_MAX_CONTAINERS];
	unsigned n_containers;
	char netns_name[64];	 /* of rec.task.netns, as `ip netns` calls it */
	bool netns_foreign;	 /* rec.task.netns is not the tracer's own */
	bool holders_from_files; /* not from a table: enrich/untabled.h */
	struct unix_facts name;
	struct sctp_facts sctp;
	struct address_facts address;
	struct census census;
	/* of the socket's group, then of those above */
	struct cgroup_program programs[EVENT_MAX_PROGRAMS];
	unsigned n_programs;
	unsigned more_programs; /* that there was no room for */
	bool programs_known;	/* the kernel answered */
	struct security_module modules[EVENT_MAX_MODULES];
	unsigned n_modules;
	bool modules_known; /* nobody but these has said it, if a security module has */
	bool sharers_known; /* the iterator answered for this event: nobody else has a holder open */
	bool foreign_pids; /* the tracer is in another pid namespace than the first, whose ids these are */
	struct verdict verdict;
	struct repeat repeat;
};

/*
 * An event of which nothing is known. Its holders and processes, nine tenths of its size, stay as they are: who
 * adds one sets all of it, and beyond their numbers nobody looks.
 */
static inline void event_clear(struct event *e)
{
	memset(e, 0, offsetof(struct event, holders));
	memset(&e->n_processes, 0, sizeof(*e) - offsetof(struct event, n_processes));
}

/* The holder the reason speaks of; only when there is one (verdict.decisive >= 0). */
static inline const struct holder *event_decisive(const struct event *e)
{
	return &e->holders[e->verdict.decisive];
}

/* What is known by name of the container of a process; NULL: nothing. Without an event nothing is. */
static inline const struct container_names *event_container(const struct event *e,
							    const struct process *p)
{
	for (unsigned i = 0; e && i < e->n_containers && p->container.id[0]; i++)
		if (!strcmp(e->containers[i].id, p->container.id))
			return &e->containers[i];
	return NULL;
}

/* What the tracer can see on this machine; the same for every event of a stream. */
struct coverage {
	enum bt_hook hook;
	enum bt_read read;
	uint32_t missing; /* bits of enum bt_missing */
};

#endif /* BT_EVENT_H */
