package io.webhookdb.schemas.control;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.webhookdb.schemas.change.ChangeFilter;
import io.webhookdb.schemas.change.RowForm;
import java.time.Instant;
import java.util.Objects;

/**
 * How a subscription wants its deliveries, beyond the address.
 *
 * @param filter which changes
 * @param rowForm form of {@code row.data}
 * @param ratePerSecond most POSTs a second; 0 for no limit
 * @param mostConcurrent most POSTs at once; 0 for the usual limit
 * @param timeoutSeconds longest wait for an answer; 0 for the usual one
 * @param former the secret before the present one, while both sign; null for none
 * @param signingKey private key for signatures that anyone can verify; null for none
 * @param function the user's function that sees each change first; null for none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SubscriptionSettings(
        ChangeFilter filter,
        RowForm rowForm,
        int ratePerSecond,
        int mostConcurrent,
        int timeoutSeconds,
        FormerSecret former,
        SigningKey signingKey,
        String function) {

    /** Every change, as fast as may be. */
    public static final SubscriptionSettings STANDARD =
            new SubscriptionSettings(null, null, 0, 0, 0, null, null, null);

    /**
     * A secret that signs for a while longer.
     *
     * @param ciphertext as {@link SubscriptionControl#secretCiphertext()}, under the same context
     * @param until ISO-8601 time from which it signs no more
     */
    public record FormerSecret(String ciphertext, String until) {
        /** Whether it still signs. */
        public boolean signsAt(Instant now) {
            return now.isBefore(Instant.parse(until));
        }
    }

    /**
     * An Ed25519 key pair.
     *
     * @param ciphertext base64, {@code whsk_} with the private key, encrypted for the
     *     <em>connections</em> keyset under {@link #context}
     * @param verifyingKey {@code whpk_} with the public key
     */
    public record SigningKey(String ciphertext, String verifyingKey) {
        /** Associated data of the ciphertext. */
        public static String context(String subscription) {
            return "subscription/" + subscription + "/signing_key";
        }
    }

    public SubscriptionSettings {
        filter = Objects.requireNonNullElse(filter, ChangeFilter.EVERYTHING);
        rowForm = Objects.requireNonNullElse(rowForm, RowForm.OBJECT);
    }

    /** Never prints what is sealed, nor the function's address. */
    @Override
    public String toString() {
        return "SubscriptionSettings[" + rowForm + ", " + ratePerSecond + "/s]";
    }
}
