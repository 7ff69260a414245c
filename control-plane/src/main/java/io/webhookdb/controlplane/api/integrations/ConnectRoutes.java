package io.webhookdb.controlplane.api.integrations;

import io.webhookdb.controlplane.api.http.Paths;
import io.webhookdb.controlplane.api.http.PromptException;
import io.webhookdb.controlplane.api.http.Question;
import io.webhookdb.controlplane.api.http.Request;
import io.webhookdb.controlplane.api.http.Router;
import io.webhookdb.controlplane.api.install.InstallRoutes;
import io.webhookdb.controlplane.api.organizations.Access;
import io.webhookdb.controlplane.api.organizations.Member;
import io.webhookdb.schemas.catalog.Catalog;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import java.net.URI;
import java.util.List;
import java.util.stream.Collectors;

/** {@code .../service_integrations/connect}: integrations of an account connected by consent. */
final class ConnectRoutes {
    private static final String CLAIM = "claim";

    private final Access access;
    private final Catalog catalog;
    private final URI apiUrl;
    private final ConnectedAccounts accounts;
    private final Integrations integrations;

    ConnectRoutes(
            Access access,
            Catalog catalog,
            URI apiUrl,
            ConnectedAccounts accounts,
            Integrations integrations) {
        this.access = access;
        this.catalog = catalog;
        this.apiUrl = apiUrl;
        this.accounts = accounts;
        this.integrations = integrations;
    }

    void addTo(Router router) {
        router.post(Paths.INTEGRATIONS + "/connect", this::connect);
    }

    private Object connect(Request request) {
        Member admin = access.admin(request);
        ServiceDefinition root = InstallRoutes.rootOf(catalog, request.text("provider"));
        if (request.text(CLAIM).isEmpty()) {
            throw new PromptException(
                    CLAIM,
                    new Question.Hidden("Paste the claim that is shown at the end:"),
                    "Connect your account at "
                            + root.vendorName()
                            + " in a browser:\n\n  "
                            + InstallRoutes.begin(apiUrl, root)
                            + "\n");
        }
        List<Integration> made = accounts.claim(admin, root, request.text(CLAIM));
        String note = integrations.fetched(made);
        return made.get(0)
                .view(
                        root.vendorName()
                                + " is connected. Made: "
                                + made.stream()
                                        .map(one -> one.service() + " (" + one.opaqueId() + ")")
                                        .collect(Collectors.joining(", "))
                                + "."
                                + note);
    }
}
