/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Control groups: from a process or an id to a path, and from a path to systemd's unit. */
#ifndef BT_ENRICH_CGROUP_H
#define BT_ENRICH_CGROUP_H

#include <stddef.h>
#include <stdint.h>

/*
 * The unit whose processes live at a path such as "/system.slice/nginx.service"; below a user
 * manager the manager's own unit
 * ("/user.slice/user-1000.slice/user@1000.service/app.slice/foo.service" is foo.service). What a
 * unit delegates below itself is not looked into: nginx.service inside a container is not this
 * machine's nginx.service. 0 or -ENOENT, with out empty, when no unit runs there. The name has only
 * characters that systemd allows in a unit name.
 */
int cgroup_unit(const char *path, char *out, size_t size);

/*
 * The path in the text of a /proc/PID/cgroup file: of the cgroup2 hierarchy, or systemd's own where
 * that one is not in use. 0, -ENOENT, or -ENAMETOOLONG when it does not fit.
 */
int cgroup_path_of(const char *proc_cgroup, char *out, size_t size);

/* Where cgroup2 is nowhere mounted, mounts it for cgroup_open(), for when this process may not any more. */
void cgroup_prepare(void);

/*
 * The directory of the cgroup2 group with this id (bpf_get_current_cgroup_id) and its path within the
 * hierarchy. A descriptor or -errno: -ESTALE or -ENOENT when the group is gone, -EPERM without
 * CAP_DAC_READ_SEARCH or, where cgroup2 is nowhere mounted, CAP_SYS_ADMIN; -ENAMETOOLONG.
 */
int cgroup_open(uint64_t id, char *path, size_t size);

/* The path alone. 0 or -errno. */
int cgroup_path_by_id(uint64_t id, char *out, size_t size);

/*
 * Finds in the text of /proc/PID/mountinfo where the whole cgroup2 hierarchy is mounted. 0,
 * -ENOENT, or -ENAMETOOLONG.
 */
int cgroup_mount_in(const char *mountinfo, char *out, size_t size);

#endif /* BT_ENRICH_CGROUP_H */
