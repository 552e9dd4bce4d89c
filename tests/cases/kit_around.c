/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Helper processes and the surroundings: network namespace, sysctls, time. */

#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

#include "kit.h"

/* ---- processes */

bool start_child(struct child *c)
{
	int down[2], up[2];

	must(!pipe2(down, O_CLOEXEC) && !pipe2(up, O_CLOEXEC), "pipe failed");
	fflush(stdout);
	c->pid = fork();
	must(c->pid >= 0, "fork failed");
	if (c->pid == 0) {
		c->from = down[0];
		c->to = up[1];
		close(down[1]);
		close(up[0]);
		return true;
	}
	c->to = down[1];
	c->from = up[0];
	close(down[0]);
	close(up[1]);
	printf("{\"child\": %d}\n", (int)c->pid); /* its events are the case's */
	fflush(stdout);
	return false;
}

void signal_parent(const struct child *c)
{
	must(write(c->to, "", 1) == 1, "the case went away");
}

/* Goes on, too, when the case ends. */
void wait_parent(const struct child *c)
{
	char byte;

	if (read(c->from, &byte, 1) < 0)
		fail("reading the case's signal failed");
}

void signal_child(const struct child *c)
{
	must(write(c->to, "", 1) == 1, "a helper process went away");
}

/* What the helper cannot do here the case cannot either: the helper has said why. */
void wait_child(const struct child *c)
{
	int status = 0;
	char byte;

	if (read(c->from, &byte, 1) == 1)
		return;
	must(waitpid(c->pid, &status, 0) == c->pid, "a helper process was lost");
	if (WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SKIP)
		exit(EXIT_SKIP);
	fail("a helper process ended too early");
}

void end_child(struct child *c)
{
	int status;

	close(c->to);
	must(waitpid(c->pid, &status, 0) == c->pid, "waitpid failed");
	must(WIFEXITED(status) && !WEXITSTATUS(status), "a helper process failed");
	close(c->from);
}

void kill_child(struct child *c)
{
	must(kill(c->pid, SIGKILL) == 0, "kill failed");
	must(waitpid(c->pid, NULL, 0) == c->pid, "waitpid failed");
	close(c->to);
	close(c->from);
}

void send_fd(int channel, int fd)
{
	char byte = 0, control[CMSG_SPACE(sizeof(int))] = { 0 };
	struct iovec iov = { &byte, 1 };
	struct msghdr msg = { .msg_iov = &iov,
			      .msg_iovlen = 1,
			      .msg_control = control,
			      .msg_controllen = sizeof(control) };
	struct cmsghdr *head = CMSG_FIRSTHDR(&msg);

	head->cmsg_level = SOL_SOCKET;
	head->cmsg_type = SCM_RIGHTS;
	head->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(head), &fd, sizeof(fd));
	must(sendmsg(channel, &msg, 0) == 1, "sending a descriptor failed");
}

int receive_fd(int channel)
{
	char byte, control[CMSG_SPACE(sizeof(int))];
	struct iovec iov = { &byte, 1 };
	struct msghdr msg = { .msg_iov = &iov,
			      .msg_iovlen = 1,
			      .msg_control = control,
			      .msg_controllen = sizeof(control) };
	int fd;

	must(recvmsg(channel, &msg, MSG_CMSG_CLOEXEC) == 1 && CMSG_FIRSTHDR(&msg),
	     "no descriptor came");
	memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&msg)), sizeof(fd));
	return fd;
}

/* ---- surroundings */

void private_net(void)
{
	struct ifreq request = { .ifr_name = "lo" };
	int fd;

	if (unshare(CLONE_NEWNET))
		skip("no permission for a network namespace");
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	must(fd >= 0 && !ioctl(fd, SIOCGIFFLAGS, &request), "reading the flags of lo failed");
	request.ifr_flags |= IFF_UP;
	must(!ioctl(fd, SIOCSIFFLAGS, &request), "bringing lo up failed");
	close(fd);
}

void set_sysctl(const char *name, const char *value)
{
	char path[128];
	FILE *f;

	snprintf(path, sizeof(path), "/proc/sys/net/%s", name);
	f = fopen(path, "we");
	if (!f || fputs(value, f) < 0 || fclose(f))
		fail("writing %s failed", path);
}

long get_sysctl(const char *name)
{
	char path[128];
	long value = -1;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/sys/net/%s", name);
	f = fopen(path, "re");
	if (!f || fscanf(f, "%ld", &value) != 1)
		fail("reading %s failed", path);
	fclose(f);
	return value;
}

uint64_t boottime_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_BOOTTIME, &ts);
	return (uint64_t)ts.tv_sec * 1000000000 + (uint64_t)ts.tv_nsec;
}

void nap_ms(unsigned ms)
{
	struct timespec ts = { ms / 1000, ms % 1000 * 1000000L };

	nanosleep(&ts, NULL);
}

const char *own_comm(void)
{
	static char comm[17];

	prctl(PR_GET_NAME, comm);
	return comm;
}

/* A bare machine has no devpts yet. */
int open_terminal(int *slave)
{
	const char *name;
	int master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC);

	if (master < 0 || !(name = ptsname(master)) || access(name, F_OK)) {
		mkdir("/dev/pts", 0755);
		if (mount("devpts", "/dev/pts", "devpts", 0, "ptmxmode=0666"))
			return -1;
		close(master);
		master = open("/dev/pts/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC);
	}
	if (master < 0 || unlockpt(master) || !(name = ptsname(master)))
		return -1;
	*slave = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
	return *slave < 0 ? -1 : master;
}
