package io.webhookdb.benchmarks;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** Receivers of webhooks on loopback, each on a port of its own, all on one thread. */
final class DeliveryReceiver implements AutoCloseable {
    private static final String NAME = "webhook-id";
    private static final String SIGNATURE = "webhook-signature";

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final AtomicLong taken = new AtomicLong();
    private final AtomicLong unsigned = new AtomicLong();

    /** How a receiver answers. */
    enum Manner {
        /** 200, without a body. */
        TAKES,
        /** 500. */
        FAILS,
        /** Never. */
        HANGS
    }

    /**
     * Starts a receiver.
     *
     * @param heard gets the {@code webhook-id} of every delivery that is taken
     * @return its URL
     */
    String listen(Manner manner, Consumer<String> heard) throws Exception {
        HttpServer server =
                vertx.createHttpServer(new HttpServerOptions().setHost("127.0.0.1").setPort(0))
                        .requestHandler(request -> answer(request, manner, heard));
        int port =
                server.listen()
                        .toCompletionStage()
                        .toCompletableFuture()
                        .get(30, TimeUnit.SECONDS)
                        .actualPort();
        return "http://127.0.0.1:" + port + "/hook";
    }

    private void answer(HttpServerRequest request, Manner manner, Consumer<String> heard) {
        if (manner == Manner.HANGS) {
            return;
        }
        request.endHandler(
                end -> {
                    if (request.getHeader(SIGNATURE) == null) {
                        unsigned.incrementAndGet();
                    }
                    if (manner == Manner.TAKES) {
                        heard.accept(request.getHeader(NAME));
                        taken.incrementAndGet();
                    }
                    request.response().setStatusCode(manner == Manner.TAKES ? 200 : 500).end();
                });
    }

    /** How many deliveries were taken. */
    long taken() {
        if (unsigned.get() > 0) {
            throw new IllegalStateException(unsigned + " deliveries were not signed.");
        }
        return taken.get();
    }

    @Override
    public void close() {
        vertx.close();
    }
}
