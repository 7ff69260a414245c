package io.webhookdb.ingest;

import io.webhookdb.security.outbound.OutboundPolicy;
import io.webhookdb.security.signature.Verdict;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Certificates and keys fetched from vendors, kept for an hour. Only URLs whose host a definition
 * allows get here, and since users write definitions, only addresses the policy allows are called.
 * One thread fetches, off the event loops; a request that needs a certificate waits.
 */
final class VendorKeys implements AutoCloseable {
    /** Longest time for an answer, and for its body. */
    static final Duration TIMEOUT = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(VendorKeys.class);
    private static final Duration KEPT = Duration.ofHours(1);
    private static final Duration FAILURE_KEPT = Duration.ofSeconds(30);
    private static final int LARGEST_BYTES = 64 << 10;
    private static final int MOST_URLS = 200;

    private final OutboundPolicy policy;
    private final Duration timeout;
    private final Map<URI, Entry> entries = new ConcurrentHashMap<>();
    private final Map<URI, List<Consumer<Boolean>>> waiting = new ConcurrentHashMap<>();
    private final ThreadPoolExecutor thread =
            new ThreadPoolExecutor(
                    0,
                    1,
                    10,
                    TimeUnit.SECONDS,
                    new LinkedBlockingQueue<>(MOST_URLS),
                    task -> {
                        Thread fetcher = new Thread(task, "vendor-keys");
                        fetcher.setDaemon(true);
                        return fetcher;
                    });

    /** Calls what the policy allows; an answer and its body may take so long each. */
    VendorKeys(OutboundPolicy policy, Duration timeout) {
        this.policy = policy;
        this.timeout = timeout;
    }

    private record Entry(Optional<byte[]> body, long untilNanos) {
        boolean holds() {
            return untilNanos - System.nanoTime() > 0;
        }
    }

    /** What is at a URL, as far as it was fetched. */
    Optional<byte[]> known(URI url) {
        Entry entry = entries.get(url);
        return entry == null || !entry.holds() ? Optional.empty() : entry.body();
    }

    /**
     * Fetches what is at a URL, unless that failed a moment ago.
     *
     * @param then told whether it is known now; on another thread
     */
    void fetch(Verdict.KeyNeeded needed, Consumer<Boolean> then) {
        URI url = needed.url();
        Entry entry = entries.get(url);
        if (entry != null && entry.holds()) {
            then.accept(entry.body().isPresent());
            return;
        }
        List<Consumer<Boolean>> first = new ArrayList<>();
        List<Consumer<Boolean>> others =
                waiting.compute(
                        url,
                        (key, list) -> {
                            List<Consumer<Boolean>> all = list == null ? first : list;
                            all.add(then);
                            return all;
                        });
        if (others == first) {
            try {
                thread.execute(() -> finish(url, get(needed)));
            } catch (RejectedExecutionException e) {
                finish(url, Optional.empty());
            }
        }
    }

    private void finish(URI url, Optional<byte[]> body) {
        if (entries.size() >= MOST_URLS) {
            entries.clear();
        }
        Duration kept = body.isPresent() ? KEPT : FAILURE_KEPT;
        entries.put(url, new Entry(body, System.nanoTime() + kept.toNanos()));
        List<Consumer<Boolean>> told = waiting.remove(url);
        if (told != null) {
            told.forEach(one -> one.accept(body.isPresent()));
        }
    }

    private Optional<byte[]> get(Verdict.KeyNeeded needed) {
        HttpClient client =
                HttpClient.newBuilder()
                        .connectTimeout(timeout)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .build();
        try {
            // A name that changes between this and the call gains nothing: it also needs the
            // certificate of the host, which is asked for over https.
            policy.resolve(needed.url());
            HttpResponse<InputStream> answer =
                    client.send(request(needed), BodyHandlers.ofInputStream());
            try (InputStream body = answer.body()) {
                CompletableFuture.delayedExecutor(timeout.toMillis(), TimeUnit.MILLISECONDS)
                        .execute(() -> end(body));
                byte[] bytes = body.readNBytes(LARGEST_BYTES + 1);
                return answer.statusCode() == 200 && bytes.length <= LARGEST_BYTES
                        ? Optional.of(bytes)
                        : Optional.empty();
            }
        } catch (IOException e) {
            // Not known now; the vendor sends again, and then it is asked for again.
            LOG.warn("No key from {}: {}", needed.url().getHost(), e.getMessage());
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /** A body that comes byte by byte would hold up every other vendor's keys. */
    private static void end(InputStream body) {
        try {
            body.close();
        } catch (IOException e) {
            LOG.debug("It had ended", e);
        }
    }

    private HttpRequest request(Verdict.KeyNeeded needed) {
        String url = needed.url().toString().split("#", 2)[0];
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url)).timeout(timeout);
        return needed.question() == null
                ? request.build()
                : request.header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(needed.question()))
                        .build();
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
