// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* bindtrace ports: who has which port now. */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/number.h"
#include "cmd/commands.h"
#include "source/netns.h"
#include "cmd/owners.h"
#include "cmd/report.h"
#include "enrich/netns.h"
#include "enrich/proc.h"
#include "enrich/process.h"
#include "sink/ports.h"
#include "source/ports.h"

struct ports {
	const struct options *o;
	struct ports_source *source;
	struct owners owners;
	uint64_t wanted[65536 / 64]; /* one bit a port, when by_port */
	bool by_port;
	uint32_t netns; /* 0: all */
	int err;	/* of reading a table */
	uint64_t seq;
	uint64_t looked_ns; /* boottime; what frees by itself does so from then on */
};

static int add_ports(uint16_t first, uint16_t last, void *context)
{
	struct ports *p = context;
	unsigned port;

	for (port = first; port <= last; port++)
		p->wanted[port / 64] |= 1ull << (port % 64);
	p->by_port = true;
	return 0;
}

/* --proto has no word for SCTP. */
static bool is_wanted(const struct bt_sock *s, uint16_t protocol)
{
	return !protocol || (!bt_is_sctp(s) && (protocol == IPPROTO_UDP) == bt_is_udp(s));
}

/* A table takes its time to be read: of each mini-socket the moment is known. */
static struct bt_open as_of(const struct bt_open *open, uint64_t looked_ns)
{
	struct bt_open row = *open;

	if (!(row.sock.flags & BT_SOCK_MINI))
		return row;
	row.sock.timer_left_ns += (int64_t)(row.start_ns - looked_ns);
	row.sock.frees_in_ns += (int64_t)(row.start_ns - looked_ns);
	row.start_ns = 0;
	return row;
}

static void on_open(void *context, const struct bt_open *open)
{
	struct ports *p = context;
	struct bt_open row = as_of(open, p->looked_ns);
	uint16_t port = open->sock.port;

	if (p->by_port && !(p->wanted[port / 64] >> (port % 64) & 1))
		return;
	if (!is_wanted(&open->sock, p->o->bind.protocol))
		return;
	if (!p->netns || open->netns == p->netns)
		owners_add(&p->owners, &row);
}

/* An iterator shows the tables of the network namespace in which it is opened. */
static void look_into(void *context, int fd, uint32_t number)
{
	struct ports *p = context;

	if (p->netns && number != p->netns)
		return;
	if (setns(fd, CLONE_NEWNET))
		return;
	if (!p->err)
		p->err = ports_source_tables(p->source, on_open, p);
}

static int look(struct ports *p)
{
	int home = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC), err;

	if (home < 0)
		return -errno;
	p->looked_ns = clock_boottime_ns();
	err = ports_source_processes(p->source, on_open, p);
	if (!err)
		netns_each(look_into, p);
	if (setns(home, CLONE_NEWNET) && !err)
		err = -errno;
	close(home);
	return err ? err : p->err;
}

/* "32768\t60999" */
static void local_range(const struct host_facts *host, unsigned *first, unsigned *last)
{
	*first = 32768;
	*last = 60999;
	if (host->sysctls[HOST_LOCAL_PORT_RANGE].known)
		sscanf(host->sysctls[HOST_LOCAL_PORT_RANGE].value, "%u %u", first, last);
}

static int tell_group(struct ports *p, struct port_group *g, const struct text_options *text,
		      const struct host_facts *host)
{
	struct json_moment m;
	unsigned i, j;
	int err = 0;

	g->boottime_ns = p->looked_ns;
	g->partial = !sees_all_processes();
	if (g->elsewhere)
		netns_name(g->netns, g->netns_name, sizeof(g->netns_name));
	for (i = 0; i < g->n_sockets; i++)
		for (j = 0; j < g->sockets[i].n_processes; j++)
			process_enrich(&p->owners.processes[g->sockets[i].first_process + j]);
	if (!p->o->json)
		return text_port(STDOUT_FILENO, text, g);
	for (i = 0; i < g->n_sockets && !err; i++) {
		m = report_moment(&p->seq);
		err = json_port(STDOUT_FILENO, &m, host, g, &g->sockets[i]);
	}
	return err;
}

/* Whoever asks for no port wants those that are offered, not the source port of every connection. */
static int tell(struct ports *p)
{
	struct text_options text = report_text_options(p->o, STDOUT_FILENO);
	struct host_facts host;
	unsigned first, last, left_out = 0;
	size_t i;
	int err = 0;

	host_facts_read(&host);
	local_range(&host, &first, &last);
	for (i = 0; i < p->owners.n_groups && !err; i++) {
		struct port_group *g = &p->owners.groups[i];

		if (!p->by_port && !p->o->verbose && !p->o->json &&
		    owners_only_outgoing(g, (uint16_t)first, (uint16_t)last))
			left_out++;
		else
			err = tell_group(p, g, &text, &host);
	}
	/* what is bound only and open in no process is not shown, so it may be refused all the same */
	if (!p->owners.n_groups && p->by_port && !p->o->json)
		log_warning("nobody is seen there; bindtrace check PORT asks the kernel");
	if (!err && left_out)
		err = text_ports_left_out(STDOUT_FILENO, &text, left_out, first, last);
	return err;
}

static int explain(int err)
{
	struct capabilities caps;

	probe_all(&caps);
	if (!geteuid() && !caps.btf && caps.read_kernel) {
		log_error("this kernel keeps its memory closed (lockdown=confidentiality), so "
			  "sockets cannot be listed; ss -tunap shows some of it");
		return EXIT_UNSUPPORTED;
	}
	if (err == -EPERM || err == -EACCES || caps.btf)
		return explain_open_failure(err, -1, &caps);
	if (caps.iterator) {
		log_error("this kernel has no iterator over open files (%s); see bindtrace doctor",
			  strerror(-caps.iterator));
		return EXIT_UNSUPPORTED;
	}
	log_error("the sockets could not be read: %s", strerror(-err));
	return EXIT_FAILED;
}

static int parse(struct ports *p)
{
	int i, fd;

	for (i = 0; i < p->o->n_operands; i++) {
		if (number_ports(p->o->operands[i], add_ports, p)) {
			log_error("'%s' is not a list of ports; write 80,443 or 8000-8100",
				  p->o->operands[i]);
			return EXIT_USAGE;
		}
	}
	if (!p->o->netns)
		return EXIT_OK;
	fd = netns_open(p->o->netns);
	if (fd < 0)
		return EXIT_USAGE;
	p->netns = netns_number(fd);
	close(fd);
	return EXIT_OK;
}

static int run(struct ports *p)
{
	int status = parse(p), err;

	if (status)
		return status;
	if (!sees_all_processes())
		log_warning(
			"only the processes of this pid namespace are seen; what others have open "
			"looks as if nobody had it");
	proc_ignore(!proc_is_of_all());
	err = ports_source_open(&p->source);
	if (!err)
		err = look(p);
	if (!err)
		err = owners_group(&p->owners, netns_number(-1));
	if (err)
		return explain(err);
	err = tell(p);
	if (!err || err == -EPIPE)
		return EXIT_OK;
	log_error("cannot write to standard output: %s", strerror(-err));
	return EXIT_FAILED;
}

int command_ports(struct options *options)
{
	struct ports *p = calloc(1, sizeof(*p));
	int status;

	if (!p) {
		log_error("out of memory");
		return EXIT_FAILED;
	}
	signal(SIGPIPE, SIG_IGN);
	p->o = options;
	status = run(p);
	ports_source_close(p->source);
	owners_free(&p->owners);
	free(p);
	return status;
}
