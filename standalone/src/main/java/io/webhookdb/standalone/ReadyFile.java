package io.webhookdb.standalone;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;

/**
 * Content of {@code DATA/ready.json}: written afresh once everything runs, removed on a clean stop.
 *
 * @param apiUrl base URL of the HTTP API
 * @param ingestUrl base URL vendors post to
 * @param flinkUrl Flink's web UI
 * @param postgresUrl the embedded server's superuser, a secret
 * @param kafkaBootstrap bootstrap servers
 * @param pid process to signal
 */
record ReadyFile(
        @JsonProperty("api_url") String apiUrl,
        @JsonProperty("ingest_url") String ingestUrl,
        @JsonProperty("flink_url") String flinkUrl,
        @JsonProperty("postgres_url") String postgresUrl,
        @JsonProperty("kafka_bootstrap") String kafkaBootstrap,
        long pid) {

    String json() {
        try {
            return new JsonMapper().writerWithDefaultPrettyPrinter().writeValueAsString(this)
                    + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
