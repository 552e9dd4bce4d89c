/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* One request at a time to one URL, over libcurl, and when the next may be made. For one thread. */
#ifndef BT_OTLP_POST_H
#define BT_OTLP_POST_H

#include "export/otlp_answer.h"
#include "export/otlp_config.h"

struct otlp_post {
	CURLM *multi;
	CURL *curl;
	const struct otlp_config *config;
	enum otlp_signal signal;
	char *body; /* what is to arrive; NULL: nothing */
	size_t n;
	bool under_way;
	char answer[OTLP_MOST_ANSWER]; /* the first bytes of it */
	size_t answer_n;
	unsigned failures; /* in a row */
	/* boottime: the collector, or we ourselves, do not want another try earlier */
	uint64_t not_before_ns;
	bool told; /* ... and that is the collector's own wish */
	char error[CURL_ERROR_SIZE];
};

enum otlp_outcome {
	OTLP_ARRIVED,
	OTLP_LATER,   /* it may work another time: after not_before_ns */
	OTLP_REFUSED, /* it never will */
};

/* Of a multi handle that stays the caller's. 0 or -ENOMEM. otlp_post_free() also ends what is under way. */
int otlp_post_init(struct otlp_post *p, CURLM *multi, const struct otlp_config *config,
		   enum otlp_signal signal);
void otlp_post_free(struct otlp_post *p);

/* Gives it a body, from malloc(), which becomes its own, and is compressed if so configured. 0 or -ENOMEM. */
int otlp_post_take(struct otlp_post *p, char *body, size_t n);

/* Begins to send the body. 0 or -EIO. */
int otlp_post_begin(struct otlp_post *p);

/* Ends a request that is under way, without an answer. */
void otlp_post_abort(struct otlp_post *p);

/*
 * libcurl is done with it. Unless the body may arrive later, it is gone. *partial: what a collector that took it
 * has left out. What failed is said, once until it works again, and each time with -v.
 */
enum otlp_outcome otlp_post_done(struct otlp_post *p, CURLcode code, struct otlp_partial *partial);

#endif /* BT_OTLP_POST_H */
