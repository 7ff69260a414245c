package io.webhookdb.controlplane.api.http;

import io.webhookdb.security.outbound.AddressRanges;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Where a request comes from, behind proxies of our own: each adds the address it was called from
 * at the end of {@code X-Forwarded-For}; what is before that, anyone may have written.
 */
final class ProxiesInFront {
    static final ProxiesInFront NONE = new ProxiesInFront(0, AddressRanges.of(List.of()));

    private static final Pattern COUNT = Pattern.compile("[0-9]{1,2}");
    private static final Pattern LITERAL =
            Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");
    private static final int V6_BYTES = 16;
    private static final int V6_NETWORK_BYTES = 8;
    private static final int MOST = 10;

    private final int count;
    private final AddressRanges ranges;

    private ProxiesInFront(int count, AddressRanges ranges) {
        this.count = count;
        this.ranges = ranges;
    }

    /**
     * @param text how many there are, or their addresses and ranges, separated by commas; blank for
     *     none
     * @throws IllegalArgumentException if it is neither
     */
    static ProxiesInFront of(String text) {
        String stripped = text.strip();
        if (COUNT.matcher(stripped).matches() && Integer.parseInt(stripped) <= MOST) {
            return new ProxiesInFront(Integer.parseInt(stripped), NONE.ranges);
        }
        try {
            return new ProxiesInFront(
                    0, AddressRanges.of(parts(stripped.replaceAll("\\s+", ",")).toList()));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "expected how many proxies there are, 0 to "
                            + MOST
                            + ", or their addresses and ranges: "
                            + e.getMessage(),
                    e);
        }
    }

    /**
     * The address a request counts for: a whole /64 of IPv6, as one sender has all of it.
     *
     * @param peer the other end of the connection
     * @param forwarded all values of X-Forwarded-For with commas between, or null
     */
    String sender(String peer, String forwarded) {
        List<String> hops = forwarded == null ? List.of() : parts(forwarded).toList();
        String sender = peer;
        if (count > 0 && !hops.isEmpty()) {
            sender = hops.get(Math.max(0, hops.size() - count));
        }
        for (int i = hops.size() - 1; i >= 0 && isProxy(sender); i--) {
            sender = hops.get(i);
        }
        return network(sender);
    }

    private boolean isProxy(String address) {
        return literal(address).filter(ranges::contain).isPresent();
    }

    private static String network(String address) {
        return literal(address)
                .map(InetAddress::getAddress)
                .filter(bytes -> bytes.length == V6_BYTES)
                .map(bytes -> HexFormat.of().formatHex(Arrays.copyOf(bytes, V6_NETWORK_BYTES)))
                .orElse(address);
    }

    /** Never asks a name server. */
    private static Optional<InetAddress> literal(String address) {
        if (!LITERAL.matcher(address).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.getByName(address));
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    private static Stream<String> parts(String list) {
        return Arrays.stream(list.split(",")).map(String::strip).filter(part -> !part.isEmpty());
    }
}
