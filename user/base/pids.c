// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "base/pids.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define FIRST_PID_NAMESPACE 0xEFFFFFFCu /* PROC_PID_INIT_INO */

bool sees_all_processes(void)
{
	struct stat st;

	return stat("/proc/self/ns/pid", &st) || st.st_ino == FIRST_PID_NAMESPACE;
}

bool proc_is_of_all(void)
{
	char self[16] = "";

	/* a /proc of another namespace has us by another number, or not at all */
	return sees_all_processes() && readlink("/proc/self", self, sizeof(self) - 1) > 0 &&
	       atoi(self) == getpid();
}
