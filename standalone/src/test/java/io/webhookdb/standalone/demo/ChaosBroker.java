package io.webhookdb.standalone.demo;

import io.webhookdb.embedded.EmbeddedKafka;
import io.webhookdb.embedded.SecureListener;
import java.nio.file.Path;

/**
 * Kafka as a process of its own, to be killed: {@code ChaosBroker FOLDER PORT CERTIFICATE KEY USER
 * PASSWORD}. On the port it takes nothing in clear.
 */
final class ChaosBroker {
    private ChaosBroker() {}

    public static void main(String[] arguments) {
        EmbeddedKafka.start(
                EmbeddedKafka.Settings.in(Path.of(arguments[0]))
                        .withSecure(
                                new SecureListener(
                                        Integer.parseInt(arguments[1]),
                                        Path.of(arguments[2]),
                                        Path.of(arguments[3]),
                                        arguments[4],
                                        arguments[5])));
    }
}
