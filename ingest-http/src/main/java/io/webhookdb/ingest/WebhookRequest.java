package io.webhookdb.ingest;

import io.vertx.core.Context;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
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
import java.io.IOException;
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
 * One webhook: find its integration (wait for it if need be), verify, publish, and only then
 * acknowledge. Lives on one event loop; what other threads have to say comes through its context.
 */
final class WebhookRequest {
    /** Marks the resending of a request that was refused before and is stored already. */
    private static final String RESENT = "whdb-logged-webhook-retry";

    /** Kept as the one address that is believed. */
    private static final String FORWARDED_FOR = "x-forwarded-for";

    private final Edge edge;
    private final Context context;
    private final Exchange exchange;
    private final HttpServerRequest request;
    private final String integration;
    private final Instant arrived = Instant.now().truncatedTo(ChronoUnit.MICROS);

    /** As it was sent, which is what some vendors sign. */
    private byte[] sent;

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
                        sent = bytes;
                        body = bytes;
                        if (!ContentCoding.isGzip(
                                        request.getHeader(HttpHeaders.CONTENT_ENCODING), bytes)
                                || unpack()) {
                            proceed();
                        }
                    });
        }
    }

    /** Whether the body could be unpacked; if not, the request is answered. */
    private boolean unpack() {
        int limit = edge.settings().bodyLimitBytes();
        try {
            Optional<byte[]> plain = ContentCoding.unpacked(sent, limit);
            if (plain.isEmpty()) {
                exchange.answer(Outcome.TOO_LARGE, Answer.tooLarge(limit));
            } else if (!exchange.reserve(plain.get().length)) {
                exchange.answer(Outcome.OVERLOADED, Answer.OVERLOADED);
            } else {
                body = plain.get();
                return true;
            }
        } catch (IOException e) {
            exchange.answer(Outcome.UNREADABLE, Answer.UNREADABLE);
        }
        return false;
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
        if (request.method() == HttpMethod.HEAD) {
            exchange.answer(Outcome.HANDSHAKE, Answer.HEALTHY);
            return;
        }
        SignedRequest signed = signedRequest(body);
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
                    endpoint.channels().verify(signed).orElseGet(() -> verdict(endpoint, signed)));
        }
    }

    /** Nobody says whether a packed body is signed before or after: either will do. */
    private Verdict verdict(Endpoint endpoint, SignedRequest signed) {
        Verdict verdict = endpoint.verifier().verify(signed);
        return sent != body && verdict instanceof Verdict.Rejected
                ? orElse(endpoint.verifier().verify(signedRequest(sent)), verdict)
                : verdict;
    }

    private static Verdict orElse(Verdict second, Verdict first) {
        return second instanceof Verdict.Rejected ? first : second;
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

    private SignedRequest signedRequest(byte[] signedBody) {
        return new SignedRequest(
                request.method().name(),
                edge.publicAddress().urls(request),
                name -> request.getHeader(name),
                signedBody,
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
