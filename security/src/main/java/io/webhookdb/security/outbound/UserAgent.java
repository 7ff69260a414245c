package io.webhookdb.security.outbound;

/** How every request that carries rows, changes or alerts names its sender. */
public final class UserAgent {
    /** Value of the header {@code User-Agent}: name, release and where to read about it. */
    public static final String VALUE = "WebhookDB/" + release() + " https://webhookdb.com";

    private UserAgent() {}

    private static String release() {
        String version = UserAgent.class.getPackage().getImplementationVersion();
        return version == null ? "0.1.0" : version;
    }
}
