/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Ports with their sockets, for people and for programs. Each function returns 0 or -errno. */
#ifndef BT_SINK_PORTS_H
#define BT_SINK_PORTS_H

#include "model/port.h"
#include "sink/json.h"
#include "sink/text.h"

/* All that is to say about one port. */
int text_port(int fd, const struct text_options *o, const struct port_group *g);

/* The last line: n ports of the range first..last that only outgoing connections have were not told. */
int text_ports_left_out(int fd, const struct text_options *o, unsigned n, unsigned first,
			unsigned last);

/* One socket of a port, a line of kind "socket". */
int json_port(int fd, const struct json_moment *m, const struct host_facts *h,
	      const struct port_group *g, const struct port_socket *s);

#endif /* BT_SINK_PORTS_H */
