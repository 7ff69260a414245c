package io.webhookdb.ingest;

import io.vertx.core.Context;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.webhookdb.schemas.Topics;
import io.webhookdb.schemas.catalog.Handshake.Proof;
import io.webhookdb.schemas.event.Event;
import io.webhookdb.schemas.event.Origin;
import io.webhookdb.schemas.status.RecentRequests;
import io.webhookdb.schemas.trace.TraceContext;
import io.webhookdb.security.signature.Handshakes;
import io.webhookdb.security.signature.RejectionReason;
import io.webhookdb.security.signature.SignedRequest;
import io.webhookdb.security.signature.Verdict;
import io.webhookdb.security.trace.Step;
import io.webhookdb.security.trace.StepName;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One webhook: find its integration (wait for it if need be), verify, publish, and only then
 * acknowledge. Lives on one event loop; what other threads have to say comes through its context.
 */
final class WebhookRequest {
    /** Marks the resending of a request that was refused before and is stored already. */
    private static final String RESENT = "whdb-logged-webhook-retry";

    private final Edge edge;
    private final Context context;
    private final Exchange exchange;
    private final HttpServerRequest request;
    private final String integration;
    private final Instant arrived = Instant.now().truncatedTo(ChronoUnit.MICROS);

    private byte[] body;
    private boolean countedAgainstRate;

    WebhookRequest(Edge edge, Context context, Exchange exchange, String integration) {
        this.edge = edge;
        this.context = context;
        this.exchange = exchange;
        this.request = exchange.request();
        this.integration = integration;
    }

    /** Refuses what can be refused without the body, so that a flood costs little. */
    void begin() {
        Lookup lookup = find();
        if (lookup == Lookup.Missing.UNDECIDED || passes(lookup)) {
            exchange.readBody(
                    bytes -> {
                        body = bytes;
                        proceed();
                    });
        }
    }

    private void proceed() {
        Lookup lookup = find();
        if (lookup == Lookup.Missing.UNDECIDED) {
            new Hold(edge, context, exchange, integration, arrivedMicros(), this::proceed).begin();
        } else if (passes(lookup) && lookup instanceof Lookup.Found found) {
            admit(found.endpoint());
        }
    }

    private Lookup find() {
        return edge.control().find(integration, arrivedMicros());
    }

    /** Whether the request may go on; if not, it is answered. */
    private boolean passes(Lookup lookup) {
        if (lookup instanceof Lookup.Found found) {
            return countedAgainstRate || passesRate(found.endpoint());
        }
        switch ((Lookup.Missing) lookup) {
            case ABSENT -> exchange.answer(Outcome.UNKNOWN_INTEGRATION, Answer.UNKNOWN_INTEGRATION);
            case NOT_PUSHED -> exchange.answer(Outcome.NOT_PUSHED, Answer.NOT_PUSHED);
            case UNUSABLE -> exchange.answer(Outcome.UNUSABLE, Answer.UNUSABLE);
            case UNDECIDED -> exchange.answer(Outcome.UNDECIDED, Answer.UNDECIDED);
        }
        return false;
    }

    private boolean passesRate(Endpoint endpoint) {
        countedAgainstRate = true;
        Duration wait = edge.rateLimits().take(endpoint.organization());
        if (!wait.isZero()) {
            exchange.answer(Outcome.RATE_LIMITED, Answer.rateLimited(wait));
        }
        return wait.isZero();
    }

    private void admit(Endpoint endpoint) {
        SignedRequest signed = signedRequest();
        Optional<Handshakes.Reply> handshake = endpoint.handshakes().answer(signed);
        boolean unproved = endpoint.skipsVerification();
        if (handshake.isPresent() && (unproved || handshake.get().proof() == Proof.NONE)) {
            handshake(endpoint, handshake.get());
        } else if (unproved) {
            accept(endpoint, "skipped", Outcome.SKIPPED, 201);
        } else {
            judge(
                    endpoint,
                    handshake,
                    endpoint.channels()
                            .verify(signed)
                            .orElseGet(() -> endpoint.verifier().verify(signed)));
        }
    }

    /** A secret it brings is kept before the vendor may believe that it is. */
    private void handshake(Endpoint endpoint, Handshakes.Reply reply) {
        if (reply.learned().isEmpty()) {
            exchange.answer(Outcome.HANDSHAKE, Answer.handshake(reply));
            return;
        }
        exchange.commit();
        edge.learned()
                .report(
                        endpoint,
                        reply.learned().get(),
                        result ->
                                context.runOnContext(
                                        now -> {
                                            if (result == PublishResult.STORED) {
                                                exchange.answer(
                                                        Outcome.HANDSHAKE, Answer.handshake(reply));
                                            } else {
                                                exchange.answer(Outcome.UNSTORED, Answer.UNSTORED);
                                            }
                                        }));
    }

    private void judge(Endpoint endpoint, Optional<Handshakes.Reply> handshake, Verdict verdict) {
        if (verdict instanceof Verdict.Rejected rejected) {
            reject(endpoint, rejected);
        } else if (verdict instanceof Verdict.KeyNeeded needed) {
            fetchKey(endpoint, needed);
        } else if (handshake.isPresent()) {
            exchange.answer(Outcome.HANDSHAKE, Answer.handshake(handshake.get()));
        } else {
            accept(endpoint, verdict.code(), Outcome.ACCEPTED, endpoint.reply().status());
        }
    }

    private void fetchKey(Endpoint endpoint, Verdict.KeyNeeded needed) {
        exchange.commit();
        edge.keys()
                .fetch(
                        needed,
                        there ->
                                context.runOnContext(
                                        now -> {
                                            if (there) {
                                                admit(endpoint);
                                            } else {
                                                exchange.answer(Outcome.UNUSABLE, Answer.NO_KEY);
                                            }
                                        }));
    }

    private SignedRequest signedRequest() {
        return new SignedRequest(
                request.method().name(),
                edge.publicAddress().urls(request),
                name -> request.getHeader(name),
                body,
                edge.publicAddress().sender(request),
                arrived,
                edge.keys()::known);
    }

    /** The only way to a 2xx: Kafka has the event, or the spool's disk. */
    private void accept(Endpoint endpoint, String verification, Outcome outcome, int status) {
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
                        .about("webhookdb.integration", integration);
        Event event = event(endpoint, endpoint.accepted(), verification, kept.get(), step.trace());
        exchange.commit();
        long start = System.nanoTime();
        edge.store()
                .store(
                        event,
                        result -> {
                            edge.metrics().published(start);
                            context.runOnContext(
                                    now -> {
                                        acknowledge(endpoint, outcome, status, result);
                                        if (result == PublishResult.STORED) {
                                            step.end();
                                        } else {
                                            step.failed(result.name());
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
    private void reject(Endpoint endpoint, Verdict.Rejected rejected) {
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
        if (trace != null) {
            trace.headers(headers::put);
        }
        return new Event(
                edge.ids().next(),
                integration,
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
