package io.webhookdb.schemas.catalog;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * A piece of a request: exactly one of these. In a path or query every value that is not fixed text
 * is percent-encoded; only {@link #stored()} values keep their slashes, since they were checked
 * when a person entered them.
 *
 * @param text fixed text, as it is; YAML may write it as a plain string
 * @param stored field of the integration whose credentials are used
 * @param parent JSON Pointer into {@code data} of the row fanned out over
 * @param item JSON Pointer into the item a detail is fetched for
 * @param pass name of a parameter of the pass; one that is named so is no query parameter
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record BackfillValue(
        String text, Setup.StoredField stored, String parent, String item, String pass) {

    @JsonCreator(mode = JsonCreator.Mode.PROPERTIES)
    public BackfillValue {}

    /** Fixed text. */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static BackfillValue of(String text) {
        return new BackfillValue(text, null, null, null, null);
    }
}
