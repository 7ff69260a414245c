package io.webhookdb.connectors.backfill;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.webhookdb.connectors.kafka.OutgoingRecord;
import io.webhookdb.schemas.status.BackfillProgress;
import io.webhookdb.schemas.status.StatusCodec;
import java.time.Instant;

/** How far orders got, for the control plane. */
final class Reports {
    private static final long AT_MOST_EVERY_MILLIS = 1000;
    private static final long WINDOW_MILLIS = 60_000;

    private Reports() {}

    /** Whether it was long enough ago that counts were reported. */
    static boolean isDue(OrderState order, long now) {
        return now - order.reportedAtMillis >= AT_MOST_EVERY_MILLIS;
    }

    /** Counts items into the rate of the last minute. */
    static void count(OrderState order, int items, long now) {
        if (order.windowAtMillis == 0 || now - order.windowAtMillis > WINDOW_MILLIS) {
            order.windowAtMillis = now - 1;
            order.windowItems = 0;
        }
        order.windowItems += items;
        order.itemsPerSecond = order.windowItems * 1000.0 / Math.max(1, now - order.windowAtMillis);
    }

    /** The report as it stands. */
    static OutgoingRecord of(OrderState order, long now) {
        order.reportedAtMillis = now;
        BackfillProgress progress =
                new BackfillProgress(
                        order.organization,
                        order.integration,
                        order.id,
                        order.state,
                        order.pages,
                        order.items,
                        -1,
                        Math.round(order.itemsPerSecond * 10) / 10.0,
                        estimatedEnd(order, now),
                        order.startedAtMillis == 0
                                ? null
                                : Instant.ofEpochMilli(order.startedAtMillis).toString(),
                        Instant.ofEpochMilli(now).toString(),
                        order.failure != null ? order.failure : order.waiting,
                        order.request);
        return new OutgoingRecord(progress.key().getBytes(UTF_8), StatusCodec.encode(progress));
    }

    private static String estimatedEnd(OrderState order, long now) {
        long left = order.pagesExpected - order.pages;
        if (left <= 0 || order.pages == 0 || order.state.ended()) {
            return null;
        }
        double millisPerPage = (double) (now - order.startedAtMillis) / order.pages;
        return Instant.ofEpochMilli(now + (long) (left * millisPerPage)).toString();
    }
}
