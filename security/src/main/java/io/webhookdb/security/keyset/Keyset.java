package io.webhookdb.security.keyset;

import com.google.crypto.tink.Parameters;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import com.google.crypto.tink.hybrid.HpkeParameters;
import java.security.GeneralSecurityException;

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

    /** Of keys made from now on; a keyset may hold older ones of other kinds. */
    Parameters parameters() {
        return switch (this) {
            case INGEST, READERS -> PredefinedAeadParameters.AES256_GCM;
            case CONNECTIONS -> x25519();
        };
    }

    /**
     * Of RFC 9180. A job that starts opens the password of each organization: on this curve that
     * takes a sixth of what it takes on P-256.
     */
    private static Parameters x25519() {
        try {
            return HpkeParameters.builder()
                    .setKemId(HpkeParameters.KemId.DHKEM_X25519_HKDF_SHA256)
                    .setKdfId(HpkeParameters.KdfId.HKDF_SHA256)
                    .setAeadId(HpkeParameters.AeadId.AES_256_GCM)
                    .setVariant(HpkeParameters.Variant.TINK)
                    .build();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("The library does not know these parameters.", e);
        }
    }
}
