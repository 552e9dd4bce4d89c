/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#ifndef BT_BASE_VERSION_H
#define BT_BASE_VERSION_H

#define BINDTRACE_VERSION "0.1.0"

#endif /* BT_BASE_VERSION_H */
