package io.webhookdb.controlplane.provisioner;

import static io.webhookdb.schemas.row.TableSql.quoted;

import java.util.ArrayList;
import java.util.List;

/**
 * Statements that make an organization's database and close it to everyone else. Pure text; every
 * statement may be repeated.
 */
final class TenantSql {
    /** Functions open to PUBLIC with which a reader could write, or take what all tenants share. */
    static final String DANGEROUS_FUNCTIONS =
            "SELECT p.oid::regprocedure::text FROM pg_catalog.pg_proc p JOIN"
                + " pg_catalog.pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname ="
                + " 'pg_catalog' AND p.proname ~"
                + " '^(lo_.*|lowrite|loread|pg_logical_emit_message|pg_notify"
                + "|pg_(try_)?advisory_.*|pg_read_.*|pg_ls_.*|pg_stat_file|pg_file_.*|pg_stat_get_activity|pg_stat_get_backend_.*)$'"
                + " AND pg_catalog.has_function_privilege('public', p.oid, 'EXECUTE')";

    /** Session defaults of a reader, as the catalog has them. */
    static final List<String> READER_SETTINGS =
            List.of(
                    "default_transaction_read_only=on",
                    "statement_timeout=15s",
                    "lock_timeout=5s",
                    "idle_in_transaction_session_timeout=60s");

    /** Functions that show the text of others' views, where a database has several tenants. */
    static final String TELLING_FUNCTIONS =
            "SELECT p.oid::regprocedure::text FROM pg_catalog.pg_proc p JOIN"
                    + " pg_catalog.pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname ="
                    + " 'pg_catalog' AND p.proname IN ('pg_get_viewdef', 'pg_get_ruledef') AND"
                    + " pg_catalog.has_function_privilege('public', p.oid, 'EXECUTE')";

    /** Databases that every role of the server can connect to. */
    static final String OPEN_DATABASES =
            "SELECT datname FROM pg_catalog.pg_database WHERE datallowconn AND"
                    + " pg_catalog.has_database_privilege('public', oid, 'CONNECT')";

    /** Ends all sessions of a role. */
    static final String TERMINATE_SESSIONS =
            "SELECT pg_catalog.pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity WHERE"
                    + " usename = ?";

    /** Views in which one tenant would see the sessions of the others. */
    private static final List<String> SHARED_VIEWS =
            List.of("pg_stat_activity", "pg_stat_replication", "pg_stat_ssl", "pg_stat_gssapi");

    private TenantSql() {}

    /** On any database of the server. */
    static String createRole(String role) {
        return "CREATE ROLE " + quoted(role) + " NOLOGIN";
    }

    /**
     * @param verifier in the form the server keeps: base64, digits, {@code $}, {@code :}, {@code -}
     */
    static String verifier(String role, String verifier) {
        return "ALTER ROLE " + quoted(role) + " PASSWORD '" + verifier.replace("'", "''") + "'";
    }

    /** Attributes of the owner: it may log in and owns one database, nothing else. */
    static String ownerAttributes(String owner) {
        return "ALTER ROLE "
                + quoted(owner)
                + " LOGIN NOCREATEDB NOCREATEROLE NOINHERIT CONNECTION LIMIT -1";
    }

    /** Attributes and session defaults of the reader. */
    static List<String> readerAttributes(String reader) {
        String alter = "ALTER ROLE " + quoted(reader) + " ";
        List<String> statements = new ArrayList<>();
        statements.add(alter + "LOGIN NOCREATEDB NOCREATEROLE NOINHERIT CONNECTION LIMIT 50");
        READER_SETTINGS.forEach(setting -> statements.add(set(reader, setting)));
        return statements;
    }

    /** A lasting setting of a role, from {@code name=value}. */
    static String set(String role, String setting) {
        int equals = setting.indexOf('=');
        return "ALTER ROLE "
                + quoted(role)
                + " SET "
                + setting.substring(0, equals)
                + " = '"
                + setting.substring(equals + 1)
                + "'";
    }

    /** Where a role's unqualified names lead, if not to where they lead anyway. */
    static List<String> searchPath(String role, String schema) {
        return schema.equals(TenantNames.PUBLIC)
                ? List.of()
                : List.of("ALTER ROLE " + quoted(role) + " SET search_path = " + quoted(schema));
    }

    /** Limits that only a superuser can set, and that the reader then cannot lift. */
    static List<String> readerLimits(String reader) {
        return List.of("ALTER ROLE " + quoted(reader) + " SET temp_file_limit = '1GB'");
    }

    /** Nobody can connect until the rights are set. */
    static String createDatabase(String database, String owner) {
        return "CREATE DATABASE "
                + quoted(database)
                + " OWNER "
                + quoted(owner)
                + " TEMPLATE template0 ENCODING 'UTF8' ALLOW_CONNECTIONS false";
    }

    /** Who may connect. */
    static List<String> openDatabase(String database, String reader) {
        return List.of(
                "REVOKE ALL ON DATABASE " + quoted(database) + " FROM PUBLIC",
                "GRANT CONNECT ON DATABASE " + quoted(database) + " TO " + quoted(reader),
                "ALTER DATABASE " + quoted(database) + " ALLOW_CONNECTIONS true");
    }

    /** In the organization's database: what its roles may do there. */
    static List<String> closeDatabase(String schema, String owner, String reader) {
        return List.of(
                "REVOKE ALL ON SCHEMA public FROM PUBLIC",
                "CREATE SCHEMA IF NOT EXISTS " + quoted(schema),
                "ALTER SCHEMA " + quoted(schema) + " OWNER TO " + quoted(owner),
                "GRANT USAGE ON SCHEMA " + quoted(schema) + " TO " + quoted(reader),
                defaults(schema, owner) + "GRANT SELECT ON TABLES TO " + quoted(reader));
    }

    /** In the organization's database, as superuser: what Postgres leaves open to everyone. */
    static List<String> closeCatalog() {
        return List.of(
                "REVOKE USAGE ON LANGUAGE plpgsql, sql FROM PUBLIC",
                "REVOKE SELECT ON pg_catalog."
                        + String.join(", pg_catalog.", SHARED_VIEWS)
                        + " FROM PUBLIC");
    }

    /** In a database that has several tenants, as superuser: what each would see of the others. */
    static List<String> closeSharedCatalog() {
        return List.of(
                "REVOKE SELECT ON pg_catalog.pg_rewrite, pg_catalog.pg_views, pg_catalog.pg_rules,"
                        + " pg_catalog.pg_matviews FROM PUBLIC");
    }

    /** For the lines of {@link #DANGEROUS_FUNCTIONS}, already quoted by the server. */
    static String revokeFunctions(List<String> signatures) {
        return "REVOKE EXECUTE ON FUNCTION " + String.join(", ", signatures) + " FROM PUBLIC";
    }

    /** On a database that is no tenant's. */
    static String closeForeignDatabase(String database) {
        return "REVOKE CONNECT, TEMPORARY ON DATABASE " + quoted(database) + " FROM PUBLIC";
    }

    /** In the organization's database: all of a schema, now and later, for one more reader. */
    static List<String> openSchema(String schema, String owner, String reader) {
        return List.of(
                "GRANT USAGE ON SCHEMA " + quoted(schema) + " TO " + quoted(reader),
                defaults(schema, owner) + "GRANT SELECT ON TABLES TO " + quoted(reader),
                "GRANT SELECT ON ALL TABLES IN SCHEMA " + quoted(schema) + " TO " + quoted(reader));
    }

    /** Undoes {@link #openSchema}. */
    static List<String> closeSchema(String schema, String owner, String reader) {
        return List.of(
                "REVOKE SELECT ON ALL TABLES IN SCHEMA "
                        + quoted(schema)
                        + " FROM "
                        + quoted(reader),
                defaults(schema, owner) + "REVOKE SELECT ON TABLES FROM " + quoted(reader),
                "REVOKE USAGE ON SCHEMA " + quoted(schema) + " FROM " + quoted(reader));
    }

    private static String defaults(String schema, String owner) {
        return "ALTER DEFAULT PRIVILEGES FOR ROLE "
                + quoted(owner)
                + " IN SCHEMA "
                + quoted(schema)
                + " ";
    }

    static String endLogin(String role) {
        return "ALTER ROLE " + quoted(role) + " NOLOGIN";
    }

    static String dropRole(String role) {
        return "DROP ROLE IF EXISTS " + quoted(role);
    }

    static String grantConnect(String database, String role) {
        return "GRANT CONNECT ON DATABASE " + quoted(database) + " TO " + quoted(role);
    }

    static String revokeConnect(String database, String role) {
        return "REVOKE CONNECT ON DATABASE " + quoted(database) + " FROM " + quoted(role);
    }

    static String grantUse(String database, String role) {
        return "GRANT CONNECT, TEMPORARY ON DATABASE " + quoted(database) + " TO " + quoted(role);
    }

    static String grantMembership(String role, String member) {
        return "GRANT " + quoted(role) + " TO " + quoted(member);
    }
}
