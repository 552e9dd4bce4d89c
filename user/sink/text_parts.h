/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the lines of a report are made of, for the sink's own files. */
#ifndef BT_SINK_TEXT_PARTS_H
#define BT_SINK_TEXT_PARTS_H

#include "base/text.h"
#include "sink/text.h"

/* More than the longest report: 17 holders with everything about them escaped to \xNN. */
enum { PAGE_SIZE_MAX = 128 * 1024 };

/* A report in the making. */
struct page {
	const struct text_options *o;
	struct text t;
	char buf[PAGE_SIZE_MAX];
};

enum style { PLAIN, BOLD, DIM, RED, YELLOW, GREEN };

/* Empties it; o is looked at as long as it is filled. */
void page_init(struct page *p, const struct text_options *o);

/* Writes it. 0 or -errno. */
int page_write(struct page *p, int fd);

/* A string of this program's own, in a style where there are colours. */
void page_styled(struct page *p, enum style style, const char *s);

/* A NUL-terminated string that a task chose. */
void page_escaped(struct page *p, const char *s);

/* Begins a row of a report: "  who   "; an empty label continues the row above. */
void page_row(struct page *p, const char *label);

/* The time at the beginning of a report. */
void page_time(struct page *p, uint64_t realtime_ns);

/* "tcp "; nothing of what is no socket, and of UNIX, whose name says it. */
void page_protocol(struct page *p, const struct bt_sock *s);

/* "python3[4242]" */
void page_pid(struct page *p, const char *comm, uint32_t pid);

/* ' "python3 app.py"'; nothing where it is not known. Cut at a readable length unless wide. */
void page_command(struct page *p, const struct process *who);

/*
 * Where it runs: "  unit nginx.service", "  container web (docker)", "  pod default/web-0", or the
 * cgroup where that is none of them; nothing in the root group.
 */
void page_unit(struct page *p, const struct event *e, const struct process *who);

/* "web (docker)": the container of a process, by name where that is known. */
void page_container(struct page *p, const struct event *e, const struct process *who);

/* "bash[4100] <- sshd[900] <- systemd[1]" */
void page_parents(struct page *p, const struct process *who);

/* "LISTEN", "TIME_WAIT"; a socket in CLOSE that has a port is "BOUND", which is what people call it. */
void state_words(const struct bt_sock *s, char out[24]);

/*
 * Whose a socket is: ' by nginx[812] "nginx: master process" for 3 min  unit nginx.service, shared with nginx[813]'.
 * before is the process that the row above named, or NULL: it is not told again.
 */
void page_owners(struct page *p, const struct event *e, const struct holder *h,
		 const struct process *before);

/* The same of a connection that is closed: ", closed by python3[4188] 12 s ago". */
void page_closer(struct page *p, const struct event *e, const struct holder *h,
		 const struct process *before);

/* The rows "held", and with verbose "also": who is in the way. */
void page_holders(struct page *p, const struct event *e);

/* The same of a range of ports: who has most of them. */
void page_census(struct page *p, const struct event *e);

/*
 * What a tracer does not see that has this bit of enum bt_missing, counted from 0; N_MISSING_BITS: what has no
 * name here.
 */
const char *text_gap(unsigned bit);

#endif /* BT_SINK_TEXT_PARTS_H */
