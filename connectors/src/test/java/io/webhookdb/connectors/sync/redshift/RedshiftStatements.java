package io.webhookdb.connectors.sync.redshift;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/**
 * Which statements there are, and what Postgres is asked instead. COPY reads the bucket's files
 * into one that the server reads, within the same session and transaction. Whatever is not listed
 * becomes a syntax error, and is remembered.
 */
final class RedshiftStatements {
    private static final String NAME = "\"(?:[^\"]|\"\")+\"";
    private static final String TABLE = NAME + "\\." + NAME;
    private static final String STAGE = "\"webhookdb_stage_\\d+\"";
    private static final String TYPE =
            "(?:BIGINT|INTEGER|DECIMAL\\(38, 12\\)|BOOLEAN|DATE|DOUBLE"
                    + " PRECISION|TIMESTAMPTZ|VARCHAR\\(65535\\)|SUPER)";
    private static final String COLUMNS = NAME + " " + TYPE + "(?:, " + NAME + " " + TYPE + ")*";
    private static final String NAMES = NAME + "(?:, " + NAME + ")*";

    private static final List<Pattern> KNOWN =
            Stream.of(
                            // The driver's own, and nothing.
                            "",
                            "(?i)begin|commit|rollback",
                            "SET (?:extra_float_digits = [0-9]|application_name = .+)",
                            "SET statement_timeout TO \\d+",
                            "SELECT nspname FROM pg_namespace WHERE nspname = \\$1",
                            "SELECT column_name FROM information_schema\\.columns WHERE"
                                    + " table_schema = \\$1 AND table_name = \\$2",
                            "CREATE SCHEMA IF NOT EXISTS " + NAME,
                            "CREATE TABLE IF NOT EXISTS " + TABLE + " \\(" + COLUMNS + "\\)",
                            "ALTER TABLE " + TABLE + " ADD COLUMN " + NAME + " " + TYPE,
                            "CREATE TEMP TABLE " + STAGE + " \\(" + COLUMNS + "\\)",
                            "INSERT INTO "
                                    + STAGE
                                    + " \\("
                                    + NAMES
                                    + "\\) VALUES \\([$0-9, ]+\\)(?:,\\([$0-9, ]+\\))*",
                            "SELECT COUNT\\(\\*\\) FROM " + STAGE,
                            "DELETE FROM "
                                    + TABLE
                                    + " USING "
                                    + STAGE
                                    + " WHERE "
                                    + NAME
                                    + "\\."
                                    + NAME
                                    + " = .+",
                            "INSERT INTO "
                                    + TABLE
                                    + " \\("
                                    + NAMES
                                    + "\\) SELECT .+ FROM \\(SELECT .+ ROW_NUMBER\\(\\) OVER .+"
                                    + " FROM "
                                    + STAGE
                                    + "\\) f WHERE f\\.webhookdb_rank = 1 AND NOT EXISTS .+",
                            "DROP TABLE " + STAGE)
                    .map(form -> Pattern.compile(form, Pattern.DOTALL))
                    .toList();

    private static final Pattern COPY =
            Pattern.compile(
                    "COPY ("
                            + STAGE
                            + ") \\(("
                            + NAMES
                            + ")\\) FROM 's3://([^/']+)/([^']+)' (?:ACCESS_KEY_ID '([^']+)'"
                            + " SECRET_ACCESS_KEY '([^']+)'|IAM_ROLE '([^']+)') REGION '([^']+)'"
                            + " MANIFEST FORMAT AS CSV GZIP NULL AS '(null_[0-9a-f]{32})'"
                            + " DATEFORMAT 'auto' TIMEFORMAT 'auto' COMPUPDATE OFF STATUPDATE OFF");

    private final TestingBucket bucket;
    private final Path directory;
    private final Queue<String> refused = new ConcurrentLinkedQueue<>();

    RedshiftStatements(TestingBucket bucket) throws IOException {
        this.bucket = bucket;
        this.directory =
                Files.createTempDirectory(
                        Path.of("/tmp"),
                        "redshift-copy-",
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rwxr-xr-x")));
    }

    /** Statements nobody should have sent. */
    Queue<String> refused() {
        return refused;
    }

    String translated(String sql) throws IOException {
        Matcher copy = COPY.matcher(sql);
        if (copy.matches()) {
            return copied(copy);
        }
        if (KNOWN.stream().noneMatch(form -> form.matcher(sql).matches())) {
            refused.add(sql);
            return "THE EMULATOR DOES NOT KNOW THIS STATEMENT";
        }
        return sql.startsWith("CREATE T") || sql.startsWith("ALTER")
                ? sql.replaceAll("\" SUPER", "\" jsonb")
                        .replaceAll("\" VARCHAR\\(65535\\)", "\" public.bytes_65535")
                : sql;
    }

    private String copied(Matcher copy) throws IOException {
        boolean mayRead =
                copy.group(7) != null
                        || (TestingBucket.KEY.equals(copy.group(5))
                                && TestingBucket.SECRET.equals(copy.group(6)));
        byte[] manifest = bucket.object(copy.group(4));
        if (!copy.group(3).equals(TestingBucket.NAME)
                || !copy.group(8).equals(TestingBucket.REGION)
                || !mayRead
                || manifest == null) {
            return "DO $$BEGIN RAISE 'S3ServiceException:Access Denied,Status 403' USING ERRCODE ="
                    + " 'XX000'; END$$";
        }
        Path file = Files.createTempFile(directory, "copy-", ".csv");
        try (OutputStream all = Files.newOutputStream(file)) {
            for (JsonNode entry : new ObjectMapper().readTree(manifest).path("entries")) {
                String prefix = "s3://" + TestingBucket.NAME + "/";
                byte[] part = bucket.object(entry.path("url").asText().substring(prefix.length()));
                try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(part))) {
                    in.transferTo(all);
                }
            }
        }
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        return "COPY "
                + copy.group(1)
                + " ("
                + copy.group(2)
                + ") FROM '"
                + file
                + "' (FORMAT csv, NULL '"
                + copy.group(9)
                + "')";
    }

    void close() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }
}
