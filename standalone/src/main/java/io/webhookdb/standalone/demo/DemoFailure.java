package io.webhookdb.standalone.demo;

/**
 * A step of the demo did not show what it promised. The message says what was expected and seen.
 */
public final class DemoFailure extends RuntimeException {
    DemoFailure(String message) {
        super(message);
    }

    DemoFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
