// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The scenes. Each is a process of its own with helpers, and whoever asks is started before there is a holder, so that
 * it inherits nothing. A hasty scene ends what is in the way at once when it has been in the way, before anybody can
 * have told of it.
 */
#include <fcntl.h>
#include <pthread.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "soak.h"

enum { MOST_SHARERS = 3 };

struct scene {
	unsigned port;
	struct ep ep;
	bool hasty;
};

/* An asker, and what it needs to ask. */
struct asker {
	struct child child;
	struct truth *t;
	struct ep ep;
	unsigned options, times;
	bool takes; /* what it was refused, when the scene says that it is free */
};

static unsigned state;

static unsigned draw(unsigned n)
{
	state ^= state << 13;
	state ^= state >> 17;
	state ^= state << 5;
	return state % n;
}

/* Another order for every number; never 0, of which xorshift makes zeros. */
static void shuffle(unsigned number)
{
	state = number * 2654435761u | 1;
	for (unsigned i = 0; i < 8; i++)
		draw(2);
}

static struct ep somewhere(unsigned port)
{
	static const char *const addresses[] = { "127.0.0.1", "0.0.0.0", "::1", "::" };
	static int known;

	if (!known)
		known = access("/proc/net/if_inet6", F_OK) ? 2 : 4;
	return at(addresses[draw((unsigned)known)], port);
}

/* ---- those who ask */

static int refuse_all(struct truth *t, struct ep ep, unsigned options, unsigned times)
{
	int fd = new_socket(ep, options);

	for (unsigned i = 0; i < times; i++) {
		bind_refused(fd, ep, t->error);
		atomic_fetch_add(&t->asked, 1);
	}
	return fd;
}

static void start_asker(struct asker *a)
{
	struct child *c = &a->child;
	int fd;

	if (!start_child(c))
		return;
	a->t->asker = getpid();
	wait_parent(c);
	fd = refuse_all(a->t, a->ep, a->options, a->times);
	signal_parent(c);
	wait_parent(c);
	if (a->takes)
		bind_ok(fd, a->ep);
	exit(0);
}

/* It asks, and has been refused. */
static void let_ask(struct asker *a)
{
	signal_child(&a->child);
	wait_child(&a->child);
	if (a->t->lasting)
		await_told(a->t);
}

static void end_asker(struct asker *a)
{
	signal_child(&a->child);
	end_child(&a->child);
}

/* ---- those who hold */

static void start_sharer(struct child *c, struct truth *t)
{
	if (start_child(c)) {
		wait_parent(c);
		exit(0);
	}
	add_pid(t->holders, c->pid);
}

static void end_sharers(struct child *c, unsigned n, bool hasty)
{
	for (unsigned i = n; i-- > 0;) {
		if (hasty) {
			kill_child(&c[i]);
		} else {
			signal_child(&c[i]);
			end_child(&c[i]);
		}
	}
}

/* A socket of one process that others have inherited; the one that made it may have closed it. */
static void share(struct scene *s, struct asker *a, int (*make)(struct ep ep, unsigned options),
		  unsigned options)
{
	struct child sharers[MOST_SHARERS];
	unsigned n = draw(MOST_SHARERS + 1);
	bool stays = !n || draw(2);
	int fd;

	a->takes = !s->hasty;
	start_asker(a);
	fd = make(s->ep, options);
	add_pid(a->t->makers, getpid());
	if (stays)
		add_pid(a->t->holders, getpid());
	for (unsigned i = 0; i < n; i++)
		start_sharer(&sharers[i], a->t);
	if (!stays)
		shut(fd);
	a->t->lasting = !s->hasty;
	let_ask(a);
	if (stays)
		shut(fd);
	end_sharers(sharers, n, s->hasty);
	end_asker(a);
}

static void plan_about(struct scene *s, struct asker *a, const char *protocol, const char *reasons,
		       const char *states)
{
	*a = (struct asker){ .ep = s->ep, .times = 1 };
	a->t = plan(s->ep, protocol, EADDRINUSE);
	a->t->reasons = reasons;
	a->t->state = states;
}

static void play_listener(struct scene *s)
{
	struct asker a;

	plan_about(s, &a, "tcp", "listener", "listen");
	share(s, &a, listen_on, 0);
}

static void play_bound(struct scene *s)
{
	struct asker a;

	plan_about(s, &a, "tcp", "bound_not_listening", "close");
	share(s, &a, bound_on, 0);
}

static void play_udp(struct scene *s)
{
	struct asker a;

	plan_about(s, &a, "udp", "udp_in_use", "close");
	a.options = UDP;
	share(s, &a, bound_on, UDP);
}

/* Hundreds of equal refusals: one line and counts. */
static void play_storm(struct scene *s)
{
	struct asker a;

	plan_about(s, &a, "tcp", "listener", "listen");
	a.times = 50 + draw(200);
	share(s, &a, listen_on, 0);
}

/* The listener is gone, a connection that it had is still there. */
static void play_accepted(struct scene *s)
{
	struct child sharer;
	struct asker a;
	struct conn c;

	s->ep = at("127.0.0.1", s->port);
	plan_about(s, &a, "tcp", "accepted_connection", "established");
	start_asker(&a);
	c = lone_connection(s->ep, 0);
	add_pid(a.t->makers, getpid());
	add_pid(a.t->holders, getpid());
	start_sharer(&sharer, a.t);
	a.t->lasting = !s->hasty;
	let_ask(&a);
	shut(c.client);
	shut(c.server);
	end_sharers(&sharer, 1, s->hasty);
	end_asker(&a);
}

/* What is left when a process has closed first, and has ended. half: its peer has not closed yet. */
static void leave(struct scene *s, struct asker *a, bool half)
{
	struct child closer;
	int fd;

	start_asker(a);
	if (start_child(&closer)) {
		int listener = listen_on(s->ep, 0);

		signal_parent(&closer);
		fd = accept_from(listener);
		shut(listener);
		shut(fd);
		exit(0);
	}
	a->t->closer = closer.pid;
	wait_child(&closer);
	fd = connect_to(s->ep);
	end_child(&closer);
	await_eof(fd);
	if (!half)
		shut(fd);
	await_mini(s->port, half ? TCP_FIN_WAIT2 : TCP_TIME_WAIT);
	a->t->lasting = true; /* a minute */
	if (!s->hasty)
		let_ask(a);
	end_asker(a);
}

static void play_time_wait(struct scene *s)
{
	struct asker a;

	s->ep = at("127.0.0.1", s->port);
	plan_about(s, &a, "tcp", "time_wait", "time_wait");
	leave(s, &a, false);
}

static void play_fin_wait2(struct scene *s)
{
	struct asker a;

	s->ep = at("127.0.0.1", s->port);
	plan_about(s, &a, "tcp", "fin_wait2", "fin_wait2");
	leave(s, &a, true);
}

/* ---- paths and names of UNIX sockets */

static void play_unix(struct scene *s)
{
	bool stale = draw(2), abstract = !stale && draw(2);
	struct asker a;
	char name[32];
	int fd;

	snprintf(name, sizeof(name), "soak-%d-%u", (int)getpid(), s->port);
	s->ep = abstract ? at_abstract(name) : beside(name);
	plan_about(s, &a, "unix",
		   stale      ? "unix_path_stale"
		   : abstract ? "unix_abstract_in_use"
			      : "unix_path_live",
		   "listen");
	start_asker(&a);
	fd = listen_on(s->ep, 0);
	if (stale)
		shut(fd);
	else
		add_pid(a.t->holders, getpid());
	a.t->lasting = stale || !s->hasty;
	let_ask(&a);
	if (!stale)
		shut(fd);
	end_asker(&a);
}

/* ---- a port that goes from hand to hand: each of them is refused because of one of the others, or gets it */

static void pass_on(struct truth *t, struct ep ep)
{
	for (int i = 0; i < 25; i++) {
		int fd = new_socket(ep, 0);

		if (!bind(fd, &ep.sa, ep.len)) {
			if (i % 2)
				listen_ok(fd);
			atomic_fetch_add(&shared->calls, 1);
		} else {
			must(errno == EADDRINUSE, "another refusal than the port's");
			atomic_fetch_add(&t->asked, 1);
		}
		shut(fd);
	}
}

static void play_relay(struct scene *s)
{
	struct truth *truths[3];
	struct child c[3];

	for (unsigned i = 0; i < 3; i++) {
		truths[i] = plan(s->ep, "tcp", EADDRINUSE);
		truths[i]->reasons = "listener|bound_not_listening|holder_gone";
		truths[i]->state = "listen|close";
		if (start_child(&c[i])) {
			take_name(truths[i]);
			truths[i]->asker = getpid();
			wait_parent(&c[i]);
			pass_on(truths[i], s->ep);
			exit(0);
		}
	}
	for (unsigned i = 0; i < 9; i++) {
		add_pid(truths[i / 3]->holders, c[i % 3].pid);
		add_pid(truths[i / 3]->makers, c[i % 3].pid);
	}
	for (unsigned i = 0; i < 3; i++)
		signal_child(&c[i]);
	for (unsigned i = 0; i < 3; i++)
		end_child(&c[i]);
}

/* ---- holders and askers that execute another program */

static void keep_open(int fd)
{
	must(!fcntl(fd, F_SETFD, 0), "fcntl failed");
}

__attribute__((noreturn)) static void become(const char *part, const struct child *c,
					     unsigned number, unsigned port)
{
	char in[16], out[16], name[16], at_port[16];

	keep_open(c->from);
	keep_open(c->to);
	snprintf(in, sizeof(in), "%d", c->from);
	snprintf(out, sizeof(out), "%d", c->to);
	snprintf(name, sizeof(name), "soak-%u", number);
	snprintf(at_port, sizeof(at_port), "%u", port);
	execl("/proc/self/exe", "soak", part, in, out, name, at_port, NULL);
	fail("the soak cannot be executed again");
}

int play_part(char **argv)
{
	struct child c = { .from = atoi(argv[1]), .to = atoi(argv[2]) };

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (!strcmp(argv[0], "--ask")) {
		prctl(PR_SET_NAME, argv[3]);
		wait_parent(&c);
		bind_refused(new_socket(at("127.0.0.1", 0), 0),
			     at("127.0.0.1", (unsigned)atoi(argv[4])), EADDRINUSE);
	}
	signal_parent(&c);
	wait_parent(&c);
	return 0;
}

static void play_exec(struct scene *s)
{
	struct child holder;
	struct asker a;

	s->ep = at("127.0.0.1", s->port);
	plan_about(s, &a, "tcp", "listener", "listen");
	if (start_child(&a.child)) {
		a.t->asker = getpid();
		become("--ask", &a.child, (unsigned)(a.t - shared->truths), s->port);
	}
	if (start_child(&holder)) {
		keep_open(listen_on(s->ep, 0));
		become("--hold", &holder, 0, 0);
	}
	add_pid(a.t->holders, holder.pid);
	add_pid(a.t->makers, holder.pid);
	wait_child(&holder);
	a.t->lasting = !s->hasty;
	signal_child(&a.child);
	wait_child(&a.child);
	atomic_fetch_add(&a.t->asked, 1);
	if (a.t->lasting)
		await_told(a.t);
	if (s->hasty)
		kill_child(&holder);
	else
		end_sharers(&holder, 1, false);
	end_asker(&a);
}

/* ---- threads: one that listens and is gone, one that asks */

static void *listen_in_thread(void *arg)
{
	struct scene *s = arg;
	static int fd;

	fd = listen_on(s->ep, 0);
	return &fd;
}

static void *ask_in_thread(void *arg)
{
	struct asker *a = arg;

	take_name(a->t);
	shut(refuse_all(a->t, a->ep, 0, a->times));
	return NULL;
}

static void play_thread(struct scene *s)
{
	struct asker a;
	pthread_t thread;
	void *fd;

	plan_about(s, &a, "tcp", "listener", "listen");
	if (start_child(&a.child)) {
		a.t->asker = getpid();
		wait_parent(&a.child);
		must(!pthread_create(&thread, NULL, ask_in_thread, &a) &&
			     !pthread_join(thread, NULL),
		     "no thread");
		signal_parent(&a.child);
		wait_parent(&a.child);
		exit(0);
	}
	must(!pthread_create(&thread, NULL, listen_in_thread, s) && !pthread_join(thread, &fd),
	     "no thread");
	add_pid(a.t->makers, getpid());
	add_pid(a.t->holders, getpid());
	a.t->lasting = !s->hasty;
	let_ask(&a);
	shut(*(int *)fd);
	end_asker(&a);
}

/* ---- refusals that nobody else is in the way of */

static void play_nobody(struct scene *s)
{
	static const struct {
		const char *address, *reason;
		int error;
	} ways[] = {
		{ "203.0.113.7", "address_not_local", EADDRNOTAVAIL },
		{ "127.0.0.1", "privileged_port", EACCES },
		{ "127.0.0.1", "already_bound", EINVAL },
	};
	unsigned way = draw(3);
	struct ep ep = at(ways[way].address, ways[way].error == EACCES ? 80 : s->port);
	struct truth *t = plan(ep, "tcp", ways[way].error);
	int fd = new_socket(ep, 0);

	t->asker = getpid();
	t->reasons = ways[way].reason;
	t->state = "";
	if (t->error == EINVAL)
		bind_ok(fd, with_port(ep, 0));
	must(t->error != EACCES || !seteuid(65534), "seteuid failed");
	bind_refused(fd, ep, t->error);
	atomic_fetch_add(&t->asked, 1);
	if (!s->hasty)
		await_told(t);
}

/* ---- what succeeds */

static void play_quiet(struct scene *s)
{
	int listener = listen_on(s->ep, 0), fds[8];
	struct conn c = connection(listener, s->ep);

	for (unsigned i = 0; i < 8; i++)
		fds[i] = bound_on(with_port(s->ep, 0), i % 2 ? UDP : 0);
	for (unsigned i = 0; i < 8; i++)
		shut(fds[i]);
	shut(c.client); /* its TIME_WAIT is not on the port */
	await_eof(c.server);
	shut(c.server);
	shut(listener);
	atomic_fetch_add(&shared->calls, 11);
}

static void (*const plays[])(struct scene *) = {
	play_listener,	play_bound, play_udp,	play_storm, play_accepted, play_time_wait,
	play_fin_wait2, play_unix,  play_relay, play_exec,  play_thread,   play_nobody,
};

/* ---- their order */

static void play(enum churn kind, unsigned port)
{
	struct scene s = { .port = port, .ep = somewhere(port), .hasty = draw(2) };
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

	dup2(null, STDOUT_FILENO); /* the kit tells a driver */
	if (kind == FRESH) {
		private_net();
		atomic_fetch_add(&shared->netns, 1);
	}
	if (kind == QUIET)
		play_quiet(&s);
	else
		plays[draw(sizeof(plays) / sizeof(*plays))](&s);
	exit(0);
}

void churn(enum churn kind, double rate, unsigned seed)
{
	uint64_t next_ns = boottime_ns();
	unsigned port = 0, number = 0;
	int status;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_NAME, "soak-churn");
	if (kind == ELSEWHERE || kind == QUIET)
		private_net();
	while (!shared->over) {
		pid_t pid;

		shuffle(seed + ++number * N_CHURNS + kind);
		pid = fork();
		if (pid == 0)
			play(kind, 20000 + port);
		port = (port + 1) % 10000;
		must(pid > 0 && waitpid(pid, &status, 0) == pid, "no scene can be played");
		atomic_fetch_add(status ? &shared->broken : &shared->scenes, 1);
		next_ns += rate > 0 ? (uint64_t)(1e9 / rate) : 0;
		if (next_ns > boottime_ns())
			nap_ms((unsigned)((next_ns - boottime_ns()) / 1000000));
	}
	exit(0);
}
