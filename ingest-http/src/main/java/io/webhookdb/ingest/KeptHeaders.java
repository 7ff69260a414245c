package io.webhookdb.ingest;

import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.catalog.SignedPart;
import io.webhookdb.schemas.catalog.Verification;
import io.webhookdb.schemas.catalog.Verification.Scheme;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The request headers stored with an event: those the catalogue names, never one that is a secret.
 */
final class KeptHeaders {
    private static final Set<String> ALWAYS_SECRET =
            Set.of("authorization", "proxy-authorization", "cookie", "set-cookie");

    private final List<String> lowerCaseNames;

    private KeptHeaders(Set<String> lowerCaseNames) {
        this.lowerCaseNames = List.copyOf(lowerCaseNames);
    }

    static KeptHeaders ofAccepted(ServiceDefinition definition) {
        return new KeptHeaders(named(definition));
    }

    /**
     * With the signature, which is no secret: it proves one body and cannot be used for another.
     */
    static KeptHeaders ofRejected(ServiceDefinition definition) {
        Set<String> names = named(definition);
        Verification verification = definition.verification();
        switch (verification.scheme()) {
            case HMAC_BODY,
                    HMAC_TIMESTAMPED,
                    HMAC_TIMESTAMP_HEADER,
                    HMAC_URL_NONCE,
                    STANDARD_WEBHOOKS,
                    HMAC_PARTS,
                    PUBLIC_KEY,
                    CERTIFICATE_URL,
                    JWT ->
                    proof(verification).map(KeptHeaders::lowerCase).forEach(names::add);
            case STATIC_HEADER, SOURCE_ADDRESS, BASIC, NONE -> {}
        }
        names.removeAll(ALWAYS_SECRET);
        return new KeptHeaders(names);
    }

    private static Stream<String> proof(Verification verification) {
        return Stream.concat(
                        Stream.of(
                                verification.header(),
                                verification.timestampHeader(),
                                verification.nonceHeader(),
                                verification.keyUrlHeader()),
                        verification.signed().stream().map(SignedPart::header))
                .filter(Objects::nonNull);
    }

    /** Whether a header of that lower-case name is kept. */
    boolean has(String lowerCaseName) {
        return lowerCaseNames.contains(lowerCaseName);
    }

    /** Those of the names that the request has; several values of one name joined by a comma. */
    Map<String, String> of(Function<String, List<String>> request) {
        Map<String, String> kept = new TreeMap<>();
        for (String name : lowerCaseNames) {
            List<String> values = request.apply(name);
            if (!values.isEmpty()) {
                kept.put(name, values.size() == 1 ? values.get(0) : String.join(", ", values));
            }
        }
        return kept;
    }

    private static Set<String> named(ServiceDefinition definition) {
        Set<String> names = new TreeSet<>();
        definition.keepHeaders().forEach(name -> names.add(lowerCase(name)));
        names.removeAll(ALWAYS_SECRET);
        if (definition.verification().scheme() == Scheme.STATIC_HEADER) {
            names.remove(lowerCase(definition.verification().header()));
        }
        return names;
    }

    private static String lowerCase(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
