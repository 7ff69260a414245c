package io.webhookdb.schemas.control;

/**
 * One webhook subscription: changed rows are told to a URL.
 *
 * @param id opaque id, {@code wsb_...}
 * @param organization numeric id of its organization
 * @param revision grows with every change
 * @param state active or deleted
 * @param integration opaque id of the integration it listens to; null for every integration of the
 *     organization
 * @param url where deliveries are posted; holds no credential
 * @param secretCiphertext base64, the signing secret encrypted for the <em>connections</em> keyset
 *     under {@link #secretContext(String)}
 * @param delivery whether changes are sent now or kept
 * @param ordering whether the changes of one row wait for each other
 * @param testsRequested how many test events were asked for so far; one is sent for each
 */
public record SubscriptionControl(
        String id,
        long organization,
        long revision,
        State state,
        String integration,
        String url,
        String secretCiphertext,
        Delivery delivery,
        Ordering ordering,
        long testsRequested)
        implements ControlRecord {

    /** Whether changes are sent now. */
    public enum Delivery {
        SEND,
        /** Kept until resumed. */
        PAUSE
    }

    /** Whether the changes of one row wait for each other. */
    public enum Ordering {
        PARALLEL,
        /** In order per row: a failing change holds back only its own row. */
        ORDERED
    }

    /** Associated data under which {@link #secretCiphertext()} is encrypted. */
    public static String secretContext(String subscription) {
        return "subscription/" + subscription + "/secret";
    }

    /** At the next revision, sent now or kept. */
    public SubscriptionControl delivering(Delivery now) {
        return new SubscriptionControl(
                id,
                organization,
                revision + 1,
                state,
                integration,
                url,
                secretCiphertext,
                now,
                ordering,
                testsRequested);
    }

    @Override
    public String key() {
        return "subscription/" + id;
    }

    /** Never prints the secret, not even encrypted. */
    @Override
    public String toString() {
        return "SubscriptionControl[" + id + " r" + revision + " " + state + "]";
    }
}
