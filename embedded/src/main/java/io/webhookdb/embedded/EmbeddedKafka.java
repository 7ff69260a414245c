package io.webhookdb.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Time;

/**
 * A Kafka broker and its KRaft controller in this JVM, on 127.0.0.1.
 *
 * <p>What it acknowledged is in the page cache or on disk, so it outlives kill -9 of this JVM;
 * there is no fsync per message, so it need not outlive a crash of the machine. Topics are not
 * created on first use. {@link #stop()} and {@link #start()} keep the ports, so that clients find
 * the broker again. A fatal fault inside Kafka (a full or failing disk) halts the JVM, as in a
 * broker of its own.
 */
public final class EmbeddedKafka implements AutoCloseable {
    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);

    private final Settings settings;
    private final int port;
    private final int controllerPort;
    private Optional<KafkaRaftServer> server = Optional.empty();
    private Optional<DirectoryLock> lock = Optional.empty();
    private boolean closed;

    private EmbeddedKafka(Settings settings) {
        this.settings = settings;
        this.port = settings.port() == 0 ? FreePort.find() : settings.port();
        // The quorum has one voter, named in the configuration and not in the log, so the
        // controller may come back on another port.
        this.controllerPort =
                settings.controllerPort() == 0 ? FreePort.find() : settings.controllerPort();
    }

    /**
     * Formats the directory if it is new and starts; returns when clients can connect.
     *
     * @throws IllegalStateException if the broker does not come up, for example because a port or
     *     the directory is in use
     */
    public static EmbeddedKafka start(Settings settings) {
        EmbeddedKafka kafka = new EmbeddedKafka(settings);
        try {
            kafka.start();
        } catch (RuntimeException e) {
            kafka.close();
            throw e;
        }
        return kafka;
    }

    /** Starts a stopped broker on its former ports; does nothing if it runs. */
    public synchronized void start() {
        if (closed) {
            throw new IllegalStateException("Kafka on " + settings.directory() + " was closed");
        }
        if (server.isPresent()) {
            return;
        }
        for (int wanted : new int[] {port, controllerPort}) {
            // Kafka would end this JVM if it were the controller's.
            if (!FreePort.isFree(wanted)) {
                throw new IllegalStateException("Port " + wanted + " of 127.0.0.1 is in use");
            }
        }
        BrokerConfiguration configuration =
                new BrokerConfiguration(
                        settings.directory(),
                        port,
                        controllerPort,
                        settings.lifetime(),
                        settings.secure());
        try {
            PrivateFiles.createDirectory(settings.directory());
            // Kafka would lock it, too, but only after its controller started, which ends this JVM.
            lock = Optional.of(DirectoryLock.of(settings.directory()));
            configuration.format();
            server =
                    Optional.of(
                            new KafkaRaftServer(
                                    KafkaConfig.fromProps(configuration.properties(), false),
                                    Time.SYSTEM));
            server.get().startup();
        } catch (IOException | RuntimeException e) {
            stop();
            throw new IllegalStateException(
                    "Kafka did not start on ports %d and %d (controller) with %s"
                            .formatted(port, controllerPort, settings.directory()),
                    e);
        }
    }

    /** Stops the broker and keeps its directory and ports; does nothing if it is stopped. */
    public synchronized void stop() {
        Optional<KafkaRaftServer> stopping = server;
        server = Optional.empty();
        try {
            stopping.ifPresent(EmbeddedKafka::shutDown);
        } finally {
            lock.ifPresent(DirectoryLock::close);
            lock = Optional.empty();
        }
    }

    /** Host and port for clients, the same over stop and start. */
    public String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    /** Stops the broker and, if its settings are temporary, removes its directory. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            stop();
        } finally {
            if (settings.lifetime() == Lifetime.TEMPORARY) {
                PrivateFiles.deleteRecursively(settings.directory());
            }
        }
    }

    /** On a thread of its own, because Kafka's own limit for a shutdown is five minutes. */
    private static void shutDown(KafkaRaftServer server) {
        Thread shutdown = new Thread(server::shutdown, "kafka-shutdown");
        shutdown.setDaemon(true);
        shutdown.start();
        try {
            shutdown.join(STOP_LIMIT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while Kafka was stopping", e);
        }
        if (shutdown.isAlive()) {
            throw new IllegalStateException("Kafka did not stop within " + STOP_LIMIT);
        }
    }

    /**
     * Where the broker keeps its data and listens.
     *
     * @param directory created with mode 0700 if absent; the path may not contain a comma
     * @param port clients' port on 127.0.0.1; 0 picks a free one
     * @param controllerPort the controller's port on 127.0.0.1; 0 picks a free one
     * @param secure a listener beside the one in clear
     */
    public record Settings(
            Path directory,
            int port,
            int controllerPort,
            Lifetime lifetime,
            Optional<SecureListener> secure) {
        public Settings {
            directory = directory.toAbsolutePath().normalize();
        }

        /** A directory that outlives the broker; free ports. */
        public static Settings in(Path directory) {
            return new Settings(directory, 0, 0, Lifetime.KEPT, Optional.empty());
        }

        /** A new directory that close removes; free ports. */
        public static Settings temporary() {
            try {
                return new Settings(
                        Files.createTempDirectory("webhookdb-kafka-"),
                        0,
                        0,
                        Lifetime.TEMPORARY,
                        Optional.empty());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        public Settings withPort(int newPort) {
            return new Settings(directory, newPort, controllerPort, lifetime, secure);
        }

        /** The same with a listener that takes nothing in clear; counts for a new directory. */
        public Settings withSecure(SecureListener listener) {
            return new Settings(directory, port, controllerPort, lifetime, Optional.of(listener));
        }
    }
}
