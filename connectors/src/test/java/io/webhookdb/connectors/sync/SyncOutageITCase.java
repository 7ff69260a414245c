package io.webhookdb.connectors.sync;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.webhookdb.embedded.EmbeddedPostgresServer;
import io.webhookdb.schemas.catalog.ColumnType;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.control.ControlRecord.State;
import io.webhookdb.schemas.control.DefinitionControl;
import io.webhookdb.schemas.control.IntegrationControl;
import io.webhookdb.schemas.control.OrganizationControl;
import io.webhookdb.schemas.control.SyncTargetControl;
import io.webhookdb.schemas.row.TableSql;
import io.webhookdb.security.keyset.KeysetFolder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A target that is away for an hour by the operator's clock, beside one that is not. */
@Timeout(120)
class SyncOutageITCase {
    private static final String WELL = "syt_well";
    private static final String AWAY = "syt_away";
    private static final long START = 1_700_000_000_000L;
    private static final int SECONDS = 3_600;
    private static final int STEP = 10;
    private static final int ROWS = 40;

    @TempDir Path directory;
    private EmbeddedPostgresServer postgres;
    private HttpServer server;
    private KeysetFolder keysets;
    private TestingSyncOperator operator;
    private final Map<String, Long> well = new ConcurrentHashMap<>();
    private final Map<String, Long> away = new ConcurrentHashMap<>();
    private final AtomicInteger refused = new AtomicInteger();
    private volatile boolean isBack;

    @BeforeEach
    void start() throws Exception {
        postgres = EmbeddedPostgresServer.start(EmbeddedPostgresServer.Settings.temporary());
        keysets = KeysetFolder.openOrGenerate(directory.resolve("keysets"));
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/" + WELL, exchange -> take(exchange, well));
        server.createContext("/" + AWAY, this::takeOnceBack);
        server.start();
        operator =
                TestingSyncOperator.start(
                        SyncSettings.DEFAULT.withOutboundAllow("127.0.0.0/8"),
                        directory.resolve("keysets").toString(),
                        START);
        control();
    }

    @AfterEach
    void stop() throws Exception {
        operator.close();
        server.stop(0);
        postgres.close();
    }

    @Test
    void delaysOnlyTheTargetThatIsAwayAndKeepsOneVersionOfEachRow() throws Exception {
        long sizeEarly = 0;
        for (int at = STEP; at <= SECONDS; at += STEP) {
            operator.setProcessingTime(START + at * 1_000L);
            for (int i = 0; i < ROWS; i++) {
                SyncRow row = TestingRow.of("row_" + i, at);
                operator.send(new SyncInput(WELL, 0, row, 0, 1));
                operator.send(new SyncInput(AWAY, 0, row, 0, 1));
            }
            // At the same second for the one, whatever the other does.
            operator.setProcessingTime(START + at * 1_000L + 1_000);
            long newest = at;
            operator.await(() -> has(well, newest));
            sizeEarly = at == STEP * 30 ? operator.stateSize(1) : sizeEarly;
        }
        assertThat(away).isEmpty();
        assertThat(operator.progress(AWAY).pending()).isEqualTo(ROWS);
        assertThat(operator.progress(AWAY).failures()).isPositive();
        assertThat(operator.progress(WELL).failures()).isZero();
        // 1, 2, 4 … seconds and then every five minutes.
        assertThat(refused).hasValueBetween(10, 30);
        assertThat(operator.stateSize(2)).isLessThan(sizeEarly + sizeEarly / 10);

        isBack = true;
        int attempts = refused.get();
        operator.setProcessingTime(
                START + SECONDS * 1_000L + SyncSettings.DEFAULT.longestWait().toMillis());
        operator.await(() -> has(away, SECONDS));
        assertThat(refused).hasValue(attempts);
    }

    private static boolean has(Map<String, Long> rows, long total) {
        return rows.size() == ROWS && rows.values().stream().allMatch(one -> one == total);
    }

    private void takeOnceBack(HttpExchange exchange) throws IOException {
        if (isBack) {
            take(exchange, away);
            return;
        }
        try (exchange) {
            refused.incrementAndGet();
            exchange.sendResponseHeaders(503, -1);
        }
    }

    private static void take(HttpExchange exchange, Map<String, Long> rows) throws IOException {
        try (exchange) {
            JsonNode page = TestingRow.JSON.readTree(exchange.getRequestBody());
            page.get("rows")
                    .forEach(
                            row ->
                                    rows.put(
                                            row.get("acme_id").asText(),
                                            row.get("total").asLong()));
            exchange.sendResponseHeaders(204, -1);
        }
    }

    private void control() throws Exception {
        ServiceDefinition service =
                TestingService.of(TestingService.column("total", ColumnType.BIGINT));
        try (Connection connection =
                        DriverManager.getConnection(
                                postgres.jdbcUrl("postgres"),
                                postgres.superuser(),
                                postgres.password());
                Statement statement = connection.createStatement()) {
            statement.execute(TableSql.createTable(service, "public", "orders"));
        }
        operator.control(new DefinitionControl(service.hash(), service));
        operator.control(
                new IntegrationControl(
                        "svi_1",
                        1,
                        1,
                        State.ACTIVE,
                        service.name(),
                        service.hash(),
                        "orders",
                        null,
                        IntegrationControl.VerificationMode.SKIP,
                        1));
        operator.control(
                new OrganizationControl(
                        1,
                        "org",
                        1,
                        State.ACTIVE,
                        new OrganizationControl.Database(
                                "127.0.0.1",
                                postgres.port(),
                                "postgres",
                                "public",
                                postgres.superuser(),
                                sealed(
                                        postgres.password(),
                                        OrganizationControl.ownerPasswordContext(1)),
                                1)));
        for (String id : new String[] {WELL, AWAY}) {
            operator.control(
                    new SyncTargetControl(
                            id,
                            1,
                            1,
                            State.ACTIVE,
                            "svi_1",
                            SyncTargetControl.Kind.HTTP,
                            sealed(
                                    "http://127.0.0.1:" + server.getAddress().getPort() + "/" + id,
                                    SyncTargetControl.connectionUrlContext(id)),
                            "",
                            "",
                            100,
                            1,
                            0));
            operator.send(new SyncInput(id, 0, null, 0, 1));
        }
    }

    private String sealed(String secret, String context) {
        return keysets.connectionsSealer().seal(secret, context);
    }
}
