package io.webhookdb.embedded;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.Feature;

/** The settings of the one-node cluster, and the formatting that its directory needs once. */
record BrokerConfiguration(
        Path directory,
        int port,
        int controllerPort,
        Lifetime lifetime,
        Optional<SecureListener> secure) {
    private static final int NODE_ID = 1;
    private static final String CONTROLLER = "CONTROLLER";

    BrokerConfiguration {
        if (directory.toString().contains(",")) {
            throw new IllegalArgumentException(
                    "Kafka takes a comma for the end of a path: " + directory);
        }
    }

    Properties properties() {
        Properties p = new Properties();
        p.setProperty("process.roles", "broker,controller");
        p.setProperty("node.id", Integer.toString(NODE_ID));
        p.setProperty("controller.quorum.voters", NODE_ID + "@127.0.0.1:" + controllerPort);
        p.setProperty("controller.listener.names", CONTROLLER);
        p.setProperty(
                "listeners",
                "PLAINTEXT://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d"
                        .formatted(port, controllerPort));
        p.setProperty("advertised.listeners", "PLAINTEXT://127.0.0.1:" + port);
        p.setProperty("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        secure.ifPresent(
                listener -> {
                    listener.addTo(p);
                    p.merge("listeners", "," + listener.url(), BrokerConfiguration::joined);
                    p.merge(
                            "advertised.listeners",
                            "," + listener.url(),
                            BrokerConfiguration::joined);
                    p.merge(
                            "listener.security.protocol.map",
                            "," + listener.protocol(),
                            BrokerConfiguration::joined);
                });
        p.setProperty("log.dirs", directory.toString());
        p.setProperty("auto.create.topics.enable", "false");
        if (lifetime == Lifetime.KEPT) {
            // After kill -9 the controller still believes in the former broker for one session,
            // and keeps the new one waiting; with the default of 9 s that is most of the start
            // time. One that never comes back keeps the default: when the disk stalls for longer
            // than a session, its only broker does not count and no topic can be made.
            p.setProperty("broker.session.timeout.ms", "3000");
            p.setProperty("broker.heartbeat.interval.ms", "500");
        }
        p.setProperty("group.initial.rebalance.delay.ms", "0");
        // The largest record of any topic of ours is 20 MiB; a topic may set less.
        p.setProperty("message.max.bytes", Integer.toString(20 * 1024 * 1024 + 1024));
        for (String topic :
                new String[] {
                    "offsets.topic", "transaction.state.log", "share.coordinator.state.topic"
                }) {
            p.setProperty(topic + ".replication.factor", "1");
            // A partition costs files and start time; the default of 50 is for many brokers.
            p.setProperty(topic + ".num.partitions", "8");
        }
        p.setProperty("transaction.state.log.min.isr", "1");
        p.setProperty("share.coordinator.state.topic.min.isr", "1");
        // The default of 128 MiB is taken from this JVM's heap at start, whatever there is to
        // compact; 16 MiB holds 700 000 keys at a time.
        p.setProperty("log.cleaner.dedupe.buffer.size", Integer.toString(16 * 1024 * 1024));
        return p;
    }

    private static Object joined(Object before, Object more) {
        return before.toString() + more;
    }

    /** Does nothing to a directory that is formatted; an interrupted formatting is repeated. */
    void format() throws IOException {
        if (Files.exists(directory.resolve("meta.properties"))) {
            return;
        }
        Formatter formatter =
                new Formatter()
                        .setPrintStream(
                                new PrintStream(
                                        OutputStream.nullOutputStream(),
                                        false,
                                        StandardCharsets.UTF_8))
                        .setSupportedFeatures(Feature.PRODUCTION_FEATURES)
                        .setNodeId(NODE_ID)
                        .setClusterId(Uuid.randomUuid().toString())
                        .setControllerListenerName(CONTROLLER)
                        .setMetadataLogDirectory(directory.toString())
                        .addDirectory(directory.toString())
                        .setHasDynamicQuorum(false)
                        .setScramArguments(
                                secure.map(SecureListener::credentials).stream().toList());
        try {
            formatter.run();
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("Kafka could not format " + directory, e);
        }
    }
}
