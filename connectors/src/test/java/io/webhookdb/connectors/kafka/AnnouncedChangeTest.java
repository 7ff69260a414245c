package io.webhookdb.connectors.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.schemas.trace.TraceContext;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnnouncedChangeTest {
    private static final String PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    private static final byte[] JSON = "{\"id\":\"c1\"}".getBytes(UTF_8);

    @ParameterizedTest
    @CsvSource(
            value = {"-", "a=1"},
            nullValues = "-")
    void comesOutOfTheLogWithTheTraceItWentInWith(String state) {
        TraceContext trace = new TraceContext(PARENT, state);
        AnnouncedChange change = logged(new OutgoingRecord(new byte[0], JSON).in(trace));

        AnnouncedChange read = AnnouncedChange.read(change.bytes());
        assertThat(read.json()).isEqualTo(JSON);
        assertThat(read.trace()).isEqualTo(trace);
    }

    @Test
    void isTheJsonAloneWithoutATrace() {
        AnnouncedChange change = logged(new OutgoingRecord(new byte[0], JSON));

        assertThat(change.bytes()).isSameAs(JSON);
        assertThat(AnnouncedChange.read(JSON)).isEqualTo(new AnnouncedChange(JSON, null));
    }

    private static AnnouncedChange logged(OutgoingRecord outgoing) {
        ProducerRecord<byte[], byte[]> sent =
                new OutgoingRecordSchema("topic").serialize(outgoing, null, null);
        ConsumerRecord<byte[], byte[]> record =
                new ConsumerRecord<>("topic", 0, 0, sent.key(), sent.value());
        sent.headers().forEach(header -> record.headers().add(header));
        return AnnouncedChange.of(record);
    }
}
