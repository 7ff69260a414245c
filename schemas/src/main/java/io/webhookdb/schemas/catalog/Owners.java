package io.webhookdb.schemas.catalog;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * For a table whose rows are owners at the vendor: people who let their data be fetched. Their own
 * backend says who they are and posts a credential of each, which is sealed before anything keeps
 * the request.
 *
 * @param seal members of requests that are credentials
 * @param starts messages after which the owner's data is fetched at once
 * @param channels how vendors' notifications to the same endpoint are told; null: there are none
 * @param gone member that the rows of an owner who is deleted get, by which their services tell
 *     that they are deleted; null: they stay
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Owners(List<Seal> seal, List<Start> starts, Channels channels, String gone) {
    /** Name of the sealed key of channels in what is kept of an owner's message. */
    public static final String CHANNEL_KEY = "encrypted_channel_key";

    public Owners {
        seal = List.copyOf(seal);
        starts = starts == null ? List.of() : List.copyOf(starts);
    }

    /**
     * A credential in a request. Wherever a member of that name is in the body, its value is
     * encrypted for the <em>connections</em> keyset, which only the jobs and the provisioner open.
     *
     * @param member name in what is posted
     * @param into name that the sealed value, base64 text, has in what is kept
     */
    public record Seal(String member, String into) {}

    /**
     * Messages that ask for the owner's data.
     *
     * @param when conditions on the message, all must pass
     * @param run how much is fetched; null is {@link BackfillSchedule.Run#INCREMENTAL}
     */
    public record Start(List<Condition> when, BackfillSchedule.Run run) {
        public Start {
            when = List.copyOf(when);
            run = run == null ? BackfillSchedule.Run.INCREMENTAL : run;
        }
    }

    /**
     * Notifications on channels that the backfill job had made.
     *
     * @param id where the channel's id is; a request that has one is a notification
     * @param token where it has the token that was given out with the channel
     */
    public record Channels(Source id, Source token) {}

    /** Associated data under which a member is sealed for an integration. */
    public static String context(String integration, String member) {
        return "integration/" + integration + "/owner/" + member;
    }
}
