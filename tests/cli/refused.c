// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Makes one refused bind on 127.0.0.1, or several that are alike; whoever holds the port is this process.
 *
 *   refused [--port PORT] [--uid UID] [--name COMM] [--error EADDRINUSE|EINVAL] [--times N]
 */
#include <getopt.h>
#include <sys/prctl.h>

#include "kit.h"

static struct {
	unsigned port, uid, times;
	int error;
} options = { .port = 21000, .times = 1, .error = EADDRINUSE };

static void parse(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "port", required_argument, NULL, 'p' },
		{ "uid", required_argument, NULL, 'u' },
		{ "name", required_argument, NULL, 'n' },
		{ "error", required_argument, NULL, 'e' },
		{ "times", required_argument, NULL, 't' },
		{ 0 },
	};
	int which;

	while ((which = getopt_long(argc, argv, "", longs, NULL)) != -1) {
		if (which == 'p')
			options.port = (unsigned)atoi(optarg);
		else if (which == 'u')
			options.uid = (unsigned)atoi(optarg);
		else if (which == 'n')
			prctl(PR_SET_NAME, optarg);
		else if (which == 'e')
			options.error = strcmp(optarg, "EINVAL") ? EADDRINUSE : EINVAL;
		else if (which == 't')
			options.times = (unsigned)atoi(optarg);
		else
			exit(2);
	}
}

int main(int argc, char **argv)
{
	struct ep ep;
	int fd;

	parse(argc, argv);
	ep = at("127.0.0.1", options.port);
	must(!setresuid(options.uid, options.uid, options.uid), "setresuid failed");
	fd = listen_on(ep, 0);
	if (options.error == EADDRINUSE)
		fd = new_socket(ep, 0);
	while (options.times--)
		bind_refused(fd, ep, options.error); /* EINVAL: it has a port already */
	return 0;
}
