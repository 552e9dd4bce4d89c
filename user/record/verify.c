// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "record/verify.h"

#include <errno.h>
#include <string.h>

/* A line's kind stands where the recorder puts it; the chain has shown that it was the recorder. */
#define BEGINS(line, kind) begins(line, "{\"schema\":\"bindtrace/1\",\"kind\":\"" kind "\",")

static bool begins(const struct line *line, const char *with)
{
	size_t n = strlen(with);

	return line->n >= n && !memcmp(line->bytes, with, n);
}

static int altered(struct verified *v, const char *why)
{
	v->end = VERIFY_ALTERED;
	v->why = why;
	return 0;
}

/* A member that is hex digits; false: it is not there. *fault when it is there and something else. */
static bool take_hex(const struct value *o, const char *key, uint8_t *bytes, size_t n, bool *fault)
{
	const struct value *value = value_member(o, key);

	if (!value)
		return false;
	if (value->type != VALUE_STRING || !seal_unhex(value->text, bytes, n))
		*fault = true;
	return true;
}

/* Where the chain begins and who signs: needed before the seal of this very line can be looked at. */
static const char *take_header(const struct line *line, struct value_tree *tree,
			       struct verified *v)
{
	const struct value *o;
	enum line_fault fault = line_parse(line, tree, &o);
	bool bad = false;

	if (fault)
		return line_fault_text(fault);
	v->begins = !take_hex(o, "previous", v->before, SEAL_HASH, &bad);
	v->has_signer = take_hex(o, "signer", v->signer, SEAL_PUBLIC, &bad);
	if (bad || !BEGINS(line, "header"))
		return "is not the header of a sealed recording";
	memcpy(v->chain, v->before, SEAL_HASH);
	return NULL;
}

/*
 * The header of another schema, which is not this bindtrace's to judge. Its seal is like ours
 * (docs/compatibility.md), so that a change of that very word is not taken for it.
 */
static bool of_other_schema(const struct line *line, struct value_tree *tree)
{
	static const char key[] = "\"previous\":\"";
	uint8_t chain[SEAL_HASH] = { 0 };
	char hex[2 * SEAL_HASH + 1] = "";
	const struct value *o;
	enum line_fault fault = line_parse(line, tree, &o);
	const char *previous;

	if (fault != LINE_OTHER_SCHEMA)
		return false;
	previous = memmem(line->bytes, line->n, key, sizeof(key) - 1);
	if (previous && line->bytes + line->n >= previous + sizeof(key) + 2 * SEAL_HASH)
		memcpy(hex, previous + sizeof(key) - 1, 2 * SEAL_HASH);
	return (!previous || seal_unhex(hex, chain, SEAL_HASH)) &&
	       seal_check(chain, line->bytes, line->n);
}

static const char *take_footer(const struct line *line, const uint8_t before[SEAL_HASH],
			       struct verified *v)
{
	static const char goes_on[] = "\"continued\":true";

	v->goes_on = memmem(line->bytes, line->n, goes_on, sizeof(goes_on) - 1) != NULL;
	if (!v->has_signer)
		return NULL;
	switch (seal_signed(before, line->bytes, line->n, v->signer)) {
	case SEAL_UNSIGNED:
		return "is not signed, but the header says it will be";
	case SEAL_FORGED:
		return "has a signature that is not by the key in the header";
	case SEAL_SIGNED:
		v->is_signed = true;
	}
	return NULL;
}

/* NULL, or what is wrong with the line. */
static const char *take_line(const struct line *line, struct value_tree *tree, struct verified *v,
			     bool *footer)
{
	uint8_t before[SEAL_HASH];
	const char *why = NULL;

	if (*footer)
		return "comes after the footer";
	if (line->too_long)
		return line_fault_text(LINE_TOO_LONG);
	if (line->number == 1)
		why = take_header(line, tree, v);
	if (why)
		return why;
	memcpy(before, v->chain, SEAL_HASH);
	if (!seal_check(v->chain, line->bytes, line->n))
		return line->number == 1 ? "has no chain value, or not that of its bytes"
					 : "does not follow from the lines before it";
	*footer = BEGINS(line, "footer");
	return *footer ? take_footer(line, before, v) : NULL;
}

static int look_through(struct reader *r, struct value_tree *tree, struct verified *out)
{
	bool footer = false;
	struct line line;
	const char *why;
	int n;

	*out = (struct verified){ .end = VERIFY_CUT_SHORT };
	while ((n = reader_next(r, &line)) > 0) {
		if (!line.ended && !line.too_long && !footer)
			return 0;
		/* that there is no memory says nothing about the line */
		if (line.number == 1 && !value_reserve(tree, line.n))
			return -ENOMEM;
		if (line.number == 1 && of_other_schema(&line, tree))
			return -EPROTONOSUPPORT;
		why = take_line(&line, tree, out, &footer);
		if (why)
			return altered(out, why);
		out->lines++;
	}
	if (footer)
		out->end = VERIFY_INTACT;
	return n;
}

int verify_file(struct reader *r, struct verified *out)
{
	struct value_tree tree = { 0 };
	int err = look_through(r, &tree, out);

	value_free(&tree);
	return err;
}

bool verify_follows(const struct verified *before, const struct verified *file)
{
	return !file->begins && before->end == VERIFY_INTACT && before->goes_on &&
	       !memcmp(before->chain, file->before, SEAL_HASH);
}
