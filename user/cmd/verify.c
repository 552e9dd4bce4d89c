// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* bindtrace verify: is a recording what was written? */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/text.h"
#include "cmd/commands.h"
#include "cmd/operands.h"
#include "cmd/progress.h"
#include "record/key.h"
#include "record/verify.h"

/* What is known after a file, the worst of all files counts. */
enum outcome { WHOLE, UNFINISHED, UNREADABLE, WRONG };

/* Of a file and the one before it the paths, each byte escaped to \xNN, and what is said of them. */
enum { LINE_SIZE = 2 * 4 * PATH_MAX + 1024 };

struct verification {
	const struct options *o;
	uint8_t key[SEAL_PUBLIC]; /* wanted, with --key */
	struct verified before;	  /* the file before, when there was one that could be judged */
	const char *before_path;  /* NULL: there was none */
};

static void add_hex(struct text *t, const char *before, const uint8_t bytes[32])
{
	char hex[2 * 32 + 1];

	seal_hex(bytes, 32, hex);
	text_printf(t, "%s%s", before, hex);
}

/* It goes on from another file than the one given before it. */
static bool out_of_place(const struct verification *v, const struct verified *file)
{
	return v->before_path && !file->begins && !verify_follows(&v->before, file);
}

static bool by_wanted_key(const struct verification *v, const struct verified *file)
{
	return file->is_signed && !memcmp(file->signer, v->key, SEAL_PUBLIC);
}

static enum outcome add_signature(const struct verification *v, const struct verified *file,
				  struct text *t)
{
	if (file->is_signed)
		add_hex(t, ", signed by ", file->signer);
	else
		text_add(t, file->has_signer ? ", the signature is missing with the end"
					     : ", not signed");
	if (!v->o->recording.key || by_wanted_key(v, file))
		return WHOLE;
	add_hex(t, ", which is wrong: it should be by ", v->key);
	return WRONG;
}

/* Where it stands among files that are not given. */
static enum outcome add_neighbours(const struct verification *v, const struct verified *file,
				   bool last, struct text *t)
{
	enum outcome outcome = file->end == VERIFY_INTACT ? WHOLE : UNFINISHED;

	if (!v->before_path && !file->begins)
		text_add(t, "; it goes on from a file that is not given");
	if (v->before_path && v->before.goes_on && file->begins) {
		text_printf(t, "; what comes after ");
		text_escape(t, v->before_path, strlen(v->before_path));
		text_add(t, " is not given");
		outcome = UNFINISHED;
	}
	if (last && file->goes_on) {
		text_add(t, "; it goes on in a file that is not given");
		outcome = UNFINISHED;
	}
	return outcome;
}

/* The sentence behind the file's name. */
static enum outcome describe(const struct verification *v, const struct verified *file, bool last,
			     struct text *t)
{
	enum outcome signature, neighbours;

	if (file->end == VERIFY_ALTERED) {
		text_printf(t, "altered at line %" PRIu64 ", which %s", file->lines + 1, file->why);
		return WRONG;
	}
	if (file->lines && out_of_place(v, file)) {
		text_add(t, "altered at line 1, which does not go on where ");
		text_escape(t, v->before_path, strlen(v->before_path));
		text_add(t, " ends");
		return WRONG;
	}
	if (!file->lines) {
		text_add(t, "cut short after line 0: there is nothing to verify");
		return v->o->recording.key ? WRONG : UNFINISHED; /* it is not signed, either */
	}
	text_printf(t,
		    file->end == VERIFY_INTACT ? "intact, %" PRIu64 " line%s"
					       : "cut short after line %" PRIu64,
		    file->lines, file->lines == 1 ? "" : "s");
	signature = add_signature(v, file, t);
	add_hex(t, ", last chain value ", file->chain);
	neighbours = add_neighbours(v, file, last, t);
	return signature > neighbours ? signature : neighbours;
}

static int read_file(const char *path, struct verified *file)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), err;
	struct progress progress;
	struct reader reader;

	if (fd < 0)
		return -errno;
	progress_begin(&progress);
	progress_add(&progress, path, fd);
	reader_init(&reader, fd);
	reader.on_read = progress_on_read;
	reader.context = &progress;
	err = verify_file(&reader, file);
	progress_end(&progress);
	reader_free(&reader);
	close(fd);
	return err;
}

static enum outcome look_at(struct verification *v, const char *path, bool last, struct text *t)
{
	struct verified file = { 0 };
	enum outcome outcome;
	int err = read_file(path, &file);

	if (err == -EPROTONOSUPPORT)
		log_error("%s is of another schema than bindtrace/1, the one this bindtrace "
			  "verifies; use the bindtrace that made it, or a newer one",
			  path);
	else if (err)
		log_error("cannot read %s: %s", path, strerror(-err));
	if (err) {
		v->before_path = NULL;
		return UNREADABLE;
	}
	text_escape(t, path, strlen(path));
	text_add(t, ": ");
	outcome = describe(v, &file, last, t);
	text_add(t, "\n");
	/* what comes after one that was altered or has no line is judged by itself: its own end is not known */
	v->before = file;
	v->before_path = file.end == VERIFY_ALTERED || !file.lines ? NULL : path;
	return outcome;
}

static int parse(struct verification *v)
{
	const char *word = v->o->recording.key;
	int err;

	if (!v->o->n_operands) {
		log_error("verify needs a recording: bindtrace verify FILE...");
		return EXIT_USAGE;
	}
	if (seal_init()) {
		log_error("libsodium cannot be used on this machine");
		return EXIT_FAILED;
	}
	err = word ? key_load_public(word, v->key) : 0;
	if (err == -EBADMSG)
		log_error("%s is no public key of bindtrace keygen", word);
	else if (err)
		log_error("cannot read the key %s: %s", word, strerror(-err));
	return err ? EXIT_USAGE : EXIT_OK;
}

int command_verify(struct options *options)
{
	static const int statuses[] = { [WHOLE] = EXIT_OK,
					[UNFINISHED] = EXIT_CUT_SHORT,
					[UNREADABLE] = EXIT_USAGE,
					[WRONG] = EXIT_FAILED };
	struct verification v = { .o = options };
	enum outcome worst = WHOLE, outcome;
	int status = parse(&v), err, i;
	char line[LINE_SIZE];
	struct text t;

	operands_in_order(options->operands, options->n_operands);
	for (i = 0; !status && i < options->n_operands; i++) {
		text_init(&t, line, sizeof(line));
		outcome = look_at(&v, options->operands[i], i == options->n_operands - 1, &t);
		worst = outcome > worst ? outcome : worst;
		err = write_all(STDOUT_FILENO, t.buf, t.len);
		if (err) {
			log_error("cannot write to standard output: %s", strerror(-err));
			return EXIT_FAILED;
		}
	}
	return status ? status : statuses[worst];
}
