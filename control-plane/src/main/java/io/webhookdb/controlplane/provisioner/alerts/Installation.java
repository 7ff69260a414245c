package io.webhookdb.controlplane.provisioner.alerts;

import io.webhookdb.controlplane.environment.Environment;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Whose alerts these are: what every error handler is told beside the trouble itself.
 *
 * @param apiUrl public base URL of the API; empty if it is not known
 * @param supportEmail whom to write to; empty for nobody
 */
public record Installation(String apiUrl, String supportEmail) {
    private static final String REPOSITORY = "https://github.com/webhookdb/webhookdb";
    private static final String DOCUMENTATION = "https://docs.webhookdb.com";

    /** With the sender of mail, {@code WEBHOOKDB_MAIL_FROM}, where one is set. */
    public static Installation of(String apiUrl, Environment environment) {
        return new Installation(apiUrl, environment.optional("WEBHOOKDB_MAIL_FROM").orElse(""));
    }

    /** The fields under their names on the wire, followed by those of an alert. */
    Map<String, Object> with(Map<String, Object> details) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("api_url", apiUrl);
        all.put("support_email", supportEmail);
        all.put("oss_repo", REPOSITORY);
        all.put("docs_url", DOCUMENTATION);
        all.putAll(details);
        return all;
    }
}
