package io.webhookdb.security.tls;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * A listener's certificate and key, read again when their files have changed, so that a renewed
 * certificate needs no restart. Looked at with a handshake, at most once in a while; connections
 * that are open go on. While new files cannot be used the former ones stay.
 */
public final class ReloadingKeyManager extends X509ExtendedKeyManager {
    private final TlsFiles files;
    private final long pauseNanos;
    private final Consumer<String> news;
    private final AtomicLong lookAt = new AtomicLong();
    private volatile X509ExtendedKeyManager current;
    private volatile long version;

    /**
     * Reads the files.
     *
     * @param pause between two looks at the files
     * @param news told in a sentence when files were read again, or could not be
     * @throws IllegalArgumentException naming the file that cannot be used, and why
     */
    public ReloadingKeyManager(TlsFiles files, Duration pause, Consumer<String> news) {
        this.news = news;
        this.files = files;
        this.pauseNanos = pause.toNanos();
        this.current = files.load();
        try {
            this.version = files.version();
        } catch (IOException e) {
            throw new IllegalArgumentException("TLS files " + files + " cannot be read", e);
        }
        lookAt.set(System.nanoTime() + pauseNanos);
    }

    /** A context for TLS 1.2 and 1.3 that shows this certificate. */
    public SSLContext context() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {this}, null, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java runtime has TLS", e);
        }
    }

    private X509ExtendedKeyManager newest() {
        long at = lookAt.get();
        long now = System.nanoTime();
        if (now - at >= 0 && lookAt.compareAndSet(at, now + pauseNanos)) {
            try {
                long found = files.version();
                if (found != version) {
                    current = files.load();
                    version = found;
                    news.accept("Certificate " + files.certificate() + " is read again");
                }
            } catch (IOException | IllegalArgumentException e) {
                news.accept("The former certificate stays in use: " + e.getMessage());
            }
        }
        return current;
    }

    @Override
    public String chooseEngineServerAlias(String type, Principal[] issuers, SSLEngine engine) {
        return newest().chooseEngineServerAlias(type, issuers, engine);
    }

    @Override
    public String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
        return newest().chooseServerAlias(type, issuers, socket);
    }

    @Override
    public String[] getServerAliases(String type, Principal[] issuers) {
        return current.getServerAliases(type, issuers);
    }

    @Override
    public String[] getClientAliases(String type, Principal[] issuers) {
        return current.getClientAliases(type, issuers);
    }

    @Override
    public String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
        return current.chooseClientAlias(types, issuers, socket);
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        return current.getCertificateChain(alias);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        return current.getPrivateKey(alias);
    }
}
