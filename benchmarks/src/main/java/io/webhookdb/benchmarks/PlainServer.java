package io.webhookdb.benchmarks;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What ingest is built on and nothing else: reads each body and answers 202, without looking at it,
 * verifying or keeping it. As many event loops as ingest has.
 */
final class PlainServer implements AutoCloseable {
    private final Vertx vertx;
    private final AtomicInteger port = new AtomicInteger();

    private PlainServer(int eventLoops) {
        vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(eventLoops));
    }

    static PlainServer start() throws Exception {
        int eventLoops = Runtime.getRuntime().availableProcessors();
        PlainServer server = new PlainServer(eventLoops);
        server.vertx
                .deployVerticle(
                        () -> new Answering(server.port),
                        new DeploymentOptions().setInstances(eventLoops))
                .await(30, TimeUnit.SECONDS);
        return server;
    }

    int port() {
        return port.get();
    }

    @Override
    public void close() {
        vertx.close().await();
    }

    private static final class Answering extends VerticleBase {
        private final AtomicInteger port;

        Answering(AtomicInteger port) {
            this.port = port;
        }

        @Override
        public Future<?> start() {
            return vertx.createHttpServer()
                    .requestHandler(
                            request ->
                                    request.body()
                                            .onSuccess(
                                                    body ->
                                                            request.response()
                                                                    .setStatusCode(202)
                                                                    .end()))
                    // A free port that all event loops share.
                    .listen(-1, "127.0.0.1")
                    .onSuccess((HttpServer server) -> port.set(server.actualPort()));
        }
    }
}
