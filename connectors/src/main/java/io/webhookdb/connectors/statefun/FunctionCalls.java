package io.webhookdb.connectors.statefun;

import io.webhookdb.connectors.statefun.CallFailure.CallException;
import io.webhookdb.connectors.statefun.CallFailure.Kind;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.apache.flink.statefun.sdk.java.StatefulFunctions;
import org.apache.flink.statefun.sdk.java.TypeName;
import org.apache.flink.statefun.sdk.java.handler.RequestReplyHandler;
import org.apache.flink.statefun.sdk.java.slice.Slice;
import org.apache.flink.statefun.sdk.java.slice.SliceProtobufUtil;
import org.apache.flink.statefun.sdk.reqreply.generated.FromFunction;
import org.apache.flink.statefun.sdk.reqreply.generated.ToFunction;

/**
 * Calls functions, in process or at an HTTP endpoint, with the same bytes. Never on the caller's
 * thread, and answers come on others too.
 */
final class FunctionCalls implements AutoCloseable {
    private static final String CONTENT_TYPE = "application/octet-stream";
    private static final int OK = 200;
    private static final int HTTP_THREADS = 2;

    /** What gateways and overloaded servers say; it says nothing of the function. */
    private static final Set<Integer> UNREACHABLE = Set.of(408, 429, 502, 503, 504);

    private final RequestReplyHandler inProcess;
    private final Set<String> types;
    private final FunctionHostSettings settings;
    private final ExecutorService workers;
    private final ExecutorService httpWorkers;
    private final Timeouts timeouts;
    private final HttpClient http;
    private final Optional<EndpointCaller> caller;

    /**
     * @param caller what posts to endpoints; empty for a client that calls any address
     */
    FunctionCalls(
            StatefulFunctions functions,
            FunctionHostSettings settings,
            Optional<EndpointCaller> caller,
            String name) {
        this.caller = caller;
        this.inProcess = functions.requestReplyHandler();
        this.types =
                functions.functionSpecs().keySet().stream()
                        .map(TypeName::asTypeNameString)
                        .collect(Collectors.toUnmodifiableSet());
        this.settings = settings;
        AtomicInteger number = new AtomicInteger();
        ThreadFactory threads =
                task -> {
                    Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                };
        // The queue is bounded by the number of calls in flight.
        this.workers = Executors.newFixedThreadPool(settings.threads(), threads);
        this.timeouts = new Timeouts(threads);
        // Apart, so that a function that blocks holds up no endpoint.
        this.httpWorkers = Executors.newFixedThreadPool(HTTP_THREADS, threads);
        this.http =
                HttpClient.newBuilder()
                        .executor(httpWorkers)
                        .version(HttpClient.Version.HTTP_1_1)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .connectTimeout(settings.callTimeout())
                        .build();
    }

    /** Calls a function of this process. */
    CompletableFuture<FromFunction> inProcess(String typename, ToFunction request) {
        if (!types.contains(typename)) {
            return CompletableFuture.failedFuture(
                    new CallException(
                            Kind.FUNCTION,
                            "No function is of this type and no endpoint serves it; there are "
                                    + types));
        }
        CompletableFuture<Slice> answer =
                CompletableFuture.completedFuture(request)
                        .thenComposeAsync(
                                bytes -> inProcess.handle(SliceProtobufUtil.toSlice(bytes)),
                                workers);
        Timeouts.Limit limit =
                timeouts.start(
                        settings.callTimeout(),
                        () -> answer.completeExceptionally(new TimeoutException("No answer")));
        return answer.whenComplete((bytes, failure) -> limit.end()).thenApply(FunctionCalls::parse);
    }

    /** Calls a function at an endpoint. */
    CompletableFuture<FromFunction> remote(URI endpoint, ToFunction request) {
        if (caller.isPresent()) {
            return caller.get()
                    .call(
                            endpoint,
                            CONTENT_TYPE,
                            request.toByteArray(),
                            settings.callTimeout(),
                            settings.mostAnswerBytes())
                    .thenApply(answer -> answer(answer.status(), answer.body()));
        }
        return CompletableFuture.supplyAsync(
                        () ->
                                HttpRequest.newBuilder(endpoint)
                                        .header("Content-Type", CONTENT_TYPE)
                                        .timeout(settings.callTimeout())
                                        .POST(
                                                HttpRequest.BodyPublishers.ofByteArray(
                                                        request.toByteArray()))
                                        .build(),
                        httpWorkers)
                .thenCompose(post -> http.sendAsync(post, this::limited))
                .orTimeout(settings.callTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .thenApply(response -> answer(response.statusCode(), response.body()));
    }

    private HttpResponse.BodySubscriber<byte[]> limited(HttpResponse.ResponseInfo info) {
        return new LimitedBody(settings.mostAnswerBytes());
    }

    private static FromFunction answer(int status, byte[] body) {
        if (status == OK) {
            return parse(body);
        }
        throw new CallException(
                UNREACHABLE.contains(status) ? Kind.UNREACHABLE : Kind.FUNCTION,
                "Endpoint answered " + status + ", expected 200");
    }

    private static FromFunction parse(Slice answer) {
        return parse(answer.toByteArray());
    }

    private static FromFunction parse(byte[] answer) {
        try {
            return FromFunction.parseFrom(answer);
        } catch (IOException e) {
            throw new CallException(
                    Kind.FUNCTION, "Answer of " + answer.length + " bytes is not a FromFunction");
        }
    }

    @Override
    public void close() {
        timeouts.close();
        workers.shutdownNow();
        httpWorkers.shutdownNow();
    }
}
