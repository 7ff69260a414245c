package io.webhookdb.schemas.fetch;

import com.fasterxml.jackson.databind.JsonNode;
import io.webhookdb.schemas.catalog.Backfill;
import io.webhookdb.schemas.catalog.BackfillWindow;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a backfill is restricted to. What is left out of it says nothing: nothing is marked deleted
 * and no later run relies on it.
 *
 * @param since items of that time and later; null: from the beginning
 * @param until items before that time; null: to the end
 * @param parents values a row that is listed for has one of, by criterion; empty: all rows
 */
public record BackfillCriteria(
        Optional<Instant> since, Optional<Instant> until, Map<String, Set<String>> parents) {

    /** No restriction. */
    public static final BackfillCriteria NONE =
            new BackfillCriteria(Optional.empty(), Optional.empty(), Map.of());

    /** The word for the earliest time. */
    public static final String SINCE = "since";

    /** The word for the time before which everything is. */
    public static final String UNTIL = "until";

    /** The word for the remote keys of the rows that are listed for. */
    public static final String PARENT_IDS = "parent_ids";

    private static final int MOST_PARENTS = 1000;

    /**
     * Reads criteria; absent, null and empty ones are {@link #NONE}.
     *
     * @throws IllegalArgumentException naming what the service cannot be restricted by, or the
     *     value that is none, and what is allowed
     */
    public static BackfillCriteria of(JsonNode json, ServiceDefinition service) {
        if (json == null || json.isMissingNode() || json.isNull()) {
            return NONE;
        }
        if (!json.isObject()) {
            throw new IllegalArgumentException(
                    "must be an object, such as {\"since\":\"2026-01-31\"}");
        }
        Set<String> allowed = words(service);
        Instant since = null;
        Instant until = null;
        Map<String, Set<String>> parents = new TreeMap<>();
        for (Map.Entry<String, JsonNode> criterion : json.properties()) {
            String word = criterion.getKey();
            if (!allowed.contains(word)) {
                throw new IllegalArgumentException(
                        "cannot have \"" + word + "\": " + possible(service, allowed));
            }
            switch (word) {
                case SINCE -> since = time(word, criterion.getValue());
                case UNTIL -> until = time(word, criterion.getValue());
                default -> parents.put(word, values(word, criterion.getValue()));
            }
        }
        if (since != null && until != null && !since.isBefore(until)) {
            throw new IllegalArgumentException(
                    "must have since before until, found " + since + " and " + until);
        }
        return new BackfillCriteria(
                Optional.ofNullable(since), Optional.ofNullable(until), parents);
    }

    /** What runs of that service can be restricted by, in words. */
    public static Set<String> words(ServiceDefinition service) {
        Set<String> words = new TreeSet<>();
        BackfillWindow.of(service)
                .ifPresent(
                        window -> {
                            if (window.canBegin()) {
                                words.add(SINCE);
                            }
                            if (window.canEnd()) {
                                words.add(UNTIL);
                            }
                        });
        Backfill backfill = service.backfill();
        if (backfill != null && backfill.fanOut() != null) {
            words.add(PARENT_IDS);
            if (backfill.fanOut().choices() != null) {
                words.addAll(backfill.fanOut().choices().keySet());
            }
        }
        return words;
    }

    private static String possible(ServiceDefinition service, Set<String> allowed) {
        return allowed.isEmpty()
                ? service.name() + " can only be fetched as a whole"
                : service.name() + " can be restricted by " + String.join(", ", allowed);
    }

    /** Whether there is no restriction. */
    public boolean isNone() {
        return since.isEmpty() && until.isEmpty() && parents.isEmpty();
    }

    /** Whether a row is listed for. */
    public boolean chooses(Backfill backfill, String key, JsonNode data) {
        if (parents.isEmpty()) {
            return true;
        }
        return parents.entrySet().stream()
                .anyMatch(
                        criterion ->
                                criterion
                                        .getValue()
                                        .contains(value(backfill, criterion.getKey(), key, data)));
    }

    private static String value(Backfill backfill, String word, String key, JsonNode data) {
        return word.equals(PARENT_IDS)
                ? key
                : data.at(backfill.fanOut().choices().get(word)).asText();
    }

    /** What of this holds for what depends on the service it was given for: the times it can do. */
    public BackfillCriteria forDependent(ServiceDefinition dependent) {
        Set<String> can = words(dependent);
        return new BackfillCriteria(
                since.filter(time -> can.contains(SINCE)),
                until.filter(time -> can.contains(UNTIL)),
                Map.of());
    }

    /** For people. */
    public String text() {
        StringJoiner text = new StringJoiner(", ");
        since.ifPresent(time -> text.add(SINCE + " " + time));
        until.ifPresent(time -> text.add(UNTIL + " " + time));
        parents.forEach((word, values) -> text.add(word + " " + String.join(" ", values)));
        return text.toString();
    }

    private static Instant time(String word, JsonNode value) {
        try {
            return time(value.isTextual() ? value.asText() : "");
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "has "
                            + word
                            + " \""
                            + value.asText("")
                            + "\", expected a day or a time such as 2026-01-31 or"
                            + " 2026-01-31T10:00:00Z",
                    e);
        }
    }

    /**
     * A time as criteria have it: ISO 8601 with an offset, or a day, which begins in UTC.
     *
     * @throws DateTimeException if it is neither
     */
    public static Instant time(String text) {
        String stripped = text.strip();
        return stripped.length() == 10
                ? LocalDate.parse(stripped).atStartOfDay(ZoneOffset.UTC).toInstant()
                : OffsetDateTime.parse(stripped).toInstant();
    }

    private static Set<String> values(String word, JsonNode value) {
        List<String> values = new ArrayList<>();
        Iterator<JsonNode> elements =
                value.isArray() ? value.elements() : List.of(value).iterator();
        while (elements.hasNext()) {
            JsonNode element = elements.next();
            if (element.isValueNode() && !element.isNull() && !element.asText().isBlank()) {
                values.add(element.asText().strip());
            }
        }
        if (values.isEmpty() || values.size() > MOST_PARENTS) {
            throw new IllegalArgumentException(
                    "has "
                            + values.size()
                            + " values of "
                            + word
                            + ", expected 1 to "
                            + MOST_PARENTS);
        }
        return new TreeSet<>(values);
    }
}
