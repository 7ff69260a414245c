package io.webhookdb.schemas.catalog;

import io.webhookdb.schemas.catalog.BackfillRange.Order;
import java.util.Optional;

/**
 * By which times the listing of a resource can be restricted, as its definition tells: what the
 * vendor filters, and what can be told from an item.
 *
 * @param since query parameter with the earliest time; null: the vendor does not filter by it
 * @param until query parameter with the time before which everything is; null: neither that
 * @param parameterFormat how those are written; null without parameters
 * @param pointer JSON Pointer to the time in an item; null: items do not tell
 * @param pointerFormat how that is written; null without one
 * @param order how the listing is sorted by the time in the items
 */
public record BackfillWindow(
        String since,
        String until,
        TimeSource.Format parameterFormat,
        String pointer,
        TimeSource.Format pointerFormat,
        Order order) {

    /** Of that service; empty if it cannot be restricted by time. */
    public static Optional<BackfillWindow> of(ServiceDefinition service) {
        Backfill backfill = service.backfill();
        if (backfill == null || backfill.derived() != null) {
            return Optional.empty();
        }
        BackfillWindow window =
                backfill.range() == null ? incremental(service) : declared(backfill.range());
        return window.canBegin() || window.canEnd() ? Optional.of(window) : Optional.empty();
    }

    private static BackfillWindow declared(BackfillRange range) {
        return new BackfillWindow(
                range.since(),
                range.until(),
                range.format(),
                range.pointer(),
                range.format(),
                range.order() == null ? Order.ANY : range.order());
    }

    private static BackfillWindow incremental(ServiceDefinition service) {
        BackfillIncremental incremental = service.backfill().incremental();
        Optional<TimeSource> own =
                service.versionTime().stream()
                        .filter(source -> source.resource() != null)
                        .findFirst();
        String pointer =
                incremental.pointer() != null
                        ? incremental.pointer()
                        : own.map(TimeSource::resource).orElse(null);
        TimeSource.Format pointerFormat =
                incremental.pointer() != null
                        ? incremental.format()
                        : own.map(TimeSource::format).orElse(null);
        return switch (incremental.style()) {
            case PARAMETER ->
                    new BackfillWindow(
                            incremental.parameter(),
                            incremental.until(),
                            incremental.format(),
                            pointer,
                            pointerFormat,
                            Order.ANY);
            case STOP ->
                    new BackfillWindow(
                            null, null, null, pointer, pointerFormat, Order.NEWEST_FIRST);
            case NONE -> new BackfillWindow(null, null, null, pointer, pointerFormat, Order.ANY);
        };
    }

    /** Whether what is too early can be left out. */
    public boolean canBegin() {
        return since != null || pointer != null;
    }

    /** Whether what is too late can be left out. */
    public boolean canEnd() {
        return until != null || pointer != null;
    }
}
