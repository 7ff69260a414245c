package io.webhookdb.connectors.sync.snowflake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.postgresql.PGConnection;

/**
 * One session: which statements there are, and what Postgres is asked instead. Whatever is not
 * listed fails as a syntax error.
 */
final class SnowflakeStatements {
    private static final String NAME = "\"(?:[^\"]|\"\")+\"";
    private static final String TABLE = NAME + "\\." + NAME + "\\." + NAME;
    private static final String TYPE =
            "(?:NUMBER\\(38, (?:0|12)\\)|BOOLEAN|DATE|FLOAT|TIMESTAMP_TZ|VARCHAR|VARIANT)";
    private static final String COLUMNS = NAME + " " + TYPE + "(?:, " + NAME + " " + TYPE + ")*";

    private static final int SELECT = 0x1000;
    private static final int MERGE = 0x3400;
    private static final int COPY = 0x3600;
    private static final int SESSION = 0x4000;
    private static final int DDL = 0x6000;

    private static final Pattern AUTOCOMMIT =
            Pattern.compile("alter session .*set autocommit=(true|false)");
    private static final Pattern QUERY =
            Pattern.compile(
                    "SELECT (SCHEMA|COLUMN)_NAME FROM INFORMATION_SCHEMA\\.(SCHEMATA|COLUMNS)"
                            + " WHERE [A-Z_]+ = \\?( AND [A-Z_]+ = \\?)?");
    private static final Pattern DEFINITION =
            Pattern.compile(
                    "(CREATE SCHEMA IF NOT EXISTS "
                            + NAME
                            + "|CREATE TABLE IF NOT EXISTS "
                            + TABLE
                            + " \\("
                            + COLUMNS
                            + "\\)|ALTER TABLE "
                            + TABLE
                            + " ADD COLUMN IF NOT EXISTS "
                            + NAME
                            + " "
                            + TYPE
                            + ")");
    private static final Pattern STAGE_TABLE =
            Pattern.compile(
                    "CREATE OR REPLACE TEMPORARY TABLE " + TABLE + " \\((" + COLUMNS + ")\\)");
    private static final Pattern FILES =
            Pattern.compile("CREATE TEMPORARY STAGE IF NOT EXISTS (" + TABLE + ")");
    private static final Pattern PUT =
            Pattern.compile(
                    "PUT 'file://([^']+)' @("
                            + TABLE
                            + ") SOURCE_COMPRESSION = GZIP AUTO_COMPRESS = FALSE OVERWRITE ="
                            + " TRUE");
    private static final Pattern LOAD =
            Pattern.compile(
                    "COPY INTO "
                            + TABLE
                            + " \\(("
                            + NAME
                            + "(?:, "
                            + NAME
                            + ")*)\\) FROM \\(SELECT (\\$1(?:, (?:PARSE_JSON\\(\\$\\d+\\)|\\$\\d+)"
                            + ")*) FROM @("
                            + TABLE
                            + ")\\) FILES = \\(([^)]+)\\) FILE_FORMAT = \\(TYPE = CSV COMPRESSION ="
                            + " GZIP FIELD_OPTIONALLY_ENCLOSED_BY = '\"' ESCAPE = NONE"
                            + " ESCAPE_UNENCLOSED_FIELD = NONE EMPTY_FIELD_AS_NULL = TRUE NULL_IF ="
                            + " \\(\\)\\) ON_ERROR = ABORT_STATEMENT PURGE = TRUE");
    private static final Pattern MERGED =
            Pattern.compile("MERGE INTO " + TABLE + " t USING \\(SELECT \\* FROM .* INSERT .*");

    private static final String STAGE_NAME = "\\S+\\.\"WEBHOOKDB_STAGE\"";
    private static final String OURS = "pg_temp.\"WEBHOOKDB_STAGE\"";

    private final Connection postgres;
    private final Path directory;
    private String stage;
    private String autocommit;

    SnowflakeStatements(Connection postgres, String autocommit) {
        this.postgres = postgres;
        this.autocommit = autocommit;
        try {
            directory = Files.createTempDirectory("snowflake-stage-");
            begin();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (SQLException e) {
            throw SnowflakeError.of(e);
        }
    }

    /** What must be in every answer: the driver believes it. */
    static void parameters(ObjectNode data, String autocommit) {
        data.putArray("parameters")
                .addObject()
                .put("name", "AUTOCOMMIT")
                .put("value", autocommit.equals("true"));
    }

    synchronized ObjectNode run(JsonNode request) throws IOException {
        try {
            return run(request.path("sqlText").asText().strip(), request.path("bindings"));
        } catch (SQLException e) {
            rollback();
            throw SnowflakeError.of(e);
        }
    }

    private ObjectNode run(String sql, JsonNode bindings) throws SQLException, IOException {
        Matcher match = AUTOCOMMIT.matcher(sql);
        if (match.matches()) {
            autocommit = match.group(1);
            begin();
            return status(SESSION);
        }
        if (QUERY.matcher(sql).matches()) {
            return query(sql, bindings);
        }
        if (DEFINITION.matcher(sql).matches()) {
            execute(typed(sql));
            return status(DDL);
        }
        match = STAGE_TABLE.matcher(sql);
        if (match.matches()) {
            execute("DROP TABLE IF EXISTS " + OURS);
            execute("CREATE TEMPORARY TABLE \"WEBHOOKDB_STAGE\" (" + typed(match.group(1)) + ")");
            return status(DDL);
        }
        match = FILES.matcher(sql);
        if (match.matches()) {
            stage = match.group(1);
            return status(DDL);
        }
        match = PUT.matcher(sql);
        if (match.matches()) {
            requireStage(match.group(2));
            return upload(match.group(1));
        }
        match = LOAD.matcher(sql);
        if (match.matches()) {
            requireStage(match.group(3));
            return load(match);
        }
        if (MERGED.matcher(sql).matches()) {
            return merge(sql.replaceAll(STAGE_NAME, Matcher.quoteReplacement(OURS)));
        }
        throw new SnowflakeError("001003", "42000", "The emulator does not know: " + sql);
    }

    private void requireStage(String name) {
        if (!name.equals(stage)) {
            throw new SnowflakeError("002003", "02000", "Stage " + name + " does not exist");
        }
    }

    private ObjectNode query(String sql, JsonNode bindings) throws SQLException {
        ObjectNode reply = SnowflakeError.success();
        ArrayNode rows = result(reply, SELECT, "NAME");
        try (PreparedStatement statement = postgres.prepareStatement(sql)) {
            for (int i = 1; i <= bindings.size(); i++) {
                statement.setString(i, bindings.path(Integer.toString(i)).path("value").asText());
            }
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    rows.addArray().add(result.getString(1));
                }
            }
        }
        return counted(reply, rows);
    }

    /** The driver moves the file itself. */
    private ObjectNode upload(String path) {
        ObjectNode reply = SnowflakeError.success();
        ObjectNode data = reply.putObject("data");
        data.put("command", "UPLOAD").putArray("src_locations").add(path);
        data.put("parallel", 4)
                .put("threshold", 209_715_200)
                .put("autoCompress", false)
                .put("overwrite", true)
                .put("sourceCompression", "gzip")
                .putNull("encryptionMaterial");
        data.putObject("stageInfo")
                .put("locationType", "LOCAL_FS")
                .put("location", directory + "/")
                .putObject("creds");
        parameters(data, autocommit);
        return reply;
    }

    private ObjectNode load(Matcher match) throws SQLException, IOException {
        List<String> wrapped = List.of(match.group(2).split(", "));
        for (int i = 0; i < wrapped.size(); i++) {
            if (!wrapped.get(i).contains("$" + (i + 1))) {
                throw new SnowflakeError("001003", "42000", "Cells out of order: " + wrapped);
            }
        }
        long loaded = 0;
        List<Path> read = new ArrayList<>();
        for (String quoted : match.group(4).split(", ")) {
            Path file = directory.resolve(quoted.substring(1, quoted.length() - 1));
            if (!Files.exists(file)) {
                throw new SnowflakeError("000253", "02000", "No file " + file.getFileName());
            }
            try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
                loaded +=
                        postgres.unwrap(PGConnection.class)
                                .getCopyAPI()
                                .copyIn(
                                        "COPY "
                                                + OURS
                                                + " ("
                                                + match.group(1)
                                                + ") FROM STDIN (FORMAT csv)",
                                        in);
            }
            read.add(file);
        }
        for (Path file : read) {
            Files.delete(file);
        }
        ObjectNode reply = SnowflakeError.success();
        ArrayNode rows = result(reply, COPY, "rows_loaded");
        rows.addArray().add(Long.toString(loaded));
        return counted(reply, rows);
    }

    private ObjectNode merge(String sql) throws SQLException {
        ObjectNode reply = SnowflakeError.success();
        ArrayNode rows = result(reply, MERGE, "number of rows merged");
        try (Statement statement = postgres.createStatement()) {
            rows.addArray().add(Integer.toString(statement.executeUpdate(sql)));
        }
        return counted(reply, rows);
    }

    private ObjectNode status(int type) {
        ObjectNode reply = SnowflakeError.success();
        ArrayNode rows = result(reply, type, "status");
        rows.addArray().add("Statement executed successfully.");
        return counted(reply, rows);
    }

    private ArrayNode result(ObjectNode reply, int type, String column) {
        ObjectNode data = reply.putObject("data");
        parameters(data, autocommit);
        ObjectNode form = data.putArray("rowtype").addObject();
        form.put("name", column)
                .put("type", column.contains("row") ? "fixed" : "text")
                .put("nullable", true)
                .put("length", 1000)
                .put("byteLength", 4000)
                .put("precision", 19)
                .put("scale", 0);
        data.put("queryId", UUID.randomUUID().toString())
                .put("statementTypeId", type)
                .put("version", 1)
                .put("queryResultFormat", "json")
                .put("numberOfBinds", 0)
                .put("arrayBindSupported", false);
        return data.putArray("rowset");
    }

    private static ObjectNode counted(ObjectNode reply, ArrayNode rows) {
        ((ObjectNode) reply.get("data")).put("total", rows.size()).put("returned", rows.size());
        return reply;
    }

    private static String typed(String sql) {
        return sql.replaceAll("\" NUMBER\\(38, 0\\)", "\" numeric(38, 0)")
                .replaceAll("\" NUMBER\\(38, 12\\)", "\" numeric(38, 12)")
                .replaceAll("\" FLOAT", "\" double precision")
                .replaceAll("\" TIMESTAMP_TZ", "\" timestamptz")
                .replaceAll("\" VARCHAR", "\" text")
                .replaceAll("\" VARIANT", "\" jsonb");
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = postgres.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Without autocommit nothing is ever committed here: nobody sends COMMIT. */
    private void begin() throws SQLException {
        postgres.setAutoCommit(autocommit.equals("true"));
    }

    private void rollback() {
        try {
            if (!postgres.getAutoCommit()) {
                postgres.rollback();
            }
        } catch (SQLException e) {
            throw SnowflakeError.of(e);
        }
    }

    void close() {
        try (var files = Files.list(directory)) {
            postgres.close();
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (SQLException e) {
            throw SnowflakeError.of(e);
        }
    }
}
