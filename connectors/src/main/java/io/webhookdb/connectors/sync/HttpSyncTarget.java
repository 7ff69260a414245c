package io.webhookdb.connectors.sync;

import io.webhookdb.security.outbound.OutboundPolicy;
import io.webhookdb.security.outbound.OutboundRefusedException;
import io.webhookdb.security.outbound.Redirect;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;

/**
 * Posts pages to a receiver, and where that sends it, as far as the policy allows; credentials stay
 * with the server they are for. A page counts as taken on a status below 400.
 */
final class HttpSyncTarget implements SyncTarget {
    private final HttpUrl url;
    private final OutboundPolicy policy;
    private final Duration timeout;
    private final ScheduledExecutorService clock;

    HttpSyncTarget(
            HttpUrl url, OutboundPolicy policy, Duration timeout, ScheduledExecutorService clock) {
        this.url = url;
        this.policy = policy;
        this.timeout = timeout;
        this.clock = clock;
    }

    @Override
    public void deliver(SyncPage page) throws SyncException {
        int status = send(HttpSyncBody.of(page));
        if (status >= 400) {
            throw new SyncException(
                    SyncFailure.ofHttpStatus(status), url + " answered " + status + ".");
        }
    }

    private int send(byte[] body) throws SyncException {
        try {
            HttpUrl at = url;
            for (int redirects = 0; redirects <= Redirect.MOST; redirects++) {
                InetAddress address = policy.resolve(at.uri()).get(0);
                HttpPost.Answer answer = new HttpPost(at, timeout, clock).send(address, body);
                Optional<URI> next = Redirect.of(at.uri(), answer.status(), answer.location());
                if (next.isEmpty()) {
                    return answer.status();
                }
                at = at.movedTo(next.get());
            }
            throw new SyncException(
                    SyncFailure.CONFIGURATION,
                    url + " redirects more than " + Redirect.MOST + " times.");
        } catch (OutboundRefusedException e) {
            throw new SyncException(SyncFailure.CONFIGURATION, e.getMessage(), null, e);
        } catch (IOException e) {
            throw new SyncException(
                    SyncFailure.TRANSIENT,
                    url + " did not answer: " + e.getClass().getSimpleName() + ".",
                    null,
                    e);
        }
    }

    @Override
    public void rest() {
        // Every page has a connection of its own.
    }
}
