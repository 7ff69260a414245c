package io.webhookdb.security.keyset;

import com.google.crypto.tink.Parameters;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import com.google.crypto.tink.hybrid.PredefinedHybridParameters;

/** The keysets of a deployment. */
public enum Keyset {
    /** Webhook secrets; ingest and api. */
    INGEST("ingest"),
    /** Read-only connection strings; api and provisioner. */
    READERS("readers"),
    /** Owner and target credentials; provisioner and jobs. */
    CONNECTIONS("connections");

    private final String word;

    Keyset(String word) {
        this.word = word;
    }

    /** Its name, as in file names and reports. */
    public String word() {
        return word;
    }

    /** The file that can decrypt. */
    String file() {
        return word + ".json";
    }

    Parameters parameters() {
        return switch (this) {
            case INGEST, READERS -> PredefinedAeadParameters.AES256_GCM;
            case CONNECTIONS ->
                    PredefinedHybridParameters.ECIES_P256_HKDF_HMAC_SHA256_AES128_GCM;
        };
    }
}
