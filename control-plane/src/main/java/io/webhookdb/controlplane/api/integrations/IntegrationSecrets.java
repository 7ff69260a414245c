package io.webhookdb.controlplane.api.integrations;

import io.webhookdb.schemas.catalog.Setup.StoredField;
import io.webhookdb.schemas.control.IntegrationControl;
import io.webhookdb.schemas.control.VendorAccess;
import io.webhookdb.security.keyset.SecretCipher;
import io.webhookdb.security.keyset.SecretSealer;

/**
 * How an integration's fields are stored. Webhook secrets can be read back, because ingest and
 * their owner need them; credentials for vendors' APIs are sealed, so that this process cannot.
 */
final class IntegrationSecrets {
    private final SecretCipher webhookSecrets;
    private final SecretCipher apiKeys;
    private final SecretSealer credentials;

    IntegrationSecrets(
            SecretCipher webhookSecrets, SecretCipher apiKeys, SecretSealer credentials) {
        this.webhookSecrets = webhookSecrets;
        this.apiKeys = apiKeys;
        this.credentials = credentials;
    }

    /** What to store for a field. */
    String stored(String integration, StoredField field, String value) {
        return switch (field) {
            case WEBHOOK_SECRET ->
                    webhookSecrets.encrypt(
                            value, IntegrationControl.webhookSecretContext(integration));
            case BACKFILL_KEY, BACKFILL_SECRET ->
                    credentials.seal(value, VendorAccess.context(integration, field));
            case API_URL, KEY_POINTER -> value;
        };
    }

    /** The webhook secret; empty while none is stored. */
    String webhookSecret(Integration integration) {
        String encrypted = integration.stored().get(StoredField.WEBHOOK_SECRET);
        return encrypted == null
                ? ""
                : webhookSecrets.decrypt(
                        encrypted, IntegrationControl.webhookSecretContext(integration.opaqueId()));
    }

    String encryptedApiKey(String integration, String key) {
        return apiKeys.encrypt(key, apiKeyContext(integration));
    }

    /** The API key; empty while none was made. */
    String apiKey(Integration integration) {
        return integration.apiKeyEncrypted() == null
                ? ""
                : apiKeys.decrypt(
                        integration.apiKeyEncrypted(), apiKeyContext(integration.opaqueId()));
    }

    private static String apiKeyContext(String integration) {
        return "integration/" + integration + "/webhookdb_api_key";
    }
}
