/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include <errno.h>
#include <string.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "enrich/cgroup.h"
#include "fixture.h"

static char out[256];

static const char *unit(const char *path)
{
	int err = cgroup_unit(path, out, sizeof(out));

	assert_int_equal(err, out[0] ? 0 : -ENOENT);
	return out;
}

static void units(void **state)
{
	(void)state;
	assert_string_equal(unit("/system.slice/nginx.service"), "nginx.service");
	assert_string_equal(unit("/system.slice/system-getty.slice/getty@tty1.service"),
			    "getty@tty1.service");
	assert_string_equal(unit("/user.slice/user-1000.slice/session-3.scope"), "session-3.scope");
	assert_string_equal(
		unit("/user.slice/user-1000.slice/user@1000.service/app.slice/foo.service"),
		"foo.service");
	assert_string_equal(unit("/user.slice/user-1000.slice/user@1000.service"),
			    "user@1000.service");
	assert_string_equal(unit("/user.slice/user-1000.slice/user@1000.service/init.scope"),
			    "user@1000.service");
	assert_string_equal(unit("/init.scope"), "init.scope");
	assert_string_equal(unit("/system.slice/docker-0123abc.scope"), "docker-0123abc.scope");
	assert_string_equal(unit("/system.slice/sshd.socket"), "sshd.socket");
	/* systemctl knows it by this very name */
	assert_string_equal(
		unit("/user.slice/user-1.slice/user@1.service/app.slice/app-x\\x2dy-1.scope"),
		"app-x\\x2dy-1.scope");
	/* cg_escape() */
	assert_string_equal(unit("/system.slice/_cpu.service"), "cpu.service");
}

static void delegated_groups(void **state)
{
	(void)state;
	/* a container's nginx.service is not this machine's */
	assert_string_equal(unit("/machine.slice/systemd-nspawn@web.service/payload/system.slice/"
				 "nginx.service"),
			    "systemd-nspawn@web.service");
	assert_string_equal(unit("/system.slice/foo.service/worker"), "foo.service");
	assert_string_equal(unit("/system.slice/foo.service/bar.service"), "foo.service");
}

static void no_units(void **state)
{
	static const char *const none[] = { "",
					    "/",
					    "/docker/0123abc",
					    "/system.slice",
					    "/a.slice/b.slice",
					    ".service",
					    "/.service",
					    "/user.slice/x.timer",
					    "/system.slice/a;reboot.service",
					    "/system.slice/a b.service",
					    "/system.slice/\033[2J.service",
					    "/system.slice/nginx.service (deleted)",
					    "/payload/system.slice/nginx.service" };
	char small[8];

	(void)state;
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		assert_string_equal(unit(none[i]), "");
	assert_int_equal(cgroup_unit("/system.slice/nginx.service", small, sizeof(small)), -ENOENT);
	assert_string_equal(small, "");
}

static const char *path_of(const char *text)
{
	int err = cgroup_path_of(text, out, sizeof(out));

	assert_int_equal(err, out[0] ? 0 : -ENOENT);
	return out;
}

static void paths(void **state)
{
	char small[4];

	(void)state;
	assert_string_equal(path_of("0::/system.slice/a.service\n"), "/system.slice/a.service");
	assert_string_equal(path_of("2:name=systemd:/v1\n1:cpu:/x\n0::/v2\n"), "/v2");
	/* cgroup2 is mounted but not in use */
	assert_string_equal(path_of("2:name=systemd:/v1\n1:cpu:/x\n0::/\n"), "/v1");
	assert_string_equal(path_of("2:name=systemd:/v1\n"), "/v1");
	assert_string_equal(path_of("10::/wrong\n0::/\n"), "/");
	assert_string_equal(path_of("1:cpu:/0::/x\n0::/a:b\n"), "/a:b");
	assert_string_equal(path_of("1:cpu:/x\n"), "");
	assert_string_equal(path_of(""), "");
	assert_int_equal(cgroup_path_of("0::/abc\n", small, sizeof(small)), -ENAMETOOLONG);
	assert_string_equal(small, "");
}

static void mounts(void **state)
{
	const char *hybrid =
		"31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw\n"
		"40 31 0:37 / /sys/fs/cgroup/systemd rw shared:9 - cgroup cgroup rw,name=systemd\n"
		"41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw\n";

	(void)state;
	assert_int_equal(cgroup_mount_in(hybrid, out, sizeof(out)), 0);
	assert_string_equal(out, "/sys/fs/cgroup/unified");
	/* a part of the tree, mounted into a container's view; then all of it, at an odd place */
	assert_int_equal(cgroup_mount_in("5 1 0:3 /docker/x /a rw master:1 - cgroup2 cgroup rw\n"
					 "6 1 0:3 / /my\\040cg rw - cgroup2 cgroup rw\n",
					 out, sizeof(out)),
			 0);
	assert_string_equal(out, "/my cg");
	assert_int_equal(cgroup_mount_in("31 23 0:28 / /x rw - tmpfs cgroup2 rw\n", out,
					 sizeof(out)),
			 -ENOENT);
	assert_int_equal(cgroup_mount_in("garbage\n\n - cgroup2 \n", out, sizeof(out)), -ENOENT);
	assert_int_equal(cgroup_mount_in("", out, sizeof(out)), -ENOENT);
}

static void ids_on_this_machine(void **state)
{
	char mount[256] = "", text[65536], dir[320];
	struct stat st;
	FILE *f = fopen("/proc/self/mountinfo", "r");
	size_t n;
	int err;

	(void)state;
	assert_non_null(f);
	n = fread(text, 1, sizeof(text) - 1, f);
	text[n] = '\0';
	fclose(f);
	if (cgroup_mount_in(text, mount, sizeof(mount)) || stat(mount, &st))
		skip();
	err = cgroup_path_by_id(st.st_ino, out, sizeof(out));
	if (err == -EPERM)
		skip();
	assert_int_equal(err, 0);
	assert_string_equal(out, "/");

	snprintf(dir, sizeof(dir), "%s/bindtrace-test-%d", mount, getpid());
	if (mkdir(dir, 0700))
		skip();
	assert_int_equal(stat(dir, &st), 0);
	err = cgroup_path_by_id(st.st_ino, out, sizeof(out));
	assert_int_equal(rmdir(dir), 0);
	assert_int_equal(err, 0);
	assert_string_equal(out, dir + strlen(mount));
	/* gone, and never given to another group */
	assert_int_not_equal(cgroup_path_by_id(st.st_ino, out, sizeof(out)), 0);
	assert_string_equal(out, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(units),    cmocka_unit_test(delegated_groups),
		cmocka_unit_test(no_units), cmocka_unit_test(paths),
		cmocka_unit_test(mounts),   cmocka_unit_test(ids_on_this_machine),
	};

	return cmocka_run_group_tests_name("cgroup", tests, NULL, NULL);
}
