package io.webhookdb.controlplane.api.db;

import io.webhookdb.controlplane.api.auth.Tokens;
import io.webhookdb.controlplane.api.http.ApiException;
import io.webhookdb.controlplane.api.http.Caller;
import io.webhookdb.controlplane.api.http.Paths;
import io.webhookdb.controlplane.api.http.Request;
import io.webhookdb.controlplane.api.organizations.Access;
import io.webhookdb.controlplane.api.organizations.Organization;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/** Who may read an organization's rows: its members, and who shows the hash of its connection. */
public final class ReaderAccess {
    private static final List<String> HASH_HEADERS =
            List.of("Whdb-Sha256-Conn", "Whdb-Sha256-Connstr");

    /** What pages of other origins may send along. */
    static final String REQUEST_HEADERS =
            "Content-Type, " + String.join(", ", HASH_HEADERS) + ", Whdb-Auth-Token";

    private final Access access;
    private final ReaderUrls urls;

    public ReaderAccess(Access access, ReaderUrls urls) {
        this.access = access;
        this.urls = urls;
    }

    /** The request's organization, for who may read it; 401 or 403 for others. */
    public Organization organization(Request request) {
        String hash = hash(request);
        if (hash.isEmpty()) {
            return access.member(request).organization();
        }
        Organization organization =
                access.organization(request.text(Paths.ORGANIZATION))
                        .filter(found -> matches(found, hash))
                        .orElseThrow(ApiException::unauthenticated);
        note(request, organization);
        return organization;
    }

    /** Whether the request may read this organization. */
    boolean allows(Request request, Organization organization) {
        String hash = hash(request);
        boolean allowed =
                hash.isEmpty()
                        ? access.isMember(request, organization)
                        : matches(organization, hash);
        if (allowed && !hash.isEmpty()) {
            note(request, organization);
        }
        return allowed;
    }

    /** Whoever holds a connection string is nobody in particular. */
    private static void note(Request request, Organization organization) {
        request.organizationIs(organization.id());
        request.callerIs(new Caller(OptionalLong.empty(), "", "connection string"));
    }

    private boolean matches(Organization organization, String hash) {
        byte[] given = hash.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8);
        return urls.valid(organization).stream()
                .map(url -> HexFormat.of().formatHex(Tokens.sha256(url.url())))
                .anyMatch(
                        right ->
                                MessageDigest.isEqual(
                                        right.getBytes(StandardCharsets.UTF_8), given));
    }

    private static String hash(Request request) {
        return HASH_HEADERS.stream()
                .map(request::header)
                .filter(hash -> !hash.isEmpty())
                .findFirst()
                .orElse("");
    }
}
