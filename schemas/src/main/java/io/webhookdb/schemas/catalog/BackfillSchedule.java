package io.webhookdb.schemas.catalog;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * When a listing runs unasked. Runs are spread over the period, so that accounts do not meet.
 *
 * @param everySeconds period
 * @param run what runs
 * @param scope what else runs after it; null is {@link Scope#SELF}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record BackfillSchedule(int everySeconds, Run run, Scope scope) {
    public BackfillSchedule {
        scope = scope == null ? Scope.SELF : scope;
    }

    /** What runs. */
    public enum Run {
        FULL,
        INCREMENTAL
    }

    /** What else runs. */
    public enum Scope {
        SELF,
        /** Then the integrations that depend on it. */
        TREE
    }
}
