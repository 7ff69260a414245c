package io.webhookdb.connectors.outbound;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A certificate with its key and an authority of its own, made by the JDK's keytool. */
public final class TestingCertificate {
    private static final String PASSWORD = "changeit";
    private static final String PAIR = "-genkeypair -keyalg EC -groupname secp256r1";

    private final KeyStore keys;
    private final Path authority;

    private TestingCertificate(Path store) {
        try {
            keys = KeyStore.getInstance("PKCS12");
            try (InputStream in = Files.newInputStream(store)) {
                keys.load(in, PASSWORD.toCharArray());
            }
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            trusted.setCertificateEntry("authority", keys.getCertificate("authority"));
            authority = store.resolveSibling("authority.p12");
            try (OutputStream out = Files.newOutputStream(authority)) {
                trusted.store(out, PASSWORD.toCharArray());
            }
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Valid for a day.
     *
     * @param folder empty
     * @param names as keytool's SAN takes them, such as {@code dns:localhost}
     * @param start when it begins to be valid, such as {@code -1H} or {@code -10d}
     */
    public static TestingCertificate of(Path folder, String names, String start) {
        Path store = folder.resolve("keys.p12");
        keytool(
                store,
                PAIR
                        + " -alias authority -dname CN=authority -ext bc:c -startdate -20d"
                        + " -validity 90");
        keytool(
                store,
                PAIR
                        + " -alias server -signer authority -dname CN=server -validity 1 -startdate"
                        + " "
                        + start
                        + " -ext san="
                        + names);
        return new TestingCertificate(store);
    }

    private static void keytool(Path store, String options) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(options.split(" ")));
        command.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD));
        command.addAll(List.of("-keystore", store.toString()));
        try {
            Path log = store.resolveSibling("keytool.log");
            Process process =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(log.toFile())
                            .start();
            if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IllegalStateException(Files.readString(log, US_ASCII));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** For a server that shows it. */
    public SSLContext serverContext() throws GeneralSecurityException {
        KeyStore own = KeyStore.getInstance("PKCS12");
        try {
            own.load(null, null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        own.setKeyEntry(
                "server", key(), PASSWORD.toCharArray(), keys.getCertificateChain("server"));
        KeyManagerFactory managers =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(own, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    private Key key() throws GeneralSecurityException {
        return keys.getKey("server", PASSWORD.toCharArray());
    }

    public String certificatePem() throws GeneralSecurityException {
        return pem("CERTIFICATE", keys.getCertificate("server").getEncoded());
    }

    public String keyPem() throws GeneralSecurityException {
        return pem("PRIVATE KEY", key().getEncoded());
    }

    private static String pem(String what, byte[] bytes) {
        return "-----BEGIN "
                + what
                + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes)
                + "\n-----END "
                + what
                + "-----\n";
    }

    /** What an operator sets to have the JVM trust its authority, and no other. */
    public Map<String, String> properties() {
        return Map.of(
                "javax.net.ssl.trustStore",
                authority.toString(),
                "javax.net.ssl.trustStorePassword",
                PASSWORD);
    }

    /** What runs while they are set. */
    public interface Trusting {
        void run() throws Exception;
    }

    public void trusted(Trusting what) throws Exception {
        properties().forEach(System::setProperty);
        try {
            what.run();
        } finally {
            properties().keySet().forEach(System::clearProperty);
        }
    }
}
