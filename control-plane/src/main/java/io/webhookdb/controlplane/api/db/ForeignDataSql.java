package io.webhookdb.controlplane.api.db;

import static io.webhookdb.schemas.row.TableSql.qualified;
import static io.webhookdb.schemas.row.TableSql.quoted;

import io.webhookdb.security.connection.PostgresUrl;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * SQL with which another Postgres server reads an organization's tables through {@code
 * postgres_fdw} (PostgreSQL manual, appendix F). Pure text; may be run again after changes.
 *
 * @param server name of the foreign server
 * @param fetchSize rows a round trip
 * @param localSchema schema of the foreign tables
 * @param viewSchema schema of the materialized views
 */
record ForeignDataSql(String server, int fetchSize, String localSchema, String viewSchema) {

    /** An integration that has its table. */
    record Source(String opaqueId, String service, String table) {}

    /** Extension, server, credentials and foreign tables. */
    String tables(PostgresUrl reader, String remoteSchema) {
        String sslMode =
                reader.sslMode() == PostgresUrl.SslMode.UNSET
                        ? ""
                        : ", sslmode "
                                + literal(
                                        reader.sslMode()
                                                .name()
                                                .toLowerCase(Locale.ROOT)
                                                .replace('_', '-'));
        return String.join(
                "\n",
                "CREATE EXTENSION IF NOT EXISTS postgres_fdw;",
                "-- Everything that was made from this server before goes with it.",
                "DROP SERVER IF EXISTS " + quoted(server) + " CASCADE;",
                "CREATE SERVER " + quoted(server) + " FOREIGN DATA WRAPPER postgres_fdw",
                "  OPTIONS (host "
                        + literal(reader.host())
                        + ", port "
                        + literal(Integer.toString(reader.port()))
                        + ", dbname "
                        + literal(reader.database())
                        + ", fetch_size "
                        + literal(Integer.toString(fetchSize))
                        + sslMode
                        + ");",
                "CREATE USER MAPPING FOR CURRENT_USER SERVER " + quoted(server),
                "  OPTIONS (user "
                        + literal(reader.user())
                        + ", password "
                        + literal(reader.password())
                        + ");",
                "CREATE SCHEMA IF NOT EXISTS " + quoted(localSchema) + ";",
                "IMPORT FOREIGN SCHEMA "
                        + quoted(remoteSchema)
                        + " FROM SERVER "
                        + quoted(server)
                        + " INTO "
                        + quoted(localSchema)
                        + ";");
    }

    /** The schema of the materialized views. */
    String schema() {
        return "CREATE SCHEMA IF NOT EXISTS " + quoted(viewSchema) + ";";
    }

    /**
     * A materialized view of each integration's table, by opaque id. It is called as the service,
     * or as the table where there are several integrations of one service.
     */
    Map<String, String> views(List<Source> sources) {
        Map<String, Integer> integrations = new HashMap<>();
        Set<String> taken = new HashSet<>();
        for (Source source : sources) {
            integrations.merge(source.service(), 1, Integer::sum);
            taken.add(source.table());
        }
        Map<String, String> views = new LinkedHashMap<>();
        for (Source source : sources) {
            boolean alone = integrations.get(source.service()) == 1;
            String name = alone && taken.add(source.service()) ? source.service() : source.table();
            views.put(
                    source.opaqueId(),
                    "CREATE MATERIALIZED VIEW IF NOT EXISTS "
                            + qualified(viewSchema, name)
                            + " AS SELECT * FROM "
                            + qualified(localSchema, source.table())
                            + ";");
        }
        return views;
    }

    /** A string constant, whatever standard_conforming_strings is where it is run. */
    private static String literal(String text) {
        String doubled = text.replace("'", "''");
        return text.indexOf('\\') < 0
                ? "'" + doubled + "'"
                : " E'" + doubled.replace("\\", "\\\\") + "'";
    }
}
