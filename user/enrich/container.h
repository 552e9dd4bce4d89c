/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Containers by the paths of their control groups: Docker, containerd, CRI-O and Podman, under the systemd and
 * the cgroupfs driver, with Kubernetes or not.
 */
#ifndef BT_ENRICH_CONTAINER_H
#define BT_ENRICH_CONTAINER_H

#include <stdbool.h>

#include "model/event.h"

/*
 * The outermost container on a path such as "/system.slice/docker-<64 hex>.scope": the one this
 * machine's runtime knows. What is below it was named from inside, by anybody. Also the pod, which
 * may be there without a container. The runtime is not known where the path has nothing but an id;
 * outside of a pod such an id is taken only when a runtime's files know it. true: something found.
 */
bool container_of_path(const char *path, struct container *c);

/* The same for the text of a /proc/PID/cgroup file: the first hierarchy that tells. */
bool container_of_process(const char *proc_cgroup, struct container *c);

#endif /* BT_ENRICH_CONTAINER_H */
