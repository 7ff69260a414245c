package io.webhookdb.ingest;

import io.vertx.core.http.HttpServerRequest;
import io.webhookdb.security.outbound.AddressRanges;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.regex.Pattern;

/** How a request looked before the proxies: what URL it was sent to, and from where. */
final class PublicAddress {
    private static final Pattern ADDRESS = Pattern.compile("[0-9a-fA-F:.]{2,45}");

    private final String base;
    private final AddressRanges proxies;

    PublicAddress(IngestSettings settings) {
        this.base = settings.publicUrl();
        this.proxies = AddressRanges.of(settings.trustedProxies());
    }

    /**
     * The URL as its sender knows it. Without a public base URL it is what the Host header says;
     * TLS may end before this process, so the scheme may be either. Nothing is trusted for it: the
     * URL only counts if it was signed.
     */
    List<String> urls(HttpServerRequest request) {
        if (!base.isEmpty()) {
            return List.of(base + request.uri());
        }
        String host = request.getHeader("Host");
        String rest = "://" + (host == null ? "" : host) + request.uri();
        return List.of("https" + rest, "http" + rest);
    }

    /**
     * The address it comes from: behind trusted proxies the last one of X-Forwarded-For that is
     * none of theirs. Null if it cannot be said.
     */
    InetAddress sender(HttpServerRequest request) {
        InetAddress address =
                request.remoteAddress() == null
                        ? null
                        : literal(request.remoteAddress().hostAddress());
        List<String> headers = request.headers().getAll("X-Forwarded-For");
        String[] hops = String.join(",", headers).split(",");
        for (int i = hops.length - 1; i >= 0 && address != null && proxies.contain(address); i--) {
            if (!hops[i].isBlank()) {
                address = literal(hops[i].strip());
            }
        }
        return address;
    }

    /** Never asks a name server. */
    private static InetAddress literal(String text) {
        if (text == null || !ADDRESS.matcher(text).matches()) {
            return null;
        }
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            return null;
        }
    }
}
