package io.webhookdb.controlplane.api.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import io.webhookdb.controlplane.api.http.Router;
import java.net.URI;

/** {@code /openapi.json}: what this very server serves, to anyone. */
public final class OpenApiRoutes {
    private final OpenApiDocument document;

    /**
     * @param apiUrl public base URL of the api
     */
    public OpenApiRoutes(URI apiUrl) {
        this.document = new OpenApiDocument(apiUrl);
    }

    /** Adds the route. Routes that are added later are shown, too. */
    public void addTo(Router router) {
        router.get("/openapi.json", request -> of(router));
    }

    private JsonNode of(Router router) {
        return document.of(router.table());
    }
}
