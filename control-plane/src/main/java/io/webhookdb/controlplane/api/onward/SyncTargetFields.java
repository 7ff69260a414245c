package io.webhookdb.controlplane.api.onward;

import io.webhookdb.controlplane.api.http.ApiException;
import io.webhookdb.controlplane.api.http.Question;
import io.webhookdb.controlplane.api.http.Request;
import io.webhookdb.schemas.control.SyncTargetControl.Kind;
import io.webhookdb.security.connection.SyncTargetUrl;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/** The parameters of a sync target and what they may be. */
final class SyncTargetFields {
    private static final int USUAL_PAGE_SIZE = 200;
    private static final int MAX_PAGE_SIZE = 1000;

    /** A warehouse takes seconds for a page, however small it is. */
    private static final int USUAL_WAREHOUSE_PAGE_SIZE = 5000;

    private static final int MAX_WAREHOUSE_PAGE_SIZE = 10_000;
    private static final int MAX_PARALLELISM = 8;
    private static final String PERIOD = "period_seconds";
    private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z][A-Za-z0-9_ ]{0,62}");

    private final SyncTargetRoutes.Family family;
    private final int minPeriod;

    SyncTargetFields(SyncTargetRoutes.Family family, int minPeriod) {
        this.family = family;
        this.minPeriod = minPeriod;
    }

    int minPeriod() {
        return minPeriod;
    }

    SyncTargetUrl url(Request request) {
        String text =
                request.required(
                        "connection_url",
                        Question.pasteOrTypeSecret(
                                family == SyncTargetRoutes.Family.DB
                                        ? "the URL of the database, with user and password"
                                        : "the HTTPS URL, with user and password"));
        try {
            return family.parse(text);
        } catch (IllegalArgumentException e) {
            throw ApiException.validation(
                    "connection_url", "is invalid: " + e.getMessage(), e.getMessage());
        }
    }

    /**
     * What takes the place of a target's credentials.
     *
     * @param bucketKey id of the access key of its bucket; null without a bucket
     * @param bucketSecret the access key; null without a bucket
     */
    record Credentials(String user, String password, String bucketKey, String bucketSecret) {
        /** Never shows them. */
        @Override
        public String toString() {
            return "Credentials";
        }
    }

    /** Asks for all credentials the stored URL has: none of the old ones is known here. */
    Credentials credentials(Request request, String shown) {
        String user = request.required("user", Question.pasteOrType("the user"));
        String password = request.required("password", Question.pasteOrTypeSecret("the password"));
        if (!hasBucket(family.parse(shown))) {
            return new Credentials(user, password, null, null);
        }
        return new Credentials(
                user,
                password,
                request.required(
                        "s3_key", Question.pasteOrType("the id of the bucket's access key")),
                request.required(
                        "s3_secret", Question.pasteOrTypeSecret("the bucket's access key")));
    }

    private static boolean hasBucket(SyncTargetUrl url) {
        return url instanceof SyncTargetUrl.Redshift redshift
                && redshift.cluster().staging() != null;
    }

    /** The stored URL, whose credentials are not known here, with new ones. */
    SyncTargetUrl url(String shown, Credentials now) {
        try {
            SyncTargetUrl url = family.parse(shown);
            SyncTargetUrl bucket =
                    url instanceof SyncTargetUrl.Redshift redshift && now.bucketKey() != null
                            ? new SyncTargetUrl.Redshift(
                                    redshift.cluster()
                                            .withBucketKey(now.bucketKey(), now.bucketSecret()))
                            : url;
            return bucket.with(now.user(), now.password());
        } catch (IllegalArgumentException e) {
            throw ApiException.validation(
                    "password", "cannot be used: " + e.getMessage(), e.getMessage());
        }
    }

    int requiredPeriod(Request request) {
        request.required(
                PERIOD,
                Question.pasteOrType(
                        "the seconds between two syncs, from "
                                + minPeriod
                                + " to "
                                + OnwardSettings.MAX_SYNC_PERIOD));
        return period(request).orElseThrow();
    }

    Optional<Integer> period(Request request) {
        return boxed(request.number(PERIOD, minPeriod, OnwardSettings.MAX_SYNC_PERIOD));
    }

    Optional<Integer> pageSize(Request request, Kind kind) {
        return boxed(
                request.number(
                        "page_size",
                        1,
                        isWarehouse(kind) ? MAX_WAREHOUSE_PAGE_SIZE : MAX_PAGE_SIZE));
    }

    /** How rows are shared out; nothing where that is not asked for. */
    Optional<Integer> parallelism(Request request) {
        Optional<Integer> count = boxed(request.number("parallelism", 1, MAX_PARALLELISM));
        if (count.isPresent() && family == SyncTargetRoutes.Family.DB) {
            throw ApiException.validation(
                    "parallelism", "is for HTTP syncs; rows go to databases one page at a time");
        }
        return count;
    }

    /** Rows in a page where nobody says how many. */
    static int usualPageSize(Kind kind) {
        return isWarehouse(kind) ? USUAL_WAREHOUSE_PAGE_SIZE : USUAL_PAGE_SIZE;
    }

    private static boolean isWarehouse(Kind kind) {
        return kind == Kind.REDSHIFT || kind == Kind.SNOWFLAKE;
    }

    /** A schema or table; endpoints of HTTP targets ignore them. */
    String identifier(Request request, String name) {
        String text = request.text(name);
        if (family == SyncTargetRoutes.Family.HTTP || text.isEmpty()) {
            return "";
        }
        if (!IDENTIFIER.matcher(text).matches()) {
            throw ApiException.validation(
                    name,
                    "must start with a letter and hold at most 63 letters, digits, underscores"
                            + " and blanks");
        }
        return text;
    }

    private static Optional<Integer> boxed(OptionalInt number) {
        return number.isPresent() ? Optional.of(number.getAsInt()) : Optional.empty();
    }
}
