// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "cmd/commands.h"

int explain_open_failure(int err, int hook, const struct capabilities *caps)
{
	if (geteuid() && (err == -EPERM || err == -EACCES || caps->btf == -EPERM)) {
		log_error("tracing this kernel needs root, or more capabilities than there are; "
			  "run it with sudo, or see docs/security.md");
		return EXIT_UNSUPPORTED;
	}
	if (caps->btf) {
		log_error("this kernel does not describe its types (/sys/kernel/btf/vmlinux: %s); "
			  "bindtrace needs Linux 5.10 or newer with CONFIG_DEBUG_INFO_BTF",
			  strerror(-caps->btf));
		return EXIT_UNSUPPORTED;
	}
	if (hook >= 0 && probe_hook(caps, hook)) {
		log_error("this kernel refuses to attach by %s (%s); leave --attach out, or see "
			  "bindtrace doctor",
			  hook_name((unsigned)hook), strerror(-probe_hook(caps, hook)));
		return EXIT_UNSUPPORTED;
	}
	if (caps->best_hook < 0) {
		log_error("this kernel lets a tracer neither attach nor read (%s); see bindtrace "
			  "doctor",
			  strerror(-caps->best_hook));
		return EXIT_UNSUPPORTED;
	}
	log_error("the tracing programs could not be loaded (%s); -vv shows what the kernel says",
		  strerror(-err));
	return EXIT_FAILED;
}
