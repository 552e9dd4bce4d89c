/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include "enrich/security.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

void security_enrich(struct event *e)
{
	int fd;
	ssize_t n;

	if (e->rec.who != BT_WHO_LSM)
		return;
	fd = open("/sys/kernel/security/lsm", O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	n = read(fd, e->lsms, sizeof(e->lsms));
	close(fd);
	/* half a list names the wrong ones */
	if (n <= 0 || (size_t)n >= sizeof(e->lsms))
		n = 0;
	e->lsms[n] = '\0';
	e->lsms[strcspn(e->lsms, "\n")] = '\0';
}
