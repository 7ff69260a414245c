package io.webhookdb.connectors.sync;

import io.webhookdb.security.outbound.OutboundPolicy;
import io.webhookdb.security.outbound.OutboundRefusedException;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;

/** Posts pages to a receiver. A page counts as taken on a status below 400. */
final class HttpSyncTarget implements SyncTarget {
    private final HttpUrl url;
    private final OutboundPolicy policy;
    private final HttpPost post;

    HttpSyncTarget(
            HttpUrl url, OutboundPolicy policy, Duration timeout, ScheduledExecutorService clock) {
        this.url = url;
        this.policy = policy;
        this.post = new HttpPost(url, timeout, clock);
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
            InetAddress address = policy.resolve(url.uri()).get(0);
            return post.send(address, body);
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
