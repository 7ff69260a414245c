package io.webhookdb.security.tls;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * Where a listener's certificate and key are.
 *
 * @param certificate PEM file, the listener's own certificate first, then those that vouch for it
 * @param key PEM file with the private key in PKCS#8 ({@code BEGIN PRIVATE KEY}), not encrypted
 */
public record TlsFiles(Path certificate, Path key) {
    private static final Pattern PKCS8 =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([^-]+)-----END PRIVATE KEY-----");
    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "Ed25519");

    /**
     * Reads {@code PREFIX}CERTIFICATE and {@code PREFIX}KEY; empty where neither is set.
     *
     * @throws IllegalArgumentException if only one is set
     */
    public static Optional<TlsFiles> of(Map<String, String> variables, String prefix) {
        String certificate = variables.getOrDefault(prefix + "CERTIFICATE", "").strip();
        String key = variables.getOrDefault(prefix + "KEY", "").strip();
        if (certificate.isEmpty() != key.isEmpty()) {
            throw new IllegalArgumentException(
                    "%sCERTIFICATE is \"%s\" and %sKEY is \"%s\", expected both or neither"
                            .formatted(prefix, certificate, prefix, key));
        }
        return certificate.isEmpty()
                ? Optional.empty()
                : Optional.of(new TlsFiles(Path.of(certificate), Path.of(key)));
    }

    /**
     * What the files hold now.
     *
     * @throws IllegalArgumentException naming the file that cannot be used, and why
     */
    X509ExtendedKeyManager load() {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("listener", privateKey(), new char[0], chain());
            KeyManagerFactory factory =
                    KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(store, new char[0]);
            return (X509ExtendedKeyManager) factory.getKeyManagers()[0];
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException(
                    "TLS files %s and %s cannot be used: %s"
                            .formatted(certificate, key, e.getMessage()),
                    e);
        }
    }

    private Certificate[] chain() throws GeneralSecurityException, IOException {
        try (InputStream in = Files.newInputStream(certificate)) {
            Certificate[] chain =
                    CertificateFactory.getInstance("X.509")
                            .generateCertificates(in)
                            .toArray(Certificate[]::new);
            if (chain.length == 0) {
                throw new IllegalArgumentException(
                        "TLS file " + certificate + " has no certificate, expected PEM");
            }
            return chain;
        }
    }

    private PrivateKey privateKey() throws IOException {
        IllegalArgumentException refused =
                new IllegalArgumentException(
                        "TLS file "
                                + key
                                + " has no key that can be read, expected an unencrypted PKCS#8 key"
                                + " in PEM (BEGIN PRIVATE KEY) of "
                                + ALGORITHMS
                                + "; openssl pkcs8 -topk8 -nocrypt makes one");
        Matcher pem = PKCS8.matcher(Files.readString(key, StandardCharsets.US_ASCII));
        if (!pem.find()) {
            throw refused;
        }
        PKCS8EncodedKeySpec der =
                new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(pem.group(1)));
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(der);
            } catch (GeneralSecurityException anotherAlgorithm) {
                refused.addSuppressed(anotherAlgorithm);
            }
        }
        throw refused;
    }

    /** Changes whenever one of the files is written. */
    long version() throws IOException {
        return Files.getLastModifiedTime(certificate).toMillis() * 31
                + Files.getLastModifiedTime(key).toMillis();
    }
}
