package io.webhookdb.controlplane.provisioner;

import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.controlplane.SharedControlPlane;
import io.webhookdb.controlplane.TestingSystem;
import io.webhookdb.controlplane.TestingTenant;
import io.webhookdb.schemas.catalog.Catalog;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.security.connection.PostgresUrl;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import java.util.TreeSet;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What {@code webhookdb fixtures} prints against what the provisioner makes. */
@ExtendWith(SharedControlPlane.class)
class FixturesITCase {
    /** Columns with type, default and nullability; constraints; indexes without their names. */
    private static final String SHAPE =
            """
            SELECT format('column %%s %%s %%s %%s %%s', a.attnum, a.attname,
                          format_type(a.atttypid, a.atttypmod), a.attnotnull,
                          pg_get_expr(d.adbin, d.adrelid))
            FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
            WHERE a.attrelid = %1$s AND a.attnum > 0 AND NOT a.attisdropped
            UNION ALL
            SELECT 'constraint ' || pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = %1$s
            UNION ALL
            SELECT 'index ' || regexp_replace(pg_get_indexdef(indexrelid), 'INDEX \\S+ ON', 'INDEX ON')
            FROM pg_index WHERE indrelid = %1$s
            """;

    private final TestingSystem system;

    FixturesITCase(TestingSystem system) {
        this.system = system;
    }

    /** All of them in one schema, as a test suite that uses several services loads them. */
    @Test
    void makeTheTablesTheProvisionerMakes() throws SQLException {
        PostgresUrl database = database("fixtures");
        SoftAssertions softly = new SoftAssertions();
        try (Connection connection = TestingSystem.connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE SCHEMA replica");
            for (ServiceDefinition service : Catalog.load().services()) {
                statement.execute(fixtures(service.name()));
            }
            for (ServiceDefinition service : Catalog.load().services()) {
                String table = service.name() + "_fixture";
                OwnerTables.create(
                        database, service, "replica", table, "svi_" + service.name(), "postgres");
                softly.assertThat(shape(statement, "public", table))
                        .as(service.name())
                        .isEqualTo(shape(statement, "replica", table))
                        .hasSizeGreaterThan(6);
            }
        }
        softly.assertAll();
    }

    @Test
    void equalTablesOfRealIntegrations() throws SQLException {
        PostgresUrl database = database("fixtures_of_integrations");
        for (String service :
                new String[] {"stripe_charge_v1", "github_issue_v1", "shopify_order_v1"}) {
            TestingTenant tenant = TestingTenant.of(system, service + "@fixtures.example", service);
            try (Connection fixture = TestingSystem.connect(database);
                    Statement statement = fixture.createStatement();
                    Connection replica = TestingSystem.connect(tenant.owner());
                    Statement owner = replica.createStatement()) {
                statement.execute(fixtures(service));
                assertThat(shape(statement, "public", service + "_fixture"))
                        .isEqualTo(shape(owner, "public", tenant.table()));
            }
        }
    }

    private String fixtures(String service) {
        return system.client()
                .get("/v1/services/" + service + "/fixtures")
                .body()
                .path("schema_sql")
                .asText();
    }

    /**
     * Said without the names of schema and table, and without the defaults that bookkeeping has in
     * fixtures alone, where nothing else fills it.
     */
    private static Set<String> shape(Statement statement, String schema, String table)
            throws SQLException {
        String name = schema + "." + table;
        Set<String> shape = new TreeSet<>();
        try (ResultSet row = statement.executeQuery(SHAPE.formatted("'" + name + "'::regclass"))) {
            while (row.next()) {
                shape.add(
                        row.getString(1)
                                .replace(schema + ".", "")
                                .replace(table, "TABLE")
                                .replaceFirst("( _version bytea t) '.*'::bytea$", "$1 ")
                                .replaceFirst("( _synced_at timestamp .* t) now\\(\\)$", "$1 "));
            }
        }
        return shape;
    }

    private PostgresUrl database(String name) throws SQLException {
        PostgresUrl superuser = system.superuser();
        try (Connection connection = TestingSystem.connect(superuser);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name);
        }
        return superuser.with(name, superuser.user(), superuser.password());
    }
}
