package io.webhookdb.schemas.catalog;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * How a vendor is asked to say when the listing of a row changes: a channel per row fanned out
 * over, to the endpoint of the owners' integration, made when the row was listed and renewed before
 * it ends. A notification has the row listed again.
 *
 * @param path path of the request that makes a channel
 * @param body members of what is posted
 * @param channel JSON Pointer to the channel's id in the answer; null: the one that was posted
 * @param expiry JSON Pointer to when it ends in the answer; null there: after the lifetime
 * @param format how that is written
 * @param lifetimeSeconds how long a channel is asked for
 * @param renewBeforeSeconds how long before its end a channel is renewed
 * @param renew path to which the channel's id is appended and {@code renewal} is sent by PATCH;
 *     null: another channel is made
 * @param renewal members of that
 * @param noted where the row itself says what channel it has; null: nowhere
 * @param unsupported answers by which a vendor says that there is nothing to be told of this row
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record BackfillWatch(
        List<BackfillValue> path,
        List<Member> body,
        String channel,
        String expiry,
        TimeSource.Format format,
        int lifetimeSeconds,
        int renewBeforeSeconds,
        List<BackfillValue> renew,
        List<Member> renewal,
        Noted noted,
        List<BackfillAnswer> unsupported) {

    public BackfillWatch {
        path = List.copyOf(path);
        body = List.copyOf(body);
        renew = renew == null ? null : List.copyOf(renew);
        renewal = renewal == null ? null : List.copyOf(renewal);
        unsupported = unsupported == null ? List.of() : List.copyOf(unsupported);
    }

    /**
     * A member of what is posted: fixed text, or what stands for one of these.
     *
     * @param name its name
     * @param text fixed text; null: see {@code fill}
     * @param fill what it is; null: fixed text
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Member(String name, String text, Fill fill) {}

    /**
     * Members of the row that say what channel it has.
     *
     * @param channel name of the one with the channel's id
     * @param expiry name of the one with when it ends, ISO 8601
     * @param resource name of the one with what the vendor calls what is watched; null: none
     * @param resourceAt JSON Pointer to that in the answer; null without {@code resource}
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Noted(String channel, String expiry, String resource, String resourceAt) {}

    /** What a member can be. */
    public enum Fill {
        /** An id made for the channel. */
        CHANNEL,
        /** URL of the owners' endpoint. */
        ENDPOINT,
        /** What notifications prove themselves with. */
        TOKEN,
        /** When the channel is to end, written like {@link BackfillWatch#format()}. */
        EXPIRY
    }
}
