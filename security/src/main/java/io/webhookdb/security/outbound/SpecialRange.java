package io.webhookdb.security.outbound;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * The address ranges that are nobody's public server.
 *
 * <p>Source: the IANA special-purpose address registries for IPv4 and IPv6 (RFC 6890 and its
 * updates). Ranges that carry an IPv4 address inside an IPv6 one (6to4, Teredo, NAT64) are refused
 * as a whole, since the inner address could be any of the others. What a cloud calls its metadata
 * service comes first, so that the reason says it.
 */
record SpecialRange(Cidr range, String meaning) {
    private static final Cidr GLOBAL_V6 = Cidr.parse("2000::/3");

    private static final List<SpecialRange> ALL =
            List.of(
                    of("169.254.169.254", "a cloud metadata service"),
                    of("169.254.170.2", "a cloud metadata service"),
                    of("100.100.100.200", "a cloud metadata service"),
                    of("168.63.129.16", "a cloud metadata service"),
                    of("192.0.0.192", "a cloud metadata service"),
                    of("fd00:ec2::254", "a cloud metadata service"),
                    of("0.0.0.0/8", "this host"),
                    of("127.0.0.0/8", "a loopback address"),
                    of("10.0.0.0/8", "a private address"),
                    of("172.16.0.0/12", "a private address"),
                    of("192.168.0.0/16", "a private address"),
                    of("100.64.0.0/10", "a carrier's shared address"),
                    of("169.254.0.0/16", "a link-local address"),
                    of("192.0.0.0/24", "a reserved address"),
                    of("192.0.2.0/24", "an address for documentation"),
                    of("198.51.100.0/24", "an address for documentation"),
                    of("203.0.113.0/24", "an address for documentation"),
                    of("192.88.99.0/24", "a 6to4 relay address"),
                    of("198.18.0.0/15", "an address for benchmarks"),
                    of("224.0.0.0/4", "a multicast address"),
                    of("255.255.255.255", "the broadcast address"),
                    of("240.0.0.0/4", "a reserved address"),
                    of("::", "this host"),
                    of("::1", "a loopback address"),
                    of("::/96", "an IPv4 address written as IPv6"),
                    of("64:ff9b::/96", "an IPv4 address behind NAT64"),
                    of("64:ff9b:1::/48", "an IPv4 address behind NAT64"),
                    of("2001::/32", "a Teredo address"),
                    of("2001::/23", "a reserved address"),
                    of("2001:db8::/32", "an address for documentation"),
                    of("3fff::/20", "an address for documentation"),
                    of("2002::/16", "a 6to4 address"),
                    of("fc00::/7", "a private address"),
                    of("fe80::/10", "a link-local address"),
                    of("fec0::/10", "a private address"),
                    of("ff00::/8", "a multicast address"));

    /** What the address is, if it is no public one. */
    static Optional<String> meaning(InetAddress address) {
        for (SpecialRange special : ALL) {
            if (special.range().contains(address)) {
                return Optional.of(special.meaning());
            }
        }
        boolean global = address instanceof Inet4Address || GLOBAL_V6.contains(address);
        return global ? Optional.empty() : Optional.of("a reserved address");
    }

    private static SpecialRange of(String range, String meaning) {
        return new SpecialRange(Cidr.parse(range), meaning);
    }
}
