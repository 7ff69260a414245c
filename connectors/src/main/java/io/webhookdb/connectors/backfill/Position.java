package io.webhookdb.connectors.backfill;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * Where a listing goes on. In state as JSON: members may be added, never changed.
 *
 * @param parent row it is listed for; null without fan-out
 * @param pass index of the pass
 * @param next cursor, path, URL or number of the next page, by the pagination's style; null: first
 * @param watermarkMicros what is older can be left out, microseconds since the epoch; null: nothing
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Position(ParentRow parent, int pass, String next, Long watermarkMicros) {

    static Position first(ParentRow parent, Long watermarkMicros) {
        return new Position(parent, 0, null, watermarkMicros);
    }

    Position page(String other) {
        return new Position(parent, pass, other, watermarkMicros);
    }

    /** The same for a row that has its credential sealed anew. */
    Position of(ParentRow row) {
        return new Position(row, pass, next, watermarkMicros);
    }

    Position nextPass() {
        return new Position(parent, pass + 1, null, watermarkMicros);
    }
}
