// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* bindtrace keygen: a pair of keys for record --sign and verify --key. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "cmd/commands.h"
#include "record/key.h"

static int explain(const char *path, int err)
{
	if (err == -EEXIST)
		log_error("%s is there already and is not overwritten", path);
	else
		log_error("cannot write %s: %s", path, strerror(-err));
	return EXIT_FAILED;
}

int command_keygen(struct options *options)
{
	char hex[2 * SEAL_PUBLIC + 1];
	const char *failed;
	struct seal_key key;
	int err;

	if (options->n_operands != 1) {
		log_error("keygen takes one file: bindtrace keygen FILE");
		return EXIT_USAGE;
	}
	if (seal_init()) {
		log_error("libsodium cannot be used on this machine");
		return EXIT_FAILED;
	}
	err = key_generate(options->operands[0], &key, &failed);
	key_wipe(&key);
	if (err)
		return explain(failed, err);
	seal_hex(key.public, SEAL_PUBLIC, hex);
	printf("public key %s\n", hex);
	if (!fflush(stdout))
		return EXIT_OK;
	log_error("cannot write to standard output: %s", strerror(errno));
	return EXIT_FAILED;
}
