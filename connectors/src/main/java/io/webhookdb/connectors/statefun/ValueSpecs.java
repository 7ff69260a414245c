package io.webhookdb.connectors.statefun;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.statefun.sdk.reqreply.generated.FromFunction.ExpirationSpec.ExpireMode;
import org.apache.flink.statefun.sdk.reqreply.generated.FromFunction.PersistedValueMutation;
import org.apache.flink.statefun.sdk.reqreply.generated.FromFunction.PersistedValueMutation.MutationType;
import org.apache.flink.statefun.sdk.reqreply.generated.FromFunction.PersistedValueSpec;

/**
 * Which values function types asked for. Learned anew after each start, from the answer to the
 * first call of each type, so that a type may change what it declares. Not thread-safe.
 */
final class ValueSpecs {
    /** Types remembered; one that is forgotten is asked again. */
    private static final int MOST_TYPES = 10_000;

    private final Map<String, Map<String, PersistedValueSpec>> byType =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(
                        Map.Entry<String, Map<String, PersistedValueSpec>> eldest) {
                    return size() > MOST_TYPES;
                }
            };

    /** Names of the values to send with a call. */
    List<String> names(String typename) {
        Map<String, PersistedValueSpec> known = byType.get(typename);
        return known == null ? List.of() : new ArrayList<>(known.keySet());
    }

    Optional<PersistedValueSpec> spec(String typename, String value) {
        return Optional.ofNullable(byType.getOrDefault(typename, Map.of()).get(value));
    }

    /**
     * Takes in what a function misses.
     *
     * @return whether something of it is new; if not, asking again is of no use
     */
    boolean learn(String typename, List<PersistedValueSpec> missing) {
        Map<String, PersistedValueSpec> known =
                byType.computeIfAbsent(typename, type -> new LinkedHashMap<>());
        boolean isNew = false;
        for (PersistedValueSpec spec : missing) {
            isNew |= known.put(spec.getStateName(), spec) == null;
        }
        return isNew;
    }

    /** When a value written now expires. */
    long expiryOfWritten(String typename, String value, long now) {
        return spec(typename, value)
                .filter(spec -> mode(spec) != ExpireMode.NONE)
                .map(spec -> after(now, spec.getExpirationSpec().getExpireAfterMillis()))
                .orElse(Long.MAX_VALUE);
    }

    /** Whether every call of the function puts the value's expiry off. */
    boolean isKeptByCalls(String typename, String value) {
        return spec(typename, value)
                .filter(spec -> mode(spec) == ExpireMode.AFTER_INVOKE)
                .isPresent();
    }

    /** Whether calls put the expiry of some value of the function off. */
    boolean hasKeptByCalls(String typename) {
        return names(typename).stream().anyMatch(name -> isKeptByCalls(typename, name));
    }

    /**
     * Changes an address's values as a call of its function asks for.
     *
     * @param values what is changed
     * @return when the first of them expires
     */
    long change(
            String typename,
            Map<String, StoredValue> values,
            List<PersistedValueMutation> mutations,
            long now) {
        values.replaceAll(
                (name, value) ->
                        isKeptByCalls(typename, name)
                                ? new StoredValue(
                                        value.type(),
                                        value.value(),
                                        expiryOfWritten(typename, name, now))
                                : value);
        for (PersistedValueMutation mutation : mutations) {
            String name = mutation.getStateName();
            if (mutation.getMutationType() == MutationType.DELETE) {
                values.remove(name);
            } else {
                values.put(
                        name,
                        new StoredValue(
                                mutation.getStateValue().getTypename(),
                                mutation.getStateValue().getValue().toByteArray(),
                                expiryOfWritten(typename, name, now)));
            }
        }
        long first = Long.MAX_VALUE;
        for (StoredValue value : values.values()) {
            first = Math.min(first, value.expiresAt());
        }
        return first;
    }

    private static ExpireMode mode(PersistedValueSpec spec) {
        return spec.getExpirationSpec().getMode();
    }

    private static long after(long now, long millis) {
        return millis >= Long.MAX_VALUE - now ? Long.MAX_VALUE : now + millis;
    }
}
