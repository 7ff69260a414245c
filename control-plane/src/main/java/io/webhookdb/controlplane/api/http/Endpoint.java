package io.webhookdb.controlplane.api.http;

/** Answers one kind of request with an {@link Answer}, or with a body for status 200. */
@FunctionalInterface
public interface Endpoint {
    /**
     * Answers.
     *
     * @throws ApiException if the request cannot be answered as asked
     * @throws PromptException if the person has to be asked for a parameter first
     */
    Object answer(Request request);
}
