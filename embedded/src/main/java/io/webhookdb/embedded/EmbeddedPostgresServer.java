package io.webhookdb.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A Postgres server in processes of its own, on 127.0.0.1 over TCP only.
 *
 * <p>Every connection needs a password (scram-sha-256). The superuser's is generated at the first
 * start, before anything listens, and kept in a file of mode 0600 beside the data. A server that
 * was left running by a JVM killed with kill -9 is stopped before a new one starts on its data; a
 * server of a living JVM is left alone and the start refused. Terminal signals do not reach the
 * server, so it stops when {@link #close()} says so.
 */
public final class EmbeddedPostgresServer implements AutoCloseable {
    private static final String SUPERUSER = "postgres";

    private final Settings settings;
    private final int port;
    private final DirectoryLock lock;
    private final String password;
    private final Postmaster postmaster;
    private boolean closed;

    private EmbeddedPostgresServer(Settings settings, DirectoryLock lock) throws IOException {
        this.settings = settings;
        this.lock = lock;
        this.port = settings.port() == 0 ? FreePort.find() : settings.port();
        PostgresTools tools = PostgresTools.unpackedFor(settings);
        PostgresDirectory files = new PostgresDirectory(settings.directory(), settings.lifetime());
        this.postmaster = new Postmaster(tools, files);
        postmaster.stop();
        files.initialize(tools, SUPERUSER);
        this.password = files.password();
    }

    /**
     * Creates the data directory if it is new and starts; returns when clients can connect.
     *
     * @throws IllegalStateException if the server does not come up, for example because the port or
     *     the directory is in use
     */
    public static EmbeddedPostgresServer start(Settings settings) {
        try {
            PrivateFiles.createDirectory(settings.directory());
            DirectoryLock lock = DirectoryLock.of(settings.directory());
            try {
                EmbeddedPostgresServer server = new EmbeddedPostgresServer(settings, lock);
                server.start();
                return server;
            } catch (IOException | RuntimeException e) {
                lock.close();
                settings.discardIfTemporary();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Postgres could not be started in " + settings.directory(), e);
        }
    }

    /**
     * Starts a stopped or crashed server on its former port; does nothing if it runs.
     *
     * @return whether it had to be started
     */
    public synchronized boolean start() {
        if (closed) {
            throw new IllegalStateException("Postgres in " + settings.directory() + " was closed");
        }
        if (postmaster.isRunning()) {
            return false;
        }
        postmaster.stop();
        postmaster.start(port);
        return true;
    }

    /** Ends all sessions and stops the server; does nothing if it is stopped. */
    public synchronized void stop() {
        postmaster.stop();
    }

    /** Kills every process of the server as kill -9 does; {@link #start()} recovers the data. */
    public synchronized void kill() {
        postmaster.kill();
    }

    public synchronized void restart() {
        stop();
        start();
    }

    public int port() {
        return port;
    }

    public String superuser() {
        return SUPERUSER;
    }

    /** The superuser's password; letters, digits, - and _ only, so it needs no escaping. */
    public String password() {
        return password;
    }

    /** The URL of database {@code postgres} with the superuser's name and password in it. */
    public String superuserUrl() {
        return "postgres://%s:%s@127.0.0.1:%d/postgres".formatted(SUPERUSER, password, port);
    }

    /** The JDBC URL of a database, without credentials. */
    public String jdbcUrl(String database) {
        return "jdbc:postgresql://127.0.0.1:%d/%s".formatted(port, database);
    }

    /** Stops the server and, if its settings are temporary, removes its directory. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            stop();
        } finally {
            lock.close();
            settings.discardIfTemporary();
        }
    }

    /**
     * Where the server keeps its data and listens.
     *
     * @param directory created with mode 0700 if absent; holds data, password, log and binaries
     * @param port port on 127.0.0.1; 0 picks a free one
     */
    public record Settings(Path directory, int port, Lifetime lifetime) {
        private static final String UNQUOTABLE = "\"$`\\\n";

        public Settings {
            directory = directory.toAbsolutePath().normalize();
            if (directory.toString().chars().anyMatch(c -> UNQUOTABLE.indexOf(c) >= 0)) {
                throw new IllegalArgumentException(
                        "Postgres hands its paths to a shell within quotes, so they may not contain"
                                + " \", $, `, \\ or a line break: "
                                + directory);
            }
        }

        /** A directory that outlives the server; a free port. */
        public static Settings in(Path directory) {
            return new Settings(directory, 0, Lifetime.KEPT);
        }

        /**
         * A new directory that close removes, written without waiting for the disk; a free port.
         */
        public static Settings temporary() {
            try {
                return new Settings(
                        Files.createTempDirectory("webhookdb-postgres-"), 0, Lifetime.TEMPORARY);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        public Settings withPort(int newPort) {
            return new Settings(directory, newPort, lifetime);
        }

        private void discardIfTemporary() {
            if (lifetime == Lifetime.TEMPORARY) {
                PrivateFiles.deleteRecursively(directory);
            }
        }
    }
}
