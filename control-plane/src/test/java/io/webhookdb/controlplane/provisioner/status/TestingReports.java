package io.webhookdb.controlplane.provisioner.status;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.webhookdb.schemas.Topics;
import io.webhookdb.schemas.status.StatusCodec;
import io.webhookdb.schemas.status.StatusReport;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Reports as a job would send them. */
public final class TestingReports {
    private TestingReports() {}

    /** Sends and waits until they are durable. */
    public static void send(String bootstrap, StatusReport... reports) {
        for (StatusReport report : reports) {
            raw(bootstrap, report.key(), StatusCodec.encode(report));
        }
    }

    /** Sends any bytes. */
    public static void raw(String bootstrap, String key, byte[] value) {
        raw(bootstrap, Topics.STATUS, key, value);
    }

    /** Sends any bytes to any topic. */
    public static void raw(String bootstrap, String topic, String key, byte[] value) {
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(topic, key.getBytes(UTF_8), value)).get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
