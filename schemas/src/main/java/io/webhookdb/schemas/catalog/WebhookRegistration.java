package io.webhookdb.schemas.catalog;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;

/**
 * How webhooks are registered at the vendor once its credentials are known, so that nobody has to.
 * Base and authentication are those of {@link Backfill}. What a vendor's resources share stands in
 * its vendor file.
 *
 * @param path path that lists registrations (GET) and creates one (POST); one that is removed
 *     (DELETE) has its id appended
 * @param items JSON Pointer to the list in the answer
 * @param registeredEvent JSON Pointer, in one of them, to the event it is for; null: one
 *     registration is for all events
 * @param registeredTarget JSON Pointer, in one of them, to its URL
 * @param id JSON Pointer, in one of them, to its id; null: it cannot be removed
 * @param body how the body of a new one is written; null is {@link Body#JSON}
 * @param targetMember JSON Pointer at which the body of a new one has the URL
 * @param eventMember JSON Pointer at which it has the event, or the list of all events
 * @param members fixed texts by JSON Pointer; null: none
 * @param secretMember JSON Pointer at which it has a signing secret of our choice; null: none
 * @param secretAnswer JSON Pointer, in the answer to it, to the secret the vendor chose; null: none
 * @param events what is registered for
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record WebhookRegistration(
        @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
                List<BackfillValue> path,
        String items,
        String registeredEvent,
        String registeredTarget,
        String id,
        Body body,
        String targetMember,
        String eventMember,
        Map<String, String> members,
        String secretMember,
        String secretAnswer,
        List<String> events) {

    /** How a body is written. */
    public enum Body {
        JSON,
        /** {@code application/x-www-form-urlencoded}, lists as {@code name[]}. */
        FORM
    }

    /** Whether one registration is for all events. */
    @JsonIgnore
    public boolean isForAllEvents() {
        return registeredEvent == null;
    }

    /** This block, with the vendor's members where it has none of its own. */
    WebhookRegistration over(WebhookRegistration vendor) {
        return vendor == null
                ? this
                : new WebhookRegistration(
                        own(path, vendor.path),
                        own(items, vendor.items),
                        own(registeredEvent, vendor.registeredEvent),
                        own(registeredTarget, vendor.registeredTarget),
                        own(id, vendor.id),
                        own(body, vendor.body),
                        own(targetMember, vendor.targetMember),
                        own(eventMember, vendor.eventMember),
                        own(members, vendor.members),
                        own(secretMember, vendor.secretMember),
                        own(secretAnswer, vendor.secretAnswer),
                        own(events, vendor.events));
    }

    private static <T> T own(T own, T inherited) {
        return own == null ? inherited : own;
    }
}
