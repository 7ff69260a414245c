package io.webhookdb.security.outbound;

import java.net.InetAddress;
import java.util.List;

/** A set of addresses. */
public final class AddressRanges {
    private final List<Cidr> ranges;

    private AddressRanges(List<Cidr> ranges) {
        this.ranges = ranges;
    }

    /**
     * Parses addresses and ranges like {@code 10.0.0.0/8}.
     *
     * @throws IllegalArgumentException if one is none
     */
    public static AddressRanges of(List<String> texts) {
        return new AddressRanges(texts.stream().map(Cidr::parse).toList());
    }

    /** Whether the address is in one of them. */
    public boolean contain(InetAddress address) {
        return ranges.stream().anyMatch(range -> range.contains(address));
    }
}
