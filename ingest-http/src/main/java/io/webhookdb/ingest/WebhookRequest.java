package io.webhookdb.ingest;

import io.vertx.core.Context;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.webhookdb.schemas.catalog.Handshake.Proof;
import io.webhookdb.security.signature.Handshakes;
import io.webhookdb.security.signature.SignedRequest;
import io.webhookdb.security.signature.Verdict;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * One webhook: find its integration (wait for it if need be) and verify; what becomes of it then is
 * {@link JudgedRequest}'s. Lives on one event loop; what other threads have to say comes through
 * its context.
 */
final class WebhookRequest {
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
            judged().accept(endpoint, "skipped", Outcome.SKIPPED, 201);
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
            judged().reject(endpoint, rejected);
        } else if (verdict instanceof Verdict.KeyNeeded needed) {
            fetchKey(endpoint, needed);
        } else if (handshake.isPresent()) {
            exchange.answer(Outcome.HANDSHAKE, Answer.handshake(handshake.get()));
        } else {
            judged().accept(endpoint, verdict.code(), Outcome.ACCEPTED, endpoint.reply().status());
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

    private JudgedRequest judged() {
        return new JudgedRequest(edge, context, exchange, arrived, body);
    }

    private long arrivedMicros() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, arrived);
    }
}
