package io.webhookdb.security.signature;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.webhookdb.schemas.catalog.SignedPart;
import java.net.URLDecoder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.CRC32;

/** Puts together what a vendor signs. */
final class SignedParts {
    private static final byte[] NOTHING = {};

    private final List<SignedPart> parts;
    private final byte[] secret;
    private final boolean dependsOnUrl;

    SignedParts(List<SignedPart> parts, String secret) {
        this.parts = parts;
        this.secret = secret.getBytes(UTF_8);
        this.dependsOnUrl =
                parts.stream()
                        .anyMatch(
                                part ->
                                        part.value() == SignedPart.Value.URL
                                                || part.value()
                                                        == SignedPart.Value.URL_WITHOUT_QUERY);
    }

    /** What may have been signed: one text per URL, or one where the URL is not signed. */
    List<byte[][]> candidates(SignedRequest request) {
        List<byte[][]> candidates = new ArrayList<>(1);
        for (String url : dependsOnUrl ? request.urls() : request.urls().subList(0, 1)) {
            byte[][] pieces = new byte[parts.size()][];
            boolean whole = true;
            for (int i = 0; i < pieces.length && whole; i++) {
                Optional<byte[]> piece = piece(parts.get(i), request, url);
                whole = piece.isPresent();
                pieces[i] = piece.orElse(NOTHING);
            }
            if (whole) {
                candidates.add(pieces);
            }
        }
        return candidates;
    }

    private Optional<byte[]> piece(SignedPart part, SignedRequest request, String url) {
        if (part.text() != null) {
            return Optional.of(part.text().getBytes(UTF_8));
        }
        if (part.header() != null) {
            String value = request.header(part.header());
            return Optional.of(value == null ? NOTHING : value.getBytes(ISO_8859_1));
        }
        if (part.pointer() != null) {
            String value = request.text(part.pointer());
            return Optional.of(value == null ? NOTHING : value.getBytes(UTF_8));
        }
        return switch (part.value()) {
            case METHOD -> Optional.of(request.method().getBytes(UTF_8));
            case URL -> Optional.of(url.getBytes(UTF_8));
            case URL_WITHOUT_QUERY -> Optional.of(url.split("\\?", 2)[0].getBytes(UTF_8));
            case BODY -> Optional.of(request.body());
            case SORTED_FORM -> sortedForm(request, url);
            case BODY_CRC32 -> {
                CRC32 crc = new CRC32();
                crc.update(request.body());
                yield Optional.of(Long.toString(crc.getValue()).getBytes(UTF_8));
            }
            case SECRET -> Optional.of(secret);
        };
    }

    /**
     * Twilio ("Validating signatures from Twilio"; twilio-java, {@code RequestValidator}): each
     * name with its distinct values, sorted; of a body that is no form the query has the digest.
     */
    private static Optional<byte[]> sortedForm(SignedRequest request, String url) {
        String digest = parameters(query(url)).getOrDefault("bodySHA256", List.of("")).get(0);
        if (!digest.isEmpty()) {
            return MessageDigest.isEqual(
                            sha256(request.body()).getBytes(UTF_8), digest.getBytes(UTF_8))
                    ? Optional.of(NOTHING)
                    : Optional.empty();
        }
        StringBuilder text = new StringBuilder();
        parameters(new String(request.body(), UTF_8))
                .forEach(
                        (name, values) ->
                                new TreeSet<>(values)
                                        .forEach(value -> text.append(name).append(value)));
        return Optional.of(text.toString().getBytes(UTF_8));
    }

    private static String query(String url) {
        int mark = url.indexOf('?');
        return mark < 0 ? "" : url.substring(mark + 1);
    }

    private static Map<String, List<String>> parameters(String form) {
        Map<String, List<String>> parameters = new TreeMap<>();
        for (String pair : form.strip().split("&", -1)) {
            if (!pair.isEmpty()) {
                int equals = pair.indexOf('=');
                parameters
                        .computeIfAbsent(
                                decoded(equals < 0 ? pair : pair.substring(0, equals)),
                                name -> new ArrayList<>())
                        .add(decoded(equals < 0 ? "" : pair.substring(equals + 1)));
            }
        }
        return parameters;
    }

    /** A piece of a form or query; one that is escaped wrongly stays as it is. */
    static String decoded(String text) {
        try {
            return URLDecoder.decode(text, UTF_8);
        } catch (IllegalArgumentException e) {
            return text;
        }
    }

    private static String sha256(byte[] body) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is part of every Java platform", e);
        }
    }
}
