/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A filter of the program refuses bind() and listen(): the network stack never sees them. */
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "kit.h"

static void forbid(void)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_bind, 1, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_listen, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { sizeof(code) / sizeof(*code), code };

	must(!prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs failed");
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
		skip("this kernel has no seccomp filters");
}

static void expect_denied(void)
{
	not_advised("stop_holder");
	if (in_kernel()) {
		advised("change_policy", "next_restart");
		expect("'reason': 'seccomp_denied', 'layer': 'seccomp'");
	} else {
		expect("'reason': 'other', 'layer': null");
	}
}

int main(void)
{
	struct ep own = at("127.0.0.1", free_port()), ep = at("127.0.0.1", free_port());
	int fd = bound_on(own, 0), twice;

	forbid();
	for (twice = 0; twice < 2; twice++) {
		refuse(ep, 0, EPERM);
		expect_denied();
	}
	listen_refused(fd, own, EPERM);
	expect_denied();
	return 0;
}
