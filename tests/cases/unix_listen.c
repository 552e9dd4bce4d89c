/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* listen() on a UNIX socket without a name, on a connected one, on one for datagrams (kernel.md 1.3). */
#include "kit.h"

static int unix_socket(int type)
{
	int fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);

	must(fd >= 0, "socket failed");
	return fd;
}

int main(void)
{
	struct ep ep = beside("one.sock"), second = beside("two.sock");
	struct ep none = { .sa = { .sa_family = AF_UNIX } };
	int fd = unix_socket(SOCK_DGRAM), stream = unix_socket(SOCK_STREAM);

	bind_ok(fd, ep);
	listen_refused(fd, ep, EOPNOTSUPP);
	expect("'reason': 'cannot_listen', 'layer': 'arguments', 'holders': null");
	must(listen(stream, 1) && errno == EINVAL, "no EINVAL");
	remember("listen", stream, none, EINVAL);
	advised("fix_arguments", "now");
	expect("'reason': 'not_bound', 'layer': 'arguments', 'address': null");
	bind_ok(stream, second);
	listen_ok(stream);
	fd = unix_socket(SOCK_STREAM);
	bind_ok(fd, at_abstract(own_comm()));
	must(!connect(fd, &second.sa, second.len), "connect failed");
	listen_refused(fd, at_abstract(own_comm()), EINVAL);
	expect("'reason': 'already_connected', 'layer': 'arguments'");
	return 0;
}
