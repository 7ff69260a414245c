package io.webhookdb.schemas.catalog;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One endpoint for several tables: a vendor that sends everything to one URL. An event that reaches
 * the root integration is handed by ingest to those of its organization's integrations the routes
 * name; an event without one is acknowledged and makes no row.
 *
 * @param tenant where an event says whose it is, for an endpoint shared by all organizations: it is
 *     compared with {@link #tenantField()} of the roots; null: only the root's own endpoint
 * @param tenantField field of the root integration
 * @param kind where an event says of what kind it is
 * @param withoutKind what an event without a kind counts as; null: it only goes to {@link #always}
 * @param children kind to service
 * @param always services that receive every event
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Routes(
        Key tenant,
        Setup.StoredField tenantField,
        Key kind,
        String withoutKind,
        Map<String, String> children,
        List<String> always) {

    public Routes {
        children = Map.copyOf(children);
        always = always == null ? List.of() : List.copyOf(always);
    }

    /**
     * A value of a request, or a part of it: exactly one of header and body.
     *
     * @param header request header
     * @param body JSON Pointer into the body
     * @param part what of the value counts; null is {@link Part#WHOLE}
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Key(String header, String body, Part part) {
        public Key {
            part = part == null ? Part.WHOLE : part;
        }
    }

    /** What of a value counts. */
    public enum Part {
        WHOLE,
        /** Up to the first full stop: {@code contact} of {@code contact.created}. */
        FIRST_WORD,
        /** The host of a URL. */
        HOST;

        /** That part of a value; empty if it has none. */
        public Optional<String> of(String whole) {
            return switch (this) {
                case WHOLE -> Optional.of(whole);
                case FIRST_WORD -> Optional.of(whole.split("\\.", 2)[0]);
                case HOST -> host(whole);
            };
        }

        /** Accounts at Front may have an underscore in their host, which Java takes for no host. */
        private static Optional<String> host(String url) {
            try {
                URI uri = new URI(url);
                return uri.getHost() != null || uri.getRawAuthority() == null
                        ? Optional.ofNullable(uri.getHost())
                        : Optional.of(
                                        uri.getRawAuthority()
                                                .replaceFirst("^.*@", "")
                                                .replaceFirst(":\\d*$", ""))
                                .filter(host -> !host.isEmpty());
            } catch (URISyntaxException e) {
                return Optional.empty();
            }
        }
    }
}
