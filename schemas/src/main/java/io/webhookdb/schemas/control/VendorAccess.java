package io.webhookdb.schemas.control;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.webhookdb.schemas.catalog.Setup.StoredField;
import java.util.Locale;

/**
 * What an integration stores for fetching from a vendor's API. Each is null while nothing is
 * stored.
 *
 * @param keyCiphertext base64, the backfill key encrypted for the <em>connections</em> keyset
 * @param secretCiphertext base64, the backfill secret encrypted for the <em>connections</em> keyset
 * @param apiUrl base URL, shop, repository, account: as the service uses it
 * @param pollSeconds seconds between scheduled runs; null: as the catalogue says
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record VendorAccess(
        String keyCiphertext, String secretCiphertext, String apiUrl, Integer pollSeconds) {

    /** Associated data under which a credential is encrypted. */
    public static String context(String integration, StoredField field) {
        return "integration/" + integration + "/" + field.name().toLowerCase(Locale.ROOT);
    }

    /** Never prints a credential, not even encrypted. */
    @Override
    public String toString() {
        return "VendorAccess[" + (keyCiphertext != null) + " " + (secretCiphertext != null) + "]";
    }
}
