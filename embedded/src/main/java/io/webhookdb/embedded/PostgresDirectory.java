package io.webhookdb.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * The folder of one server: data, superuser's password, log.
 *
 * @param lifetime a temporary one is written without waiting for the disk: it need not outlive a
 *     crash of the machine, and outlives kill -9 of the server all the same
 */
record PostgresDirectory(Path root, Lifetime lifetime) {
    private static final Duration INITDB_LIMIT = Duration.ofMinutes(3);

    /**
     * Written anew at every start, so a release's settings reach old data too. ALTER SYSTEM, which
     * has a file of its own, still wins.
     */
    private static final String CONFIGURATION =
            """
            listen_addresses = '127.0.0.1'
            # A socket file would be a second way in.
            unix_socket_directories = ''
            password_encryption = 'scram-sha-256'
            max_connections = 300
            shared_buffers = '256MB'
            fsync = %s
            synchronous_commit = on
            full_page_writes = on
            wal_level = replica
            max_wal_size = '1GB'
            # Many short statements: compiling them costs more than it saves.
            jit = off
            timezone = 'UTC'
            log_timezone = 'UTC'
            # Failed statements are reported to their client; here they would bring customers' data
            # and passwords into the log. 'log' keeps LOG, FATAL and PANIC.
            log_min_messages = 'log'
            log_min_error_statement = 'panic'
            log_error_verbosity = 'terse'
            log_checkpoints = off
            """;

    private static final String ACCESS =
            """
            # The only line: whoever connects needs a password.
            host all all 127.0.0.1/32 scram-sha-256
            """;

    Path data() {
        return root.resolve("data");
    }

    Path log() {
        return root.resolve("server.log");
    }

    Path commandOutput() {
        return root.resolve("command.log");
    }

    private Path passwordFile() {
        return root.resolve("password");
    }

    String password() throws IOException {
        return Files.readString(passwordFile()).strip();
    }

    /** Makes data and password if there are none, and writes the configuration. */
    void initialize(PostgresTools tools, String superuser) throws IOException {
        if (!Files.exists(data())) {
            if (!Files.exists(passwordFile())) {
                PrivateFiles.write(
                        passwordFile(), newPassword().getBytes(StandardCharsets.US_ASCII));
            }
            createData(tools, superuser);
        } else if (!Files.exists(passwordFile())) {
            throw new IllegalStateException(
                    "%s has data but not the superuser's password: %s is missing"
                            .formatted(root, passwordFile()));
        }
        PrivateFiles.write(
                data().resolve("postgresql.conf"),
                CONFIGURATION
                        .formatted(lifetime == Lifetime.KEPT ? "on" : "off")
                        .getBytes(StandardCharsets.UTF_8));
        PrivateFiles.write(data().resolve("pg_hba.conf"), ACCESS.getBytes(StandardCharsets.UTF_8));
    }

    /** Beside its place first, so that an interrupted initdb is not taken for data. */
    private void createData(PostgresTools tools, String superuser) throws IOException {
        Path unfinished = root.resolve("data.unfinished");
        PrivateFiles.deleteRecursively(unfinished);
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "--pgdata=" + unfinished,
                                "--username=" + superuser,
                                "--pwfile=" + passwordFile(),
                                "--auth=scram-sha-256",
                                "--encoding=UTF8",
                                // Built in, so that an upgrade of libc cannot reorder indexes.
                                "--locale-provider=builtin",
                                "--builtin-locale=C.UTF-8",
                                "--locale=C"));
        if (lifetime == Lifetime.TEMPORARY) {
            arguments.add("--no-sync");
        }
        tools.run(commandOutput(), INITDB_LIMIT, "initdb", arguments);
        Files.move(unfinished, data(), StandardCopyOption.ATOMIC_MOVE);
    }

    private static String newPassword() {
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }
}
