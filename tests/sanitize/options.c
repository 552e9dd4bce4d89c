// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Linked into programs under ASan and UBSan: what the sanitizers are told. */
#include <sys/prctl.h>

const char *__asan_default_options(void);
const char *__ubsan_default_options(void);
int __lsan_is_turned_off(void);

/* A status that nothing else has: every test that looks at one sees it. */
const char *__asan_default_options(void)
{
	return "exitcode=86:detect_stack_use_after_return=1:strict_string_checks=1";
}

const char *__ubsan_default_options(void)
{
	return "exitcode=86:print_stacktrace=1";
}

/* Leaks are looked for by another thread that stops us by ptrace(), which the filter of system calls forbids. */
int __lsan_is_turned_off(void)
{
	return prctl(PR_GET_SECCOMP) != 0;
}
