package io.webhookdb.schemas.catalog;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * What a run after the first can leave out. The watermark is the start of the last complete run,
 * reduced by the staleness margin.
 *
 * @param style how
 * @param parameter for {@link Style#PARAMETER}: query parameter that takes the watermark
 * @param until for {@link Style#PARAMETER}: query parameter that takes the present time, if the
 *     vendor wants one; may be null
 * @param pointer for {@link Style#STOP}: JSON Pointer to the time in an item, newest first. For
 *     {@link Style#PARAMETER} with a fan-out: the newest value there of the rows already had of
 *     that parent is the watermark
 * @param format how these times are written
 * @param overlapSeconds what before the watermark is asked for again: resources that still change
 *     after they were first listed; null: nothing
 * @param scope what has a watermark of its own; null is {@link Scope#RUN}
 * @param expired status by which the vendor says that a watermark is too old: the listing begins
 *     again without one; null: it never is
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record BackfillIncremental(
        Style style,
        String parameter,
        String until,
        String pointer,
        TimeSource.Format format,
        Integer overlapSeconds,
        Scope scope,
        Integer expired) {

    /** Every run is complete. */
    public static final BackfillIncremental NONE =
            new BackfillIncremental(Style.NONE, null, null, null, null, null, null, null);

    /** Ways to leave something out. */
    public enum Style {
        /** Nothing is left out. */
        NONE,
        /** The vendor filters. */
        PARAMETER,
        /** The listing is newest first; it ends with the page whose last item is older. */
        STOP
    }

    /** What has a watermark. */
    public enum Scope {
        /** The integration: the start of its last complete run. */
        RUN,
        /** Each row fanned out over: the start of the run that last listed it to its end. */
        ROW
    }

    /** Whether each row fanned out over has a watermark of its own. */
    public boolean ofRows() {
        return scope == Scope.ROW;
    }
}
