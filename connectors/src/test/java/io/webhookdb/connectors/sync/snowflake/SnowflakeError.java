package io.webhookdb.connectors.sync.snowflake;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.SQLException;

/** An answer that says no, in Snowflake's words. */
final class SnowflakeError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String code;
    private final String sqlState;

    SnowflakeError(String code, String sqlState, String message) {
        super(message);
        this.code = code;
        this.sqlState = sqlState;
    }

    /** What Snowflake says where Postgres says this. */
    static SnowflakeError of(SQLException e) {
        String state = e.getSQLState() == null ? "" : e.getSQLState();
        return switch (state) {
            case "42P01", "3F000" -> new SnowflakeError("002003", "02000", e.getMessage());
            case "42703" -> new SnowflakeError("000904", "42000", e.getMessage());
            case "42501" -> new SnowflakeError("003001", "42501", e.getMessage());
            default ->
                    state.startsWith("22")
                            ? new SnowflakeError("100038", "22018", e.getMessage())
                            : new SnowflakeError("000603", "XX000", e.getMessage());
        };
    }

    static ObjectNode success() {
        return SnowflakeEmulator.JSON
                .createObjectNode()
                .put("success", true)
                .putNull("code")
                .putNull("message");
    }

    ObjectNode reply() {
        ObjectNode reply =
                SnowflakeEmulator.JSON
                        .createObjectNode()
                        .put("success", false)
                        .put("code", code)
                        .put("message", getMessage());
        reply.putObject("data").put("errorCode", code).put("sqlState", sqlState);
        return reply;
    }
}
