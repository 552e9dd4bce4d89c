// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "record/key.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"

#define SECRET "bindtrace-secret-key:"
#define PUBLIC "bindtrace-public-key:"

enum { FILE_LEN = sizeof(SECRET) - 1 + 2 * SEAL_SEED + 1, PATH = 4096 };

_Static_assert(sizeof(SECRET) == sizeof(PUBLIC) && SEAL_SEED == SEAL_PUBLIC, "one length for both");

/* A new file with one line. 0 or -errno; one that is only begun is removed. */
static int put(const char *path, mode_t mode, const char *label, const uint8_t bytes[SEAL_SEED])
{
	char line[FILE_LEN + 1], hex[2 * SEAL_SEED + 1];
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode), err;

	if (fd < 0)
		return -errno;
	seal_hex(bytes, SEAL_SEED, hex);
	snprintf(line, sizeof(line), "%s%s\n", label, hex);
	err = write_all(fd, line, FILE_LEN);
	if (!err && fsync(fd))
		err = -errno;
	close(fd);
	sodium_memzero(line, sizeof(line));
	sodium_memzero(hex, sizeof(hex));
	if (err)
		unlink(path);
	return err;
}

int key_generate(const char *path, struct seal_key *key, const char **failed)
{
	static char public[PATH];
	uint8_t seed[SEAL_SEED];
	int err;

	*failed = path;
	if ((size_t)snprintf(public, sizeof(public), "%s.pub", path) >= sizeof(public))
		return -ENAMETOOLONG;
	randombytes_buf(seed, sizeof(seed));
	crypto_sign_seed_keypair(key->public, key->secret, seed);
	err = put(path, 0600, SECRET, seed);
	sodium_memzero(seed, sizeof(seed));
	if (err)
		return err;
	*failed = public;
	err = put(public, 0644, PUBLIC, key->public);
	if (err)
		unlink(path);
	return err;
}

/* The one line of an open file, which must have that label. */
static int get(int fd, const char *label, uint8_t bytes[SEAL_SEED])
{
	char line[FILE_LEN + 2];
	ssize_t n = read(fd, line, FILE_LEN + 1);
	int err = 0;

	if (n < 0)
		return -errno;
	if (n && line[n - 1] == '\n')
		n--;
	line[n] = '\0';
	if (strncmp(line, label, sizeof(SECRET) - 1) != 0 ||
	    !seal_unhex(line + sizeof(SECRET) - 1, bytes, SEAL_SEED))
		err = -EBADMSG;
	sodium_memzero(line, sizeof(line));
	return err;
}

int key_load_secret(const char *path, struct seal_key *key)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), err;
	uint8_t seed[SEAL_SEED];
	struct stat st;

	if (fd < 0)
		return -errno;
	if (fstat(fd, &st))
		err = -errno;
	else
		err = st.st_mode & 077 ? -EPERM : get(fd, SECRET, seed);
	close(fd);
	if (err)
		return err;
	crypto_sign_seed_keypair(key->public, key->secret, seed);
	sodium_memzero(seed, sizeof(seed));
	return 0;
}

int key_load_public(const char *word, uint8_t key[SEAL_PUBLIC])
{
	int fd, err;

	if (seal_unhex(word, key, SEAL_PUBLIC))
		return 0;
	fd = open(word, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	err = get(fd, PUBLIC, key);
	close(fd);
	return err;
}

void key_wipe(struct seal_key *key)
{
	sodium_memzero(key->secret, sizeof(key->secret));
}
