package io.webhookdb.controlplane.api.http;

/** A text for the terminal and nothing else. */
public record Message(String message) {}
