package io.webhookdb.security.signature;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.schemas.catalog.SignedPart;
import io.webhookdb.schemas.catalog.SignedPart.Value;
import io.webhookdb.schemas.catalog.Verification;
import io.webhookdb.schemas.catalog.Verification.Algorithm;
import io.webhookdb.schemas.catalog.Verification.Encoding;
import io.webhookdb.schemas.catalog.Verification.Scheme;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class PublicKeyTest {
    private static final Instant NOW = Instant.parse("2027-01-01T00:00:00Z");

    /** sendgrid-java, EventWebhookTest: key, time, body and signature. */
    @Test
    void takesTheExampleOfSendGrid() {
        Verification sendgrid =
                of(
                        Scheme.PUBLIC_KEY,
                        "X-Twilio-Email-Event-Webhook-Signature",
                        Algorithm.ECDSA_SHA256,
                        List.of(),
                        new SignedPart(null, "X-Twilio-Email-Event-Webhook-Timestamp", null, null),
                        new SignedPart(null, null, null, Value.BODY));
        SignatureVerifier verifier =
                SignatureVerifier.prepare(
                        sendgrid,
                        "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE83T4O/n84iotIvIW4mdBgQ/7dAfSmpqIM8kF9m"
                                + "N1flpVKS3GRqe62gw+2fNNRaINXvVpiglSI8eNEc6wEA3F+g==");
        String body =
                "[{\"email\":\"hello@world.com\",\"event\":\"dropped\",\"reason\":\"Bounced"
                    + " Address\",\"sg_event_id\":\"ZHJvcC0xMDk5NDkxOS1MUnpYbF9OSFN0T0doUTRrb2ZTbV9BLTA\",\"sg_message_id\":\"LRzXl_NHStOGhQ4kofSm_A.filterdrecv-p3mdw1-756b745b58-kmzbl-18-5F5FC76C-9.0\",\"smtp-id\":\"<LRzXl_NHStOGhQ4kofSm_A@ismtpd0039p1iad1.sendgrid.net>\",\"timestamp\":1600112492}]\r\n";
        Map<String, String> headers =
                Map.of(
                        "X-Twilio-Email-Event-Webhook-Timestamp",
                        "1600112502",
                        "X-Twilio-Email-Event-Webhook-Signature",
                        "MEUCIGHQVtGj+Y3LkG9fLcxf3qfI10QysgDWmMOVmxG0u6ZUAiEAyBiXDWzM+uOe5W0JuG+luQ"
                                + "AbPIqHh89M15TluLtEZtM=");

        assertThat(verifier.verify(request(headers, body, none -> Optional.empty())).code())
                .isEqualTo("verified");
        assertThat(verifier.verify(request(headers, body + " ", none -> Optional.empty())).code())
                .isEqualTo("signature_mismatch");
        assertThat(
                        SignatureVerifier.prepare(sendgrid, "no key")
                                .verify(request(headers, body, none -> Optional.empty()))
                                .code())
                .isEqualTo("no_secret");
    }

    /** Standard Webhooks, "Asymmetric": v1a, Ed25519, the public key behind whpk_. */
    @Test
    void takesAnEd25519SignatureOfStandardWebhooks() throws Exception {
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        byte[] spki = pair.getPublic().getEncoded();
        String key =
                "whpk_"
                        + Base64.getEncoder()
                                .encodeToString(
                                        Arrays.copyOfRange(spki, spki.length - 32, spki.length));
        Verification standard =
                new Verification(
                        Scheme.STANDARD_WEBHOOKS,
                        "webhook-signature",
                        null,
                        null,
                        null,
                        300,
                        null,
                        "specification",
                        "webhook-timestamp",
                        null,
                        null,
                        "webhook-id",
                        null,
                        null,
                        null,
                        null);
        String time = Long.toString(NOW.getEpochSecond());
        Signature signer = Signature.getInstance("Ed25519");
        signer.initSign(pair.getPrivate());
        signer.update(("msg_1." + time + ".{}").getBytes(UTF_8));
        String signature = "v1,wrong v1a," + Base64.getEncoder().encodeToString(signer.sign());
        SignatureVerifier verifier = SignatureVerifier.prepare(standard, key);
        Map<String, String> headers =
                Map.of(
                        "webhook-id", "msg_1",
                        "webhook-timestamp", time,
                        "webhook-signature", signature);

        assertThat(verifier.verify(request(headers, "{}", none -> Optional.empty())).code())
                .isEqualTo("verified");
        assertThat(verifier.verify(request(headers, "[]", none -> Optional.empty())).code())
                .isEqualTo("signature_mismatch");
    }

    /** PayPal, "Verify webhook message manually": id|time|webhook id|CRC-32 of the body. */
    @Test
    void asksForTheCertificateOfTheVendorOnly() throws IOException {
        Verification paypal =
                of(
                        Scheme.CERTIFICATE_URL,
                        "PAYPAL-TRANSMISSION-SIG",
                        Algorithm.RSA_SHA256,
                        List.of("api.paypal.com", ".sandbox.paypal.com"),
                        new SignedPart(null, "PAYPAL-TRANSMISSION-ID", null, null),
                        new SignedPart("|", null, null, null),
                        new SignedPart(null, "PAYPAL-TRANSMISSION-TIME", null, null),
                        new SignedPart("|", null, null, null),
                        new SignedPart(null, null, null, Value.SECRET),
                        new SignedPart("|", null, null, null),
                        new SignedPart(null, null, null, Value.BODY_CRC32));
        SignatureVerifier verifier = SignatureVerifier.prepare(paypal, "1JE4291016473214C");
        byte[] certificate =
                PublicKeyTest.class.getResourceAsStream("/certificate.pem").readAllBytes();
        String url = "https://api.paypal.com/v1/notifications/certs/CERT-1";
        Function<URI, Optional<byte[]>> fetched =
                asked -> asked.toString().equals(url) ? Optional.of(certificate) : Optional.empty();

        assertThat(verifier.verify(request(paypal(url), "{\"id\":\"WH-1\"}", fetched)).code())
                .isEqualTo("verified");
        assertThat(verifier.verify(request(paypal(url), "{\"id\":\"WH-2\"}", fetched)).code())
                .isEqualTo("signature_mismatch");
        assertThat(verifier.verify(request(paypal(url), "{}", none -> Optional.empty())))
                .isEqualTo(new Verdict.KeyNeeded(URI.create(url)));
        assertThat(
                        verifier.verify(
                                        request(
                                                paypal(url),
                                                "{}",
                                                none -> Optional.of("text".getBytes(UTF_8))))
                                .code())
                .isEqualTo("key_unavailable");
        for (String foreign :
                List.of(
                        "http://api.paypal.com/c",
                        "https://api.paypal.com:444/c",
                        "https://evil.example/api.paypal.com",
                        "https://api.paypal.com@evil.example/",
                        "https://xsandbox.paypal.com.evil.example/",
                        "https://notsandbox.paypal.com/",
                        "not a url")) {
            assertThat(verifier.verify(request(paypal(foreign), "{}", fetched)))
                    .as(foreign)
                    .isInstanceOf(Verdict.Rejected.class);
        }
    }

    @Test
    void takesTheRightUserAndPassword() {
        SignatureVerifier verifier =
                SignatureVerifier.prepare(
                        new Verification(Scheme.BASIC, null, null, null, null, null, null, "own"),
                        "user:pass:word");
        String right = Base64.getEncoder().encodeToString("user:pass:word".getBytes(UTF_8));
        String wrong = Base64.getEncoder().encodeToString("user:pass".getBytes(UTF_8));

        assertThat(basic(verifier, "Basic " + right)).isEqualTo("verified");
        assertThat(basic(verifier, "basic  " + right)).isEqualTo("verified");
        assertThat(basic(verifier, "Basic " + wrong)).isEqualTo("signature_mismatch");
        assertThat(basic(verifier, "Basic %%%")).isEqualTo("malformed_header");
        assertThat(basic(verifier, "Bearer " + right)).isEqualTo("malformed_header");
        assertThat(basic(verifier, "")).isEqualTo("missing_header");
    }

    @Test
    void takesTheVendorsAddressesAlone() throws IOException {
        SignatureVerifier verifier =
                SignatureVerifier.prepare(
                        new Verification(
                                Scheme.SOURCE_ADDRESS,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                "own",
                                null,
                                null,
                                null,
                                null,
                                List.of("3.134.147.250", "10.1.0.0/16"),
                                null,
                                null,
                                null),
                        null);

        assertThat(from(verifier, InetAddress.getByName("3.134.147.250"))).isEqualTo("verified");
        assertThat(from(verifier, InetAddress.getByName("10.1.2.3"))).isEqualTo("verified");
        assertThat(from(verifier, InetAddress.getByName("10.2.2.3"))).isEqualTo("foreign_address");
        assertThat(from(verifier, null)).isEqualTo("foreign_address");
    }

    private static String basic(SignatureVerifier verifier, String header) {
        return verifier.verify(
                        request(Map.of("Authorization", header), "{}", none -> Optional.empty()))
                .code();
    }

    private static String from(SignatureVerifier verifier, InetAddress sender) {
        return verifier.verify(
                        new SignedRequest(
                                "POST",
                                List.of(""),
                                name -> null,
                                new byte[0],
                                sender,
                                NOW,
                                none -> Optional.empty()))
                .code();
    }

    private static Map<String, String> paypal(String url) {
        return Map.of(
                "PAYPAL-CERT-URL",
                url,
                "PAYPAL-TRANSMISSION-ID",
                "69cd13f0-d67a-11e5-baa3-778b53f4ae55",
                "PAYPAL-TRANSMISSION-TIME",
                "2016-02-18T20:01:35Z",
                "PAYPAL-TRANSMISSION-SIG",
                "Cfxdb6asKQkk92x4JKuzDYl8etXXfzTjZn74BOmlmpE5GPbJZeindGCMBD2YCqmQJMbhpKUwcz3FILPC"
                    + "UNtQ0s7xemwCHvDV26tf1mL30Z99nHAy3yJJw7bRWQQqCKJ1QJV/PJEaCzj2KXpUBhqlevdCa0a6xrnf"
                    + "QDdfY2YijBSrLsa66AdbqiY3gD7ptrrut1Wq1On6KN2kN9vcybYGSQIBVcnLTqkpxNrEHzYk6LpanQqj"
                    + "29TIJ+DP8bJsMUGKzHg+SlLAe/Vxw6W3qg+hoyBF/++70n+J/2NCOiQg0OrV35k6ckwHqeTgGdjzg+4y"
                    + "Kk/dAcl/jylxWMrZGpTWHQ==");
    }

    private static Verification of(
            Scheme scheme,
            String header,
            Algorithm algorithm,
            List<String> keyHosts,
            SignedPart... signed) {
        return new Verification(
                scheme,
                header,
                algorithm,
                Encoding.BASE64,
                null,
                null,
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
                List.of(signed),
                null,
                null,
                null,
                scheme == Scheme.CERTIFICATE_URL ? "PAYPAL-CERT-URL" : null,
                null,
                keyHosts,
                null);
    }

    private static SignedRequest request(
            Map<String, String> headers, String body, Function<URI, Optional<byte[]>> fetched) {
        Map<String, String> map = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        map.putAll(headers);
        return new SignedRequest(
                "POST",
                List.of("https://a.co/"),
                map::get,
                body.getBytes(UTF_8),
                null,
                NOW,
                fetched);
    }
}
