package io.webhookdb.standalone.demo;

import io.webhookdb.embedded.EmbeddedKafka;
import java.nio.file.Path;

/** Kafka as a process of its own, to be killed: {@code ChaosBroker FOLDER PORT}. */
final class ChaosBroker {
    private ChaosBroker() {}

    public static void main(String[] arguments) {
        EmbeddedKafka.start(
                EmbeddedKafka.Settings.in(Path.of(arguments[0]))
                        .withPort(Integer.parseInt(arguments[1])));
    }
}
