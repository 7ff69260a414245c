package io.webhookdb.controlplane.provisioner.registration;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.webhookdb.schemas.catalog.Backfill;
import io.webhookdb.schemas.catalog.BackfillAuth;
import io.webhookdb.schemas.catalog.BackfillAuth.Scheme;
import io.webhookdb.schemas.catalog.BackfillValue;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.catalog.Setup.StoredField;
import io.webhookdb.schemas.catalog.WebhookRegistration;
import io.webhookdb.schemas.catalog.WebhookRegistration.Body;
import java.net.URI;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/**
 * What the requests look like that register the webhooks of one integration. Pure.
 *
 * @param service has a registration and a backfill
 * @param fields stored fields, in clear
 * @param endpoint where webhooks are to go
 * @param base other base of the vendor's API; null: the catalogue's
 */
record RegistrationPlan(
        ServiceDefinition service, Map<StoredField, String> fields, String endpoint, String base) {

    /** The body of a request. */
    record Content(String type, byte[] bytes) {}

    WebhookRegistration registration() {
        return service.registration();
    }

    /** Where registrations are listed, as many as one answer holds. */
    URI list() {
        String size = service.backfill().pagination().sizeParameter();
        return uri(
                path()
                        + (size == null
                                ? ""
                                : "?" + size + "=" + service.backfill().pagination().size()));
    }

    URI create() {
        return uri(path());
    }

    URI remove(String id) {
        return uri(path() + "/" + encoded(id));
    }

    /** Request headers, credentials among them. */
    Map<String, String> headers() {
        Backfill backfill = service.backfill();
        BackfillAuth auth = backfill.auth();
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Accept", "application/json");
        backfill.headers().forEach(header -> headers.put(header.name(), raw(header.value())));
        switch (auth.scheme()) {
            case BASIC -> headers.put("Authorization", "Basic " + basic(auth));
            case BEARER -> headers.put("Authorization", "Bearer " + field(auth.secret()));
            case HEADER -> headers.put(auth.name(), field(auth.secret()));
            case QUERY, NONE -> {}
        }
        return headers;
    }

    /**
     * A new registration.
     *
     * @param events one, or all of them
     * @param secret of our choice; null: none
     */
    Content content(List<String> events, String secret) {
        WebhookRegistration wanted = registration();
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        if (wanted.members() != null) {
            wanted.members().forEach((pointer, text) -> put(body, pointer, text(text)));
        }
        put(body, wanted.targetMember(), text(endpoint));
        if (wanted.isForAllEvents()) {
            var list = JsonNodeFactory.instance.arrayNode();
            events.forEach(list::add);
            put(body, wanted.eventMember(), list);
        } else {
            put(body, wanted.eventMember(), text(events.get(0)));
        }
        if (secret != null) {
            put(body, wanted.secretMember(), text(secret));
        }
        return wanted.body() == Body.FORM
                ? new Content("application/x-www-form-urlencoded", form(body).getBytes(UTF_8))
                : new Content("application/json", bytes(body));
    }

    /** Of what is listed, what leads to this integration. */
    List<JsonNode> ours(JsonNode answer) {
        List<JsonNode> ours = new ArrayList<>();
        for (JsonNode each : answer.at(registration().items())) {
            if (each.at(registration().registeredTarget()).asText().equals(endpoint)) {
                ours.add(each);
            }
        }
        return ours;
    }

    /** The text without any credential it may quote. */
    String withoutSecrets(String text) {
        String clean = text;
        for (Map.Entry<StoredField, String> field : fields.entrySet()) {
            if (field.getKey() != StoredField.API_URL && field.getValue().length() >= 6) {
                clean = clean.replace(field.getValue(), "***");
            }
        }
        return clean;
    }

    private String path() {
        StringBuilder path = new StringBuilder();
        for (BackfillValue value : registration().path()) {
            path.append(
                    value.text() != null
                            ? value.text()
                            : encoded(field(value.stored())).replace("%2F", "/"));
        }
        return path.toString();
    }

    private URI uri(String pathAndQuery) {
        BackfillValue declared = service.backfill().base();
        String origin = base != null ? base : raw(declared);
        BackfillAuth auth = service.backfill().auth();
        String whole = origin.replaceAll("/+$", "") + pathAndQuery;
        if (auth.scheme() == Scheme.QUERY) {
            whole +=
                    (whole.contains("?") ? "&" : "?")
                            + encoded(auth.name())
                            + "="
                            + encoded(field(auth.secret()));
        }
        return URI.create(whole);
    }

    private String raw(BackfillValue value) {
        return value.text() != null ? value.text() : field(value.stored());
    }

    private String field(StoredField field) {
        return fields.getOrDefault(field, "");
    }

    private String basic(BackfillAuth auth) {
        String password = auth.secret() == null ? "" : field(auth.secret());
        return Base64.getEncoder()
                .encodeToString((field(auth.username()) + ":" + password).getBytes(UTF_8));
    }

    private static JsonNode text(String text) {
        return JsonNodeFactory.instance.textNode(text);
    }

    private static void put(ObjectNode root, String pointer, JsonNode value) {
        ObjectNode node = root;
        JsonPointer rest = JsonPointer.compile(pointer);
        while (!rest.tail().matches()) {
            node = node.withObject("/" + rest.getMatchingProperty());
            rest = rest.tail();
        }
        node.set(rest.getMatchingProperty(), value);
    }

    private static String form(ObjectNode body) {
        StringJoiner form = new StringJoiner("&");
        body.properties()
                .forEach(
                        member -> {
                            if (member.getValue().isArray()) {
                                member.getValue()
                                        .forEach(each -> add(form, member.getKey() + "[]", each));
                            } else {
                                add(form, member.getKey(), member.getValue());
                            }
                        });
        return form.toString();
    }

    private static void add(StringJoiner form, String name, JsonNode value) {
        form.add(encoded(name) + "=" + encoded(value.asText()));
    }

    private static byte[] bytes(ObjectNode body) {
        return body.toString().getBytes(UTF_8);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, UTF_8).replace("+", "%20");
    }

    /** Never prints a credential. */
    @Override
    public String toString() {
        return "RegistrationPlan[" + service.name() + "]";
    }
}
