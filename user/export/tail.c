// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "export/tail.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"

/* So much before the place is read again: it says which refusals an incident is about. */
enum { RECALL_BYTES = 8 << 20 };

void tail_begin(struct tail *t, int fd, uint64_t resume)
{
	tail_end(t);
	*t = (struct tail){ .fd = fd, .resume = resume, .at = { .file = position_file(fd) } };
	reader_init(&t->reader, fd);
}

void tail_end(struct tail *t)
{
	reader_free(&t->reader);
	if (t->fd >= 0)
		close(t->fd);
	t->fd = -1;
}

static void seek(struct tail *t, uint64_t offset)
{
	lseek(t->fd, (off_t)offset, SEEK_SET);
	reader_restart(&t->reader);
	t->at.offset = offset;
}

/* The header has been read again; then only what stands close before the place is. */
static void skip_ahead(struct tail *t)
{
	if (t->reader.lines != 1 || t->resume <= t->at.offset + RECALL_BYTES)
		return;
	seek(t, t->resume - RECALL_BYTES);
	t->skips = true;
}

int tail_line(struct tail *t, struct line *line, bool *before)
{
	int got;

	if (t->at.offset < t->resume)
		skip_ahead(t);
	do {
		got = reader_next(&t->reader, line);
		if (got < 1 || (!line->ended && !line->too_long)) {
			t->reader.lines -= got == 1;
			seek(t, t->at.offset);
			return got < 0 ? got : 0;
		}
		t->at.offset =
			(uint64_t)lseek(t->fd, 0, SEEK_CUR) - (t->reader.end - t->reader.begin);
		t->at.file = t->at.file ? t->at.file : position_file(t->fd);
		got = !t->skips;
		t->skips = false;
	} while (!got);
	*before = t->at.offset <= t->resume;
	return 1;
}

/* It has been emptied, or has lost its end in a power cut. */
bool tail_has_shrunk(struct tail *t, const char *name)
{
	uint64_t read = t->at.offset > t->resume ? t->at.offset : t->resume;
	uint64_t file = position_file(t->fd);
	struct stat st;

	if (fstat(t->fd, &st) || (uint64_t)st.st_size >= read)
		return false;
	log_warning("%s: it is %s; what is written from here on is exported", name,
		    file == t->at.file ? "shorter than what was read of it" : "another one now");
	t->resume = 0;
	seek(t, file == t->at.file ? (uint64_t)st.st_size : 0);
	t->at.file = file;
	return true;
}

bool tail_is_cut_short(const struct tail *t)
{
	struct stat st;

	return !fstat(t->fd, &st) && (uint64_t)st.st_size > t->at.offset;
}

bool tail_is_placed(const struct tail *t)
{
	return t->at.file && t->at.offset >= t->resume && !t->reader.skips;
}
