package io.webhookdb.connectors.outbound;

import io.webhookdb.security.outbound.OutboundPolicy;
import io.webhookdb.security.outbound.OutboundRefusedException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.DnsResolver;

/**
 * Gives the HTTP client the addresses it dials: only such as the policy allows, and the very ones
 * that were judged. One per scheme, since plain http has stricter rules. Thread-safe.
 *
 * <p>{@link #judge} asks the name server and may wait for it; it is called on threads kept for that
 * before the client asks, so that the client's own threads find the answer here.
 */
public final class JudgedAddresses implements DnsResolver {
    private static final long KEPT_NANOS = TimeUnit.SECONDS.toNanos(20);

    /** Renewed well before, so that the client's threads need to ask nobody. */
    private static final long RENEWED_NANOS = KEPT_NANOS / 2;

    private static final int MOST_KEPT = 10_000;

    private final OutboundPolicy policy;
    private final String scheme;
    private final Map<String, Judged> judged = new ConcurrentHashMap<>();

    private record Judged(List<InetAddress> addresses, long at) {
        boolean isYoungerThan(long nanos) {
            return System.nanoTime() - at < nanos;
        }
    }

    /** For one scheme, {@code http} or {@code https}. */
    public JudgedAddresses(OutboundPolicy policy, String scheme) {
        this.policy = policy;
        this.scheme = scheme;
    }

    /**
     * Resolves a host, unless it was lately.
     *
     * @throws OutboundRefusedException if it may not be called
     */
    public List<InetAddress> judge(String host)
            throws UnknownHostException, OutboundRefusedException {
        Judged known = judged.get(host);
        if (known != null && known.isYoungerThan(RENEWED_NANOS)) {
            return known.addresses();
        }
        List<InetAddress> addresses = policy.resolve(scheme, host);
        if (judged.size() >= MOST_KEPT) {
            judged.clear();
        }
        judged.put(host, new Judged(addresses, System.nanoTime()));
        return addresses;
    }

    /** Whether {@link #judge} needs to ask nobody. */
    public boolean isJudged(String host) {
        Judged known = judged.get(host);
        return known != null && known.isYoungerThan(RENEWED_NANOS);
    }

    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
        try {
            Judged known = judged.get(host);
            List<InetAddress> addresses =
                    known != null && known.isYoungerThan(KEPT_NANOS)
                            ? known.addresses()
                            : judge(host);
            return addresses.toArray(new InetAddress[0]);
        } catch (OutboundRefusedException e) {
            UnknownHostException refused = new UnknownHostException(e.getMessage());
            refused.initCause(e);
            throw refused;
        }
    }

    @Override
    public String resolveCanonicalHostname(String host) {
        return host;
    }
}
