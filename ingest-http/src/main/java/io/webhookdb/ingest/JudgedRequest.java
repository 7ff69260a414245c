package io.webhookdb.ingest;

import io.vertx.core.Context;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.webhookdb.schemas.Topics;
import io.webhookdb.schemas.event.Event;
import io.webhookdb.schemas.event.Origin;
import io.webhookdb.schemas.status.RecentRequests;
import io.webhookdb.schemas.trace.TraceContext;
import io.webhookdb.security.signature.RejectionReason;
import io.webhookdb.security.signature.Verdict;
import io.webhookdb.security.trace.Step;
import io.webhookdb.security.trace.StepName;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A webhook that was verified, or failed to be: its events are stored and only then acknowledged,
 * or it is refused and kept among the rejected. Lives on the event loop of its request.
 */
final class JudgedRequest {
    /** Marks the resending of a request that was refused before and is stored already. */
    private static final String RESENT = "whdb-logged-webhook-retry";

    /** Kept as the one address that is believed. */
    private static final String FORWARDED_FOR = "x-forwarded-for";

    private final Edge edge;
    private final Context context;
    private final Exchange exchange;
    private final HttpServerRequest request;
    private final Instant arrived;
    private final byte[] body;

    /**
     * @param body as it was sent, unpacked
     */
    JudgedRequest(Edge edge, Context context, Exchange exchange, Instant arrived, byte[] body) {
        this.edge = edge;
        this.context = context;
        this.exchange = exchange;
        this.request = exchange.request();
        this.arrived = arrived;
        this.body = body;
    }

    /** The only way to a 2xx: Kafka has the event, or the spool's disk. */
    void accept(Endpoint endpoint, String verification, Outcome outcome, int status) {
        Optional<byte[]> kept = endpoint.sealing().body(body);
        if (kept.isEmpty()) {
            exchange.answer(Outcome.UNSEALABLE, Answer.UNSEALABLE);
            return;
        }
        Step step =
                edge.tracing()
                        .begin(
                                StepName.RECEIVE,
                                TraceContext.of(request::getHeader),
                                arrivedMicros())
                        .about("webhookdb.integration", endpoint.integration());
        List<Event> events = new ArrayList<>(1);
        events.add(event(endpoint, endpoint.accepted(), verification, kept.get(), step.trace()));
        for (String service : endpoint.routing().services(request::getHeader, body)) {
            for (Endpoint child : edge.control().children(endpoint.organization(), service)) {
                events.add(event(child, child.accepted(), verification, kept.get(), step.trace()));
            }
        }
        exchange.commit();
        store(
                events.iterator(),
                result -> {
                    acknowledge(endpoint, outcome, status, result);
                    if (result == PublishResult.STORED) {
                        step.end();
                    } else {
                        step.failed(result.name());
                    }
                });
    }

    /** One after the other: what follows the first that is not stored comes with the next try. */
    private void store(Iterator<Event> events, Consumer<PublishResult> done) {
        long start = System.nanoTime();
        edge.store()
                .store(
                        events.next(),
                        result -> {
                            edge.metrics().published(start);
                            context.runOnContext(
                                    now -> {
                                        if (result == PublishResult.STORED && events.hasNext()) {
                                            store(events, done);
                                        } else {
                                            done.accept(result);
                                        }
                                    });
                        });
    }

    private void acknowledge(Endpoint endpoint, Outcome outcome, int status, PublishResult result) {
        switch (result) {
            case STORED -> {
                exchange.answer(outcome, Answer.reply(endpoint.reply(), status));
                answered(endpoint, status, "accepted");
            }
            case POISON -> exchange.answer(Outcome.TOO_LARGE, Answer.tooLarge(body.length - 1));
            case TRANSIENT, CONFIGURATION -> exchange.answer(Outcome.UNSTORED, Answer.UNSTORED);
            case SPOOL_FULL -> exchange.answer(Outcome.SPOOL_FULL, Answer.SPOOL_FULL);
        }
    }

    /** Acknowledges nothing, so the answer is the same whether Kafka keeps the request or not. */
    void reject(Endpoint endpoint, Verdict.Rejected rejected) {
        int status =
                rejected.reason() == RejectionReason.NO_SECRET
                        ? endpoint.statusWithoutSecret()
                        : 401;
        Answer answer = Answer.rejected(status, rejected.message());
        if (request.headers().contains(RESENT)) {
            exchange.answer(Outcome.REJECTED, answer);
            return;
        }
        edge.rejections().rejected(endpoint.organization(), endpoint.integration());
        publish(
                Topics.REJECTED,
                event(
                        endpoint,
                        endpoint.rejected(),
                        rejected.code(),
                        endpoint.sealing().body(body).orElse(new byte[0]),
                        TraceContext.of(request::getHeader)),
                result -> {
                    exchange.answer(
                            result == PublishResult.STORED
                                    ? Outcome.REJECTED
                                    : Outcome.REJECTED_UNSTORED,
                            answer);
                    answered(endpoint, status, rejected.code());
                });
    }

    private void answered(Endpoint endpoint, int status, String outcome) {
        edge.recent()
                .answered(
                        endpoint,
                        new RecentRequests.Request(
                                arrivedMicros(),
                                status,
                                outcome,
                                Duration.between(arrived, Instant.now()).toMillis()));
    }

    private Event event(
            Endpoint endpoint,
            KeptHeaders kept,
            String verification,
            byte[] keptBody,
            TraceContext trace) {
        // Where credentials are posted one may stand in the query by mistake.
        String query = endpoint.sealing().isNone() ? request.query() : null;
        String contentType = request.getHeader(HttpHeaders.CONTENT_TYPE);
        Map<String, String> headers = kept.of(request.headers()::getAll);
        InetAddress sender = edge.publicAddress().sender(request);
        if (kept.has(FORWARDED_FOR) && sender != null) {
            headers.put(FORWARDED_FOR, sender.getHostAddress());
        }
        if (trace != null) {
            trace.headers(headers::put);
        }
        return new Event(
                edge.ids().next(),
                endpoint.integration(),
                endpoint.revision(),
                arrivedMicros(),
                Origin.WEBHOOK,
                request.method().name(),
                request.path(),
                query == null ? "" : query,
                contentType == null ? "" : contentType,
                headers,
                verification,
                keptBody);
    }

    private void publish(String topic, Event event, Consumer<PublishResult> next) {
        exchange.commit();
        long start = System.nanoTime();
        edge.publisher()
                .publish(
                        topic,
                        event,
                        result -> {
                            edge.metrics().published(start);
                            context.runOnContext(now -> next.accept(result));
                        });
    }

    private long arrivedMicros() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, arrived);
    }
}
