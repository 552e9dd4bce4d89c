/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Paths of other processes, step by step. openat2() could do it in one, but its flags, and so whether a file is opened
 * for writing, are out of reach of a filter of system calls: a tracer that has given up its power may not call it.
 */
#ifndef BT_ENRICH_PATH_H
#define BT_ENRICH_PATH_H

/*
 * The file at the path, as O_PATH, seen from the directory `from` by who has `root` as its "/". A link in the last
 * place is not followed, as bind() does not; links of /proc are never: where they lead depends on who looks. root -1:
 * nobody knows it; then no link is followed, and nothing above `from` is looked at. A descriptor, or -errno: -ELOOP
 * and -EXDEV for those.
 */
int path_open(int root, int from, const char *path);

#endif /* BT_ENRICH_PATH_H */
