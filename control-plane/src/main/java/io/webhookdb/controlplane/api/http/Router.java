package io.webhookdb.controlplane.api.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HttpResponseException;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Connects endpoints to the web server: JSON in, JSON out, errors in the envelope. */
public final class Router {
    private static final Logger LOG = LoggerFactory.getLogger(Router.class);
    private static final String JSON = "application/json";

    private final RoutesConfig routes;
    private final Trail trail;
    private final List<Route> table = new ArrayList<>();
    private final PromptBrake brake = new PromptBrake(Clock.systemUTC());

    /**
     * @param limits refuse with 429 before anything is read
     * @param trail sees every request
     */
    public Router(RoutesConfig routes, ErrorEnvelopes errors, RequestLimits limits, Trail trail) {
        this.routes = routes;
        this.trail = trail;
        routes.before(context -> limit(context, limits));
        routes.exception(ApiException.class, (e, context) -> write(context, errors.of(e)));
        routes.exception(
                PromptException.class,
                (e, context) ->
                        write(
                                context,
                                brake.allows(context, e.parameter())
                                        ? errors.of(e, Request.of(context))
                                        : errors.of(PromptBrake.refusal())));
        routes.exception(HttpResponseException.class, (e, context) -> write(context, errors.of(e)));
        routes.exception(Exception.class, (e, context) -> write(context, errors.of(e)));
        routes.error(
                404,
                context -> {
                    if (context.resultInputStream() == null) {
                        write(context, errors.notFound(context.path()));
                    }
                });
    }

    /** A GET route. */
    public Router get(String path, Endpoint endpoint) {
        table.add(new Route("get", path));
        routes.get(path, handler(endpoint));
        return this;
    }

    /** A POST route. */
    public Router post(String path, Endpoint endpoint) {
        table.add(new Route("post", path));
        routes.post(path, handler(endpoint));
        return this;
    }

    /** What is written while the client waits for more. */
    @FunctionalInterface
    public interface Body {
        /** Writes, until it ends or the client is gone. */
        void writeTo(OutputStream out) throws IOException;
    }

    /** Decides on a request before anything is written. */
    @FunctionalInterface
    public interface Streaming {
        /**
         * @throws ApiException if the request cannot be answered as asked
         */
        Body answer(Request request);
    }

    /** A GET route whose answer goes on. It holds a thread for as long. */
    public Router stream(String path, String contentType, Streaming endpoint) {
        table.add(new Route("get", path));
        routes.get(
                path,
                context -> {
                    Body body = endpoint.answer(Request.of(context));
                    context.status(200).contentType(contentType);
                    context.header("Cache-Control", "no-store");
                    // Past Javalin's own stream, which may hold back to compress.
                    OutputStream out = context.res().getOutputStream();
                    try {
                        body.writeTo(out);
                    } catch (IOException e) {
                        LOG.debug("A listener is gone: {}", e.getMessage());
                    }
                });
        return this;
    }

    /** A POST route that takes anything, keeps nothing and answers 204. */
    public Router sink(String path) {
        table.add(new Route("post", path));
        routes.post(path, context -> context.status(204));
        return this;
    }

    /**
     * Lets pages of any origin call these methods of a path, which must not rely on cookies: the
     * header is on every answer, errors included, and browsers' preliminary questions are answered.
     */
    public Router anyOrigin(String path, String methods, String requestHeaders) {
        routes.before(path, context -> context.header("Access-Control-Allow-Origin", "*"));
        routes.options(
                path,
                context ->
                        context.header("Access-Control-Allow-Methods", methods)
                                .header("Access-Control-Allow-Headers", requestHeaders)
                                .header("Access-Control-Max-Age", "7200")
                                .status(204));
        return this;
    }

    /** What is served, in the order it was added. */
    public List<Route> table() {
        return List.copyOf(table);
    }

    /**
     * One served path.
     *
     * @param method lower case
     * @param path with its parameters in braces
     */
    public record Route(String method, String path) {}

    private static void limit(Context context, RequestLimits limits) {
        OptionalLong wait =
                limits.refused(
                        context.method().name(),
                        context.path(),
                        context.ip(),
                        // Some proxies add a line instead of lengthening the one they got.
                        String.join(
                                ",",
                                Collections.list(
                                        context.req()
                                                .getHeaders(RequestLimits.forwardedHeader()))));
        if (wait.isPresent()) {
            context.header("Retry-After", Long.toString(wait.getAsLong()));
            throw ApiException.of(
                    429,
                    "rate_limited",
                    "Too many requests came from your address. Try again in "
                            + wait.getAsLong()
                            + " seconds.");
        }
    }

    private Handler handler(Endpoint endpoint) {
        return context -> {
            Object result = trail.follow(Request.of(context), endpoint);
            brake.release(context);
            write(context, result instanceof Answer answer ? answer : Answer.of(200, result));
        };
    }

    private static void write(Context context, Answer answer) {
        context.status(answer.status());
        answer.headers().forEach(context::header);
        try {
            context.contentType(JSON).result(Json.MAPPER.writeValueAsBytes(answer.body()));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Answer cannot be written as JSON", e);
        }
    }
}
