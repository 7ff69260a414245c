package io.webhookdb.schemas.catalog;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * One service of the catalogue: everything ingest, the jobs and the control plane need to know of
 * one kind of resource of one vendor. Immutable; a running system refers to it by {@link #hash()}.
 *
 * @param name {@code <vendor>_<resource>_v1}
 * @param vendor the vendor's folder
 * @param vendorName the vendor as people write it
 * @param singular one resource, "Stripe Customer"
 * @param plural several, "Stripe Customers"
 * @param docsUrl the vendor's documentation of the resource
 * @param modes how rows arrive; at least one
 * @param key remote key
 * @param columns further columns, in table order
 * @param envelope how webhooks wrap the resource
 * @param accept all of these must pass, or the event is acknowledged and ignored
 * @param versionTime candidates in order; the first that has a value is the version time
 * @param deletes any of these rules (each: all of its conditions) makes the event a delete
 * @param deliveryId the vendor's id of the delivery, kept by its retries; may be null
 * @param verification proof of origin
 * @param reply answer to an accepted request
 * @param keepHeaders request headers stored with the event
 * @param setup prompts and instructions
 * @param parent service whose integration this one depends on; null: none
 * @param body how webhook bodies are written; null is {@link BodyFormat#JSON}
 * @param backfill how existing resources are fetched; null if they are not
 * @param routes for a root: where events of its one endpoint go; null: they are its own
 * @param connection how an account is connected by consent; null if it is not
 * @param registration how webhooks are registered at the vendor; null: by a person
 * @param provenance where the shape was read; may be null
 * @param ignore any of these that passes makes the event acknowledged and ignored
 * @param hook name of the {@link io.webhookdb.schemas.hook.RequestHook} that reads the request;
 *     null if the body is read as it is
 * @param owners what its rows are owners of; null: they are no owners
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ServiceDefinition(
        String name,
        String vendor,
        String vendorName,
        String singular,
        String plural,
        String docsUrl,
        List<Mode> modes,
        RemoteKey key,
        List<Column> columns,
        Envelope envelope,
        List<Condition> accept,
        List<TimeSource> versionTime,
        List<List<Condition>> deletes,
        Source deliveryId,
        Verification verification,
        Reply reply,
        List<String> keepHeaders,
        Setup setup,
        String parent,
        BodyFormat body,
        Backfill backfill,
        Routes routes,
        OAuthConnection connection,
        WebhookRegistration registration,
        Provenance provenance,
        List<Condition> ignore,
        String hook,
        Owners owners) {

    private static final JsonMapper CANONICAL =
            JsonMapper.builder()
                    .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
                    .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
                    .build();

    /** Ways in which rows of a service arrive. */
    public enum Mode {
        WEBHOOK,
        BACKFILL
    }

    public ServiceDefinition {
        modes = List.copyOf(modes);
        columns = List.copyOf(columns);
        accept = accept == null ? List.of() : List.copyOf(accept);
        versionTime = versionTime == null ? List.of() : List.copyOf(versionTime);
        deletes = deletes == null ? List.of() : deletes.stream().map(List::copyOf).toList();
        keepHeaders = keepHeaders == null ? List.of() : List.copyOf(keepHeaders);
        envelope = envelope == null ? Envelope.BARE : envelope;
        reply = reply == null ? Reply.DEFAULT : reply;
        body = body == null ? BodyFormat.JSON : body;
        ignore = ignore == null ? List.of() : List.copyOf(ignore);
    }

    /** A service that depends on no other, sends JSON and is not fetched. */
    public ServiceDefinition(
            String name,
            String vendor,
            String vendorName,
            String singular,
            String plural,
            String docsUrl,
            List<Mode> modes,
            RemoteKey key,
            List<Column> columns,
            Envelope envelope,
            List<Condition> accept,
            List<TimeSource> versionTime,
            List<List<Condition>> deletes,
            Source deliveryId,
            Verification verification,
            Reply reply,
            List<String> keepHeaders,
            Setup setup) {
        this(
                name,
                vendor,
                vendorName,
                singular,
                plural,
                docsUrl,
                modes,
                key,
                columns,
                envelope,
                accept,
                versionTime,
                deletes,
                deliveryId,
                verification,
                reply,
                keepHeaders,
                setup,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    /** The same service with its key read from elsewhere; see {@link RemoteKey#at}. */
    public ServiceDefinition keyedAt(String place) {
        return new ServiceDefinition(
                name,
                vendor,
                vendorName,
                singular,
                plural,
                docsUrl,
                modes,
                key.at(place),
                columns,
                envelope,
                accept,
                versionTime,
                deletes,
                deliveryId,
                verification,
                reply,
                keepHeaders,
                setup,
                parent,
                body,
                backfill,
                routes,
                connection,
                registration,
                provenance,
                ignore,
                hook,
                owners);
    }

    /** Whether vendors push this resource. */
    public boolean supportsWebhooks() {
        return modes.contains(Mode.WEBHOOK);
    }

    /** Whether this resource can be fetched. */
    public boolean supportsBackfill() {
        return modes.contains(Mode.BACKFILL);
    }

    /** Hex of the first 16 bytes of the SHA-256 of the definition's canonical JSON. */
    @JsonIgnore
    public String hash() {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(CANONICAL.writeValueAsBytes(this));
            return HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException | JsonProcessingException e) {
            throw new IllegalStateException("Cannot hash definition " + name, e);
        }
    }
}
