package io.webhookdb.controlplane.provisioner.registration;

import com.fasterxml.jackson.databind.JsonNode;
import io.webhookdb.controlplane.outbound.VendorHttp;
import io.webhookdb.controlplane.outbound.VendorHttp.Answer;
import io.webhookdb.controlplane.provisioner.registration.RegistrationPlan.Content;
import java.io.IOException;
import java.net.URI;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Has a vendor send its webhooks here. Done again it changes nothing, except that a registration
 * whose secret nobody knows is made anew.
 */
final class Registrar {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int SECRET_BYTES = 32;
    private static final List<String> MESSAGES =
            List.of("/error/message", "/errors/0/message", "/message", "/errors", "/error");
    private static final int MOST_MESSAGE = 300;

    private final VendorHttp http;

    Registrar(VendorHttp http) {
        this.http = http;
    }

    /**
     * What came of it.
     *
     * @param made how many registrations are new; 0: all was there
     * @param secret what webhooks are signed with from now on; empty: as before
     */
    record Registered(int made, Optional<String> secret) {}

    /**
     * Registers what is not.
     *
     * @param known the signing secret that is stored
     * @throws IOException with the vendor's words, without credentials
     */
    Registered register(RegistrationPlan plan, Optional<String> known) throws IOException {
        List<JsonNode> ours = plan.ours(ask(plan, "GET", plan.list(), null));
        return plan.registration().isForAllEvents() ? whole(plan, ours, known) : single(plan, ours);
    }

    private Registered whole(RegistrationPlan plan, List<JsonNode> ours, Optional<String> known)
            throws IOException {
        if (!ours.isEmpty() && known.isPresent()) {
            return new Registered(0, Optional.empty());
        }
        for (JsonNode unusable : ours) {
            ask(plan, "DELETE", plan.remove(unusable.at(plan.registration().id()).asText()), null);
        }
        String chosen =
                plan.registration().secretMember() == null
                        ? null
                        : known.orElseGet(Registrar::newSecret);
        JsonNode answer =
                ask(
                        plan,
                        "POST",
                        plan.create(),
                        plan.content(plan.registration().events(), chosen));
        if (chosen != null) {
            return new Registered(1, Optional.of(chosen).filter(secret -> known.isEmpty()));
        }
        String answered = answer.at(plan.registration().secretAnswer()).asText("");
        if (answered.isEmpty()) {
            throw new IOException(
                    "The API answered without a signing secret at "
                            + plan.registration().secretAnswer());
        }
        return new Registered(1, Optional.of(answered));
    }

    private Registered single(RegistrationPlan plan, List<JsonNode> ours) throws IOException {
        Set<String> there = new HashSet<>();
        ours.forEach(each -> there.add(each.at(plan.registration().registeredEvent()).asText()));
        List<String> missing = new ArrayList<>(plan.registration().events());
        missing.removeIf(event -> there.contains(event) || there.contains(kind(event)));
        for (String event : missing) {
            ask(plan, "POST", plan.create(), plan.content(List.of(event), null));
        }
        return new Registered(missing.size(), Optional.empty());
    }

    /** ConvertKit lists what was registered for {@code subscriber.tag_add} as {@code tag_add}. */
    private static String kind(String event) {
        return event.substring(event.indexOf('.') + 1);
    }

    private JsonNode ask(RegistrationPlan plan, String method, URI uri, Content content)
            throws IOException {
        Answer answer =
                content == null
                        ? http.ask(method, uri, plan.headers(), null, null)
                        : http.ask(method, uri, plan.headers(), content.type(), content.bytes());
        boolean gone = method.equals("DELETE") && answer.status() == 404;
        if (!answer.isSuccess() && !gone) {
            throw new IOException(
                    plan.withoutSecrets(
                            "The API answered " + answer.status() + message(answer.body())));
        }
        return answer.body();
    }

    private static String message(JsonNode body) {
        for (String pointer : MESSAGES) {
            JsonNode found = body.at(pointer);
            if (found.isTextual() && !found.asText().isBlank()) {
                String text = found.asText().strip().replaceAll("\\s+", " ");
                return ": " + text.substring(0, Math.min(MOST_MESSAGE, text.length()));
            }
        }
        return "";
    }

    private static String newSecret() {
        byte[] secret = new byte[SECRET_BYTES];
        RANDOM.nextBytes(secret);
        return HexFormat.of().formatHex(secret);
    }
}
