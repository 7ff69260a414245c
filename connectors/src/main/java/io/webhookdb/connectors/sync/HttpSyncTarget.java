package io.webhookdb.connectors.sync;

import io.webhookdb.connectors.outbound.NoAnswer;
import io.webhookdb.schemas.trace.TraceContext;
import io.webhookdb.security.outbound.OutboundRefusedException;
import io.webhookdb.security.outbound.Redirect;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;

/**
 * Posts pages to a receiver, and where that sends it, as far as the policy allows; credentials stay
 * with the server they are for. A page counts as taken on a status below 400.
 */
final class HttpSyncTarget implements SyncTarget {
    private final HttpUrl url;
    private final HttpPosts posts;

    HttpSyncTarget(HttpUrl url, HttpPosts posts) {
        this.url = url;
        this.posts = posts;
    }

    @Override
    public void deliver(SyncPage page) throws SyncException {
        int status = send(HttpSyncBody.of(page), page.trace());
        if (status >= 400) {
            throw new SyncException(
                    SyncFailure.ofHttpStatus(status), url + " answered " + status + ".");
        }
    }

    private int send(PageBody body, TraceContext trace) throws SyncException {
        try {
            HttpUrl at = url;
            for (int redirects = 0; redirects <= Redirect.MOST; redirects++) {
                HttpPosts.Answer answer = posts.send(at, body, trace);
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
                    url + " did not take the page. " + NoAnswer.why(e),
                    null,
                    e);
        }
    }

    @Override
    public void rest() {
        // Connections are the operator's, kept for a while.
    }
}
