package io.webhookdb.schemas.control;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Objects;

/**
 * What of a row a sync target gets to see.
 *
 * @param only names of the columns it gets besides the key; empty for all
 * @param dropped columns it does not get
 * @param hashed columns of which it gets a keyed hash: equal values stay equal, within this target
 * @param data whether it gets the resource itself, which holds every value once more
 * @param hashKeyCiphertext base64, the hashes' key, encrypted for the <em>connections</em> keyset
 *     under {@link #hashKeyContext(String)}; null if nothing was ever hashed
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SyncColumns(
        List<String> only,
        List<String> dropped,
        List<String> hashed,
        Data data,
        String hashKeyCiphertext) {

    /** Whole rows. */
    public static final SyncColumns ALL = new SyncColumns(null, null, null, null, null);

    /** Whether the resource itself goes along. */
    public enum Data {
        /** Only if nothing is kept from the target, since it would all be in there. */
        IF_ALL_IS_SHOWN,
        KEPT,
        DROPPED
    }

    public SyncColumns {
        only = only == null ? List.of() : List.copyOf(only);
        dropped = dropped == null ? List.of() : List.copyOf(dropped);
        hashed = hashed == null ? List.of() : List.copyOf(hashed);
        data = Objects.requireNonNullElse(data, Data.IF_ALL_IS_SHOWN);
    }

    /** Associated data under which {@link #hashKeyCiphertext()} is encrypted. */
    public static String hashKeyContext(String target) {
        return "sync_target/" + target + "/hash_key";
    }

    /** Whether every column goes along as it is. */
    public boolean showAll() {
        return only.isEmpty() && dropped.isEmpty() && hashed.isEmpty();
    }

    /** Whether the resource itself goes along. */
    public boolean keepData() {
        return data == Data.KEPT || (data == Data.IF_ALL_IS_SHOWN && showAll());
    }

    /** Names what is shown, whoever's key it is sealed with; empty for whole rows. */
    String shape() {
        return showAll() && keepData()
                ? ""
                : "only " + only + " dropped " + dropped + " hashed " + hashed + " " + keepData();
    }

    /** Never prints the key, not even encrypted. */
    @Override
    public String toString() {
        return "SyncColumns[" + shape() + "]";
    }
}
