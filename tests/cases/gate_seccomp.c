/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A filter of the program refuses bind(): the network stack never sees it. */
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "kit.h"

static void forbid_bind(void)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_bind, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { sizeof(code) / sizeof(*code), code };

	must(!prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs failed");
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
		skip("this kernel has no seccomp filters");
}

int main(void)
{
	struct ep ep = at("127.0.0.1", free_port());
	int twice;

	forbid_bind();
	for (twice = 0; twice < 2; twice++) {
		refuse(ep, 0, EPERM);
		not_advised("stop_holder");
		if (in_kernel()) {
			advised("change_policy", "next_restart");
			expect("'reason': 'seccomp_denied', 'layer': 'seccomp'");
		} else {
			expect("'reason': 'other', 'layer': null");
		}
	}
	return 0;
}
