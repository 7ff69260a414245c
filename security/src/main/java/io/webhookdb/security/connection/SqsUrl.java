package io.webhookdb.security.connection;

import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How to reach a customer's SQS queue: {@code
 * sqs://KEY:SECRET@region/account/queue?endpoint=https://host}. The queue is FIFO if its name ends
 * with {@code .fifo}, as SQS itself has it. No other option is accepted.
 *
 * @param region AWS region
 * @param account AWS account id
 * @param queue name of the queue
 * @param endpoint what is called instead of the region's own endpoint; null for that
 * @param user access key id, decoded
 * @param password secret access key, decoded
 */
public record SqsUrl(
        String region, String account, String queue, URI endpoint, String user, String password) {
    private static final String EXPECTED =
            "Not an SQS URL. Expected sqs://KEY:SECRET@region/account/queue, with special"
                    + " characters of key and secret percent-encoded.";
    private static final Pattern FORM =
            Pattern.compile(
                    "sqs://(?:([^@/?#]*)@)?([a-z]{2}(?:-[a-z]+)+-\\d)/(\\d{12})/"
                            + "([A-Za-z0-9_-]{1,75}(?:\\.fifo)?)(?:\\?([^#]*))?");
    private static final String FIFO = ".fifo";

    /**
     * Reads a URL.
     *
     * @throws IllegalArgumentException saying what is wrong, never quoting the URL
     */
    public static SqsUrl parse(String url) {
        Matcher parts = FORM.matcher(url.strip());
        if (!parts.matches()) {
            throw new IllegalArgumentException(EXPECTED);
        }
        UserInfo credentials = UserInfo.of(parts.group(1));
        if (credentials.user().isEmpty() || credentials.password().isEmpty()) {
            throw new IllegalArgumentException(EXPECTED);
        }
        String endpoint =
                UrlOptions.parse(parts.group(5), Set.of("endpoint")).getOrDefault("endpoint", "");
        return new SqsUrl(
                parts.group(2),
                parts.group(3),
                parts.group(4),
                endpoint.isEmpty() ? null : endpoint(endpoint),
                credentials.user(),
                credentials.password());
    }

    private static URI endpoint(String text) {
        String expected = "The option endpoint must be https://host or https://host:port.";
        URI uri = UserInfo.uri(text, expected);
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        boolean isBare =
                uri.getRawUserInfo() == null
                        && uri.getRawQuery() == null
                        && uri.getRawFragment() == null
                        && (uri.getRawPath().isEmpty() || uri.getRawPath().equals("/"));
        if (!isBare || !(scheme.equals("https") || scheme.equals("http"))) {
            throw new IllegalArgumentException(expected);
        }
        return URI.create(scheme + "://" + uri.getRawAuthority());
    }

    /** Whether the queue keeps the order of each group. */
    public boolean isFifo() {
        return queue.endsWith(FIFO);
    }

    /** What is called: the region's endpoint, or the one that was given. */
    public URI called() {
        return endpoint == null
                ? URI.create(
                        "https://sqs."
                                + region
                                + ".amazonaws.com"
                                + (region.startsWith("cn-") ? ".cn" : ""))
                : endpoint;
    }

    /** The queue's URL, as SQS names it. */
    public String queueUrl() {
        return called() + "/" + account + "/" + queue;
    }

    /** The same queue with other credentials. */
    public SqsUrl with(String newUser, String newPassword) {
        return new SqsUrl(region, account, queue, endpoint, newUser, newPassword);
    }

    /** The URL with its credentials: what {@link #parse} reads. A secret. */
    public String url() {
        Map<String, String> options = new TreeMap<>();
        if (endpoint != null) {
            options.put("endpoint", endpoint.toString());
        }
        return "sqs://"
                + new UserInfo(user, password).prefix()
                + region
                + "/"
                + account
                + "/"
                + queue
                + UrlOptions.text(options);
    }

    /** Never shows the credentials. */
    @Override
    public String toString() {
        return "sqs://" + region + "/" + account + "/" + queue;
    }
}
