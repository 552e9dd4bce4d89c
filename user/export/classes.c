// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "export/classes.h"

extern const struct exporter_class exporter_journal;
extern const struct exporter_class exporter_prometheus;
extern const struct exporter_class exporter_syslog;

const struct exporter_class *const exporter_classes[] = {
	&exporter_prometheus,
	&exporter_journal,
	&exporter_syslog,
	NULL,
};
