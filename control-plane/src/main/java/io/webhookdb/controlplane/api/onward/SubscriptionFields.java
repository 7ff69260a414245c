package io.webhookdb.controlplane.api.onward;

import com.fasterxml.jackson.databind.JsonNode;
import io.webhookdb.controlplane.api.http.ApiException;
import io.webhookdb.controlplane.api.http.Request;
import io.webhookdb.schemas.change.ChangeFilter;
import io.webhookdb.schemas.change.ColumnCondition;
import io.webhookdb.schemas.change.RowChange.Op;
import io.webhookdb.schemas.change.RowForm;
import io.webhookdb.schemas.control.SubscriptionControl.Ordering;
import io.webhookdb.schemas.control.SubscriptionSettings;
import io.webhookdb.schemas.control.SubscriptionSettings.FormerSecret;
import io.webhookdb.schemas.control.SubscriptionSettings.SigningKey;
import io.webhookdb.security.keyset.SecretSealer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * How a subscription wants its deliveries, as people say it. What is not given stays as it was;
 * what is given blank goes back to the usual.
 */
final class SubscriptionFields {
    private static final int MOST_RATE = 10_000;
    private static final int MOST_CONCURRENT = 1000;
    private static final int MOST_TIMEOUT = 30;
    private static final int MOST_CONDITIONS = 20;
    private static final String FUNCTION = "function_url";

    static final String CHANGED = "changed_columns";
    static final String WHERE = "where";

    private final SecretSealer sealer;
    private final Destinations destinations;

    SubscriptionFields(SecretSealer sealer, Destinations destinations) {
        this.sealer = sealer;
        this.destinations = destinations;
    }

    /** How the changes of one row are sent. */
    static Ordering ordering(Request request, Ordering before) {
        return request.present("ordering")
                ? word(request, "ordering", Ordering.values(), Ordering.PARALLEL)
                : before;
    }

    /**
     * The settings.
     *
     * @param former the secret before the present one, while both sign; null for none
     * @throws ApiException 400 of the field to blame
     */
    SubscriptionSettings settings(
            Request request,
            String subscription,
            SubscriptionSettings before,
            FormerSecret former) {
        return new SubscriptionSettings(
                filter(request, before.filter()),
                request.present("row_data")
                        ? word(request, "row_data", RowForm.values(), RowForm.OBJECT)
                        : before.rowForm(),
                number(request, "rate_limit", MOST_RATE, before.ratePerSecond()),
                number(request, "concurrency", MOST_CONCURRENT, before.mostConcurrent()),
                number(request, "timeout", MOST_TIMEOUT, before.timeoutSeconds()),
                former,
                signingKey(request, subscription, before.signingKey()),
                function(request, before.function()));
    }

    static ChangeFilter filter(Request request, ChangeFilter before) {
        return new ChangeFilter(
                request.present("event_types") ? operations(request) : before.operations(),
                request.present(CHANGED) ? request.texts(CHANGED) : before.changedColumns(),
                request.present(WHERE) ? conditions(request) : before.where());
    }

    private static Set<Op> operations(Request request) {
        Set<Op> operations = new LinkedHashSet<>();
        for (String text : request.texts("event_types")) {
            operations.add(
                    switch (text) {
                        case "inserted", "row.inserted" -> Op.INSERT;
                        case "updated", "row.updated" -> Op.UPDATE;
                        case "deleted", "row.deleted" -> Op.DELETE;
                        default ->
                                throw ApiException.validation(
                                        "event_types",
                                        "has \""
                                                + text
                                                + "\"; allowed are inserted, updated, deleted");
                    });
        }
        return operations;
    }

    private static List<ColumnCondition> conditions(Request request) {
        List<String> texts = new ArrayList<>();
        JsonNode given = request.node(WHERE);
        if (given.isArray()) {
            given.forEach(one -> texts.add(one.asText("")));
        } else if (!request.text(WHERE).isEmpty()) {
            texts.add(request.text(WHERE));
        }
        if (texts.size() > MOST_CONDITIONS) {
            throw ApiException.validation(
                    WHERE, "has " + texts.size() + " conditions; at most " + MOST_CONDITIONS);
        }
        try {
            return texts.stream().map(ColumnCondition::parse).toList();
        } catch (IllegalArgumentException e) {
            throw ApiException.validation(WHERE, "is not usable: " + e.getMessage());
        }
    }

    private SigningKey signingKey(Request request, String subscription, SigningKey before) {
        if (!request.present("signature")) {
            return before;
        }
        return switch (request.text("signature")) {
            case "", "hmac" -> null;
            case "ed25519" -> before == null ? SigningKeys.generate(subscription, sealer) : before;
            default -> throw ApiException.validation("signature", "must be hmac or ed25519");
        };
    }

    private String function(Request request, String before) {
        if (!request.present(FUNCTION)) {
            return before;
        }
        String text = request.text(FUNCTION);
        return text.isEmpty()
                ? null
                : destinations.check(FUNCTION, text, Set.of("https", "http")).toString();
    }

    private static int number(Request request, String name, int most, int before) {
        return request.present(name) ? request.number(name, 0, most).orElse(0) : before;
    }

    private static <E extends Enum<E>> E word(Request request, String name, E[] allowed, E usual) {
        Function<E, String> word = one -> one.name().toLowerCase(Locale.ROOT);
        String text = request.text(name);
        return text.isEmpty()
                ? usual
                : Arrays.stream(allowed)
                        .filter(one -> word.apply(one).equals(text))
                        .findFirst()
                        .orElseThrow(
                                () ->
                                        ApiException.validation(
                                                name,
                                                "must be one of "
                                                        + Arrays.stream(allowed)
                                                                .map(word)
                                                                .collect(
                                                                        Collectors.joining(", "))));
    }
}
