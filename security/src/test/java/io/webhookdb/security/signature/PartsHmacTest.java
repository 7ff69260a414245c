package io.webhookdb.security.signature;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.schemas.catalog.SignedPart;
import io.webhookdb.schemas.catalog.SignedPart.Value;
import io.webhookdb.schemas.catalog.TimeSource;
import io.webhookdb.schemas.catalog.Verification;
import io.webhookdb.schemas.catalog.Verification.Algorithm;
import io.webhookdb.schemas.catalog.Verification.Encoding;
import io.webhookdb.schemas.catalog.Verification.Scheme;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/** Each vendor's own example where its documentation has one; else signed as it describes. */
class PartsHmacTest {
    private static final Instant NOW = Instant.ofEpochSecond(1_531_420_618);

    /** api.slack.com, "Verifying requests from Slack": secret, time, body and signature. */
    @Test
    void takesTheExampleOfSlack() {
        Verification slack =
                hmac(
                        "X-Slack-Signature",
                        Algorithm.SHA256,
                        Encoding.HEX,
                        "v0=",
                        300,
                        "X-Slack-Request-Timestamp",
                        null,
                        text("v0:"),
                        header("X-Slack-Request-Timestamp"),
                        text(":"),
                        value(Value.BODY));
        SignatureVerifier verifier =
                SignatureVerifier.prepare(slack, "8f742231b10e8888abcd99yyyzzz85a5");
        String body =
                "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow"
                    + "&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA"
                    + "&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url="
                    + "https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96r"
                    + "GlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a1"
                    + "4d10d2c447fce8b6703c";
        Map<String, String> headers =
                Map.of(
                        "X-Slack-Request-Timestamp",
                        "1531420618",
                        "X-Slack-Signature",
                        "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503");

        assertThat(verifier.verify(request("https://a.co/", headers, body, NOW)).code())
                .isEqualTo("verified");
        assertThat(verifier.verify(request("https://a.co/", headers, body + "&", NOW)).code())
                .isEqualTo("signature_mismatch");
        assertThat(
                        verifier.verify(
                                        request(
                                                "https://a.co/",
                                                headers,
                                                body,
                                                NOW.plusSeconds(301)))
                                .code())
                .isEqualTo("timestamp_outside_tolerance");
    }

    /** twilio.com, "Webhooks security": URL, parameters, token and signature of the example. */
    @Test
    void takesTheExampleOfTwilio() {
        Verification twilio =
                hmac(
                        "X-Twilio-Signature",
                        Algorithm.SHA1,
                        Encoding.BASE64,
                        null,
                        null,
                        null,
                        null,
                        value(Value.URL),
                        value(Value.SORTED_FORM));
        SignatureVerifier verifier = SignatureVerifier.prepare(twilio, "12345");
        String url = "https://mycompany.com/myapp.php?foo=1&bar=2";
        String form =
                "CallSid=CA1234567890ABCDE&Caller=%2B12349013030&Digits=1234"
                        + "&From=%2B12349013030&To=%2B18005551212";
        Map<String, String> headers = Map.of("X-Twilio-Signature", "0/KCTR6DLpKmkAf8muzZqo1nDgQ=");

        assertThat(verifier.verify(request(url, headers, form, NOW)).code()).isEqualTo("verified");
        assertThat(verifier.verify(request(url + "3", headers, form, NOW)).code())
                .isEqualTo("signature_mismatch");
        assertThat(verifier.verify(request(url, headers, form + "0", NOW)).code())
                .isEqualTo("signature_mismatch");
    }

    @Test
    void comparesTheDigestOfABodyThatIsNoForm() {
        Verification twilio =
                hmac(
                        "X-Twilio-Signature",
                        Algorithm.SHA1,
                        Encoding.BASE64,
                        null,
                        null,
                        null,
                        null,
                        value(Value.URL),
                        value(Value.SORTED_FORM));
        SignatureVerifier verifier = SignatureVerifier.prepare(twilio, "12345");
        // SHA-256 of {"property": "value", "boolean": true}
        String url =
                "https://a.co/x?bodySHA256="
                        + "0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620";
        Map<String, String> headers =
                Map.of(
                        "X-Twilio-Signature",
                        Base64.getEncoder().encodeToString(mac("HmacSHA1", "12345", url)));

        assertThat(
                        verifier.verify(
                                        request(
                                                url,
                                                headers,
                                                "{\"property\": \"value\", \"boolean\": true}",
                                                NOW))
                                .code())
                .isEqualTo("verified");
        assertThat(verifier.verify(request(url, headers, "{}", NOW)).code())
                .isEqualTo("signature_mismatch");
    }

    /** square-java-sdk, {@code WebhooksHelper}: HMAC-SHA256 of the URL and the body. */
    @Test
    void takesEachUrlAVendorMayHaveSigned() {
        Verification square =
                hmac(
                        "x-square-hmacsha256-signature",
                        Algorithm.SHA256,
                        Encoding.BASE64,
                        null,
                        null,
                        null,
                        null,
                        value(Value.URL),
                        value(Value.BODY));
        SignatureVerifier verifier = SignatureVerifier.prepare(square, "key");
        String signature =
                Base64.getEncoder().encodeToString(mac("HmacSHA256", "key", "http://a.co/x{}"));
        Map<String, String> headers = Map.of("x-square-hmacsha256-signature", signature);
        SignedRequest either =
                new SignedRequest(
                        "POST",
                        List.of("https://a.co/x", "http://a.co/x"),
                        lookup(headers),
                        "{}".getBytes(UTF_8),
                        null,
                        NOW,
                        url -> Optional.empty());

        assertThat(verifier.verify(either).code()).isEqualTo("verified");
        assertThat(verifier.verify(request("https://a.co/y", headers, "{}", NOW)).code())
                .isEqualTo("signature_mismatch");
    }

    /** developers.hubspot.com, "Validate requests", version 3: method, URL, body, time in ms. */
    @Test
    void comparesTimesInMilliseconds() {
        Verification hubspot =
                new Verification(
                        Scheme.HMAC_PARTS,
                        "X-HubSpot-Signature-v3",
                        Algorithm.SHA256,
                        Encoding.BASE64,
                        null,
                        300,
                        null,
                        "documentation",
                        "X-HubSpot-Request-Timestamp",
                        TimeSource.Format.UNIX_MILLISECONDS,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        List.of(
                                value(Value.METHOD),
                                value(Value.URL),
                                value(Value.BODY),
                                header("X-HubSpot-Request-Timestamp")),
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null);
        SignatureVerifier verifier = SignatureVerifier.prepare(hubspot, "key");
        String time = Long.toString(NOW.toEpochMilli());
        Map<String, String> headers =
                Map.of(
                        "X-HubSpot-Request-Timestamp",
                        time,
                        "X-HubSpot-Signature-v3",
                        Base64.getEncoder()
                                .encodeToString(
                                        mac("HmacSHA256", "key", "POSThttps://a.co/x[]" + time)));

        assertThat(verifier.verify(request("https://a.co/x", headers, "[]", NOW)).code())
                .isEqualTo("verified");
        assertThat(
                        verifier.verify(
                                        request(
                                                "https://a.co/x",
                                                headers,
                                                "[]",
                                                NOW.minusSeconds(301)))
                                .code())
                .isEqualTo("timestamp_outside_tolerance");
    }

    /** documentation.mailgun.com, "Securing Webhooks": time and token, all in the body. */
    @Test
    void readsWhatTheBodyHas() {
        Verification mailgun =
                new Verification(
                        Scheme.HMAC_PARTS,
                        null,
                        Algorithm.SHA256,
                        Encoding.HEX,
                        null,
                        300,
                        null,
                        "documentation",
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        List.of(pointer("/signature/timestamp"), pointer("/signature/token")),
                        "/signature/signature",
                        "/signature/timestamp",
                        null,
                        null,
                        null,
                        null,
                        null);
        SignatureVerifier verifier = SignatureVerifier.prepare(mailgun, "key");
        String time = Long.toString(NOW.getEpochSecond());
        String right = HexFormat.of().formatHex(mac("HmacSHA256", "key", time + "tok"));

        assertThat(verifier.verify(mailgun(time, "tok", right)).code()).isEqualTo("verified");
        assertThat(verifier.verify(mailgun(time, "tok2", right)).code())
                .isEqualTo("signature_mismatch");
        assertThat(verifier.verify(request("", Map.of(), "no json", NOW)).code())
                .isEqualTo("missing_header");
    }

    private static SignedRequest mailgun(String time, String token, String signature) {
        return request(
                "",
                Map.of(),
                """
                {"signature": {"timestamp": "%s", "token": "%s", "signature": "%s"}}
                """
                        .formatted(time, token, signature),
                NOW);
    }

    private static Verification hmac(
            String header,
            Algorithm algorithm,
            Encoding encoding,
            String prefix,
            Integer tolerance,
            String timestampHeader,
            String itemSeparator,
            SignedPart... signed) {
        return new Verification(
                Scheme.HMAC_PARTS,
                header,
                algorithm,
                encoding,
                prefix,
                tolerance,
                null,
                "documentation",
                timestampHeader,
                null,
                null,
                null,
                null,
                null,
                null,
                itemSeparator,
                null,
                List.of(signed),
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    private static SignedPart text(String text) {
        return new SignedPart(text, null, null, null);
    }

    private static SignedPart header(String name) {
        return new SignedPart(null, name, null, null);
    }

    private static SignedPart pointer(String pointer) {
        return new SignedPart(null, null, pointer, null);
    }

    private static SignedPart value(Value value) {
        return new SignedPart(null, null, null, value);
    }

    private static SignedRequest request(
            String url, Map<String, String> headers, String body, Instant arrived) {
        return new SignedRequest(
                "POST",
                List.of(url),
                lookup(headers),
                body.getBytes(UTF_8),
                null,
                arrived,
                none -> Optional.empty());
    }

    private static java.util.function.UnaryOperator<String> lookup(Map<String, String> headers) {
        Map<String, String> map = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        map.putAll(headers);
        return map::get;
    }

    private static byte[] mac(String algorithm, String key, String text) {
        try {
            Mac mac = Mac.getInstance(algorithm);
            mac.init(new SecretKeySpec(key.getBytes(UTF_8), algorithm));
            return mac.doFinal(text.getBytes(UTF_8));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}
