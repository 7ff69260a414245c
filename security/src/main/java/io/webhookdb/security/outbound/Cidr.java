package io.webhookdb.security.outbound;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.regex.Pattern;

/** A range of addresses of one family: the first {@code prefix} bits are the same. */
record Cidr(InetAddress network, int prefix) {
    private static final Pattern V4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
    private static final Pattern V6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

    /**
     * Parses {@code 10.0.0.0/8}, {@code fd00::/8}, or one address alone.
     *
     * @throws IllegalArgumentException if it is none; never asks a name server
     */
    static Cidr parse(String text) {
        int slash = text.indexOf('/');
        InetAddress network = literal(slash < 0 ? text : text.substring(0, slash), text);
        int bits = network.getAddress().length * 8;
        if (slash < 0) {
            return new Cidr(network, bits);
        }
        String prefix = text.substring(slash + 1);
        if (!prefix.matches("\\d{1,3}") || Integer.parseInt(prefix) > bits) {
            throw invalid(text, "a prefix length of 0 to " + bits);
        }
        return new Cidr(network, Integer.parseInt(prefix));
    }

    boolean contains(InetAddress address) {
        byte[] ours = network.getAddress();
        byte[] theirs = address.getAddress();
        if (ours.length != theirs.length) {
            return false;
        }
        int whole = prefix / 8;
        if (!Arrays.equals(ours, 0, whole, theirs, 0, whole)) {
            return false;
        }
        int rest = prefix % 8;
        return rest == 0
                || (ours[whole] & 0xff) >> (8 - rest) == (theirs[whole] & 0xff) >> (8 - rest);
    }

    private static InetAddress literal(String address, String text) {
        if (!V4.matcher(address).matches() && !V6.matcher(address).matches()) {
            throw invalid(text, "an IPv4 or IPv6 address");
        }
        try {
            return InetAddress.getByName(address);
        } catch (UnknownHostException e) {
            throw invalid(text, "an IPv4 or IPv6 address");
        }
    }

    private static IllegalArgumentException invalid(String text, String expected) {
        return new IllegalArgumentException(
                "Address range "
                        + text
                        + ": expected "
                        + expected
                        + ", as in 10.0.0.0/8 or fd00::/8");
    }
}
