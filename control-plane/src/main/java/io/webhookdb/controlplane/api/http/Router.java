package io.webhookdb.controlplane.api.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HttpResponseException;
import java.time.Clock;

/** Connects endpoints to the web server: JSON in, JSON out, errors in the envelope. */
public final class Router {
    private static final String JSON = "application/json";

    private final RoutesConfig routes;
    private final Trail trail;
    private final PromptBrake brake = new PromptBrake(Clock.systemUTC());

    /** Routes whose requests leave a trail. */
    public Router(RoutesConfig routes, ErrorEnvelopes errors, Trail trail) {
        this.routes = routes;
        this.trail = trail;
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

    private Handler handler(Endpoint endpoint) {
        return context -> {
            Object result = trail.follow(Request.of(context), endpoint);
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
