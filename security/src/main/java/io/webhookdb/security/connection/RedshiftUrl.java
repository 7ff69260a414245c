package io.webhookdb.security.connection;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * How to reach a Redshift database: {@code
 * redshift://user:password@host:5439/database?sslmode=MODE}, and by which S3 bucket rows get there:
 * {@code &s3=BUCKET/PREFIX&region=REGION&s3_key=ID&s3_secret=SECRET[&iam_role=ARN]}. Without a
 * bucket, rows are inserted.
 *
 * @param database server, database and credentials
 * @param staging the bucket; null for none
 */
public record RedshiftUrl(PostgresUrl database, Staging staging) {
    private static final String PREFIX = "redshift://";
    private static final String POSTGRES_PREFIX = "postgres://";
    private static final int PORT = 5439;
    private static final Set<String> STAGING =
            Set.of("s3", "region", "s3_key", "s3_secret", "iam_role");

    /**
     * Where files wait for Redshift to read them.
     *
     * @param bucket name, without dots
     * @param prefix of all keys; empty, or ends with a slash
     * @param region where bucket is
     * @param key id of the access key that writes and deletes the files
     * @param secret the access key
     * @param role with which Redshift reads them; empty if with the access key
     */
    public record Staging(
            String bucket, String prefix, String region, String key, String secret, String role) {
        private static final String EXPECTED =
                " Expected s3=BUCKET/PREFIX&region=REGION&s3_key=ID&s3_secret=SECRET, and"
                        + " iam_role=ARN if Redshift is to read with a role, special characters"
                        + " percent-encoded.";
        private static final String MASKED = Pattern.quote(SyncTargetUrl.MASK);

        public Staging {
            require("s3", bucket, "[a-z0-9][a-z0-9-]{1,61}[a-z0-9]");
            require("s3", prefix, "(?:[A-Za-z0-9_=.-]+/)*");
            require("region", region, "[a-z]{2,4}(?:-[a-z]+)+-[0-9]");
            require("s3_key", key, "[A-Za-z0-9]{3,128}|" + MASKED);
            require("s3_secret", secret, "[A-Za-z0-9/+=]{3,128}|" + MASKED);
            require("iam_role", role, "|arn:aws[a-z-]*:iam::[0-9]{12}:role/[A-Za-z0-9+=,.@_/-]+");
        }

        private static void require(String option, String value, String form) {
            if (value == null || !value.matches(form)) {
                throw new IllegalArgumentException(
                        "Missing or malformed " + option + " in a Redshift URL." + EXPECTED);
            }
        }

        static Staging of(Map<String, String> options) {
            if (options.isEmpty()) {
                return null;
            }
            String place = options.getOrDefault("s3", "");
            int slash = place.indexOf('/');
            String prefix = slash < 0 ? "" : place.substring(slash + 1);
            return new Staging(
                    slash < 0 ? place : place.substring(0, slash),
                    prefix.isEmpty() || prefix.endsWith("/") ? prefix : prefix + "/",
                    options.get("region"),
                    options.get("s3_key"),
                    options.get("s3_secret"),
                    options.getOrDefault("iam_role", ""));
        }

        boolean isMasked() {
            return key.equals(SyncTargetUrl.MASK) || secret.equals(SyncTargetUrl.MASK);
        }

        Staging with(String newKey, String newSecret) {
            return new Staging(bucket, prefix, region, newKey, newSecret, role);
        }

        Staging masked() {
            return new Staging(
                    bucket, prefix, region, SyncTargetUrl.MASK, SyncTargetUrl.MASK, role);
        }

        String query() {
            return "s3="
                    + bucket
                    + (prefix.isEmpty() ? "" : "/" + prefix)
                    + "&region="
                    + region
                    + "&s3_key="
                    + encoded(key)
                    + "&s3_secret="
                    + encoded(secret)
                    + (role.isEmpty() ? "" : "&iam_role=" + role);
        }

        /** Never shows the credentials. */
        @Override
        public String toString() {
            return "s3://" + bucket + "/" + prefix;
        }
    }

    /**
     * Reads a URL.
     *
     * @throws IllegalArgumentException saying what is wrong, never quoting the URL
     */
    public static RedshiftUrl parse(String url) {
        String text = url.strip();
        int mark = text.indexOf('?');
        Map<String, String> staging = new TreeMap<>();
        List<String> others = new ArrayList<>();
        if (mark >= 0) {
            for (String option : text.substring(mark + 1).split("&", -1)) {
                take(option, staging, others);
            }
        }
        String base = mark < 0 ? text : text.substring(0, mark);
        PostgresUrl parsed =
                PostgresUrl.parse(
                        POSTGRES_PREFIX
                                + base.substring(PREFIX.length())
                                + (others.isEmpty() ? "" : "?" + String.join("&", others)));
        boolean portNamed = base.contains(":" + parsed.port() + "/");
        return new RedshiftUrl(portNamed ? parsed : withUsualPort(parsed), Staging.of(staging));
    }

    private static void take(String option, Map<String, String> staging, List<String> others) {
        int equals = option.indexOf('=');
        String name = equals < 0 ? option : option.substring(0, equals);
        if (STAGING.contains(name)) {
            staging.put(name, equals < 0 ? "" : decoded(option.substring(equals + 1)));
        } else if (name.equals("sslmode")) {
            others.add(option);
        } else {
            throw new IllegalArgumentException(
                    "Unknown option in a Redshift URL. Allowed: sslmode, s3, region, s3_key,"
                            + " s3_secret, iam_role.");
        }
    }

    private static PostgresUrl withUsualPort(PostgresUrl url) {
        return new PostgresUrl(
                url.host(), PORT, url.database(), url.user(), url.password(), url.sslMode());
    }

    /**
     * The same with other credentials of the database.
     *
     * @throws IllegalArgumentException if those of the bucket are not known here
     */
    public RedshiftUrl with(String user, String password) {
        boolean unknown = staging != null && staging.isMasked();
        if (unknown && !password.equals(SyncTargetUrl.MASK)) {
            throw new IllegalArgumentException(
                    "The credentials of the bucket are part of this target's URL and cannot be"
                            + " read here: give s3_key and s3_secret, too.");
        }
        return new RedshiftUrl(database.with(database.database(), user, password), staging);
    }

    /**
     * The same with other credentials of the bucket, which there must be.
     *
     * @throws IllegalArgumentException if they are no access key
     */
    public RedshiftUrl withBucketKey(String key, String secret) {
        return new RedshiftUrl(database, staging.with(key, secret));
    }

    RedshiftUrl masked() {
        return new RedshiftUrl(
                database.with(database.database(), SyncTargetUrl.MASK, SyncTargetUrl.MASK),
                staging == null ? null : staging.masked());
    }

    /** The URL with its credentials: what {@link #parse} reads. A secret. */
    public String url() {
        String url = PREFIX + database.url().substring(POSTGRES_PREFIX.length());
        return staging == null ? url : url + (url.indexOf('?') < 0 ? "?" : "&") + staging.query();
    }

    /** Never shows the credentials. */
    @Override
    public String toString() {
        return PREFIX + database.server() + "/" + database.database();
    }

    private static String decoded(String part) {
        // A plus sign is itself: secrets have some.
        return URLDecoder.decode(part.replace("+", "%2B"), UTF_8);
    }

    private static String encoded(String part) {
        return URLEncoder.encode(part, UTF_8).replace("+", "%20");
    }
}
