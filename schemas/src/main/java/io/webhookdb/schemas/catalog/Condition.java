package io.webhookdb.schemas.catalog;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * A test on one value of a request.
 *
 * @param header see {@link Source#header()}
 * @param event see {@link Source#event()}
 * @param resource see {@link Source#resource()}
 * @param equals the values that pass, compared as text; empty: any value passes, so the test asks
 *     for presence. An object is compared as {@code {}}, an array as {@code []}; null is absent
 * @param absent what an absent value means; null is {@link Absent#FAILS}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Condition(
        String header, String event, String resource, List<String> equals, Absent absent) {

    /** What it means that the value is not there. */
    public enum Absent {
        FAILS,
        PASSES,
        /** Only absence passes: the test asks that the value is not there. */
        REQUIRED
    }

    public Condition {
        equals = equals == null ? List.of() : List.copyOf(equals);
        absent = absent == null ? Absent.FAILS : absent;
    }

    /** Where the tested value comes from. */
    public Source source() {
        return new Source(header, event, resource);
    }

    /** Whether this value (null: absent) passes. */
    public boolean passes(String value) {
        if (value == null) {
            return absent != Absent.FAILS;
        }
        return absent != Absent.REQUIRED && (equals.isEmpty() || equals.contains(value));
    }
}
