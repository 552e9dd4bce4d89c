/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The commands: each takes its own name as argv[0] and returns an exit status of cmd/options.h. */
#ifndef BT_COMMANDS_H
#define BT_COMMANDS_H

#include "cmd/options.h"

#define BINDTRACE_VERSION "0.1.0"

int command_trace(struct options *options);
int command_check(struct options *options);
int command_ports(struct options *options);
int command_doctor(struct options *options);

/* One sentence for what kept the tracer from starting, and the exit status that goes with it. */
int explain_open_failure(int err, int hook, const struct capabilities *caps);

#endif /* BT_COMMANDS_H */
