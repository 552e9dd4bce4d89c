/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Numbers from the command line, strictly: no space, no sign, nothing after the number. All return
 * 0, -EINVAL for what is not a number, or -ERANGE for one that is too large; *out is set on success
 * only.
 */
#ifndef BT_BASE_NUMBER_H
#define BT_BASE_NUMBER_H

#include <stdint.h>

/* Decimal digits. */
int number_u32(const char *s, uint32_t *out);
int number_u64(const char *s, uint64_t *out);

/*
 * "80,443,8000-8100": calls add() with each range, first <= last. An answer of add() other than 0
 * ends the work and is returned. The list is read to its end before the first call.
 */
int number_ports(const char *s, int (*add)(uint16_t first, uint16_t last, void *ctx), void *ctx);

/* "90" or "90s", "1.5s", "500ms", "2m", "1h", in nanoseconds; at most nine decimals. */
int number_duration(const char *s, uint64_t *out_ns);

/* "65536", "64K", "100M", "2G" or "1T", in bytes; a K is 1024. */
int number_size(const char *s, uint64_t *out_bytes);

#endif /* BT_BASE_NUMBER_H */
