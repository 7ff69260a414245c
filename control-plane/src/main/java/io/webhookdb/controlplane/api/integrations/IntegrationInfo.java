package io.webhookdb.controlplane.api.integrations;

import io.webhookdb.controlplane.api.http.ApiException;
import io.webhookdb.controlplane.api.http.Blocks;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.catalog.Setup.StoredField;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What {@code integrations info} shows. */
final class IntegrationInfo {
    private final IntegrationSecrets secrets;
    private final Endpoints endpoints;

    IntegrationInfo(IntegrationSecrets secrets, Endpoints endpoints) {
        this.secrets = secrets;
        this.endpoints = endpoints;
    }

    /** All fields as a table, or one as a line. */
    Blocks.Body of(Integration integration, ServiceDefinition service, String field) {
        Map<String, String> values = values(integration, service);
        if (field.isEmpty()) {
            List<List<String>> rows =
                    values.entrySet().stream()
                            .map(entry -> Blocks.row(humanized(entry.getKey()), entry.getValue()))
                            .toList();
            return new Blocks().table(List.of("Field", "Value"), rows).body();
        }
        if (!values.containsKey(field)) {
            throw ApiException.validation(
                    "field",
                    "must be one of " + values.keySet(),
                    "There is no field \""
                            + field
                            + "\". Allowed: "
                            + String.join(", ", values.keySet())
                            + ".");
        }
        return new Blocks().line(values.get(field)).body();
    }

    private Map<String, String> values(Integration integration, ServiceDefinition service) {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("id", integration.opaqueId());
        values.put("service", integration.service());
        values.put("table", integration.table());
        values.put("url", endpoints.ingest(integration));
        values.put("webhook_secret", secrets.webhookSecret(integration));
        values.put("webhookdb_api_key", secrets.apiKey(integration));
        values.put("api_url", integration.stored().getOrDefault(StoredField.API_URL, ""));
        values.put("poll_every", PollPeriod.told(integration.pollSeconds(), service));
        values.put("deletion", integration.deletion().name().toLowerCase(Locale.ROOT));
        return values;
    }

    /** {@code webhook_secret} to {@code Webhook secret}. */
    private static String humanized(String key) {
        String words = key.replace('_', ' ');
        return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
    }
}
