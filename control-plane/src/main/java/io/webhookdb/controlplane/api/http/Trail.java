package io.webhookdb.controlplane.api.http;

/** Stands around every endpoint: sees each request and what came of it. */
@FunctionalInterface
public interface Trail {
    /** Has the endpoint answer; throws what it throws. */
    Object follow(Request request, Endpoint endpoint);
}
