// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "base/number.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

/* The digits at *s, of which there must be one; *s moves behind them. */
static int digits(const char **s, uint64_t *out)
{
	uint64_t value = 0;
	const char *p = *s;

	if (*p < '0' || *p > '9')
		return -EINVAL;
	for (; *p >= '0' && *p <= '9'; p++)
		if (__builtin_mul_overflow(value, 10u, &value) ||
		    __builtin_add_overflow(value, (uint64_t)(*p - '0'), &value))
			return -ERANGE;
	*s = p;
	*out = value;
	return 0;
}

int number_u64(const char *s, uint64_t *out)
{
	uint64_t value;
	int err;

	/* "99999999999999999999x" is no number at all rather than one too large */
	if (s[strspn(s, "0123456789")])
		return -EINVAL;
	err = digits(&s, &value);
	if (err)
		return err;
	*out = value;
	return 0;
}

int number_u32(const char *s, uint32_t *out)
{
	uint64_t value;
	int err = number_u64(s, &value);

	if (err)
		return err;
	if (value > UINT32_MAX)
		return -ERANGE;
	*out = (uint32_t)value;
	return 0;
}

static int port(const char **s, uint16_t *out)
{
	uint64_t value;
	int err = digits(s, &value);

	if (err)
		return err;
	if (value > UINT16_MAX)
		return -ERANGE;
	*out = (uint16_t)value;
	return 0;
}

static int port_range(const char **s, uint16_t *first, uint16_t *last)
{
	int err = port(s, first);

	if (err)
		return err;
	*last = *first;
	if (**s == '-') {
		(*s)++;
		err = port(s, last);
		if (err)
			return err;
	}
	if (*last < *first || (**s && **s != ','))
		return -EINVAL;
	return 0;
}

static int each_range(const char *s, int (*add)(uint16_t, uint16_t, void *), void *ctx)
{
	uint16_t first, last;
	int err;

	for (;; s++) {
		err = port_range(&s, &first, &last);
		if (!err && add)
			err = add(first, last, ctx);
		if (err || !*s)
			return err;
	}
}

int number_ports(const char *s, int (*add)(uint16_t first, uint16_t last, void *ctx), void *ctx)
{
	int err = each_range(s, NULL, NULL);

	return err ? err : each_range(s, add, ctx);
}

/* ".5" is 500,000,000 billionths; no point is none. */
static int decimals(const char **s, uint64_t *billionths)
{
	uint64_t value = 0;
	int n = 0;

	*billionths = 0;
	if (**s != '.')
		return 0;
	for ((*s)++; **s >= '0' && **s <= '9'; (*s)++, n++)
		value = n < 9 ? value * 10 + (uint64_t)(**s - '0') : value;
	if (n < 1 || n > 9)
		return -EINVAL;
	for (; n < 9; n++)
		value *= 10;
	*billionths = value;
	return 0;
}

int number_duration(const char *s, uint64_t *out_ns)
{
	static const struct {
		const char *name;
		uint64_t ns;
	} units[] = {
		{ "", 1000000000 },   { "s", 1000000000 },    { "ms", 1000000 },
		{ "m", 60000000000 }, { "h", 3600000000000 },
	};
	uint64_t whole, part, ns;
	int err;

	err = digits(&s, &whole);
	if (!err)
		err = decimals(&s, &part);
	if (err)
		return err;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (strcmp(s, units[i].name))
			continue;
		/* billionths of a unit, divided in two steps: 1e9 * 3.6e12 would not fit */
		part = part * (units[i].ns / 1000000) / 1000;
		if (__builtin_mul_overflow(whole, units[i].ns, &ns) ||
		    __builtin_add_overflow(ns, part, &ns))
			return -ERANGE;
		*out_ns = ns;
		return 0;
	}
	return -EINVAL;
}

int number_size(const char *s, uint64_t *out_bytes)
{
	static const char letters[] = "KMGT";
	uint64_t value, unit = 1;
	const char *letter;
	int err = digits(&s, &value);

	if (err)
		return err;
	if (*s) {
		letter = strchr(letters, *s);
		if (!letter || s[1])
			return -EINVAL;
		unit = 1ull << 10 * (letter - letters + 1);
	}
	if (__builtin_mul_overflow(value, unit, &value))
		return -ERANGE;
	*out_bytes = value;
	return 0;
}
