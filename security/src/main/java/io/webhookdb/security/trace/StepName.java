package io.webhookdb.security.trace;

import io.opentelemetry.api.trace.SpanKind;

/** The steps that are told. */
public enum StepName {
    /** A POST, until it is acknowledged. */
    RECEIVE("receive", SpanKind.SERVER),

    /** From the receipt of an event until its row is visible. */
    WRITE_ROW("write row", SpanKind.CONSUMER),

    /** One attempt to deliver a change to a subscription. */
    DELIVER("deliver", SpanKind.CLIENT);

    private final String text;
    private final SpanKind kind;

    StepName(String text, SpanKind kind) {
        this.text = text;
        this.kind = kind;
    }

    String text() {
        return text;
    }

    SpanKind kind() {
        return kind;
    }
}
