package io.webhookdb.security.trace;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.webhookdb.schemas.trace.TraceContext;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Begins spans within traces that come and go as headers. */
final class Spans {
    private static final W3CTraceContextPropagator HEADERS =
            W3CTraceContextPropagator.getInstance();

    private final Tracer tracer;

    Spans(Tracer tracer) {
        this.tracer = tracer;
    }

    /** One that is not sampled is no step: the sender's trace goes on as it came. */
    Step begin(StepName name, TraceContext parent, long startedAtMicros) {
        Context context =
                parent == null
                        ? Context.root()
                        : HEADERS.extract(Context.root(), parent, Getter.INSTANCE);
        SpanBuilder builder =
                tracer.spanBuilder(name.text())
                        .setParent(context)
                        .setSpanKind(name.kind())
                        .setStartTimestamp(startedAtMicros, TimeUnit.MICROSECONDS);
        Span span = builder.startSpan();
        return span.getSpanContext().isSampled()
                ? new Step.Told(span, traceOf(span))
                : Step.Passing.of(parent);
    }

    private static TraceContext traceOf(Span span) {
        Map<String, String> headers = new HashMap<>();
        HEADERS.inject(Context.root().with(span), headers, Map::put);
        return TraceContext.of(headers::get);
    }

    private enum Getter implements TextMapGetter<TraceContext> {
        INSTANCE;

        @Override
        public Iterable<String> keys(TraceContext carrier) {
            return List.of(TraceContext.PARENT, TraceContext.STATE);
        }

        @Override
        public String get(TraceContext carrier, String key) {
            return switch (key) {
                case TraceContext.PARENT -> carrier.parent();
                case TraceContext.STATE -> carrier.state();
                default -> null;
            };
        }
    }
}
