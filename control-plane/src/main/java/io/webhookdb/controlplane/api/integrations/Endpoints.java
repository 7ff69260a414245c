package io.webhookdb.controlplane.api.integrations;

import java.net.URI;

/** Addresses told to people and terminals. */
final class Endpoints {
    private final String ingest;

    /** With the public base URL of ingest. */
    Endpoints(URI ingest) {
        this.ingest = ingest.toString().replaceAll("/+$", "");
    }

    /** Where the vendor posts. */
    String ingest(Integration integration) {
        return ingest + "/v1/service_integrations/" + integration.opaqueId();
    }

    /** Where the terminal posts an answer. Ids only, so that nothing needs escaping. */
    String transition(Integration integration, String field) {
        return "/v1/organizations/"
                + integration.organization()
                + "/service_integrations/"
                + integration.opaqueId()
                + "/transition/"
                + field;
    }
}
