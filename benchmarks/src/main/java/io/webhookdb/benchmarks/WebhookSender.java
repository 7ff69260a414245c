package io.webhookdb.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongFunction;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Posts signed webhooks as a vendor does, and remembers when it began each. */
final class WebhookSender implements AutoCloseable {
    static final String SECRET = "whsec_benchmark0123456789abcdef";

    /** Requests at a time; a vendor's servers do not wait for each other either. */
    private static final int CONNECTIONS = 512;

    private final Vertx vertx = Vertx.vertx();
    private final HttpClient client;
    private final int port;
    private final Mac mac;
    private final Map<String, Long> sentAt = new ConcurrentHashMap<>();
    private final AtomicLong refused = new AtomicLong();
    private long next;
    private LongFunction<String> integrations;

    WebhookSender(int port, String integration) throws Exception {
        client =
                vertx.httpClientBuilder()
                        .with(
                                new PoolOptions()
                                        .setHttp1MaxSize(CONNECTIONS)
                                        .setMaxWaitQueueSize(-1))
                        .build();
        this.port = port;
        integrations = number -> integration;
        mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(SECRET.getBytes(UTF_8), "HmacSHA256"));
    }

    /** From now on webhooks go to these integrations, by the number of their charge. */
    void to(LongFunction<String> others) {
        integrations = others;
    }

    /**
     * Posts webhooks about new charges and waits until all are acknowledged.
     *
     * @param perSecond how fast; infinite for as fast as answers come
     * @return webhooks acknowledged a second
     */
    double send(int count, double perSecond) throws InterruptedException {
        Semaphore inFlight = new Semaphore(CONNECTIONS);
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            long due = start + (long) (i * 1e9 / perSecond);
            while (System.nanoTime() < due) {
                LockSupport.parkNanos(Math.min(due - System.nanoTime(), 1_000_000));
            }
            inFlight.acquire();
            post(inFlight);
        }
        if (!inFlight.tryAcquire(CONNECTIONS, 60, TimeUnit.SECONDS)) {
            throw new IllegalStateException("Webhooks were not answered within 60 s.");
        }
        if (refused.get() > 0) {
            throw new IllegalStateException(refused + " webhooks were not acknowledged.");
        }
        return count * 1e9 / (System.nanoTime() - start);
    }

    private void post(Semaphore inFlight) {
        long number = next++;
        byte[] body = Charges.body(number, 0);
        Instant now = Instant.now();
        sentAt.put(Charges.key(number), ChronoUnit.MICROS.between(Instant.EPOCH, now));
        String signature = "t=" + now.getEpochSecond() + ",v1=" + signed(now, body);
        client.request(
                        new RequestOptions()
                                .setMethod(HttpMethod.POST)
                                .setHost("127.0.0.1")
                                .setPort(port)
                                .setURI("/v1/service_integrations/" + integrations.apply(number)))
                .compose(
                        request ->
                                request.putHeader("Content-Type", "application/json")
                                        .putHeader("Stripe-Signature", signature)
                                        .send(Buffer.buffer(body)))
                .compose(WebhookSender::acknowledged)
                .onComplete(done -> inFlight.release())
                .onFailure(error -> refused.incrementAndGet());
    }

    private static Future<Void> acknowledged(HttpClientResponse response) {
        return response.statusCode() < 300
                ? response.end()
                : Future.failedFuture("status " + response.statusCode());
    }

    private String signed(Instant now, byte[] body) {
        mac.update((now.getEpochSecond() + ".").getBytes(UTF_8));
        return HexFormat.of().formatHex(mac.doFinal(body));
    }

    /** When each charge's webhook was begun, microseconds since the epoch, by remote key. */
    Map<String, Long> sentAt() {
        return sentAt;
    }

    @Override
    public void close() {
        client.close();
        vertx.close();
    }
}
