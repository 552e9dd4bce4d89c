/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A made-up machine: a directory of its own in which the enrich layer looks for everybody's files. */
#ifndef BT_TREE_H
#define BT_TREE_H

/* cmocka's setup and teardown: an empty tree, and none. */
int tree_make(void **state);
int tree_remove(void **state);

/* Writes a file at an absolute path of the tree, with the directories it needs. */
void tree_file(const char *path, const char *text);

void tree_link(const char *path, const char *target);

#endif /* BT_TREE_H */
