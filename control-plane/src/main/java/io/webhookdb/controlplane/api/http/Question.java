package io.webhookdb.controlplane.api.http;

/** What a terminal asks. */
public sealed interface Question {
    /** The text of the prompt; ends in a colon. */
    String text();

    /** What is typed is visible. */
    record Shown(String text) implements Question {}

    /** What is typed is hidden. */
    record Hidden(String text) implements Question {}

    /** The standard wording. */
    static Question pasteOrType(String what) {
        return new Shown("Paste or type " + what + ":");
    }

    /** The standard wording, hidden. */
    static Question pasteOrTypeSecret(String what) {
        return new Hidden("Paste or type " + what + ":");
    }
}
