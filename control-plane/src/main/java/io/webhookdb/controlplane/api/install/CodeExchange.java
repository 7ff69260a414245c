package io.webhookdb.controlplane.api.install;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.webhookdb.controlplane.api.install.InstallSettings.App;
import io.webhookdb.controlplane.outbound.VendorHttp;
import io.webhookdb.controlplane.outbound.VendorHttp.Answer;
import io.webhookdb.schemas.catalog.OAuthConnection;
import io.webhookdb.schemas.catalog.OAuthConnection.Client;
import io.webhookdb.schemas.catalog.Routes;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;

/** Turns the code a vendor gave a person into the credential of their account. */
final class CodeExchange {
    private final VendorHttp http;

    CodeExchange(VendorHttp http) {
        this.http = http;
    }

    /**
     * A connected account.
     *
     * @param token what is kept: an access token, or the refresh token where those end
     * @param account which account it is
     */
    record Connected(String token, String account) {
        /** Never prints the token. */
        @Override
        public String toString() {
            return "Connected[" + account + "]";
        }
    }

    /**
     * Asks the vendor.
     *
     * @param base other base of the vendor's servers; null: the catalogue's
     * @throws IOException with what the vendor said, without secrets
     */
    Connected exchange(OAuthConnection connection, App app, String code, URI redirect, String base)
            throws IOException {
        JsonNode granted = granted(connection, app, code, redirect, base);
        String token = text(granted, connection.token());
        String access = granted.path("access_token").asText(token);
        Answer account =
                http.ask(
                        "GET",
                        at(connection.accountUrl(), base),
                        Map.of("Authorization", "Bearer " + access, "Accept", "application/json"),
                        null,
                        null);
        if (!account.isSuccess()) {
            throw new IOException("its account page answered " + account.status());
        }
        return new Connected(
                token, part(connection.accountPart(), text(account.body(), connection.account())));
    }

    private JsonNode granted(
            OAuthConnection connection, App app, String code, URI redirect, String base)
            throws IOException {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", "authorization_code");
        form.put("code", code);
        form.put("redirect_uri", redirect.toString());
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Accept", "application/json");
        if (connection.client() == Client.BASIC) {
            String pair = app.clientId() + ":" + app.clientSecret();
            headers.put(
                    "Authorization",
                    "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(UTF_8)));
        } else {
            form.put("client_id", app.clientId());
            form.put("client_secret", app.clientSecret());
        }
        Answer answer =
                http.ask(
                        "POST",
                        at(connection.tokenUrl(), base),
                        headers,
                        "application/x-www-form-urlencoded",
                        query(form).getBytes(UTF_8));
        if (!answer.isSuccess()) {
            String error = answer.body().path("error").asText("");
            throw new IOException(
                    "it did not accept the code (" + answer.status() + " " + error + ")");
        }
        return answer.body();
    }

    /** Parameters as a form or a query has them. */
    static String query(Map<String, String> parameters) {
        StringJoiner query = new StringJoiner("&");
        parameters.forEach(
                (name, value) -> query.add(name + "=" + URLEncoder.encode(value, UTF_8)));
        return query.toString();
    }

    /** The URL, on another server where one is set. */
    static URI at(String url, String base) {
        URI declared = URI.create(url);
        return base == null
                ? declared
                : URI.create(base.replaceAll("/+$", "") + declared.getRawPath());
    }

    private static String text(JsonNode answer, String pointer) throws IOException {
        String text = answer.at(pointer).asText("");
        if (text.isEmpty()) {
            throw new IOException("its answer has nothing at " + pointer);
        }
        return text;
    }

    private static String part(Routes.Part part, String value) throws IOException {
        return part.of(value).orElseThrow(() -> new IOException("its account is no URL"));
    }
}
