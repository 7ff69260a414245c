package io.webhookdb.controlplane.api.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/**
 * Errors of the web server itself (a malformed request line, an ambiguous path) in the same
 * envelope: a client that gets HTML shows only an apology.
 */
public final class JettyErrors extends ErrorHandler {
    private static final String JSON = "application/json";

    private final ErrorEnvelopes envelopes;

    public JettyErrors(ErrorEnvelopes envelopes) {
        this.envelopes = envelopes;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        int status = response.getStatus() < 400 ? 500 : response.getStatus();
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, JSON);
        response.write(true, body(status), callback);
        return true;
    }

    private ByteBuffer body(int status) {
        Answer answer =
                envelopes.of(
                        ApiException.of(
                                status,
                                status >= 500 ? "api_error" : "invalid_input",
                                "The request was refused with status " + status + "."));
        try {
            return ByteBuffer.wrap(Json.MAPPER.writeValueAsBytes(answer.body()));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("An error cannot be written as JSON", e);
        }
    }
}
