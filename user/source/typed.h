/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Loading objects whose programs and relocations need the kernel's types, without libbpf reading those: for each
 * object it takes 20 ms and 12 MB, and again 50 ms to look for each type that a program uses.
 */
#ifndef BT_TYPED_H
#define BT_TYPED_H

#include <bpf/libbpf.h>
#include <stdbool.h>

struct types;

/* The file that takes the types an object is relocated by. */
struct typed_file {
	int fd;
	char path[32]; /* for struct bpf_object_open_opts */
};

/* Before an object is opened; 0 or -errno. */
int typed_open(struct typed_file *file);

/* Names the function that a program is attached to, in place of its section's. 0 or -errno: there is none. */
int typed_set_target(struct bpf_program *program, const struct types *types, const char *function);

/*
 * From now on programs may make of the current task one that the verifier does not trust (BT_CAST_READ_ONLY), for which
 * the kernel must have what try_cast() tries. Without it, it stays the task that it is.
 */
void typed_cast_tasks(const struct types *types);

/*
 * Before an object is loaded: names what every other program is attached to, and picks the types. closed: of
 * kernel memory nothing may be read (lockdown=confidentiality), and no program that is loaded does. 0 or -errno.
 */
int typed_prepare(struct bpf_object *object, struct types *types, const struct typed_file *file,
		  bool closed);

/* Once the object has been loaded, or has not; elf: the bytes it came from, part of this program, whose memory goes. */
void typed_close(struct typed_file *file, const void *elf, size_t size);

#endif /* BT_TYPED_H */
