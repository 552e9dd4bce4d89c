/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* libbpf's macros, as far as cppcheck needs them. */
#define LIBBPF_OPTS(type, name, ...)	   struct type name = { __VA_ARGS__ }
#define bpf_object__for_each_program(p, o) for (p = 0; p;)
