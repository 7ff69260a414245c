package io.webhookdb.jobs.delivery;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.webhookdb.connectors.functions.UserFunctions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.flink.statefun.sdk.java.Context;
import org.apache.flink.statefun.sdk.java.StatefulFunctionSpec;
import org.apache.flink.statefun.sdk.java.StatefulFunctions;
import org.apache.flink.statefun.sdk.java.TypeName;
import org.apache.flink.statefun.sdk.java.ValueSpec;
import org.apache.flink.statefun.sdk.java.handler.RequestReplyHandler;
import org.apache.flink.statefun.sdk.java.message.EgressMessageBuilder;
import org.apache.flink.statefun.sdk.java.message.Message;
import org.apache.flink.statefun.sdk.java.slice.Slices;
import org.apache.flink.statefun.sdk.java.types.SimpleType;
import org.apache.flink.statefun.sdk.java.types.Type;

/**
 * A user's function written with the official SDK, at an HTTP endpoint: the same that {@code
 * functions/enrich.py} does by hand.
 */
final class EnrichingFunction implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Type<byte[]> CHANGE =
            SimpleType.simpleImmutableTypeFrom(
                    TypeName.typeNameFromString(UserFunctions.CHANGE), own -> own, own -> own);
    private static final ValueSpec<Integer> SEEN = ValueSpec.named("seen").withIntType();
    private static final TypeName RESULT = TypeName.typeNameFromString("io.webhookdb/result");

    private final RequestReplyHandler handler;
    private final HttpServer server;

    /** Serves the function of that subscription on loopback. */
    EnrichingFunction(long organization, String subscription) throws IOException {
        handler =
                new StatefulFunctions()
                        .withStatefulFunction(
                                StatefulFunctionSpec.builder(
                                                TypeName.typeNameFromString(
                                                        "org_" + organization + "/" + subscription))
                                        .withValueSpecs(SEEN)
                                        .withSupplier(() -> EnrichingFunction::apply)
                                        .build())
                        .requestReplyHandler();
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::serve);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    }

    private static CompletableFuture<Void> apply(Context context, Message message) {
        try {
            ObjectNode change = (ObjectNode) JSON.readTree(message.as(CHANGE));
            int seen = context.storage().get(SEEN).orElse(0) + 1;
            context.storage().set(SEEN, seen);
            if (!change.path("external_id").asText().startsWith("drop")) {
                change.put("seen", seen).put("id", "not yours to change");
                context.send(
                        EgressMessageBuilder.forEgress(RESULT)
                                .withCustomType(CHANGE, JSON.writeValueAsBytes(change))
                                .build());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return context.done();
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            byte[] answer = handler.handle(Slices.wrap(body)).get().toByteArray();
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
