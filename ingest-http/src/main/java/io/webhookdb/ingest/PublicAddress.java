package io.webhookdb.ingest;

import io.vertx.core.http.HttpServerRequest;
import io.webhookdb.security.outbound.AddressRanges;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** How a request looked before the proxies: what URL it was sent to, and from where. */
final class PublicAddress {
    private static final Pattern ADDRESS = Pattern.compile("[0-9a-fA-F:.]{2,45}");

    private final String base;
    private final AddressRanges proxies;

    PublicAddress(IngestSettings settings) {
        this.base = settings.publicUrl();
        this.proxies = AddressRanges.of(settings.trustedProxies());
    }

    /** What {@link #urls(String, String, String, String)} says of a request. */
    List<String> urls(HttpServerRequest request) {
        return urls(
                base,
                request.getHeader("Host"),
                request.getHeader("X-Forwarded-Host"),
                request.uri());
    }

    /**
     * The URL as its sender knows it. Without a public base URL it is what the Host header says, or
     * what a proxy that writes its own there says it was; TLS may end before this process, so the
     * scheme may be either. Nothing is trusted for it: the URL only counts if it was signed.
     *
     * @param forwarded hosts from the sender's on, with commas between them; null: none
     * @return at least one; the first has the Host header, so that its query is the request's
     */
    static List<String> urls(String base, String host, String forwarded, String uri) {
        if (!base.isEmpty()) {
            return List.of(base + uri);
        }
        String first = forwarded == null ? "" : forwarded.split(",", 2)[0].strip();
        String asked = host == null || host.isEmpty() ? first : host;
        return Stream.of(asked, first.isEmpty() ? asked : first)
                .distinct()
                .flatMap(name -> Stream.of("https", "http").map(scheme -> scheme + "://" + name))
                .map(origin -> origin + uri)
                .toList();
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
