// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Names of UNIX sockets: looked up in a tree and a table of our own, and who holds them. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include "enrich/unix.h"

static char tree[] = "/tmp/bindtrace-unit-XXXXXX";
static int root = -1;

/* A socket bound below the tree; path is relative to it. */
static int serve(const char *path, int type)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	snprintf(name.sun_path, sizeof(name.sun_path), "%s/%s", tree, path);
	assert_int_equal(bind(fd, (struct sockaddr *)&name, sizeof(name)), 0);
	return fd;
}

static int make_tree(void **state)
{
	int fd;

	(void)state;
	assert_non_null(mkdtemp(tree));
	root = open(tree, O_PATH | O_DIRECTORY | O_CLOEXEC);
	assert_int_equal(mkdirat(root, "run", 0755), 0);
	fd = openat(root, "run/file", O_CREAT | O_WRONLY | O_CLOEXEC, 0644);
	assert_true(fd >= 0);
	close(fd);
	assert_int_equal(symlinkat("/run/file", root, "inside"), 0);
	assert_int_equal(symlinkat("/usr", root, "out"), 0);
	assert_int_equal(symlinkat("run/..", root, "round"), 0);
	assert_int_equal(symlinkat("ring", root, "ring"), 0);
	return 0;
}

static int remove_tree(void **state)
{
	static const char *const names[] = { "run/file", "run/s", "inside", "out", "round", "ring" };

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		unlinkat(root, names[i], 0);
	unlinkat(root, "run", AT_REMOVEDIR);
	rmdir(tree);
	close(root);
	return 0;
}

static struct unix_facts look(int at, int cwd, bool foreign, const char *path)
{
	struct unix_facts facts = { .served = -1, .fd = -1 };

	unix_look_at_path(&facts, at, cwd, foreign, path);
	return facts;
}

static void files(void **state)
{
	int run = openat(root, "run", O_PATH | O_DIRECTORY | O_CLOEXEC);
	int proc = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);

	(void)state;
	assert_int_equal(look(root, -1, true, "/run/file").file, UNIX_FILE_OTHER);
	assert_int_equal(look(root, -1, true, "/run/none").file, UNIX_FILE_NONE);
	assert_int_equal(look(root, run, true, "file").file, UNIX_FILE_OTHER);
	/* bind() does not follow the last link: that it is there is enough */
	assert_int_equal(look(root, -1, true, "/inside").file, UNIX_FILE_OTHER);
	/* a link leads to another place in another root */
	assert_int_equal(look(root, -1, true, "/out/bin").file, UNIX_FILE_NONE);
	/* and a relative path may not leave where nobody knows the root's end */
	assert_int_equal(look(root, run, true, "../run/file").file, UNIX_FILE_UNKNOWN);
	assert_int_equal(look(root, run, false, "../run/file").file, UNIX_FILE_OTHER);
	/* up from the root is the root, as deep as one likes, also by a link that goes round */
	assert_int_equal(look(root, run, false, "../../../run/../../run/./file").file,
			 UNIX_FILE_OTHER);
	assert_int_equal(look(root, -1, true, "/../round/round/run//file").file, UNIX_FILE_OTHER);
	assert_int_equal(look(root, -1, true, "/ring/file").file, UNIX_FILE_UNKNOWN);
	assert_int_equal(look(root, run, true, "../round/run/file").file, UNIX_FILE_UNKNOWN);
	assert_int_equal(look(root, -1, true, "/run/file/below").file, UNIX_FILE_NONE);
	/* where a link of /proc leads depends on who looks */
	assert_int_equal(look(proc, -1, true, "/self/cwd").file, UNIX_FILE_UNKNOWN);
	/* whose directory is not known */
	assert_int_equal(look(root, -1, false, "file").file, UNIX_FILE_UNKNOWN);
	assert_int_equal(look(-1, run, true, "/run/file").file, UNIX_FILE_UNKNOWN);
	close(run);
	close(proc);
}

static int8_t settled(const struct bt_sharer *sharers, int n)
{
	struct unix_facts facts = look(root, -1, true, "/run/s");
	struct bt_record r = { .error = EADDRINUSE };

	assert_int_equal(facts.file, UNIX_FILE_SOCKET);
	assert_true(facts.inode && facts.fd >= 0);
	unix_settle(&facts, &r, sharers, n);
	assert_int_equal(facts.fd, -1);
	return facts.served;
}

static void served_or_stale(void **state)
{
	static const int types[] = { SOCK_STREAM, SOCK_SEQPACKET, SOCK_DGRAM };

	(void)state;
	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++) {
		int fd = serve("run/s", types[i]);

		assert_int_equal(settled(NULL, -EPERM), 1);
		if (types[i] != SOCK_DGRAM)
			assert_int_equal(listen(fd, 1), 0);
		assert_int_equal(settled(NULL, 0), 1);
		/* nobody got a connection by that */
		assert_int_equal(accept(fd, NULL, NULL), -1);
		close(fd);
		assert_int_equal(settled(NULL, 0), 0);
		unlinkat(root, "run/s", 0);
	}
}

static const char table[] = "Num       RefCount Protocol Flags    Type St Inode Path\n"
			    "0000000000000000: 00000002 00000000 00010000 0001 01    11 @one\n"
			    "0000000000000000: 00000003 00000000 00000000 0001 03    12 @one\n"
			    "0000000000000000: 00000002 00000000 00000000 0002 01    13 @one\n"
			    "0000000000000000: 00000002 00000000 00000000 0002 03    14 @dgram\n"
			    "0000000000000000: 00000002 00000000 00010000 0001 01    15\n"
			    "0000000000000000: 00000002 00000000 00010000 0001 01    16 @a@b\n"
			    "0000000000000000: 00000002 00000000 00010000 0001 01    17 @two\n"
			    "0000000000000000: 00000002 00000000 00010000 0001 01    18 @two\n"
			    "garbage\n";

static uint64_t find(const char *name, size_t n, unsigned type)
{
	struct unix_facts facts = { 0 };

	unix_look_in_table(&facts, table, name, n, type);
	return facts.socket;
}

static void abstract_names(void **state)
{
	(void)state;
	assert_int_equal(find("@one", 4, SOCK_STREAM), 11);
	assert_int_equal(find("@one", 4, SOCK_DGRAM), 13);
	assert_int_equal(find("@one", 4, SOCK_SEQPACKET), 0);
	assert_int_equal(find("@on", 3, SOCK_STREAM), 0);
	assert_int_equal(find("@dgram", 6, SOCK_DGRAM), 14);
	assert_int_equal(find("@a\0b", 4, SOCK_STREAM), 16);
	assert_int_equal(find("@two", 4, SOCK_STREAM), 0); /* two are no answer */
}

static struct event event;

static void ask(const char *path, size_t n)
{
	memset(&event, 0, sizeof(event));
	event.rec.operation = BT_OP_BIND;
	event.rec.error = EADDRINUSE;
	event.rec.sock.family = AF_UNIX;
	event.rec.sk_type = SOCK_STREAM;
	event.rec.task.netns = 7;
	memcpy(event.rec.path, path, n);
	event.rec.path_len = (uint16_t)n;
	memset(event.rec.kind.addr, 0x5a, sizeof(event.rec.kind.addr));
}

static void holders_of_files(void **state)
{
	const struct unix_facts facts = {
		.file = UNIX_FILE_SOCKET, .inode = 5, .device = 8, .served = 1
	};
	struct bt_sharer s[] = {
		{ .family = AF_UNIX,
		  .inode = 1,
		  .sk = 1,
		  .file_inode = 5,
		  .file_device = 9,
		  .type = SOCK_STREAM,
		  .state = BT_TCP_LISTEN }, /* of another file system */
		{ .family = AF_UNIX,
		  .inode = 2,
		  .sk = 2,
		  .file_inode = 5,
		  .file_device = 8,
		  .type = SOCK_STREAM,
		  .state = BT_TCP_ESTABLISHED }, /* accepted */
		{ .family = AF_INET, .inode = 5, .sk = 3 },
		{ .family = AF_UNIX,
		  .inode = 4,
		  .sk = 4,
		  .file_inode = 5,
		  .file_device = 8,
		  .type = SOCK_STREAM,
		  .state = BT_TCP_LISTEN },
	};

	(void)state;
	assert_int_equal(unix_wanted(&facts), 5);
	ask("/run/s", 7);
	unix_add_holder(&event, &facts, s, 3);
	assert_int_equal(event.rec.n_holders, 0);
	assert_int_equal(event.rec.walk, 0); /* somebody has it, and it was not seen who */
	unix_add_holder(&event, &facts, s, 4);
	assert_int_equal(event.rec.n_holders, 1);
	assert_int_equal(event.rec.holders[0].sock.inode, 4);
	assert_int_equal(event.rec.holders[0].sock.state, BT_TCP_LISTEN);
	assert_int_equal(event.rec.totals.blocking_lasting, 1);
}

static void holders_of_names(void **state)
{
	const struct unix_facts facts = { .socket = 11, .served = -1 };
	struct bt_sharer s = { .family = AF_UNIX,
			       .inode = 11,
			       .sk = 1,
			       .netns = 7,
			       .type = SOCK_STREAM,
			       .state = BT_TCP_LISTEN };

	(void)state;
	assert_int_equal(unix_wanted(&facts), 11);
	ask("\0one", 4);
	/* a row of the table that somebody made up: the socket's own name is another */
	unix_add_holder(&event, &facts, &s, 1);
	assert_int_equal(event.rec.n_holders, 0);
	memset(s.name_hash, 0x5a, sizeof(s.name_hash));
	s.netns = 8;
	unix_add_holder(&event, &facts, &s, 1);
	assert_int_equal(event.rec.n_holders, 0);
	s.netns = 7;
	unix_add_holder(&event, &facts, &s, 1);
	assert_int_equal(event.rec.n_holders, 1);
}

static void other_records(void **state)
{
	struct bt_record r = { .operation = BT_OP_BIND,
			       .error = EADDRINUSE,
			       .sock = { .family = AF_INET, .port = 80 } };
	struct unix_facts facts;

	(void)state;
	unix_look(&facts, &r);
	assert_int_equal(facts.file, UNIX_FILE_UNKNOWN);
	assert_int_equal(facts.served, -1);
	assert_int_equal(facts.fd, -1);
	assert_int_equal(unix_wanted(&facts), 0);
	/* an asker that is gone, from a root that is not ours: nothing is said */
	r.sock.family = AF_UNIX;
	r.task.pid = 0x7ffffff0;
	r.task.start_ns = 1;
	strcpy(r.path, "/etc/passwd");
	r.path_len = 12;
	unix_look(&facts, &r);
	assert_int_equal(facts.file, UNIX_FILE_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files),
		cmocka_unit_test(served_or_stale),
		cmocka_unit_test(abstract_names),
		cmocka_unit_test(holders_of_files),
		cmocka_unit_test(holders_of_names),
		cmocka_unit_test(other_records),
	};

	return cmocka_run_group_tests_name("unix", tests, make_tree, remove_tree);
}
