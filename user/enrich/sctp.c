// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "enrich/sctp.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "enrich/untabled.h"
#include "enrich/net_table.h"

/* The peer's addresses stand behind an arrow, the one in use with a star. */
static void read_peer(struct sctp_facts *facts, const char *line, unsigned port)
{
	const char *end = strchr(line, '\n'), *arrow = strstr(line, "<-> ");
	char address[INET6_ADDRSTRLEN];
	const char *star = arrow ? strchr(arrow, '*') : NULL;

	if (!star || (end && star > end) || sscanf(star, "*%45s", address) != 1)
		return;
	if (inet_pton(AF_INET, address, facts->peer.addr) == 1)
		facts->peer.family = AF_INET;
	else if (inet_pton(AF_INET6, address, facts->peer.addr) == 1)
		facts->peer.family = AF_INET6;
	else
		return;
	facts->peer.port = (uint16_t)port;
}

void sctp_look_in_table(struct sctp_facts *facts, const char *table, unsigned port)
{
	for (const char *line = strchr(table, '\n'); line && line[1]; line = strchr(line, '\n')) {
		unsigned long inode;
		unsigned local, peer;

		line++;
		/* ASSOC SOCK STY SST ST HBKT ASSOC-ID TX_QUEUE RX_QUEUE UID INODE LPORT RPORT */
		if (sscanf(line, "%*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %lu %u %u", &inode,
			   &local, &peer) != 3 ||
		    inode || local != port)
			continue;
		if (!facts->orphans++)
			read_peer(facts, line, peer);
	}
}

void sctp_look(struct sctp_facts *facts, const struct bt_record *r)
{
	char *table;

	memset(facts, 0, sizeof(*facts));
	if (!bt_is_sctp(&r->sock) || !untabled_needed(r))
		return;
	table = net_table_read(r, "sctp/assocs");
	if (table)
		sctp_look_in_table(facts, table, r->sock.port);
	free(table);
}
