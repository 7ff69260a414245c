package io.webhookdb.controlplane.api.install;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.webhookdb.controlplane.api.auth.Tokens;
import io.webhookdb.controlplane.api.http.Answer;
import io.webhookdb.controlplane.api.http.ApiException;
import io.webhookdb.controlplane.api.http.Request;
import io.webhookdb.controlplane.api.http.Router;
import io.webhookdb.controlplane.api.install.CodeExchange.Connected;
import io.webhookdb.controlplane.api.install.InstallSettings.App;
import io.webhookdb.controlplane.outbound.VendorHttp;
import io.webhookdb.schemas.catalog.Catalog;
import io.webhookdb.schemas.catalog.OAuthConnection;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import java.io.IOException;
import java.net.URI;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * {@code /v1/install/{provider}}: a person goes to the vendor, consents, and comes back with a code
 * that becomes a claim: words to paste where they are logged in. Only the browser that consented
 * sees them, so nobody can have another's account connected to an organization of their own.
 */
public final class InstallRoutes {
    private static final String INSTALL = "/v1/install/{provider}";
    private static final String COOKIE = "whdb_install";
    private static final int COOKIE_SECONDS = 1800;

    private final Catalog catalog;
    private final InstallSettings settings;
    private final URI apiUrl;
    private final CodeExchange exchange;
    private final Claims claims;

    /**
     * @param http asks vendors
     */
    public InstallRoutes(
            Catalog catalog, InstallSettings settings, URI apiUrl, VendorHttp http, Claims claims) {
        this.catalog = catalog;
        this.settings = settings;
        this.apiUrl = apiUrl;
        this.exchange = new CodeExchange(http);
        this.claims = claims;
    }

    /** Adds the routes. */
    public void addTo(Router router) {
        router.get(INSTALL, this::begin).stream(
                INSTALL + "/callback", "text/html; charset=utf-8", this::callback);
    }

    /** To the vendor, with a state that only this browser has. */
    private Object begin(Request request) {
        ServiceDefinition root = root(request.text("provider"));
        OAuthConnection connection = root.connection();
        String state = Tokens.random();
        Map<String, String> query = new LinkedHashMap<>();
        query.put("response_type", "code");
        query.put("client_id", app(root).clientId());
        query.put("redirect_uri", redirect(root).toString());
        query.put("state", state);
        if (connection.scope() != null) {
            query.put("scope", connection.scope());
        }
        String location =
                CodeExchange.at(connection.authorizeUrl(), base(root))
                        + "?"
                        + CodeExchange.query(query);
        String secure = "https".equals(apiUrl.getScheme()) ? "; Secure" : "";
        return new Answer(
                302,
                Map.of(
                        "Location",
                        location,
                        "Set-Cookie",
                        COOKIE
                                + "="
                                + state
                                + "; Path=/v1/install; HttpOnly; SameSite=Lax; Max-Age="
                                + COOKIE_SECONDS
                                + secure),
                Map.of("location", location));
    }

    private Router.Body callback(Request request) {
        ServiceDefinition root = root(request.text("provider"));
        String expected = request.cookie(COOKIE);
        boolean own =
                !expected.isEmpty()
                        && MessageDigest.isEqual(
                                expected.getBytes(UTF_8), request.text("state").getBytes(UTF_8));
        if (!own) {
            throw ApiException.invalidInput(
                    "This page was not reached from "
                            + begin(apiUrl, root)
                            + ". Begin again there.");
        }
        if (request.text("code").isEmpty()) {
            throw ApiException.invalidInput(
                    root.vendorName() + " gave no code: the connection was declined.");
        }
        Connected connected;
        try {
            connected =
                    exchange.exchange(
                            root.connection(),
                            app(root),
                            request.text("code"),
                            redirect(root),
                            base(root));
        } catch (IOException e) {
            throw ApiException.invalidInput(
                    root.vendorName() + " could not be connected: " + e.getMessage() + ".");
        }
        byte[] page = page(root, claims.keep(root, connected)).getBytes(UTF_8);
        return out -> out.write(page);
    }

    private static String page(ServiceDefinition root, String claim) {
        return "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>"
                + root.vendorName()
                + " is connected</title><h1>"
                + root.vendorName()
                + " is connected</h1><p>To finish, run this within an hour where you are logged"
                + " in, with the organization that is to have it:</p><pre>webhookdb integrations"
                + " connect "
                + root.vendor()
                + " --claim "
                + claim
                + "</pre></html>\n";
    }

    /** Where a person begins; what vendors redirect to has to be registered there. */
    public static URI begin(URI apiUrl, ServiceDefinition root) {
        return URI.create(apiUrl.toString().replaceAll("/+$", "") + "/v1/install/" + root.vendor());
    }

    private URI redirect(ServiceDefinition root) {
        return URI.create(begin(apiUrl, root) + "/callback");
    }

    private String base(ServiceDefinition root) {
        return settings.apiBases().get(root.vendor());
    }

    private ServiceDefinition root(String provider) {
        ServiceDefinition root = rootOf(catalog, provider);
        app(root);
        return root;
    }

    /**
     * The service whose accounts are connected, by vendor or its own name.
     *
     * @throws ApiException 400 naming those there are
     */
    public static ServiceDefinition rootOf(Catalog catalog, String provider) {
        return catalog.services().stream()
                .filter(service -> service.connection() != null)
                .filter(
                        service ->
                                service.vendor().equals(provider)
                                        || service.name().equals(provider))
                .findFirst()
                .orElseThrow(
                        () ->
                                ApiException.validation(
                                        "provider",
                                        "is \""
                                                + provider
                                                + "\", expected one of "
                                                + catalog.services().stream()
                                                        .filter(s -> s.connection() != null)
                                                        .map(ServiceDefinition::vendor)
                                                        .collect(
                                                                Collectors.toCollection(
                                                                        TreeSet::new))));
    }

    private App app(ServiceDefinition root) {
        App app = settings.apps().get(root.vendor());
        if (app == null) {
            throw ApiException.of(
                    409,
                    "install_not_configured",
                    "This server has no application at "
                            + root.vendorName()
                            + ". Its operator has to set WEBHOOKDB_OAUTH_"
                            + root.vendor().toUpperCase(java.util.Locale.ROOT)
                            + "_CLIENT_ID and _CLIENT_SECRET.");
        }
        return app;
    }
}
