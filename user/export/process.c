// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "export/process.h"

#include <dirent.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

static const struct metric_family cpu = { "process_cpu",
					  "CPU time of the exporter, user and system.", "seconds",
					  "s", METRIC_COUNTER },
				  resident = { "process_resident_memory",
					       "Resident memory of the exporter.", "bytes", "By",
					       METRIC_GAUGE },
				  virtual_memory = { "process_virtual_memory",
						     "Virtual memory of the exporter.", "bytes",
						     "By", METRIC_GAUGE },
				  open_fds = { "process_open_fds",
					       "Open file descriptors of the exporter.", NULL,
					       "{descriptor}", METRIC_GAUGE },
				  max_fds = { "process_max_fds", "How many the exporter may open.",
					      NULL, "{descriptor}", METRIC_GAUGE },
				  start = { "process_start_time",
					    "When the exporter began, in Unix time.", "seconds",
					    "s", METRIC_GAUGE };

static double cpu_s(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
	       (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

/* In bytes; false: unknown. */
static bool memory(double *virtual, double *rss)
{
	FILE *f = fopen("/proc/self/statm", "re");
	unsigned long pages[2];
	bool known = f && fscanf(f, "%lu %lu", &pages[0], &pages[1]) == 2;

	if (f)
		fclose(f);
	if (known) {
		*virtual = (double)pages[0] * (double)sysconf(_SC_PAGESIZE);
		*rss = (double)pages[1] * (double)sysconf(_SC_PAGESIZE);
	}
	return known;
}

/* Without the one that looks; -1: unknown. */
static int descriptors(void)
{
	DIR *dir = opendir("/proc/self/fd");
	int n = -1;

	if (!dir)
		return -1;
	for (struct dirent *entry; (entry = readdir(dir));)
		n += entry->d_name[0] != '.';
	closedir(dir);
	return n;
}

int process_visit(uint64_t since_ns, int (*sample)(void *context, const struct metric_sample *s),
		  void *context)
{
	struct metric_sample samples[6];
	double virtual, rss;
	struct rlimit limit;
	unsigned n = 0;
	int fds = descriptors(), answer = 0;

	samples[n++] = (struct metric_sample){ .family = &cpu, .value = cpu_s() };
	if (memory(&virtual, &rss)) {
		samples[n++] = (struct metric_sample){ .family = &resident, .value = rss };
		samples[n++] =
			(struct metric_sample){ .family = &virtual_memory, .value = virtual };
	}
	if (fds >= 0)
		samples[n++] = (struct metric_sample){ .family = &open_fds, .value = fds };
	if (!getrlimit(RLIMIT_NOFILE, &limit))
		samples[n++] = (struct metric_sample){ .family = &max_fds,
						       .value = (double)limit.rlim_cur };
	samples[n++] = (struct metric_sample){ .family = &start, .value = (double)since_ns / 1e9 };
	for (unsigned i = 0; i < n && !answer; i++)
		answer = sample(context, &samples[i]);
	return answer;
}
