package io.webhookdb.schemas.catalog;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * How webhooks are registered at the vendor once its credentials are known, so that nobody has to.
 * Base and authentication are those of {@link Backfill}.
 *
 * @param path path that lists registrations (GET) and creates one (POST)
 * @param items JSON Pointer to the list in the answer
 * @param registeredEvent JSON Pointer, in one of them, to the event it is for
 * @param registeredTarget JSON Pointer, in one of them, to its URL
 * @param targetMember JSON Pointer at which the body of a new one has the URL
 * @param eventMember JSON Pointer at which it has the event
 * @param events one registration for each
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record WebhookRegistration(
        String path,
        String items,
        String registeredEvent,
        String registeredTarget,
        String targetMember,
        String eventMember,
        List<String> events) {
    public WebhookRegistration {
        events = List.copyOf(events);
    }
}
