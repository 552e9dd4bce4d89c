// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "model/words.h"

#include <netinet/in.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>

#include "bpf/abi.h"
#include "bpf/rule.h"

/* The tables are those of names.c: each value is asked for its word until one matches. */
#define FIND(word, name, first, end, unknown)                                                      \
	do {                                                                                       \
		for (unsigned i_ = (first); (word) && i_ < (unsigned)(end); i_++)                  \
			if (is(name(i_), word))                                                    \
				return i_;                                                         \
		return unknown;                                                                    \
	} while (0)

static int is(const char *name, const char *word)
{
	return name && !strcmp(name, word);
}

enum bt_reason word_reason(const char *word)
{
	FIND(word, reason_name, 0, N_REASONS, REASON_OTHER);
}

enum bt_layer word_layer(const char *word)
{
	FIND(word, layer_name, 0, N_LAYERS, N_LAYERS);
}

enum bt_role word_role(const char *word)
{
	FIND(word, role_name, 0, N_ROLES, N_ROLES);
}

enum bt_action word_action(const char *word)
{
	FIND(word, action_name, 0, N_ACTIONS, N_ACTIONS);
}

enum bt_effective word_effective(const char *word)
{
	FIND(word, effective_name, 0, N_EFFECTIVE, N_EFFECTIVE);
}

enum bt_runtime word_runtime(const char *word)
{
	FIND(word, runtime_name, 0, N_RUNTIMES, RUNTIME_UNKNOWN);
}

enum bt_relation word_relation(const char *word)
{
	FIND(word, relation_name, 0, N_RELATIONS, RELATION_NONE);
}

unsigned word_hook(const char *word)
{
	FIND(word, hook_name, 0, BT_N_HOOKS, BT_N_HOOKS);
}

enum bt_read word_read(const char *word)
{
	FIND(word, read_name, 0, N_READS, N_READS);
}

uint32_t word_missing(const char *word)
{
	for (unsigned bit = 0; word && bit < N_MISSING_BITS; bit++)
		if (is(missing_name(1u << bit), word))
			return 1u << bit;
	return word ? WORD_OTHER_MISSING : 0;
}

uint16_t word_operation(const char *word)
{
	FIND(word, operation_name, BT_OP_BIND, BT_OP_AUTOBIND + 1, 0);
}

uint16_t word_protocol(const char *word)
{
	/* protocols are few among their numbers; IPPROTO_MPTCP (262) is the last */
	FIND(word, protocol_name, 1, 263, word ? WORD_OTHER_PROTOCOL : 0);
}

uint16_t word_family(const char *word)
{
	static const uint16_t families[] = { AF_INET, AF_INET6, AF_UNIX };

	for (size_t i = 0; word && i < sizeof(families) / sizeof(*families); i++)
		if (is(family_name(families[i]), word))
			return families[i];
	return word ? WORD_OTHER_FAMILY : 0;
}

static const char *plain_state_name(unsigned state)
{
	return state_name(state, 0);
}

uint8_t word_state(const char *word)
{
	FIND(word, plain_state_name, 1, BT_N_STATES, 0);
}

uint8_t word_overlap(const char *word)
{
	FIND(word, overlap_name, 0, BT_OVERLAP_DUAL_STACK + 1, BT_OVERLAP_NONE);
}

uint8_t word_reuseaddr(const char *word)
{
	FIND(word, reuseaddr_name, 0, BT_REUSEADDR_HOLDER_LISTENS + 1, BT_REUSEADDR_OK);
}

uint8_t word_reuseport(const char *word)
{
	FIND(word, reuseport_name, 0, BT_REUSEPORT_NEW_GROUPED + 1, BT_REUSEPORT_OK);
}

enum address_state word_address_state(const char *word)
{
	FIND(word, address_state_name, 0, N_ADDRESS_STATES, ADDRESS_UNKNOWN);
}

uint32_t word_attach_type(const char *word)
{
	/* linux/bpf.h has some sixty of them by now */
	FIND(word, attach_type_name, 0, 128, WORD_OTHER_ATTACH_TYPE);
}
