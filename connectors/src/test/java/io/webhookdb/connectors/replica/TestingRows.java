package io.webhookdb.connectors.replica;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.webhookdb.schemas.catalog.Column;
import io.webhookdb.schemas.catalog.Column.Keep;
import io.webhookdb.schemas.catalog.ColumnType;
import io.webhookdb.schemas.catalog.RemoteKey;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.catalog.ServiceDefinition.Mode;
import io.webhookdb.schemas.event.Origin;
import io.webhookdb.schemas.row.RowUpdate;
import io.webhookdb.schemas.row.RowUpdate.Operation;
import io.webhookdb.schemas.row.Version;
import io.webhookdb.schemas.row.Version.Rank;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/** Rows of a service with a column of every type. */
final class TestingRows {
    static final long ORGANIZATION = 7;
    static final String INTEGRATION = "svi_rows";
    static final long MICROS = 1_700_000_000_000_000L;

    private TestingRows() {}

    static ServiceDefinition service(ColumnType keyType) {
        return service(keyType, Keep.LATEST);
    }

    /** With a memory of its column {@code name}. */
    static ServiceDefinition service(ColumnType keyType, Keep name) {
        List<Column> columns =
                Stream.concat(
                                Stream.of(column("name", ColumnType.TEXT, name)),
                                Arrays.stream(ColumnType.values())
                                        .map(
                                                type ->
                                                        column(
                                                                "a "
                                                                        + type.name()
                                                                                .toLowerCase(
                                                                                        java.util
                                                                                                .Locale
                                                                                                .ROOT),
                                                                type,
                                                                Keep.LATEST)))
                        .toList();
        return new ServiceDefinition(
                "testing_row_v1",
                "testing",
                "Testing",
                "Row",
                "Rows",
                "https://example.com",
                List.of(Mode.WEBHOOK),
                new RemoteKey("row_id", keyType, "/id"),
                columns,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    private static Column column(String name, ColumnType type, Keep keep) {
        return new Column(
                name, type, "/" + name, null, null, null, null, null, null, null, null, keep);
    }

    /** Event id number n. */
    static UUID id(int n) {
        return new UUID(0x0190_0000_0000_7000L, 0x8000_0000_0000_0000L + n);
    }

    static Version version(int second, Rank rank, int event) {
        return new Version(MICROS + second * 1_000_000L, rank, id(event));
    }

    static RowUpdate upsert(String key, int second, int event, String name) {
        return row(key, version(second, Rank.PUSH, event), Operation.UPSERT, name);
    }

    static RowUpdate delete(String key, int second, int event, String name) {
        return row(key, version(second, Rank.DELETE, event), Operation.DELETE, name);
    }

    static RowUpdate deleteByKey(String key, int second, int event) {
        return row(key, version(second, Rank.DELETE, event), Operation.DELETE_BY_KEY, null);
    }

    static RowUpdate row(String key, Version version, Operation operation, String name) {
        String[] cells = new String[1 + ColumnType.values().length];
        cells[0] = name;
        String data = name == null ? "{\"id\":1}" : "{\"id\":1,\"name\":\"" + name + "\"}";
        return new RowUpdate(
                ORGANIZATION,
                INTEGRATION,
                1,
                "definition",
                key,
                version,
                operation,
                hash(data),
                null,
                MICROS,
                cells,
                data.getBytes(UTF_8));
    }

    static RowUpdate withCells(RowUpdate row, String... cells) {
        return new RowUpdate(
                row.organization(),
                row.integration(),
                row.epoch(),
                row.definition(),
                row.key(),
                row.version(),
                row.operation(),
                row.contentHash(),
                row.deliveryHash(),
                row.receivedAtMicros(),
                cells,
                row.data());
    }

    static RowUpdate receivedAt(RowUpdate row, long micros) {
        return new RowUpdate(
                row.organization(),
                row.integration(),
                row.epoch(),
                row.definition(),
                row.key(),
                row.version(),
                row.operation(),
                row.contentHash(),
                row.deliveryHash(),
                micros,
                row.cells(),
                row.data());
    }

    static SourcedRow sourced(RowUpdate row) {
        return new SourcedRow(row, Origin.WEBHOOK, "webhookdb.events.v1", 3, 99);
    }

    private static byte[] hash(String data) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(data.getBytes(UTF_8));
            return ByteBuffer.allocate(16).put(digest, 0, 16).array();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
