package io.webhookdb.controlplane.api.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HttpResponseException;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Connects endpoints to the web server: JSON in, JSON out, errors in the envelope. */
public final class Router {
    private static final Logger LOG = LoggerFactory.getLogger(Router.class);
    private static final String JSON = "application/json";

    private final RoutesConfig routes;
    private final PromptBrake brake = new PromptBrake(Clock.systemUTC());

    public Router(RoutesConfig routes, ErrorEnvelopes errors) {
        this.routes = routes;
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
        routes.get(path, handler(endpoint));
        return this;
    }

    /** A POST route. */
    public Router post(String path, Endpoint endpoint) {
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

    private static Handler handler(Endpoint endpoint) {
        return context -> {
            Object result = endpoint.answer(Request.of(context));
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
