package io.webhookdb.security.outbound;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Which addresses may be called on a customer's behalf.
 *
 * <p>Public addresses are allowed with an encrypted scheme. Everything else (loopback, private,
 * link-local, shared, multicast, reserved, metadata services, and IPv6 forms that carry an IPv4
 * address) is refused, unless the operator listed its range; a listed range may also be reached by
 * plain http.
 *
 * <p>The verdict is about an address, never about a name: resolve once ({@link #resolve(URI)}),
 * dial the address that was judged, and judge again after each redirect. A name that is resolved a
 * second time by a driver may answer differently.
 */
public final class OutboundPolicy {
    private final List<Cidr> allowed;

    private OutboundPolicy(List<Cidr> allowed) {
        this.allowed = allowed;
    }

    /**
     * @param cidrs ranges separated by commas or blanks, the value of {@code
     *     WEBHOOKDB_OUTBOUND_ALLOW}; empty for none
     * @throws IllegalArgumentException naming the range that is none
     */
    public static OutboundPolicy parse(String cidrs) {
        return new OutboundPolicy(
                Stream.of(cidrs.trim().split("[,\\s]+"))
                        .filter(cidr -> !cidr.isEmpty())
                        .map(Cidr::parse)
                        .toList());
    }

    /**
     * Judges one resolved address.
     *
     * @param scheme how it is to be called, such as {@code https}, {@code http} or {@code postgres}
     */
    public Verdict check(String scheme, InetAddress address) {
        InetAddress plain = withoutMapping(address);
        if (allowed.stream().anyMatch(range -> range.contains(plain))) {
            return Verdict.ALLOWED;
        }
        String shown = plain.getHostAddress();
        return SpecialRange.meaning(plain)
                .map(meaning -> new Verdict(shown + " is " + meaning + ", which may not be called"))
                .orElseGet(
                        () ->
                                scheme.toLowerCase(Locale.ROOT).equals("http")
                                        ? new Verdict(
                                                shown
                                                        + " may not be called by plain http; use"
                                                        + " https")
                                        : Verdict.ALLOWED);
    }

    /**
     * Resolves the host of a URI once and judges every address it has.
     *
     * @return the addresses, of which one is to be dialled as it is
     * @throws UnknownHostException if there is no such host
     * @throws OutboundRefusedException if one of its addresses is refused: a name with a public and
     *     a private address is a trick
     */
    public List<InetAddress> resolve(URI uri)
            throws UnknownHostException, OutboundRefusedException {
        if (uri.getHost() == null || uri.getScheme() == null) {
            throw new OutboundRefusedException("The URL has no host");
        }
        return resolve(uri.getScheme(), uri.getHost());
    }

    /** As {@link #resolve(URI)}, for what is no URI. */
    public List<InetAddress> resolve(String scheme, String host)
            throws UnknownHostException, OutboundRefusedException {
        String name =
                host.startsWith("[") && host.endsWith("]")
                        ? host.substring(1, host.length() - 1)
                        : host;
        if (name.isEmpty()) {
            // The resolver takes an empty name for this machine.
            throw new OutboundRefusedException("The URL has no host");
        }
        List<InetAddress> addresses = List.of(InetAddress.getAllByName(name));
        for (InetAddress address : addresses) {
            Verdict verdict = check(scheme, address);
            if (!verdict.isAllowed()) {
                throw new OutboundRefusedException(host + " is refused: " + verdict.reason());
            }
        }
        return addresses;
    }

    /** {@code ::ffff:a.b.c.d} is the IPv4 address a.b.c.d for every socket. */
    private static InetAddress withoutMapping(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (bytes.length != 16) {
            return address;
        }
        for (int i = 0; i < 10; i++) {
            if (bytes[i] != 0) {
                return address;
            }
        }
        if (bytes[10] != (byte) 0xff || bytes[11] != (byte) 0xff) {
            return address;
        }
        try {
            return InetAddress.getByAddress(
                    new byte[] {bytes[12], bytes[13], bytes[14], bytes[15]});
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are an address", e);
        }
    }

    /**
     * What was decided.
     *
     * @param reason why it is refused, to be shown; empty if allowed
     */
    public record Verdict(String reason) {
        static final Verdict ALLOWED = new Verdict("");

        /** Whether the address may be called. */
        public boolean isAllowed() {
            return reason.isEmpty();
        }
    }
}
