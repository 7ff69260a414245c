package io.webhookdb.controlplane.api.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.webhookdb.controlplane.environment.Environment;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RequestLimitsTest {
    private static final String PEER = "192.0.2.1";

    @Test
    void refusesTooManyLoginsAndSaysWhenToComeBack() {
        RequestLimits limits = RequestLimits.of(3, 1000);
        assertThat(taken(limits, 3, "/v1/auth")).isEqualTo(3);

        OptionalLong wait = limits.refused("POST", "/v1/auth/logout", PEER, null);

        assertThat(wait.orElse(0)).isBetween(1L, 20L);
        assertThat(limits.refused("POST", "/v1/organizations/create", PEER, null)).isEmpty();
        assertThat(limits.refused("POST", "/v1/auth", "192.0.2.2", null)).isEmpty();
    }

    @Test
    void limitsWhatChangesStateAndNotWhatReads() {
        RequestLimits limits = RequestLimits.of(0, 5);
        assertThat(taken(limits, 9, "/v1/organizations/1/close")).isEqualTo(5);
        assertThat(limits.refused("GET", "/v1/me", PEER, null)).isEmpty();
    }

    /** Anyone can write the header; only what our own proxies added counts. */
    @Test
    void believesTheHeaderOnlyAsFarAsThereAreProxies() {
        RequestLimits direct = RequestLimits.of(1, 0);
        assertThat(direct.refused("POST", "/v1/auth", PEER, "1.1.1.1")).isEmpty();
        assertThat(direct.refused("POST", "/v1/auth", PEER, "2.2.2.2")).isPresent();

        RequestLimits behind = behind("1");
        assertThat(behind.refused("POST", "/v1/auth", PEER, "9.9.9.9, 1.1.1.1")).isEmpty();
        assertThat(behind.refused("POST", "/v1/auth", PEER, "8.8.8.8, 1.1.1.1")).isPresent();
        assertThat(behind.refused("POST", "/v1/auth", PEER, "8.8.8.8, 3.3.3.3")).isEmpty();
    }

    /** As the chart's values say it: the Ingress's pods, however many a request passes. */
    @Test
    void believesProxiesInARange() {
        RequestLimits behind = behind("10.0.0.0/8, fd00::/8");

        assertThat(behind.refused("POST", "/v1/auth", "10.1.1.1", "9.9.9.9, 1.1.1.1")).isEmpty();
        assertThat(
                        behind.refused(
                                "POST", "/v1/auth", "10.2.2.2", "8.8.8.8,1.1.1.1,fd00::1,10.3.3.3"))
                .isPresent();
        assertThat(behind.refused("POST", "/v1/auth", "10.1.1.1", "1.1.1.1, 3.3.3.3")).isEmpty();
        assertThat(behind.refused("POST", "/v1/auth", PEER, "4.4.4.4")).isEmpty();
        assertThat(behind.refused("POST", "/v1/auth", PEER, "5.5.5.5")).isPresent();
    }

    @Test
    void refusesWhatAreNoProxies() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> behind("ingress.local"))
                .withMessageContaining(RequestLimits.PROXIES)
                .withMessageContaining("ingress.local");
    }

    private static RequestLimits behind(String proxies) {
        return RequestLimits.of(
                new Environment(Map.of(RequestLimits.LOGINS, "1", RequestLimits.PROXIES, proxies)));
    }

    @Test
    void countsAWholeNetworkOfIpv6AsOne() {
        RequestLimits limits = RequestLimits.of(1, 0);
        assertThat(limits.refused("POST", "/v1/auth", "2001:db8:0:1:0:0:0:1", null)).isEmpty();
        assertThat(limits.refused("POST", "/v1/auth", "2001:db8:0:1:0:0:0:2", null)).isPresent();
        assertThat(limits.refused("POST", "/v1/auth", "2001:db8:0:1::3", null)).isPresent();
        assertThat(limits.refused("POST", "/v1/auth", "2001:db8:0:2:0:0:0:1", null)).isEmpty();
    }

    @Test
    void remembersABoundedNumberOfAddresses() {
        RequestLimits limits = RequestLimits.of(1, 0);
        IntStream.range(0, 10_001)
                .forEach(i -> limits.refused("POST", "/v1/auth", "10.0." + i, null));

        assertThat(limits.refused("POST", "/v1/auth", "10.0.10000", null)).isPresent();
        assertThat(limits.refused("POST", "/v1/auth", "10.0.0", null)).isEmpty();
    }

    private static long taken(RequestLimits limits, int requests, String path) {
        return IntStream.range(0, requests)
                .filter(i -> limits.refused("POST", path, PEER, null).isEmpty())
                .count();
    }
}
