package io.webhookdb.controlplane.api;

import io.javalin.config.JavalinConfig;
import io.webhookdb.security.tls.ReloadingKeyManager;
import io.webhookdb.security.tls.TlsFiles;
import java.time.Duration;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The api's listener where it speaks TLS itself, instead of Javalin's own. */
record TlsListener(ReloadingKeyManager keys, String host, int port) {
    private static final Logger LOG = LoggerFactory.getLogger(TlsListener.class);
    private static final Duration PAUSE = Duration.ofSeconds(10);

    /**
     * With that certificate.
     *
     * @throws IllegalArgumentException naming the file that cannot be used, and why
     */
    static TlsListener of(TlsFiles files) {
        return new TlsListener(new ReloadingKeyManager(files, PAUSE, LOG::warn), "", 0);
    }

    TlsListener at(String newHost, int newPort) {
        return new TlsListener(keys, newHost, newPort);
    }

    void addTo(JavalinConfig config) {
        config.jetty.addConnector(this::connector);
    }

    private ServerConnector connector(Server server, HttpConfiguration given) {
        HttpConfiguration http = new HttpConfiguration(given);
        // Clients that name no host, or an address, are served too.
        http.addCustomizer(new SecureRequestCustomizer(false));
        SslContextFactory.Server tls = new SslContextFactory.Server();
        tls.setSslContext(keys.context());
        ServerConnector connector =
                new ServerConnector(
                        server,
                        new SslConnectionFactory(tls, HttpVersion.HTTP_1_1.asString()),
                        new HttpConnectionFactory(http));
        connector.setHost(host);
        connector.setPort(port);
        return connector;
    }
}
