package io.webhookdb.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.UUID;

/** A certificate for 127.0.0.1 and localhost that vouches for itself, made by the JDK's keytool. */
public final class SelfSigned {
    private final Path folder;
    private final char[] password = UUID.randomUUID().toString().toCharArray();
    private KeyStore store;

    private SelfSigned(Path folder) {
        this.folder = folder;
    }

    /** Writes {@code certificate.pem} and {@code key.pem} into the folder, over what is there. */
    public static SelfSigned in(Path folder, String commonName) {
        SelfSigned made = new SelfSigned(folder);
        try {
            made.make(commonName);
            return made;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("No certificate could be made in " + folder, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void make(String commonName)
            throws IOException, GeneralSecurityException, InterruptedException {
        Path file = Files.createTempFile(folder, "made", ".p12");
        Files.delete(file);
        List<String> line =
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-alias",
                        "listener",
                        "-dname",
                        "CN=" + commonName,
                        "-ext",
                        "SAN=IP:127.0.0.1,DNS:localhost",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        new String(password),
                        "-keystore",
                        file.toString());
        Process keytool = new ProcessBuilder(line).redirectErrorStream(true).start();
        String said = new String(keytool.getInputStream().readAllBytes(), Charset.defaultCharset());
        if (keytool.waitFor() != 0) {
            throw new IOException("keytool: " + said);
        }
        store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, password);
        }
        Files.delete(file);
        pem(certificate(), "CERTIFICATE", store.getCertificate("listener").getEncoded());
        pem(key(), "PRIVATE KEY", store.getKey("listener", password).getEncoded());
    }

    private static void pem(Path file, String what, byte[] der) throws IOException {
        Files.writeString(
                file,
                "-----BEGIN %s-----%n%s%n-----END %s-----%n"
                        .formatted(what, Base64.getMimeEncoder().encodeToString(der), what));
    }

    public Path certificate() {
        return folder.resolve("certificate.pem");
    }

    public Path key() {
        return folder.resolve("key.pem");
    }

    /** To be trusted by the client of a test. */
    public KeyStore store() {
        return store;
    }
}
