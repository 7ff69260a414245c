package io.webhookdb.connectors.webhook;

import io.webhookdb.schemas.control.ControlRecord.State;
import io.webhookdb.schemas.control.SubscriptionControl;
import io.webhookdb.schemas.control.SubscriptionSettings;
import io.webhookdb.schemas.control.SubscriptionSettings.FormerSecret;
import io.webhookdb.schemas.control.SubscriptionSettings.SigningKey;
import io.webhookdb.security.keyset.SecretOpener;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * The subscriptions a subtask delivers to, with what it learned of each. Thread-safe: control comes
 * on the task thread, deliveries on others.
 */
final class Subscriptions {
    private final SecretOpener opener;
    private final int subtasks;
    private final long mostPendingBytes;
    private final Map<String, Known> known = new ConcurrentHashMap<>();

    /**
     * @param subtasks how many share the limits of a subscription
     * @param mostPendingBytes what may wait for a subscription on this subtask
     */
    Subscriptions(SecretOpener opener, int subtasks, long mostPendingBytes) {
        this.opener = opener;
        this.subtasks = subtasks;
        this.mostPendingBytes = mostPendingBytes;
    }

    /**
     * How a request proves where it comes from.
     *
     * @param header the present secret, in clear; empty if there is none, or if it is no value of a
     *     header, which it could end
     */
    record Proof(Optional<String> header, Signer signer) {
        private static final Pattern PRINTABLE = Pattern.compile("[\\x20-\\x7e]+");

        static Proof of(String secret, Signer signer) {
            return new Proof(
                    Optional.of(secret).filter(text -> PRINTABLE.matcher(text).matches()), signer);
        }

        /** Never prints the secret. */
        @Override
        public String toString() {
            return "Proof";
        }
    }

    /** One subscription. */
    final class Known {
        private final SubscriptionControl control;
        private final SubscriptionBreaker breaker = new SubscriptionBreaker();
        private final Pace pace;
        private final Backlog backlog;
        private volatile Receiver receiver;
        private volatile Proof proof;
        private volatile Proof proofWithFormer;
        private volatile boolean gone;

        private Known(SubscriptionControl control, Backlog backlog) {
            this.control = control;
            this.backlog = backlog;
            this.pace = Pace.of(control.settings().ratePerSecond(), subtasks);
        }

        SubscriptionControl control() {
            return control;
        }

        SubscriptionBreaker breaker() {
            return breaker;
        }

        Pace pace() {
            return pace;
        }

        Backlog backlog() {
            return backlog;
        }

        /** This subtask's share of the calls that may be made at once. */
        int mostConcurrent(int usual) {
            int most = control.settings().mostConcurrent();
            return most == 0 ? usual : Math.min(usual, Math.max(1, most / subtasks));
        }

        /**
         * Whether the receiver said that it wants no more, and nobody changed anything since: then
         * it is about to be paused, and changes wait as if it were.
         */
        boolean isGone() {
            return gone;
        }

        void markGone() {
            gone = true;
        }

        /**
         * Where deliveries go.
         *
         * @throws IllegalArgumentException if the subscription's URL is none
         */
        Receiver receiver() {
            if (receiver == null) {
                receiver = Receiver.of(control.url());
            }
            return receiver;
        }

        /**
         * What requests are signed with at a time, opened when first needed.
         *
         * @throws io.webhookdb.security.keyset.SecretUnreadableException if the keyset is not the
         *     right one
         */
        Proof proof(Instant now) {
            FormerSecret former = control.settings().former();
            if (former != null && former.signsAt(now)) {
                if (proofWithFormer == null) {
                    proofWithFormer = open(Optional.of(former));
                }
                return proofWithFormer;
            }
            if (proof == null) {
                proof = open(Optional.empty());
            }
            return proof;
        }

        private Proof open(Optional<FormerSecret> former) {
            String context = SubscriptionControl.secretContext(control.id());
            String secret =
                    control.secretCiphertext() == null
                            ? ""
                            : opener.open(control.secretCiphertext(), context);
            SubscriptionSettings settings = control.settings();
            Optional<String> key =
                    Optional.ofNullable(settings.signingKey())
                            .map(SigningKey::ciphertext)
                            .map(text -> opener.open(text, SigningKey.context(control.id())));
            List<String> secrets =
                    former.map(one -> List.of(secret, opener.open(one.ciphertext(), context)))
                            .orElse(List.of(secret));
            return Proof.of(secret, Signer.of(secrets, key));
        }
    }

    /**
     * Takes a newer record in. What was learned of the receiver is forgotten: it may be another.
     */
    void apply(SubscriptionControl control) {
        if (control.state() == State.DELETED) {
            known.remove(control.id());
            return;
        }
        Known before = known.get(control.id());
        known.put(
                control.id(),
                new Known(
                        control,
                        before == null ? new Backlog(mostPendingBytes) : before.backlog()));
    }

    /** The subscription, unless it is unknown or deleted. */
    Optional<Known> find(String id) {
        return Optional.ofNullable(known.get(id));
    }
}
