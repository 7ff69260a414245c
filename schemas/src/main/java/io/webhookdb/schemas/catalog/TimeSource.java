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
        UNIX_MILLISECONDS
    }

    /** Where the value comes from. */
    public Source source() {
        return new Source(header, event, resource);
    }
}
