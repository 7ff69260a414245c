package io.webhookdb.schemas.catalog;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One listing per living row of another table of the same account.
 *
 * @param over service of that table
 * @param where conditions on {@code data} of the row, all must pass
 * @param unless conditions on {@code data} of the row, none may pass
 * @param trigger when a row is listed; null is {@link Trigger#RUN}
 * @param parallelism listings at a time
 * @param choices what else than their remote keys a person may choose rows by: JSON Pointers into
 *     {@code data} by the word of the criterion; null: nothing else
 * @param visit each row has a time of its own; null: all are listed in every run
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record BackfillFanOut(
        String over,
        List<Condition> where,
        List<Condition> unless,
        Trigger trigger,
        Integer parallelism,
        Map<String, String> choices,
        BackfillVisit visit) {

    public BackfillFanOut {
        where = where == null ? List.of() : List.copyOf(where);
        unless = unless == null ? List.of() : List.copyOf(unless);
        trigger = trigger == null ? Trigger.RUN : trigger;
        parallelism = parallelism == null ? 1 : parallelism;
        choices = choices == null ? null : Collections.unmodifiableMap(new TreeMap<>(choices));
    }

    /** When a row is listed. */
    public enum Trigger {
        /** In every run. */
        RUN,
        /** In a full run; otherwise when the row changes. */
        PARENT_CHANGE
    }
}
