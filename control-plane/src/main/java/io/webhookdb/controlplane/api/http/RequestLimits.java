package io.webhookdb.controlplane.api.http;

import io.webhookdb.controlplane.environment.Environment;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * How many requests of one address this process takes: logins, and whatever else changes state.
 * Several processes behind one balancer each allow this much. Reading is not limited here.
 * Remembers a bounded number of addresses, the latest.
 */
public final class RequestLimits {
    static final String LOGINS = "WEBHOOKDB_API_LOGIN_REQUESTS_PER_MINUTE";
    static final String WRITES = "WEBHOOKDB_API_WRITE_REQUESTS_PER_MINUTE";
    static final String PROXIES = "WEBHOOKDB_API_TRUSTED_PROXIES";

    private static final int USUAL_LOGINS = 120;
    private static final int USUAL_WRITES = 6000;
    private static final int REMEMBERED = 10_000;
    private static final int MOST = 1_000_000;
    private static final String LOGIN_PATHS = "/v1/auth";
    private static final String FORWARDED_FOR = "X-Forwarded-For";

    private final Accounts logins;
    private final Accounts writes;
    private final ProxiesInFront proxies;
    private final long started = System.nanoTime();

    private RequestLimits(int loginsPerMinute, int writesPerMinute, ProxiesInFront proxies) {
        this.logins = new Accounts(loginsPerMinute);
        this.writes = new Accounts(writesPerMinute);
        this.proxies = proxies;
    }

    /** Limits in requests a minute, which may also come at once; 0 is no limit. */
    public static RequestLimits of(int loginsPerMinute, int writesPerMinute) {
        return new RequestLimits(loginsPerMinute, writesPerMinute, ProxiesInFront.NONE);
    }

    /**
     * What the environment says. Where any login code is accepted, logins are not limited more than
     * other requests unless it says so: there is nothing to guess.
     */
    public static RequestLimits of(Environment environment) {
        int usual = environment.enabled("WEBHOOKDB_SKIP_AUTHENTICATION") ? 0 : USUAL_LOGINS;
        return new RequestLimits(
                environment.number(LOGINS, usual, 0, MOST),
                environment.number(WRITES, USUAL_WRITES, 0, MOST),
                proxies(environment));
    }

    private static ProxiesInFront proxies(Environment environment) {
        try {
            return ProxiesInFront.of(environment.optional(PROXIES).orElse(""));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(PROXIES + ": " + e.getMessage(), e);
        }
    }

    /**
     * Counts a request.
     *
     * @param peer address it came from
     * @param forwarded all values of X-Forwarded-For with commas between, or null; believed as far
     *     as there are proxies of our own
     * @return seconds to wait if it is refused
     */
    OptionalLong refused(String method, String path, String peer, String forwarded) {
        if (!method.equals("POST")) {
            return OptionalLong.empty();
        }
        String address = proxies.sender(peer, forwarded);
        boolean login = path.equals(LOGIN_PATHS) || path.startsWith(LOGIN_PATHS + "/");
        long now = System.nanoTime() - started;
        OptionalLong wait = login ? logins.take(address, now) : OptionalLong.empty();
        return wait.isPresent() ? wait : writes.take(address, now);
    }

    static String forwardedHeader() {
        return FORWARDED_FOR;
    }

    /**
     * For each address the time at which it would have no requests to its account (the generic cell
     * rate algorithm): every request moves it on by its share of a minute, and no further than a
     * minute ahead.
     */
    private static final class Accounts {
        private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

        private final int perMinute;
        private final Map<String, Long> latest = new LinkedHashMap<>(16, 0.75f, true);

        Accounts(int perMinute) {
            this.perMinute = perMinute;
        }

        synchronized OptionalLong take(String address, long now) {
            if (perMinute == 0) {
                return OptionalLong.empty();
            }
            Long known = latest.get(address);
            long settled = (known == null ? now : Math.max(known, now)) + MINUTE / perMinute;
            long excess = settled - now - MINUTE;
            if (excess > 0) {
                return OptionalLong.of(TimeUnit.NANOSECONDS.toSeconds(excess) + 1);
            }
            latest.put(address, settled);
            if (latest.size() > REMEMBERED) {
                latest.remove(latest.keySet().iterator().next());
            }
            return OptionalLong.empty();
        }
    }
}
