package io.webhookdb.schemas.catalog;

import java.util.Objects;
import java.util.stream.Stream;

/** How much of the catalogue's language a service needs. */
public enum Tier {
    /** One resource out of one request or listing, with the usual conversions and one proof. */
    PLAIN,
    /** More of the language: routes, fan-out, detail fetches, edits, composed keys, handshakes. */
    EXTENDED,
    /** Java as well: a hook, or visits to files that are expanded. */
    CODED;

    /** The tier of a service. */
    public static Tier of(ServiceDefinition service) {
        Backfill backfill = service.backfill();
        BackfillFanOut fanOut = backfill == null ? null : backfill.fanOut();
        if (service.hook() != null || (fanOut != null && fanOut.visit() != null)) {
            return CODED;
        }
        boolean extended =
                service.routes() != null
                        || service.body() != BodyFormat.JSON
                        || service.key().composed()
                        || service.key().generated() != null
                        || !service.envelope().lists().isEmpty()
                        || !service.envelope().alternatives().isEmpty()
                        || service.columns().stream().anyMatch(Tier::isExtended)
                        || (service.verification() != null
                                && !service.verification().handshakes().isEmpty())
                        || (backfill != null && isExtended(backfill));
        return extended ? EXTENDED : PLAIN;
    }

    private static boolean isExtended(Column column) {
        return (column.pluck() != null && column.type().isArray())
                || Stream.of(column.edit(), column.keep()).anyMatch(Objects::nonNull)
                || !column.alternatives().isEmpty();
    }

    private static boolean isExtended(Backfill backfill) {
        boolean inherited = backfill.credentials() == Backfill.Credentials.INHERITED;
        boolean reshaped =
                backfill.items() != null
                        && (backfill.items().within() != null
                                || backfill.items().format() != BackfillItems.Format.JSON
                                || !backfill.items().inject().isEmpty());
        boolean several = backfill.passes() != null && backfill.passes().size() > 1;
        return inherited
                || reshaped
                || several
                || Stream.of(
                                backfill.fanOut(),
                                backfill.derived(),
                                backfill.detail(),
                                backfill.fetch(),
                                backfill.missing())
                        .anyMatch(Objects::nonNull);
    }
}
