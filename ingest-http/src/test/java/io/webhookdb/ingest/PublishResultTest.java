package io.webhookdb.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.Test;

class PublishResultTest {
    @Test
    void onlyTheAbsenceOfAnErrorIsStored() {
        assertThat(PublishResult.of(null)).isEqualTo(PublishResult.STORED);
        assertThat(PublishResult.of(new KafkaException("?"))).isEqualTo(PublishResult.TRANSIENT);
        assertThat(PublishResult.of(new IllegalStateException("closed")))
                .isEqualTo(PublishResult.TRANSIENT);
    }

    @Test
    void tellsTroubleThatPassesFromTroubleThatStays() {
        assertThat(PublishResult.of(new TimeoutException())).isEqualTo(PublishResult.TRANSIENT);
        assertThat(PublishResult.of(new NotEnoughReplicasException("isr")))
                .isEqualTo(PublishResult.TRANSIENT);
        assertThat(PublishResult.of(new UnknownTopicOrPartitionException()))
                .isEqualTo(PublishResult.TRANSIENT);
        assertThat(PublishResult.of(new TopicAuthorizationException("no")))
                .isEqualTo(PublishResult.CONFIGURATION);
        assertThat(PublishResult.of(new SaslAuthenticationException("no")))
                .isEqualTo(PublishResult.CONFIGURATION);
        assertThat(PublishResult.of(new RecordTooLargeException())).isEqualTo(PublishResult.POISON);
    }
}
