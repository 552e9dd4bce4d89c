// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A Kafka cluster of three brokers on loopback, as librdkafka makes it for tests, with one topic of one partition:
 *
 *   kafka_cluster TOPIC
 *
 * Prints its bootstrap servers; broker 1 leads the partition. Then it obeys lines of its input, and says so:
 *
 *   down BROKER      that broker closes its connections, and takes no more
 *   up BROKER
 *   leader BROKER    has the partition from now on
 *   refuse N         so many requests to produce are answered with an error, or with the end of the connection
 */
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BROKERS = 3, PRODUCE = 0 };

static rd_kafka_resp_err_t refuse(rd_kafka_mock_cluster_t *cluster, int n)
{
	for (int i = 0; i < n; i++)
		rd_kafka_mock_push_request_errors(cluster, PRODUCE, 1,
						  i % 2 ? RD_KAFKA_RESP_ERR__TRANSPORT
							: RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS);
	return RD_KAFKA_RESP_ERR_NO_ERROR;
}

static rd_kafka_resp_err_t obey(rd_kafka_mock_cluster_t *cluster, const char *topic,
				const char *word, int n)
{
	if (!strcmp(word, "down"))
		return rd_kafka_mock_broker_set_down(cluster, n);
	if (!strcmp(word, "up"))
		return rd_kafka_mock_broker_set_up(cluster, n);
	if (!strcmp(word, "leader"))
		return rd_kafka_mock_partition_set_leader(cluster, topic, 0, n);
	if (!strcmp(word, "refuse"))
		return refuse(cluster, n);
	return RD_KAFKA_RESP_ERR__INVALID_ARG;
}

static int run(rd_kafka_mock_cluster_t *cluster, const char *topic)
{
	char word[16];
	int n;

	if (rd_kafka_mock_topic_create(cluster, topic, 1, BROKERS) ||
	    rd_kafka_mock_partition_set_leader(cluster, topic, 0, 1))
		return 1;
	printf("%s\n", rd_kafka_mock_cluster_bootstraps(cluster));
	while (scanf("%15s %d", word, &n) == 2) {
		if (obey(cluster, topic, word, n))
			return 1;
		printf("%s %d\n", word, n);
	}
	return 0;
}

int main(int argc, char **argv)
{
	rd_kafka_mock_cluster_t *cluster = NULL;
	rd_kafka_conf_t *conf = rd_kafka_conf_new();
	char why[512];
	rd_kafka_t *client;
	int status = 1;

	setvbuf(stdout, NULL, _IOLBF, 0);
	/* that it has no servers to connect to is as wanted */
	rd_kafka_conf_set(conf, "log_level", "3", why, sizeof(why));
	client = rd_kafka_new(RD_KAFKA_PRODUCER, conf, why, sizeof(why));
	if (client)
		cluster = rd_kafka_mock_cluster_new(client, BROKERS);
	if (cluster && argc == 2)
		status = run(cluster, argv[1]);
	if (status)
		fprintf(stderr, "no Kafka cluster, or it does not obey\n");
	if (cluster)
		rd_kafka_mock_cluster_destroy(cluster);
	if (client)
		rd_kafka_destroy(client);
	return status;
}
