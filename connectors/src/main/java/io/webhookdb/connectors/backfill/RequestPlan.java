package io.webhookdb.connectors.backfill;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.webhookdb.connectors.backfill.AccessGrant.Holder;
import io.webhookdb.connectors.backfill.ApiRequest.Redirects;
import io.webhookdb.schemas.catalog.Backfill;
import io.webhookdb.schemas.catalog.BackfillAuth;
import io.webhookdb.schemas.catalog.BackfillAuth.Scheme;
import io.webhookdb.schemas.catalog.BackfillIncremental;
import io.webhookdb.schemas.catalog.BackfillPagination;
import io.webhookdb.schemas.catalog.BackfillPagination.Style;
import io.webhookdb.schemas.catalog.BackfillParameter;
import io.webhookdb.schemas.catalog.BackfillRefresh;
import io.webhookdb.schemas.catalog.BackfillValue;
import io.webhookdb.schemas.catalog.Setup.StoredField;
import io.webhookdb.schemas.row.VendorTime;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/** What the requests of one resource with one account's credentials look like. Pure. */
final class RequestPlan {
    private final Backfill backfill;
    private final Access access;

    RequestPlan(Backfill backfill, Access access) {
        this.backfill = backfill;
        this.access = access;
    }

    /**
     * The request for a page.
     *
     * @param restriction times that a person asked for; null: none
     * @throws ApiException a configuration failure if it leads elsewhere than to the account's base
     */
    ApiRequest page(Position position, Instant now, Restriction restriction) throws ApiException {
        Style style = backfill.pagination().style();
        if (position.next() != null && (style == Style.LINK_HEADER || style == Style.NEXT_PATH)) {
            return request(nextPath(position.next()), position.parent());
        }
        Map<String, String> query = new LinkedHashMap<>();
        put(query, backfill.query());
        if (position.pass() < backfill.passes().size()) {
            put(query, backfill.passes().get(position.pass()));
            query.keySet().removeAll(backfill.namedOfPass());
        }
        BackfillPagination pagination = backfill.pagination();
        if (pagination.sizeParameter() != null) {
            query.put(pagination.sizeParameter(), Integer.toString(pagination.size()));
        }
        window(position, now, query);
        if (restriction != null) {
            restriction.ask(query);
        }
        if (style == Style.PAGE_NUMBER) {
            query.put(pagination.parameter(), position.next() == null ? "1" : position.next());
        } else if (position.next() != null && pagination.parameter() != null) {
            query.put(pagination.parameter(), position.next());
        }
        return request(
                base(position.parent())
                        + path(backfill.path(position.pass()), position.parent(), null)
                        + query(query),
                Visits.conditions(backfill, position.parent()),
                position.parent());
    }

    /** The account's base, or that of the row where every row has its own. */
    private String base(ParentRow parent) {
        return backfill.base() != null && backfill.base().parent() != null && parent != null
                ? Visits.url(parent.text(backfill.base().parent()))
                : access.base();
    }

    /** The request for what a listing leaves out of an item. */
    ApiRequest detail(JsonNode item, ParentRow parent) throws ApiException {
        return request(access.base() + path(backfill.detail().path(), parent, item), parent);
    }

    /** The request for a resource that an event only named. */
    ApiRequest fetch(String reference) throws ApiException {
        return request(
                access.base() + path(backfill.fetch().path(), null, null) + encoded(reference),
                null);
    }

    /** The request for a place of a row: a path, and what is appended to it. */
    ApiRequest at(List<BackfillValue> path, ParentRow parent, String appended) throws ApiException {
        return request(access.base() + path(path, parent, null) + encoded(appended), parent);
    }

    private void window(Position position, Instant now, Map<String, String> query) {
        BackfillIncremental incremental = backfill.incremental();
        if (incremental.style() != BackfillIncremental.Style.PARAMETER) {
            return;
        }
        if (position.watermarkMicros() != null) {
            query.put(
                    incremental.parameter(),
                    VendorTime.text(
                            incremental.format(),
                            Instant.EPOCH.plus(position.watermarkMicros(), ChronoUnit.MICROS)));
            if (incremental.until() != null) {
                query.put(incremental.until(), VendorTime.text(incremental.format(), now));
            }
        }
    }

    private void put(Map<String, String> query, List<BackfillParameter> parameters) {
        for (BackfillParameter parameter : parameters) {
            query.put(parameter.name(), raw(parameter.value(), null, null));
        }
    }

    private String path(List<BackfillValue> values, ParentRow parent, JsonNode item) {
        StringBuilder path = new StringBuilder();
        for (BackfillValue value : values) {
            String raw = raw(value, parent, item);
            if (value.text() != null) {
                path.append(raw);
            } else {
                String encoded = encoded(raw);
                path.append(value.stored() == null ? encoded : encoded.replace("%2F", "/"));
            }
        }
        return path.toString();
    }

    private String raw(BackfillValue value, ParentRow parent, JsonNode item) {
        if (value.text() != null) {
            return value.text();
        }
        if (value.stored() != null) {
            return field(value.stored());
        }
        return value.parent() != null
                ? parent.text(value.parent())
                : item.at(value.item()).asText("");
    }

    private static String query(Map<String, String> parameters) {
        if (parameters.isEmpty()) {
            return "";
        }
        StringJoiner query = new StringJoiner("&", "?", "");
        parameters.forEach((name, value) -> query.add(encoded(name) + "=" + encoded(value)));
        return query.toString();
    }

    private String nextPath(String next) throws ApiException {
        if (next.startsWith("http://") || next.startsWith("https://")) {
            return sameOrigin(next);
        }
        String path = next.startsWith("/") ? next : "/" + next;
        String prefix = uri(access.base()).getRawPath();
        boolean whole = prefix == null || path.startsWith(prefix + "/");
        return (whole ? origin(access.base()) : access.base()) + path;
    }

    /** Credentials never go to another server, whatever an answer says. */
    private String sameOrigin(String url) throws ApiException {
        String theirs = ApiRequest.origin(uri(url));
        String ours = ApiRequest.origin(uri(access.base()));
        if (!theirs.equals(ours)) {
            throw new ApiException(
                    ApiFailure.UNREADABLE,
                    "The next page is said to be at " + theirs + ", expected " + ours + ".");
        }
        return url;
    }

    private static String origin(String base) throws ApiException {
        URI uri = uri(base);
        return uri.getScheme() + "://" + uri.getRawAuthority();
    }

    private ApiRequest request(String url, ParentRow parent) throws ApiException {
        return request(url, Map.of(), parent);
    }

    private ApiRequest request(String url, Map<String, String> further, ParentRow parent)
            throws ApiException {
        BackfillAuth auth = backfill.auth();
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("User-Agent", "WebhookDB");
        headers.put("Accept", "application/json, */*;q=0.5");
        backfill.headers()
                .forEach(header -> headers.put(header.name(), raw(header.value(), null, null)));
        headers.putAll(further);
        switch (auth.scheme()) {
            case BASIC -> headers.put("Authorization", "Basic " + basic(auth));
            case BEARER -> {
                if (auth.refresh() == null) {
                    headers.put("Authorization", "Bearer " + field(auth.secret()));
                }
            }
            case HEADER -> headers.put(auth.name(), field(auth.secret()));
            case QUERY, NONE -> {}
        }
        String whole =
                auth.scheme() == Scheme.QUERY
                        ? withParameter(url, encoded(auth.name()), field(auth.secret()))
                        : url;
        return new ApiRequest(uri(whole), headers, null, null, grant(auth, parent), redirects());
    }

    /** A header may hold a credential, too. */
    private Redirects redirects() {
        boolean open =
                backfill.auth().scheme() == Scheme.NONE
                        && backfill.headers().stream()
                                .allMatch(header -> header.value().stored() == null);
        return open ? Redirects.ANYWHERE : Redirects.SAME_ORIGIN;
    }

    private AccessGrant grant(BackfillAuth auth, ParentRow parent) throws ApiException {
        BackfillRefresh refresh = auth.refresh();
        if (refresh == null) {
            return null;
        }
        String url =
                access.tokenBase() == null
                        ? refresh.url()
                        : access.tokenBase() + uri(refresh.url()).getRawPath();
        String client =
                refresh.clientSecret() == null
                        ? field(refresh.client())
                        : field(refresh.client()) + ":" + field(refresh.clientSecret());
        String token =
                refresh.token() == null ? field(auth.secret()) : ownersToken(refresh, parent);
        return refresh.token() == null
                ? new AccessGrant(uri(url), client, token, refresh.style())
                : new AccessGrant(
                        uri(url),
                        client,
                        token,
                        refresh.style(),
                        new Holder(
                                access.owners().integration(),
                                access.owners().member(),
                                parent.text(refresh.token().key())));
    }

    private String ownersToken(BackfillRefresh refresh, ParentRow parent) throws ApiException {
        if (parent == null || !parent.hasToken() || access.owners() == null) {
            throw new ApiException(
                    ApiFailure.CONFIGURATION,
                    "There is no " + refresh.token().member() + " of the row's owner.");
        }
        return access.owners().open(parent.token(), parent.text(refresh.token().key()));
    }

    private String basic(BackfillAuth auth) {
        String password = auth.secret() == null ? "" : field(auth.secret());
        return Base64.getEncoder()
                .encodeToString((field(auth.username()) + ":" + password).getBytes(UTF_8));
    }

    /** The URL with this parameter, in place of one of that name it may have. */
    private static String withParameter(String url, String name, String value) {
        int question = url.indexOf('?');
        StringJoiner query = new StringJoiner("&");
        if (question >= 0) {
            for (String pair : url.substring(question + 1).split("&")) {
                if (!pair.isEmpty() && !pair.equals(name) && !pair.startsWith(name + "=")) {
                    query.add(pair);
                }
            }
        }
        query.add(name + "=" + encoded(value));
        return (question < 0 ? url : url.substring(0, question)) + "?" + query;
    }

    private String field(StoredField field) {
        return access.fields().getOrDefault(field, "");
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, UTF_8).replace("+", "%20");
    }

    private static URI uri(String url) throws ApiException {
        try {
            URI uri = new URI(url);
            if (uri.getHost() == null || uri.getScheme() == null) {
                throw new ApiException(
                        ApiFailure.CONFIGURATION,
                        "The API's address is no URL of the form https://host/path.");
            }
            return uri;
        } catch (URISyntaxException e) {
            throw new ApiException(
                    ApiFailure.CONFIGURATION,
                    "The API's address is no URL of the form https://host/path.",
                    null,
                    null);
        }
    }
}
