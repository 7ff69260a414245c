package io.webhookdb.schemas.catalog;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * A candidate for the version time of a row.
 *
 * @param header see {@link Source#header()}
 * @param event see {@link Source#event()}
 * @param resource see {@link Source#resource()}
 * @param format how the value is written
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TimeSource(String header, String event, String resource, Format format) {

    /** How a time is written. */
    public enum Format {
        ISO_8601,
        UNIX_SECONDS,
        UNIX_MILLISECONDS,
        /** A vendor that writes one or the other. */
        UNIX_SECONDS_OR_ISO_8601,
        /** The date of an e-mail, {@code Thu, 30 Jul 2015 20:12:31 +0000}; or ISO 8601. */
        RFC_2822,
        /** {@code 31-12-2024}: the start of that day in UTC. */
        DAY_MONTH_YEAR
    }

    /** Where the value comes from. */
    public Source source() {
        return new Source(header, event, resource);
    }
}
