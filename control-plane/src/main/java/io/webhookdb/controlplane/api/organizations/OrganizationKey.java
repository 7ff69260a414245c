package io.webhookdb.controlplane.api.organizations;

import java.util.List;
import java.util.Locale;

/** Makes the URL-safe key of an organization from its name. */
final class OrganizationKey {
    /** Longest key. */
    static final int LIMIT = 63;

    private static final List<String> DIGITS =
            List.of("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine");

    private OrganizationKey() {}

    /**
     * Lower case; runs of anything but letters and digits become one underscore; a leading digit is
     * spelled out; starts with a letter. A name without any letter or digit gives {@code org}.
     */
    static String of(String name) {
        String slug = name.toLowerCase(Locale.ROOT).strip().replaceAll("[^a-z0-9]+", "_");
        if (slug.startsWith("_")) {
            slug = slug.substring(1);
        }
        if (slug.isEmpty()) {
            return "org";
        }
        if (Character.isDigit(slug.charAt(0))) {
            slug = DIGITS.get(slug.charAt(0) - '0') + slug.substring(1);
        }
        return shortened(slug, LIMIT);
    }

    /** Whether the key says less than the name, so that quite different names may have the same. */
    static boolean isLossy(String name) {
        return name.chars().anyMatch(c -> c > 127) || name.matches("[^A-Za-z0-9]*");
    }

    /** The same key with a distinguishing end. */
    static String of(String name, String suffix) {
        return shortened(of(name), LIMIT - suffix.length() - 1) + "_" + suffix;
    }

    private static String shortened(String slug, int limit) {
        return slug.length() <= limit ? slug : slug.substring(0, limit);
    }
}
