package io.webhookdb.ingest;

import static io.webhookdb.ingest.TestingControl.STRIPE;
import static io.webhookdb.ingest.TestingControl.definition;
import static io.webhookdb.ingest.TestingControl.integration;
import static io.webhookdb.ingest.TestingControl.newId;
import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.schemas.Topics;
import io.webhookdb.schemas.status.IntegrationMinute;
import io.webhookdb.schemas.status.RecentRequests;
import io.webhookdb.schemas.status.StatusCodec;
import java.util.List;
import org.junit.jupiter.api.Test;

class RejectionReportsITCase {
    @Test
    void tellsTheControlPlaneWhatItRefusedAndNothingElse() {
        try (TestingKafka kafka = TestingKafka.withTopics()) {
            String id = newId();
            String quiet = newId();
            try (TestingIngest ingest = TestingIngest.start(kafka.bootstrap(), s -> s)) {
                kafka.control(definition(STRIPE));
                kafka.control(integration(id, STRIPE, "whsec_1"));
                kafka.control(integration(quiet, STRIPE, "whsec_1"));
                for (int i = 0; i < 3; i++) {
                    assertThat(ingest.send(ingest.post(id, "{}")).statusCode()).isEqualTo(401);
                }
            }

            assertThat(
                            kafka.records(Topics.STATUS).stream()
                                    .map(record -> StatusCodec.decode(record.value()))
                                    .filter(RecentRequests.class::isInstance)
                                    .map(RecentRequests.class::cast)
                                    .flatMap(report -> report.requests().stream()))
                    .hasSize(3)
                    .allSatisfy(request -> assertThat(request.status()).isEqualTo(401));
            List<IntegrationMinute> reports =
                    kafka.records(Topics.STATUS).stream()
                            .map(record -> StatusCodec.decode(record.value()))
                            .filter(IntegrationMinute.class::isInstance)
                            .map(IntegrationMinute.class::cast)
                            .toList();
            assertThat(reports).isNotEmpty();
            assertThat(reports).extracting(IntegrationMinute::integration).containsOnly(id);
            assertThat(reports)
                    .extracting(IntegrationMinute::reporter)
                    .allMatch(reporter -> reporter.startsWith("ingest/"));
            assertThat(reports.stream().mapToLong(IntegrationMinute::rejected).sum()).isEqualTo(3);
        }
    }
}
