package io.webhookdb.controlplane.api.onward;

import io.webhookdb.schemas.change.ColumnCondition;
import io.webhookdb.schemas.control.SubscriptionControl;
import io.webhookdb.schemas.control.SubscriptionSettings;
import io.webhookdb.schemas.control.SubscriptionSettings.FormerSecret;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** A subscription with all its settings, beyond the contract. */
record SubscriptionDetails(
        String opaqueId,
        String deliverToUrl,
        String status,
        String ordering,
        List<String> eventTypes,
        List<String> changedColumns,
        List<String> where,
        String rowData,
        Integer rateLimit,
        Integer concurrency,
        Integer timeout,
        String signature,
        String verifyingKey,
        String formerSecretUntil,
        String functionUrl,
        String message,
        List<List<String>> displayHeaders) {
    private static final List<List<String>> HEADERS =
            List.of(
                    List.of("opaque_id", "Id"),
                    List.of("deliver_to_url", "Url"),
                    List.of("status", "Status"),
                    List.of("ordering", "Ordering"),
                    List.of("event_types", "Event Types"),
                    List.of("changed_columns", "Changed Columns"),
                    List.of("where", "Where"),
                    List.of("row_data", "Row Data"),
                    List.of("rate_limit", "Rate Limit"),
                    List.of("concurrency", "Concurrency"),
                    List.of("timeout", "Timeout"),
                    List.of("signature", "Signature"),
                    List.of("verifying_key", "Verifying Key"),
                    List.of("former_secret_until", "Former Secret Until"),
                    List.of("function_url", "Function"));

    static SubscriptionDetails of(SubscriptionControl record, Instant now, String message) {
        SubscriptionSettings settings = record.settings();
        FormerSecret former = settings.former();
        return new SubscriptionDetails(
                record.id(),
                record.url(),
                record.delivery() == SubscriptionControl.Delivery.SEND ? "active" : "deactivated",
                record.ordering().name().toLowerCase(Locale.ROOT),
                settings.filter().operations().stream()
                        .map(op -> op.word() + (op.word().endsWith("e") ? "d" : "ed"))
                        .toList(),
                settings.filter().changedColumns(),
                settings.filter().where().stream().map(ColumnCondition::text).toList(),
                settings.rowForm().word(),
                orNull(settings.ratePerSecond()),
                orNull(settings.mostConcurrent()),
                orNull(settings.timeoutSeconds()),
                settings.signingKey() == null ? "hmac" : "hmac, ed25519",
                settings.signingKey() == null ? null : settings.signingKey().verifyingKey(),
                former != null && former.signsAt(now) ? former.until() : null,
                settings.function() == null ? null : ShownUrl.of(URI.create(settings.function())),
                message,
                HEADERS);
    }

    private static Integer orNull(int number) {
        return number == 0 ? null : number;
    }
}
