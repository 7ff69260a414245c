package io.webhookdb.schemas.catalog;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * A further request per item, for what a listing leaves out.
 *
 * @param when conditions on the item, all must pass; none: always
 * @param path path of the request
 * @param pointer JSON Pointers to what is meant in its answer, the first at which there is
 *     something; an empty one: all of it
 * @param into member of the item it becomes; null: it replaces the item
 * @param ignoreStatus answers of these statuses leave the item as it is
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record BackfillDetail(
        List<Condition> when,
        List<BackfillValue> path,
        @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY) List<String> pointer,
        String into,
        List<Integer> ignoreStatus) {
    public BackfillDetail {
        when = when == null ? List.of() : List.copyOf(when);
        path = List.copyOf(path);
        pointer = pointer == null ? List.of("") : List.copyOf(pointer);
        ignoreStatus = ignoreStatus == null ? List.of() : List.copyOf(ignoreStatus);
    }
}
