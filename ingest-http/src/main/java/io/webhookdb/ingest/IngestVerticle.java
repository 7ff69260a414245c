package io.webhookdb.ingest;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.KeyCertOptions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;

/** One event loop of the server: tells requests apart and hands webhooks to {@link Exchange}s. */
final class IngestVerticle extends VerticleBase {
    private static final long SWEEP_MILLIS = 250;
    private static final List<HttpMethod> METHODS =
            List.of(
                    HttpMethod.GET,
                    HttpMethod.HEAD,
                    HttpMethod.POST,
                    HttpMethod.PUT,
                    HttpMethod.PATCH,
                    HttpMethod.DELETE);
    private static final Answer METHOD_NOT_ALLOWED =
            Answer.methodNotAllowed(
                    METHODS.stream().map(HttpMethod::name).collect(Collectors.joining(", ")));

    private final Edge edge;
    private final IntConsumer onPort;
    private final ConnectionWatch watch;
    private HttpServer server;

    /**
     * One of several that share a port.
     *
     * @param onPort told the port when it listens
     */
    IngestVerticle(Edge edge, IntConsumer onPort) {
        this.edge = edge;
        this.onPort = onPort;
        this.watch =
                new ConnectionWatch(
                        edge.settings().requestTimeout(),
                        edge.settings().idleTimeout(),
                        edge.connections());
    }

    @Override
    public Future<?> start() {
        vertx.setPeriodic(SWEEP_MILLIS, timer -> watch.sweep());
        server = vertx.createHttpServer(options(edge));
        return server.connectionHandler(watch::opened)
                .requestHandler(this::handle)
                .listen()
                .onSuccess(listening -> onPort.accept(listening.actualPort()));
    }

    private static HttpServerOptions options(Edge edge) {
        IngestSettings settings = edge.settings();
        HttpServerOptions options = new HttpServerOptions();
        edge.certificate()
                .ifPresent(
                        keys ->
                                options.setSsl(true)
                                        .setUseAlpn(false)
                                        .setKeyCertOptions(KeyCertOptions.wrap(keys)));
        // -1 is a free port that all event loops share; 0 would be one for each.
        return options.setHost(settings.host())
                .setPort(settings.port() == 0 ? -1 : settings.port())
                .setHttp2ClearTextEnabled(false)
                .setMaxInitialLineLength(8 << 10)
                .setMaxHeaderSize(16 << 10)
                .setMaxChunkSize(64 << 10);
    }

    private void handle(HttpServerRequest request) {
        Exchange exchange = new Exchange(edge, watch, request);
        Optional<String> integration = RequestPath.integration(request.path());
        if (integration.isPresent()) {
            receive(exchange, request, integration.get());
        } else if (request.path().equals("/healthz")) {
            exchange.answer(Outcome.OWN, Answer.HEALTHY);
        } else if (request.path().equals("/metrics")) {
            exchange.answer(
                    Outcome.OWN,
                    new Answer(
                            200,
                            Map.of("Content-Type", IngestMetrics.CONTENT_TYPE),
                            Buffer.buffer(edge.metrics().scrape())));
        } else {
            exchange.answer(Outcome.NO_SUCH_PATH, Answer.NO_SUCH_PATH);
        }
    }

    private void receive(Exchange exchange, HttpServerRequest request, String integration) {
        if (!METHODS.contains(request.method())) {
            exchange.answer(Outcome.METHOD_NOT_ALLOWED, METHOD_NOT_ALLOWED);
        } else if (request.method() == HttpMethod.GET
                && !RequestPath.hasParameter(request.query(), "skipbotcheck")
                && Bots.isBot(request.getHeader("User-Agent"))) {
            exchange.answer(Outcome.BOT, Answer.BOT);
        } else if (!RequestPath.isOpaqueId(integration)) {
            exchange.answer(Outcome.UNKNOWN_INTEGRATION, Answer.UNKNOWN_INTEGRATION);
        } else {
            new WebhookRequest(edge, context, exchange, integration).begin();
        }
    }

    /** Takes no more connections and waits for the requests that have begun. */
    @Override
    public Future<?> stop() {
        return server.shutdown(edge.settings().closeTimeout().toMillis(), TimeUnit.MILLISECONDS);
    }
}
