package io.webhookdb.schemas.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Fills what a file of an own service leaves out. */
final class OwnDefaults {
    /** Source of the shape of an own service. */
    static final String OWN = "own";

    private final ObjectNode file;

    OwnDefaults(ObjectNode file) {
        this.file = file;
    }

    void fill() {
        String service = file.path("service").asText("");
        int end = service.indexOf('_');
        text(file, "vendor", end > 0 ? service.substring(0, end) : service);
        if (!file.has("resource")) {
            String name = words(service.replaceAll("_v[0-9]+$", ""));
            file.putObject("resource").put("singular", name).put("plural", name + "s");
        }
        text(file, "docs", "https://webhookdb.com");
        if (!file.has("provenance")) {
            file.putObject("provenance").put("source", OWN).put("kind", "constructed");
        }
        if (!file.has("modes")) {
            ArrayNode modes = file.putArray("modes").add("webhook");
            if (file.has("backfill")) {
                modes.add("backfill");
            }
        }
        if (!file.has("columns")) {
            file.putArray("columns");
        }
        verification();
        setup();
    }

    private void verification() {
        if (!file.has("verification")) {
            file.putObject("verification").put("scheme", "none");
        }
        if (file.get("verification") instanceof ObjectNode verification) {
            text(verification, "source", OWN);
        }
    }

    private void setup() {
        if (!file.has("setup")) {
            file.putObject("setup");
        }
        if (!(file.get("setup") instanceof ObjectNode setup)) {
            return;
        }
        if (hasMode("webhook") && !setup.has("webhook")) {
            ObjectNode webhook = setup.putObject("webhook");
            webhook.put("instructions", "Have the webhooks posted to {endpoint}\n");
            ArrayNode prompts = webhook.putArray("prompts");
            if (needsSecret()) {
                prompt(prompts, "webhook_secret", "Paste or type the webhook secret:");
            }
        }
        if (hasMode("backfill") && !setup.has("backfill")) {
            ArrayNode prompts = setup.putObject("backfill").putArray("prompts");
            String auth = file.at("/backfill/auth").toString();
            for (String field : new String[] {"api-url", "backfill-key", "backfill-secret"}) {
                if (auth.contains('"' + field + '"')
                        || file.at("/backfill/base").toString().contains('"' + field + '"')) {
                    String words = field.replace('-', ' ');
                    prompt(prompts, field.replace('-', '_'), "Paste or type the " + words + ":");
                }
            }
        }
    }

    private boolean needsSecret() {
        String scheme = file.at("/verification/scheme").asText();
        return !scheme.equals("none") && !scheme.equals("source-address");
    }

    private static void prompt(ArrayNode prompts, String field, String question) {
        prompts.addObject()
                .put("field", field)
                .put("stored", field.replace('_', '-'))
                .put("question", question)
                .put("echo", field.equals("api_url") ? "shown" : "hidden");
    }

    private boolean hasMode(String mode) {
        for (JsonNode one : file.path("modes")) {
            if (one.asText().equals(mode)) {
                return true;
            }
        }
        return false;
    }

    private static void text(ObjectNode node, String key, String value) {
        if (!node.has(key)) {
            node.put(key, value);
        }
    }

    /** {@code acme_order} to {@code Acme Order}. */
    static String words(String name) {
        return Arrays.stream(name.split("_"))
                .filter(word -> !word.isEmpty())
                .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
                .collect(Collectors.joining(" "));
    }
}
