/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A profile as apparmor_parser(8) would write it for "profile NAME { file, }", in the binary form of version 5,
 * which kernels still take (security/apparmor/policy_unpack.c): it mediates the network and allows nothing.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/mount.h>

#include "kit_security.h"

/* enum aa_code */
enum { U32 = 2, NAME = 4, STRING = 5, BLOB = 6, STRUCT = 7, STRUCTEND = 8 };
/* The tables of a state machine, by their numbers in security/apparmor/include/match.h */
enum { ACCEPT = 1, BASE = 2, CHECK = 3, DEFAULT = 4, ACCEPT2 = 7, NEXT = 8 };
enum { CLASS_NET = 14, TRAP = 0, START = 1, MEDIATED = 2, STATES = 3, CHARACTERS = 256 };

static struct {
	unsigned char bytes[4096];
	size_t n;
} blob;

static char loaded[64];

static void put(const void *bytes, size_t n)
{
	must(blob.n + n <= sizeof(blob.bytes), "the profile is too large");
	memcpy(blob.bytes + blob.n, bytes, n);
	blob.n += n;
}

static void put_code(unsigned char code)
{
	put(&code, 1);
}

static void put_text(unsigned char code, const char *text)
{
	uint16_t n = (uint16_t)(strlen(text) + 1);

	put_code(code);
	put(&n, sizeof(n));
	put(text, n);
}

static void put_u32(uint32_t value)
{
	put_code(U32);
	put(&value, sizeof(value));
}

static void align(size_t to)
{
	blob.n = (blob.n + to - 1) / to * to;
}

/* One table: n values of that many bytes, all 0. Where they are. */
static unsigned char *put_table(uint16_t id, uint16_t bytes, uint32_t n)
{
	uint16_t head[2] = { htons(id), htons(bytes) };
	uint32_t lengths[2] = { 0, htonl(n) };
	unsigned char *data;

	put(head, sizeof(head));
	put(lengths, sizeof(lengths));
	data = blob.bytes + blob.n;
	blob.n += (size_t)n * bytes;
	align(8);
	return data;
}

/* From the start one character leads on, the class of the network, to where nothing is accepted. */
static void put_machine(void)
{
	static const unsigned char notflex[10] = "notflex";
	uint32_t head[3] = { htonl(0x1b5e783d), htonl(24), 0 };
	size_t begin;

	align(8);
	begin = blob.n;
	put(head, sizeof(head));
	put("\0", 2); /* th_flags */
	put(notflex, sizeof(notflex));
	put_table(ACCEPT, 4, STATES);
	put_table(ACCEPT2, 4, STATES);
	put_table(BASE, 4, STATES);
	put_table(DEFAULT, 2, STATES);
	put_table(NEXT, 2, CHARACTERS)[2 * CLASS_NET + 1] = MEDIATED;
	put_table(CHECK, 2, CHARACTERS)[2 * CLASS_NET + 1] = START;
	head[2] = htonl((uint32_t)(blob.n - begin));
	memcpy(blob.bytes + begin, head, sizeof(head));
}

static void put_profile(const char *name)
{
	uint32_t size = 0;
	size_t at;
	int i;

	memset(&blob, 0, sizeof(blob));
	put_text(NAME, "version");
	put_u32(5);
	put_text(NAME, "profile");
	put_code(STRUCT);
	put_text(STRING, name);
	put_text(NAME, "flags");
	put_code(STRUCT);
	for (i = 0; i < 3; i++) /* is a hat, only complains, audits */
		put_u32(0);
	put_code(STRUCTEND);
	for (i = 0; i < 4; i++) /* capabilities */
		put_u32(0);
	put_text(NAME, "policydb");
	put_code(STRUCT);
	put_text(NAME, "aadfa");
	put_code(BLOB);
	at = blob.n;
	put(&size, sizeof(size));
	put_machine();
	size = (uint32_t)(blob.n - at - sizeof(size));
	memcpy(blob.bytes + at, &size, sizeof(size));
	put_code(STRUCTEND);
	put_code(STRUCTEND);
}

/* A file of the module's own; securityfs need not be mounted. false: there is none. */
static bool tell_apparmor(const char *file, const void *bytes, size_t n)
{
	int context = fsopen("securityfs", FSOPEN_CLOEXEC), root, dir, fd = -1;
	char path[64];
	bool done = false;

	if (context < 0 || fsconfig(context, FSCONFIG_CMD_CREATE, NULL, NULL, 0))
		return false;
	root = fsmount(context, FSMOUNT_CLOEXEC, 0);
	dir = openat(root, "apparmor", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	snprintf(path, sizeof(path), ".%s", file);
	if (dir >= 0)
		fd = openat(dir, path, O_WRONLY | O_CLOEXEC);
	if (fd >= 0)
		done = write(fd, bytes, n) == (ssize_t)n;
	close(fd);
	close(dir);
	close(root);
	close(context);
	return done;
}

static void unload(void)
{
	tell_apparmor("remove", loaded, strlen(loaded));
}

void apparmor_profile(const char *name)
{
	if (access("/proc/self/attr/apparmor", F_OK))
		skip("no AppArmor here");
	put_profile(name);
	must(tell_apparmor("load", blob.bytes, blob.n), "the profile was not taken");
	snprintf(loaded, sizeof(loaded), "%s", name);
	atexit(unload);
}

void apparmor_enter(const char *name)
{
	int fd = open("/proc/self/attr/apparmor/current", O_WRONLY | O_CLOEXEC);
	char text[96];
	int n = snprintf(text, sizeof(text), "changeprofile %s", name);

	must(fd >= 0 && write(fd, text, (size_t)n) == n, "entering the profile failed");
	close(fd);
}
