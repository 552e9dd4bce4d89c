/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The lines that are about more than one event, or about none. */
#include <inttypes.h>

#include "base/clock.h"
#include "model/endpoint.h"
#include "sink/text.h"
#include "sink/text_parts.h"

int text_resolved(int fd, const struct text_options *o, const struct resolution *story,
		  const struct process *who, uint64_t realtime_ns)
{
	struct page p;

	page_init(&p, o);
	page_time(&p, realtime_ns);
	page_styled(&p, GREEN, "resolved:");
	text_printf(&p.t, " %s ", protocol_name(story->asked.protocol));
	endpoint_add_local(&p.t, &story->asked);
	text_add(&p.t, story->operation == BT_OP_LISTEN ? " listened on by " : " bound by ");
	page_pid(&p, who->comm, who->pid);
	text_add(&p.t, " after ");
	clock_add_span(&p.t, story->after_ns);
	text_printf(&p.t, " and %" PRIu64 " refusal%s\n", story->refusals,
		    story->refusals == 1 ? "" : "s");
	return page_write(&p, fd);
}
