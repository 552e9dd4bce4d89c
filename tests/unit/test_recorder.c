// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Files that get numbers, budgets, full disks, keys. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fixture.h"
#include "record/key.h"
#include "recording.h"

/* The files FOLDER/r.000001 and up and FOLDER/r are one chain; how many there are, and all their bytes. */
static unsigned whole_chain(const struct recording *r, uint64_t *bytes, unsigned *first)
{
	struct verified before = { 0 }, v;
	unsigned found = 0, number;
	char suffix[16];

	*bytes = *first = 0;
	for (number = 1; number < 2000; number++) {
		snprintf(suffix, sizeof(suffix), ".%06u", number);
		if (!recording_size(r, suffix) && !found)
			continue;
		if (!recording_size(r, suffix))
			suffix[0] = '\0';
		*first = *first ? *first : number;
		recording_verify(r, suffix, &v);
		assert_int_equal(v.end, VERIFY_INTACT);
		if (found++)
			assert_true(verify_follows(&before, &v));
		before = v;
		*bytes += recording_size(r, suffix);
		if (!suffix[0])
			return found;
	}
	return 0;
}

static void one_file(void **state)
{
	struct recording r;
	struct verified v;
	struct stat st;

	(void)state;
	recording_prepare(&r);
	umask(0);
	recording_begin(&r);
	umask(022);
	for (int i = 0; i < 10; i++)
		recording_event(&r, 5000);
	recording_verify(&r, "", &v);
	assert_int_equal(v.end, VERIFY_CUT_SHORT);
	assert_int_equal(v.lines, 11);
	recording_footer(&r);
	recording_end(&r);
	recording_verify(&r, "", &v);
	assert_int_equal(v.end, VERIFY_INTACT);
	assert_int_equal(v.lines, 12);
	assert_false(v.has_signer);
	assert_int_equal(stat(r.path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	recording_remove(&r);
}

static int try_open(struct recording *r, const char *path, bool *moved)
{
	struct recorder_lines none = { 0 };
	struct recorder *recorder;
	int err;

	r->options.path = path;
	err = recorder_open(&recorder, &r->options, &none, moved);
	if (!err)
		recorder_close(recorder);
	r->options.path = r->path;
	return err;
}

static void nothing_is_overwritten(void **state)
{
	struct recording r;
	char link[80];
	bool moved;

	(void)state;
	recording_prepare(&r);
	recording_begin(&r);
	recording_end(&r);
	assert_int_equal(try_open(&r, r.path, &moved), -EEXIST);
	snprintf(link, sizeof(link), "%s/link", r.folder);
	assert_int_equal(symlink("/no/where", link), 0);
	assert_int_equal(try_open(&r, link, &moved), -EEXIST);
	r.options.bounds.max_files = 3;
	assert_int_equal(try_open(&r, link, &moved), -EEXIST);
	assert_int_equal(try_open(&r, "/no/such/folder/r", &moved), -ENOENT);
	assert_int_equal(try_open(&r, "/dev/null", &moved), -EEXIST);
	recording_remove(&r);
}

/* With bounds an earlier file is moved away, but not from under its recorder. */
static void an_earlier_run(void **state)
{
	struct recording r;
	struct verified v;
	bool moved;

	(void)state;
	recording_prepare(&r);
	r.options.bounds.max_files = 3;
	recording_begin(&r);
	recording_event(&r, 10);
	assert_int_equal(try_open(&r, r.path, &moved), -EBUSY);
	recording_end(&r);
	assert_int_equal(try_open(&r, r.path, &moved), 0);
	assert_true(moved);
	recording_verify(&r, ".000001", &v);
	assert_int_equal(v.lines, 2);
	recording_begin(&r);
	recording_footer(&r);
	recording_end(&r);
	recording_verify(&r, "", &v);
	assert_int_equal(v.end, VERIFY_INTACT);
	assert_true(v.begins);
	recording_remove(&r);
}

static void max_size(void **state)
{
	struct recording r;
	unsigned files, first;
	uint64_t bytes;
	char suffix[16];

	(void)state;
	recording_prepare(&r);
	r.options.bounds.max_size = 64 << 10;
	recording_begin(&r);
	for (int i = 0; i < 1000; i++)
		recording_event(&r, (size_t)(i * 7919 % 4000));
	recording_footer(&r);
	recording_end(&r);
	files = whole_chain(&r, &bytes, &first);
	assert_in_range(files, 30, 50);
	assert_int_equal(first, 1);
	for (unsigned i = 1; i < files; i++) {
		snprintf(suffix, sizeof(suffix), ".%06u", i);
		assert_in_range(recording_size(&r, suffix), 50 << 10, 64 << 10);
	}
	recording_remove(&r);
}

static void max_files(void **state)
{
	struct recording r;
	unsigned first;
	uint64_t bytes;

	(void)state;
	recording_prepare(&r);
	r.options.bounds = (struct files_bounds){ .max_size = 64 << 10, .max_files = 4 };
	recording_begin(&r);
	for (int i = 0; i < 500; i++)
		recording_event(&r, 2000);
	recording_footer(&r);
	recording_end(&r);
	assert_int_equal(whole_chain(&r, &bytes, &first), 4);
	assert_true(first > 5);
	recording_remove(&r);
}

static uint64_t on_disk(const struct recording *r)
{
	char command[80];
	uint64_t kb = 0;
	FILE *du;

	snprintf(command, sizeof(command), "du -sk %s/", r->folder);
	du = popen(command, "re");
	assert_int_equal(fscanf(du, "%lu", &kb), 1);
	pclose(du);
	return kb << 10;
}

/* What the lines of kind "lost" say together, and how many of them there are. */
static uint64_t said_lost(const struct recording *r, uint64_t *n)
{
	char command[200];
	uint64_t lines;
	FILE *sum;

	snprintf(command, sizeof(command),
		 "sed -n 's/.*\"kind\":\"lost\".*\"lines\":\\([0-9]*\\),.*/\\1/p' %s | "
		 "awk '{ s += $1 } END { print s + 0, NR }'",
		 r->path);
	sum = popen(command, "re");
	assert_int_equal(fscanf(sum, "%lu %lu", &lines, n), 2);
	pclose(sum);
	return lines;
}

/* At no moment is there more than the budget; the folder itself has a block. A line may be longer than a file. */
static void budget(void **state)
{
	struct recording r;
	struct recorder_loss loss;
	unsigned first;
	uint64_t bytes;

	(void)state;
	recording_prepare(&r);
	r.options.bounds = (struct files_bounds){ .max_size = 128 << 10, .budget = 1 << 20 };
	recording_begin(&r);
	for (int i = 0; i < 300; i++) {
		recording_event(&r, i % 50 == 49 ? 400 << 10 : (size_t)(i * 7919 % 40000));
		assert_in_range(on_disk(&r), 1, (1 << 20) + 4096);
	}
	recording_event(&r, 1 << 20); /* never fits */
	recording_event(&r, 10);
	recording_footer(&r);
	recorder_loss(r.recorder, &loss);
	assert_int_equal(loss.lines, 1);
	recording_end(&r);
	assert_in_range(whole_chain(&r, &bytes, &first), 2, 10);
	assert_in_range(bytes, 500 << 10, 1 << 20);
	recording_remove(&r);
}

static void reopened(void **state)
{
	struct recording r;
	struct verified old, new;
	char moved[80];

	(void)state;
	recording_prepare(&r);
	recording_begin(&r);
	recording_event(&r, 10);
	assert_int_equal(recorder_reopen(r.recorder), -EEXIST);
	recording_event(&r, 10);
	snprintf(moved, sizeof(moved), "%s.old", r.path);
	assert_int_equal(rename(r.path, moved), 0);
	assert_int_equal(recorder_reopen(r.recorder), 0);
	recording_event(&r, 10);
	recording_footer(&r);
	recording_end(&r);
	recording_verify(&r, ".old", &old);
	recording_verify(&r, "", &new);
	assert_int_equal(old.lines, 4);
	assert_int_equal(new.lines, 3);
	assert_true(old.goes_on && verify_follows(&old, &new));
	assert_false(verify_follows(&new, &old));
	recording_remove(&r);
}

/* As a full disk is: writes fail in the middle of a line (RLIMIT_FSIZE, EFBIG), until there is room. */
static void limit(uint64_t bytes)
{
	struct rlimit l = { .rlim_cur = bytes, .rlim_max = RLIM_INFINITY };

	assert_int_equal(setrlimit(RLIMIT_FSIZE, &l), 0);
}

static void full_disk(void **state)
{
	struct recorder_loss loss;
	struct recording r;
	struct verified v;
	uint64_t n;

	(void)state;
	signal(SIGXFSZ, SIG_IGN);
	recording_prepare(&r);
	recording_begin(&r);
	limit(64 << 10);
	for (int i = 0; i < 100; i++)
		recording_event(&r, 1000);
	recorder_loss(r.recorder, &loss);
	assert_in_range(loss.lines, 30, 60);
	assert_int_equal(loss.refusals, loss.lines);
	assert_int_equal(loss.err, -EFBIG);
	assert_true(recorder_tick(r.recorder));
	recording_verify(&r, "", &v);
	assert_int_equal(v.end, VERIFY_CUT_SHORT);
	limit(RLIM_INFINITY);
	assert_false(recorder_tick(r.recorder));
	recording_event(&r, 1000);
	recording_footer(&r);
	recording_end(&r);
	recording_verify(&r, "", &v);
	assert_int_equal(v.end, VERIFY_INTACT);
	assert_int_equal(said_lost(&r, &n), loss.lines);
	assert_int_equal(v.lines, 1 + 101 - loss.lines + n + 1);
	recording_remove(&r);
}

/* Full when a file is to end, or to begin: it is caught up with. */
static void full_between_files(void **state)
{
	struct recording r;
	unsigned first;
	uint64_t bytes;

	(void)state;
	signal(SIGXFSZ, SIG_IGN);
	recording_prepare(&r);
	r.options.bounds.max_size = 64 << 10;
	recording_begin(&r);
	for (int i = 0; i < 400; i++) {
		limit(i % 97 < 40 ? RLIM_INFINITY
				  : 2000 + (uint64_t)(i % 97 % 5 * 15000 + i % 7 * 40));
		recording_event(&r, 1000);
	}
	limit(RLIM_INFINITY);
	recording_footer(&r);
	recording_end(&r);
	assert_in_range(whole_chain(&r, &bytes, &first), 3, 10);
	recording_remove(&r);
}

/* Without a header there is no recording. */
static void full_from_the_start(void **state)
{
	struct recorder_lines none = { 0 };
	struct recorder *recorder;
	struct recording r;
	bool moved;

	(void)state;
	signal(SIGXFSZ, SIG_IGN);
	recording_prepare(&r);
	assert_int_equal(recorder_open(&recorder, &r.options, &none, &moved), 0);
	dprintf(recorder_fd(recorder),
		"{\"schema\":\"bindtrace/1\",\"kind\":\"header\",\"seq\":0}\n");
	limit(10);
	assert_int_equal(recorder_take(recorder, 0), -EFBIG);
	limit(RLIM_INFINITY);
	recorder_close(recorder);
	assert_int_equal(access(r.path, F_OK), -1);
	recording_remove(&r);
}

static void keys(void **state)
{
	struct seal_key key, loaded;
	uint8_t public[SEAL_PUBLIC];
	struct recording r;
	char path[80], pub[88], hex[2 * SEAL_PUBLIC + 1];
	const char *failed;
	struct stat st;

	(void)state;
	recording_prepare(&r);
	snprintf(path, sizeof(path), "%s/key", r.folder);
	snprintf(pub, sizeof(pub), "%s.pub", path);
	assert_int_equal(key_generate(path, &key, &failed), 0);
	assert_int_equal(key_generate(path, &loaded, &failed), -EEXIST);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(key_load_secret(path, &loaded), 0);
	assert_memory_equal(&key, &loaded, sizeof(key));
	assert_int_equal(key_load_public(pub, public), 0);
	assert_memory_equal(public, key.public, sizeof(public));
	seal_hex(key.public, SEAL_PUBLIC, hex);
	memset(public, 0, sizeof(public));
	assert_int_equal(key_load_public(hex, public), 0);
	assert_memory_equal(public, key.public, sizeof(public));
	assert_int_equal(key_load_public(path, public), -EBADMSG);
	assert_int_equal(key_load_public("/no/such/key", public), -ENOENT);
	assert_int_equal(chmod(path, 0640), 0);
	assert_int_equal(key_load_secret(path, &loaded), -EPERM);
	assert_int_equal(chmod(pub, 0600), 0);
	assert_int_equal(key_load_secret(pub, &loaded), -EBADMSG);
	/* half a pair helps nobody */
	assert_int_equal(unlink(path), 0);
	assert_int_equal(key_generate(path, &loaded, &failed), -EEXIST);
	assert_string_equal(failed, pub);
	assert_int_equal(access(path, F_OK), -1);
	recording_remove(&r);
}

/* Each file of a signed recording is. */
static void signed_files(void **state)
{
	struct seal_key key;
	struct recording r;
	const char *failed;
	struct verified v;
	char path[80];

	(void)state;
	recording_prepare(&r);
	snprintf(path, sizeof(path), "%s/key", r.folder);
	assert_int_equal(key_generate(path, &key, &failed), 0);
	r.options.key = &key;
	r.options.bounds.max_size = 64 << 10;
	recording_begin(&r);
	for (int i = 0; i < 50; i++)
		recording_event(&r, 2000);
	recording_verify(&r, "", &v);
	assert_true(v.has_signer && !v.is_signed);
	recording_footer(&r);
	recording_end(&r);
	recording_verify(&r, ".000001", &v);
	assert_true(v.is_signed && v.goes_on);
	recording_verify(&r, "", &v);
	assert_true(v.is_signed && !v.goes_on);
	assert_memory_equal(v.signer, key.public, SEAL_PUBLIC);
	recording_remove(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_file),
		cmocka_unit_test(nothing_is_overwritten),
		cmocka_unit_test(an_earlier_run),
		cmocka_unit_test(max_size),
		cmocka_unit_test(max_files),
		cmocka_unit_test(budget),
		cmocka_unit_test(reopened),
		cmocka_unit_test(full_disk),
		cmocka_unit_test(full_between_files),
		cmocka_unit_test(full_from_the_start),
		cmocka_unit_test(keys),
		cmocka_unit_test(signed_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
