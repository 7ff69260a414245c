package io.webhookdb.connectors.webhook;

import io.webhookdb.schemas.control.ControlRecord.State;
import io.webhookdb.schemas.control.SubscriptionControl;
import io.webhookdb.security.keyset.SecretOpener;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The subscriptions a subtask delivers to, with what it learned of each. Thread-safe: control comes
 * on the task thread, deliveries on others.
 */
final class Subscriptions {
    private final SecretOpener opener;
    private final Map<String, Known> known = new ConcurrentHashMap<>();

    Subscriptions(SecretOpener opener) {
        this.opener = opener;
    }

    /** One subscription. */
    final class Known {
        private final SubscriptionControl control;
        private final SubscriptionBreaker breaker = new SubscriptionBreaker();
        private volatile String secret;
        private volatile boolean gone;

        private Known(SubscriptionControl control) {
            this.control = control;
        }

        SubscriptionControl control() {
            return control;
        }

        SubscriptionBreaker breaker() {
            return breaker;
        }

        /** Whether the receiver said that it wants no more, and nobody changed anything since. */
        boolean isGone() {
            return gone;
        }

        void markGone() {
            gone = true;
        }

        /**
         * The secret in clear, opened when first needed; empty if there is none.
         *
         * @throws io.webhookdb.security.keyset.SecretUnreadableException if the keyset is not the
         *     right one
         */
        String secret() {
            String opened = secret;
            if (opened == null) {
                opened =
                        control.secretCiphertext() == null
                                ? ""
                                : opener.open(
                                        control.secretCiphertext(),
                                        SubscriptionControl.secretContext(control.id()));
                secret = opened;
            }
            return opened;
        }
    }

    /**
     * Takes a newer record in. What was learned of the receiver is forgotten: it may be another.
     */
    void apply(SubscriptionControl control) {
        if (control.state() == State.DELETED) {
            known.remove(control.id());
        } else {
            known.put(control.id(), new Known(control));
        }
    }

    /** The subscription, unless it is unknown or deleted. */
    Optional<Known> find(String id) {
        return Optional.ofNullable(known.get(id));
    }
}
