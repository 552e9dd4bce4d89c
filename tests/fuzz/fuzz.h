/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the targets share. Each is one function that is given bytes nobody has looked at. */
#ifndef BT_FUZZ_H
#define BT_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/* The target: libFuzzer calls it again and again. What is wrong ends in abort() or a sanitizer's report. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* A file in memory with these bytes, 0600, to be read from its begin; the next call makes it another one. */
int fuzz_file(const void *bytes, size_t n);

/* Its path, which can be opened as often as one likes. */
const char *fuzz_path(void);

/* The bytes as a string in memory of exactly its size, with a NUL behind them; the caller frees it. */
char *fuzz_string(const uint8_t *data, size_t n);

/* A claim about the code that no input may break. */
void fuzz_expect(int holds);

#endif /* BT_FUZZ_H */
