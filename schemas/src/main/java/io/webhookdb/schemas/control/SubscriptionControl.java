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
 * @param settings how deliveries are made; {@link SubscriptionSettings#STANDARD} where none are given
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
        long testsRequested,
        SubscriptionSettings settings)
        implements ControlRecord {

    public SubscriptionControl {
        settings = settings == null ? SubscriptionSettings.STANDARD : settings;
    }

    /** With the usual settings. */
    public SubscriptionControl(
            String id,
            long organization,
            long revision,
            State state,
            String integration,
            String url,
            String secretCiphertext,
            Delivery delivery,
            Ordering ordering,
            long testsRequested) {
        this(
                id,
                organization,
                revision,
                state,
                integration,
                url,
                secretCiphertext,
                delivery,
                ordering,
                testsRequested,
                SubscriptionSettings.STANDARD);
    }

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

    /** At the next revision, one more test event asked for. */
    public SubscriptionControl tested() {
        return next(state, url, secretCiphertext, delivery, ordering, testsRequested + 1, settings);
    }

    /** At the next revision, sent now or kept. */
    public SubscriptionControl delivering(Delivery now) {
        return next(state, url, secretCiphertext, now, ordering, testsRequested, settings);
    }

    /** At the next revision, with other settings. */
    public SubscriptionControl changed(
            String newUrl, String newCiphertext, Ordering newOrdering, SubscriptionSettings now) {
        return next(state, newUrl, newCiphertext, delivery, newOrdering, testsRequested, now);
    }

    /** The last record: holds nothing secret any more. */
    public SubscriptionControl ended() {
        return next(
                State.DELETED,
                url,
                null,
                delivery,
                ordering,
                testsRequested,
                SubscriptionSettings.STANDARD);
    }

    private SubscriptionControl next(
            State newState,
            String newUrl,
            String newCiphertext,
            Delivery newDelivery,
            Ordering newOrdering,
            long newTests,
            SubscriptionSettings newSettings) {
        return new SubscriptionControl(
                id,
                organization,
                revision + 1,
                newState,
                integration,
                newUrl,
                newCiphertext,
                newDelivery,
                newOrdering,
                newTests,
                newSettings);
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
