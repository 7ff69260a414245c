package io.webhookdb.security.trace;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.webhookdb.schemas.trace.TraceContext;

/** A step that has begun. What is told about it are ids and outcomes, never contents. */
public sealed interface Step {

    /** The trace to hand on; null for none. */
    TraceContext trace();

    /** Notes a fact about the step, such as {@code webhookdb.integration}. */
    Step about(String key, String value);

    /** Ends the step. */
    void end();

    /**
     * Ends the step, which came to nothing.
     *
     * @param outcome a word for it
     */
    void failed(String outcome);

    /** Tells nobody. */
    record Passing(TraceContext trace) implements Step {
        private static final Passing IN_NONE = new Passing(null);

        static Passing of(TraceContext trace) {
            return trace == null ? IN_NONE : new Passing(trace);
        }

        @Override
        public Step about(String key, String value) {
            return this;
        }

        @Override
        public void end() {
            // Nobody is told.
        }

        @Override
        public void failed(String outcome) {
            // Nobody is told.
        }
    }

    /** A span. */
    record Told(Span span, TraceContext trace) implements Step {
        @Override
        public Step about(String key, String value) {
            span.setAttribute(key, value);
            return this;
        }

        @Override
        public void end() {
            span.end();
        }

        @Override
        public void failed(String outcome) {
            span.setStatus(StatusCode.ERROR, outcome);
            span.end();
        }
    }
}
