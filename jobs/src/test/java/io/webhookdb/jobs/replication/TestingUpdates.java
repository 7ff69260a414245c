package io.webhookdb.jobs.replication;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.webhookdb.connectors.replica.SourcedRow;
import io.webhookdb.schemas.event.Origin;
import io.webhookdb.schemas.row.RowUpdate;
import io.webhookdb.schemas.row.RowUpdate.Operation;
import io.webhookdb.schemas.row.Version;
import io.webhookdb.schemas.row.Version.Rank;
import java.nio.ByteBuffer;
import java.util.UUID;

/** States of one row, described by what ordering looks at. */
record TestingUpdates(
        long second,
        int event,
        Rank rank,
        String content,
        String delivery,
        long epoch,
        String definition) {

    static TestingUpdates at(long second) {
        return new TestingUpdates(second, 0, Rank.PUSH, "content", null, 1, "definition");
    }

    TestingUpdates event(int number) {
        return new TestingUpdates(second, number, rank, content, delivery, epoch, definition);
    }

    TestingUpdates rank(Rank other) {
        return new TestingUpdates(second, event, other, content, delivery, epoch, definition);
    }

    TestingUpdates content(String other) {
        return new TestingUpdates(second, event, rank, other, delivery, epoch, definition);
    }

    TestingUpdates delivery(String other) {
        return new TestingUpdates(second, event, rank, content, other, epoch, definition);
    }

    TestingUpdates epoch(long other) {
        return new TestingUpdates(second, event, rank, content, delivery, other, definition);
    }

    TestingUpdates definition(String other) {
        return new TestingUpdates(second, event, rank, content, delivery, epoch, other);
    }

    /** Event id number n, in the order of arrival. */
    static UUID id(int n) {
        return new UUID(0x0190_0000_0000_7000L, 0x8000_0000_0000_0000L + 1000L * n);
    }

    /** Each event lies at the offset of its number. */
    LogPlace place() {
        return new LogPlace("events", 0, event);
    }

    SourcedRow row(Origin origin) {
        return new SourcedRow(
                update(), origin, place().topic(), place().partition(), place().offset());
    }

    RowUpdate update() {
        return new RowUpdate(
                1,
                "svi",
                epoch,
                definition,
                "key",
                new Version(second * 1_000_000, rank, id(event)),
                rank == Rank.DELETE ? Operation.DELETE : Operation.UPSERT,
                hash(content),
                delivery == null ? null : hash(delivery),
                0,
                new String[0],
                content.getBytes(UTF_8));
    }

    private static byte[] hash(String text) {
        return ByteBuffer.allocate(16).putInt(text.hashCode()).array();
    }
}
