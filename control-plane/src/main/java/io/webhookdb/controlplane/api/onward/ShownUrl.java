package io.webhookdb.controlplane.api.onward;

import java.net.URI;
import java.util.Arrays;
import java.util.stream.Collectors;

/** What of a URL may be stored and shown in clear: all but user, password and values of options. */
final class ShownUrl {
    private static final String MASK = "***";

    private ShownUrl() {}

    /** The level is Sentry's, and no secret. */
    static String of(URI url) {
        StringBuilder shown = new StringBuilder(url.getScheme()).append("://");
        if (url.getRawUserInfo() != null) {
            shown.append(url.getRawUserInfo().contains(":") ? MASK + ":" + MASK : MASK).append('@');
        }
        shown.append(url.getHost());
        if (url.getPort() > 0) {
            shown.append(':').append(url.getPort());
        }
        shown.append(url.getRawPath() == null ? "" : url.getRawPath());
        if (url.getRawQuery() != null) {
            shown.append('?')
                    .append(
                            Arrays.stream(url.getRawQuery().split("&", -1))
                                    .map(ShownUrl::option)
                                    .collect(Collectors.joining("&")));
        }
        return shown.toString();
    }

    private static String option(String option) {
        int equals = option.indexOf('=');
        if (equals < 0) {
            return MASK;
        }
        String name = option.substring(0, equals);
        return name.equals("level") ? option : name + "=" + MASK;
    }
}
