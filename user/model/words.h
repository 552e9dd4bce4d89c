/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The way back from model/names.h: from the word in a line of bindtrace/1 to the value. A word that is not known
 * (a newer bindtrace wrote it) gives the value for "not known" that each function names; NULL is such a word.
 */
#ifndef BT_WORDS_H
#define BT_WORDS_H

#include <stdint.h>

#include "model/names.h"

/* Among the bits of enum bt_missing: something that has no name here. */
#define WORD_OTHER_MISSING (1u << 31)

/* What stands for a number that has no word here: each prints as "other". */
enum { WORD_OTHER_PROTOCOL = 0xffff, WORD_OTHER_FAMILY = 0xffff, WORD_OTHER_ATTACH_TYPE = 0xffff };

enum bt_reason word_reason(const char *word);		 /* REASON_OTHER */
enum bt_layer word_layer(const char *word);		 /* N_LAYERS */
enum bt_role word_role(const char *word);		 /* N_ROLES */
enum bt_action word_action(const char *word);		 /* N_ACTIONS */
enum bt_effective word_effective(const char *word);	 /* N_EFFECTIVE */
enum bt_runtime word_runtime(const char *word);		 /* RUNTIME_UNKNOWN */
enum bt_relation word_relation(const char *word);	 /* RELATION_NONE */
unsigned word_hook(const char *word);			 /* BT_N_HOOKS */
enum bt_read word_read(const char *word);		 /* N_READS */
uint32_t word_missing(const char *word);		 /* WORD_OTHER_MISSING; 0 for NULL */
uint16_t word_operation(const char *word);		 /* 0 */
uint16_t word_protocol(const char *word);		 /* WORD_OTHER_PROTOCOL; 0 for NULL */
uint16_t word_family(const char *word);			 /* WORD_OTHER_FAMILY; 0 for NULL */
uint8_t word_state(const char *word);			 /* 0; TCP_* */
uint8_t word_overlap(const char *word);			 /* BT_OVERLAP_NONE */
uint8_t word_reuseaddr(const char *word);		 /* BT_REUSEADDR_OK */
uint8_t word_reuseport(const char *word);		 /* BT_REUSEPORT_OK */
enum address_state word_address_state(const char *word); /* ADDRESS_UNKNOWN */
uint32_t word_attach_type(const char *word);		 /* WORD_OTHER_ATTACH_TYPE */

#endif /* BT_WORDS_H */
