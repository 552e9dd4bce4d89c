// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* One way of reading each kind of argument. */
#include <errno.h>
#include <string.h>

#include "base/arguments.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/number.h"

int argument_refuse(const char *name, const char *takes, const char *argument)
{
	log_error("--%s takes %s, not '%s'", name, takes, argument);
	return EINVAL;
}

static int refuse(const struct option_row *row, const char *argument)
{
	return argument_refuse(row->name, row->takes, argument);
}

int argument_flag(const struct option_row *row, void *member, const char *argument)
{
	(void)row, (void)argument;
	*(bool *)member = true;
	return 0;
}

int argument_level(const struct option_row *row, void *member, const char *argument)
{
	(void)row, (void)argument;
	++*(int *)member;
	return 0;
}

int argument_quiet(const struct option_row *row, void *member, const char *argument)
{
	(void)row, (void)argument;
	*(int *)member = -1;
	return 0;
}

int argument_string(const struct option_row *row, void *member, const char *argument)
{
	(void)row;
	*(const char **)member = argument;
	return 0;
}

int argument_word(const struct option_row *row, void *member, const char *argument)
{
	const struct option_word *w;

	for (w = row->words; w->word; w++) {
		if (!strcmp(argument, w->word)) {
			*(int *)member = w->value;
			return 0;
		}
	}
	return refuse(row, argument);
}

/* What was read with an error, or is out of bounds, is refused. */
static int keep(const struct option_row *row, uint64_t *member, const char *argument, int err,
		uint64_t value)
{
	if (err || value < row->least || value > row->most)
		return refuse(row, argument);
	*member = value;
	return 0;
}

int argument_u64(const struct option_row *row, void *member, const char *argument)
{
	uint64_t value = 0;
	int err = number_u64(argument, &value);

	return keep(row, member, argument, err, value);
}

int argument_u32(const struct option_row *row, void *member, const char *argument)
{
	uint64_t value;
	int err = argument_u64(row, &value, argument);

	if (!err)
		*(uint32_t *)member = (uint32_t)value;
	return err;
}

int argument_size(const struct option_row *row, void *member, const char *argument)
{
	uint64_t value = 0;
	int err = number_size(argument, &value);

	return keep(row, member, argument, err, value);
}

int argument_duration(const struct option_row *row, void *member, const char *argument)
{
	uint64_t value = UINT64_MAX;
	int err = argument ? number_duration(argument, &value) : 0;

	return keep(row, member, argument, err, value);
}

int argument_time(const struct option_row *row, void *member, const char *argument)
{
	return clock_parse_rfc3339(argument, member) ? refuse(row, argument) : 0;
}
