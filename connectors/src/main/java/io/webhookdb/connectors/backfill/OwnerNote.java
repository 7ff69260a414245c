package io.webhookdb.connectors.backfill;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.List;

/**
 * What is remembered of an owner whose rows went, or whose credential the vendor has replaced. In
 * state as JSON.
 *
 * @param goneAtMicros when the owner was last found to be gone; 0: never was
 * @param gone whether the owner is gone now
 * @param lookAtMillis when tables are looked at for rows of the owner; 0: not any more
 * @param looks how often they were since
 * @param token sealed credential that the vendor handed out last; null: none
 * @param former digests of those it replaced, the newest last
 * @param toldAtMillis when the row was last given one
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record OwnerNote(
        long goneAtMicros,
        boolean gone,
        long lookAtMillis,
        int looks,
        String token,
        List<String> former,
        long toldAtMillis) {
    /** A row may still have one of these; older ones are taken for others. */
    private static final int MOST_FORMER = 48;

    static final OwnerNote NEW = new OwnerNote(0, false, 0, 0, null, List.of(), 0);

    OwnerNote {
        former = former == null ? List.of() : List.copyOf(former);
    }

    OwnerNote goneAt(long nowMillis) {
        return new OwnerNote(nowMillis * 1000, true, nowMillis, 0, null, List.of(), 0);
    }

    /** The same of an owner who is there again. */
    OwnerNote back() {
        return new OwnerNote(goneAtMicros, false, 0, 0, token, former, toldAtMillis);
    }

    /** The same, looked for once more. */
    OwnerNote looked(long nextMillis) {
        return new OwnerNote(
                goneAtMicros, gone, nextMillis, looks + 1, token, former, toldAtMillis);
    }

    /** The same with another credential in place of one. */
    OwnerNote renewed(String sealed, String digest) {
        List<String> digests = new ArrayList<>(former);
        digests.remove(digest);
        digests.add(digest);
        int from = Math.max(0, digests.size() - MOST_FORMER);
        return new OwnerNote(
                goneAtMicros,
                gone,
                lookAtMillis,
                looks,
                sealed,
                digests.subList(from, digests.size()),
                toldAtMillis);
    }

    OwnerNote sealedAgain(String sealed) {
        return new OwnerNote(goneAtMicros, gone, lookAtMillis, looks, sealed, former, toldAtMillis);
    }

    OwnerNote toldAt(long nowMillis) {
        return new OwnerNote(goneAtMicros, gone, lookAtMillis, looks, token, former, nowMillis);
    }

    /** The least version time of what is listed for the owner: above that of what went. */
    Long floorMicros() {
        return goneAtMicros == 0 ? null : gone ? goneAtMicros : goneAtMicros + 1;
    }
}
